"""Do all tables of a run appear together or not at all, sound, and the same for the same input?"""

import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import store
from pipeline.errors import BalanceError, LockedError, OutputError, RolepagesError, UsageError
from pipeline.store import ContractError, InputFile, Origin, open_output, open_tables, publish
from pipeline.store.balance import Ledger
from pipeline.store.contract import KeyOrder, conform
from pipeline.store.parquet import TableWriter
from pipeline.store.prune import prune_runs
from pipeline.tables import CHECKS, DOCUMENTS, METRICS, ROLES, TABLES, UNPARSED
from tests.small_run import BROKEN, ORIGIN, PAGE, arrow_tables, publish_variant, rows_by_table, to_arrow

NAMES = [table.name for table in TABLES]


def content(out: Path) -> dict[str, bytes]:
    return {name: (out / f"{name}.parquet").read_bytes() for name in NAMES}


def run_ids(out: Path) -> set[str]:
    """The ids in the files that a reader meets under their stable names."""
    return {pq.read_metadata(out / f"{name}.parquet").metadata[b"run_id"].decode() for name in NAMES}


# --- what is published ---------------------------------------------------------------------------------------------


def test_every_table_has_its_schema_and_the_run_id(tmp_path):
    info = publish_variant(tmp_path / "out")
    for table in TABLES:
        schema = pq.read_schema(tmp_path / "out" / f"{table.name}.parquet")
        assert schema.equals(table.to_arrow())
        assert schema.metadata == {**table.to_arrow().metadata, b"run_id": info.run_id.encode()}
        for column in table.columns:
            metadata = schema.field(column.name).metadata
            assert metadata[b"description"].decode() == column.description
            assert metadata.get(b"unit", b"").decode() == column.unit


def test_rows_come_back_as_they_were(tmp_path):
    publish_variant(tmp_path)
    tables = open_tables(tmp_path)
    for name, rows in arrow_tables().items():
        assert tables.arrow(name).equals(rows), name


def test_manifest_tells_the_files_and_where_they_come_from(tmp_path):
    inputs = (InputFile("b.txt", 2, "22"), InputFile("a.txt", 1, "11"))
    told = {"limits": {"line": 65536}, "raw": "../raw"}
    origin = Origin(seen=3, rules_version="7", inputs=inputs, counts={"ambiguous_cells": 4}, **told)
    info = publish(arrow_tables(), tmp_path, origin, files={"report.html": b"<!doctype html>"})
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    assert manifest["counts"] == {"seen": 3, "parsed": 1, "duplicate": 1, "quarantined": 1, "ambiguous_cells": 4}
    assert manifest["limits"] == {"line": 65536}
    assert (manifest["rules_version"], manifest["contract_version"], manifest["raw"]) == ("7", "1", "../raw")
    assert [file["source"] for file in manifest["inputs"]] == ["a.txt", "b.txt"]
    assert [file["name"] for file in manifest["files"]] == [f"{name}.parquet" for name in NAMES] + ["report.html"]
    for file in manifest["files"]:
        path = tmp_path / file["name"]
        digest = subprocess.run(["sha256sum", path], check=True, capture_output=True, text=True).stdout.split()[0]
        assert (path.stat().st_size, digest) == (file["bytes"], file["sha256"])
    assert info.rows == {name: len(rows) for name, rows in rows_by_table().items()}


# --- the same rows, the same bytes ---------------------------------------------------------------------------------


def test_same_input_gives_the_same_bytes_and_no_second_run(tmp_path):
    first, again, elsewhere = (
        publish_variant(tmp_path / "a"),
        publish_variant(tmp_path / "a"),
        publish_variant(tmp_path / "b"),
    )
    assert (first.is_new, again.is_new, elsewhere.is_new) == (True, False, True)
    assert first.run_id == again.run_id == elsewhere.run_id
    assert content(tmp_path / "a") == content(tmp_path / "b")
    assert os.listdir(tmp_path / "a" / ".runs") == [first.run_id]


@given(cuts=st.lists(st.integers(0, 7), max_size=4), group=st.integers(1, 8))
def test_batches_do_not_matter(tmp_path_factory, cuts, group):
    rows = to_arrow(
        ROLES, [{"role_id": f"r{n}", "name": "N", "aliases": ["a"] * n, "document_count": 1} for n in range(7)]
    )
    bounds = sorted({0, 7, *cuts})
    batches = [rows.slice(a, b - a).to_batches()[0] for a, b in pairwise(bounds)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.store.parquet.ROW_GROUP", group)
        files = []
        for given_rows in (
            rows,
            pa.Table.from_batches(batches, rows.schema),
            pa.RecordBatchReader.from_batches(rows.schema, batches),
        ):
            path = tmp_path_factory.mktemp("table") / "roles.parquet"
            with TableWriter(path, ROLES) as writer:
                assert sum(group.num_rows for group in writer.write(given_rows)) == 7
                writer.finish("id")
            files.append(path.read_bytes())
    assert files[0] == files[1] == files[2]
    assert pq.ParquetFile(path).num_row_groups == -(-7 // group)


@pytest.mark.parametrize("good", range(5))
def test_an_error_in_the_middle_of_a_stream_is_an_error_of_the_table(tmp_path, monkeypatch, good):
    """Also where another thread makes the rows."""
    monkeypatch.setattr("pipeline.store.parquet.ROW_GROUP", 1)
    rows = to_arrow(ROLES, [{"role_id": f"r{n}", "name": "N", "aliases": [], "document_count": 1} for n in range(good)])

    def batches():
        yield from rows.to_batches(max_chunksize=1)
        raise RuntimeError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(rows.schema, batches())
    written = []
    with (
        TableWriter(tmp_path / "roles.parquet", ROLES) as writer,
        pytest.raises(RuntimeError, match="the disk is gone"),
    ):
        written.extend(group["role_id"][0].as_py() for group in writer.write(reader))
    assert written == [f"r{n}" for n in range(len(written))]
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("rows")]


def test_any_change_of_rows_rules_or_inputs_gives_another_run_id(tmp_path):
    last_cell = rows_by_table()
    last_cell["unparsed"][-1]["skeleton"] = "abd"
    changed = arrow_tables() | {"unparsed": to_arrow(UNPARSED, last_cell["unparsed"])}
    runs = [
        publish(arrow_tables(), tmp_path / "1", ORIGIN),
        publish(changed, tmp_path / "2", ORIGIN),
        publish(arrow_tables(), tmp_path / "3", Origin(3, "other rules", ORIGIN.inputs)),
        publish(arrow_tables(), tmp_path / "4", Origin(3, "test", (InputFile("1.txt", 100, "11" * 32),))),
        publish(arrow_tables(), tmp_path / "5", Origin(3, "test", ORIGIN.inputs, limits={"line": 1})),
    ]
    assert len({run.run_id for run in runs}) == len(runs)


def test_the_order_of_inputs_is_no_part_of_the_run(tmp_path):
    inputs = [InputFile("a", 1, "11"), InputFile("b", 2, "22")]
    runs = [publish(arrow_tables(), tmp_path, Origin(3, "test", order)).run_id for order in (inputs, inputs[::-1])]
    assert runs[0] == runs[1]


def test_a_damaged_run_folder_is_not_taken_for_the_same_run(tmp_path):
    first = publish_variant(tmp_path)
    (first.folder / "roles.parquet").write_bytes(b"PAR1")
    second = publish_variant(tmp_path)
    assert second.is_new
    assert second.folder != first.folder
    assert open_tables(tmp_path).arrow("roles").num_rows == 2


# --- what is refused -----------------------------------------------------------------------------------------------


def metrics_with(**changes):
    rows = rows_by_table()["metrics"]
    rows[0] = rows[0] | changes
    return pa.Table.from_pylist([{name: row.get(name) for name in METRICS.column_names()} for row in rows])


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (lambda: arrow_tables()["metrics"].drop_columns(["unit"]), r"metrics: columns missing: \['unit'\]"),
        (lambda: arrow_tables()["metrics"].append_column("x", pa.array([1] * 6)), r"unknown: \['x'\]"),
        (lambda: metrics_with(unit=None), "metrics.unit: 1 of 6 cells are empty"),
        (lambda: metrics_with(value=float("nan")), "metrics.value: a number is infinite or not a number"),
        (lambda: metrics_with(value=float("-inf")), "metrics.value: a number is infinite or not a number"),
        (lambda: metrics_with(flags=[None]), "metrics.flags: a list holds an empty item"),
        (lambda: metrics_with(observation_count=1.5), "metrics.observation_count: double is not int64"),
        (lambda: metrics_with(role_id="zoologist"), "metrics: not sorted by its key"),
        (lambda: metrics_with(metric="salary_yearly", category=""), "metrics: not sorted by its key"),
        (lambda: pa.concat_tables([arrow_tables()["metrics"].slice(0, 1)] * 2), "metrics: twice the key"),
    ],
)
def test_rows_that_break_the_contract_are_not_published(tmp_path, rows, complaint):
    before = publish_variant(tmp_path)
    with pytest.raises(ContractError, match=complaint):
        publish(arrow_tables() | {"metrics": rows()}, tmp_path, ORIGIN)
    assert run_ids(tmp_path) == {before.run_id}
    assert os.listdir(tmp_path / ".runs") == [before.run_id]


def test_all_tables_are_needed(tmp_path):
    tables = arrow_tables()
    del tables["checks"]
    with pytest.raises(ContractError, match="tables to publish"):
        publish(tables, tmp_path, ORIGIN)


def test_types_that_lose_nothing_are_cast(tmp_path):
    skills = arrow_tables()["skills"]
    for name, type_ in (("rank", pa.int64()), ("skill", pa.dictionary(pa.int8(), pa.string())), ("text", None)):
        if type_ is not None:
            at = skills.column_names.index(name)
            skills = skills.set_column(at, name, skills.column(name).cast(type_))
    publish(arrow_tables() | {"skills": skills}, tmp_path, ORIGIN)
    assert open_tables(tmp_path).arrow("skills").equals(arrow_tables()["skills"])


def test_minus_zero_is_zero(tmp_path):
    tables = arrow_tables()
    at = tables["observations"].column_names.index("value")
    for number, zero in enumerate((0.0, -0.0)):
        column = pa.array([zero] * tables["observations"].num_rows)
        changed = tables | {"observations": tables["observations"].set_column(at, "value", column)}
        publish(changed, tmp_path / str(number), ORIGIN)
    files = [(tmp_path / str(number) / "observations.parquet").read_bytes() for number in range(2)]
    assert files[0] == files[1]


KEYS = st.tuples(
    st.sampled_from("ab"), st.sampled_from("ab"), st.sampled_from(["", "x"]), st.none() | st.sampled_from("ab")
)


@given(keys=st.lists(KEYS, max_size=6), cut=st.integers(0, 6))
def test_key_order_agrees_with_python(keys, cut):
    rows = [
        {
            "rule": a,
            "role_id": b,
            "metric": "m",
            "category": c,
            "document_id": d,
            "expected": "",
            "found": "",
            "explanation": "",
        }
        for a, b, c, d in keys
    ]
    table = conform(CHECKS, to_arrow(CHECKS, rows))
    sortable = [(a, b, c, d is not None, d or "") for a, b, c, d in keys]
    order = KeyOrder(CHECKS)
    try:
        order.check(table.slice(0, cut))
        order.check(table.slice(cut))
        accepted = True
    except ContractError:
        accepted = False
    assert accepted == all(a < b for a, b in pairwise(sortable))


def test_text_sorts_by_code_points():
    rows = [
        {"role_id": name, "name": "N", "aliases": [], "document_count": 1}
        for name in sorted(["é", "z", "a", "\U0001f600", "\uffee"])
    ]
    KeyOrder(ROLES).check(to_arrow(ROLES, rows))


@pytest.mark.parametrize(
    ("table", "row", "changes", "seen", "complaint"),
    [
        ("documents", 0, {}, 4, "documents do not balance: seen 4, listed 3 = 1 parsed"),
        ("documents", 2, {"status": "skipped"}, 3, "documents do not balance"),
        ("documents", 0, {"lines_unparsed": 1}, 3, "1.txt: lines do not balance: .* 2 listed as unparsed"),
        ("documents", 0, {"lines_extracted": 4}, 3, "1.txt: lines do not balance: 4 extracted"),
        ("documents", 0, {"lines_extracted": 3, "lines_boilerplate": -1}, 3, "1.txt: lines do not balance"),
        ("documents", 2, {"lines_unparsed": 1, "line_count": 1}, 3, "3.txt: lines do not balance"),
        ("unparsed", 2, {"line": 3}, 3, "1.txt: lines do not balance: .* 1 listed as unparsed"),
        ("unparsed", 2, {"document_id": "c" * 32}, 3, "unparsed lines of 1 unknown documents, the first: cc"),
    ],
)
def test_a_run_that_does_not_balance_is_not_published(tmp_path, table, row, changes, seen, complaint):
    before = publish_variant(tmp_path, 1)
    rows = rows_by_table()[table]
    rows[row] |= changes
    contract = {"documents": DOCUMENTS, "unparsed": UNPARSED}[table]
    with pytest.raises(BalanceError, match=complaint) as caught:
        publish(arrow_tables() | {table: to_arrow(contract, rows)}, tmp_path, Origin(seen=seen, rules_version="test"))
    assert caught.value.exit_code == 1
    assert run_ids(tmp_path) == {before.run_id}


@given(lines=st.lists(st.tuples(st.sampled_from([PAGE, BROKEN]), st.integers(1, 3)), max_size=8), cut=st.integers(0, 8))
def test_a_line_in_several_pieces_counts_once_wherever_batches_end(lines, cut):
    lines = sorted(lines)
    rows = to_arrow(
        UNPARSED,
        [
            {"document_id": name, "line": line, "start": n, "end": n + 1, "text": "a", "reason": "r", "skeleton": "a"}
            for n, (name, line) in enumerate(lines)
        ],
    )
    documents = to_arrow(
        DOCUMENTS,
        [
            rows_by_table()["documents"][0]
            | {"document_id": name, "line_count": 9, "lines_unparsed": len({pair for pair in lines if pair[0] == name})}
            for name in (PAGE, BROKEN)
        ],
    )
    ledger = Ledger()
    ledger.add_documents(documents)
    for batch in (rows.slice(0, cut), rows.slice(cut)):
        if batch.num_rows:
            ledger.add_unparsed(batch)
    assert ledger.check(2).parsed == 2


# --- readers and runs ----------------------------------------------------------------------------------------------


def test_a_reader_stays_with_its_run(tmp_path):
    first = publish_variant(tmp_path)
    tables = open_tables(tmp_path)
    before = tables.arrow("metrics")
    second = publish_variant(tmp_path, 1, keep_runs=1)
    assert tables.run_id == first.run_id != second.run_id == open_tables(tmp_path).run_id
    assert tables.arrow("metrics").equals(before)
    assert not open_tables(tmp_path).arrow("metrics").equals(before)


@pytest.mark.parametrize("name", NAMES)
def test_every_library_reads_every_table(tmp_path, name):
    publish_variant(tmp_path)
    tables = open_tables(str(tmp_path))
    expected = arrow_tables()[name]
    assert tables.pandas(name).shape == expected.shape
    assert tables.polars(name).shape == expected.shape
    assert tables.duckdb(name).shape == expected.shape
    assert list(tables.pandas(name).columns) == tables.polars(name).columns == tables.duckdb(name).columns
    assert tables.pandas(name).attrs["descriptions"].keys() == set(expected.column_names)


@pytest.mark.parametrize("name", ["a[b]", "run*", "w?y", "it's {x}"])
def test_a_folder_may_be_called_what_looks_like_a_pattern(tmp_path, name):
    out = tmp_path / name
    for decoy in ("ab", "runs", "why"):
        publish_variant(tmp_path / decoy, 1)
    publish_variant(out)
    tables = open_tables(out)
    expected = arrow_tables()["metrics"]["value"].to_pylist()
    assert tables.polars("metrics")["value"].to_list() == expected
    assert [value for (value,) in tables.duckdb("metrics").select("value").fetchall()] == expected
    assert tables.pandas("metrics").shape == (len(expected), len(tables.arrow("metrics").column_names))


def test_whole_numbers_stay_whole_in_pandas(tmp_path):
    publish_variant(tmp_path)
    skills = open_tables(tmp_path).pandas("skills")
    assert str(skills["rank"].dtype) == "Int32"
    assert skills["rank"].to_list()[0] == 1
    assert skills["rank"].isna().to_list() == [False, True]
    assert skills.attrs["units"] == {"share": "percent"}


def test_roles_wide_has_a_row_per_role_and_a_column_per_metric(tmp_path):
    publish_variant(tmp_path)
    wide = open_tables(tmp_path).roles_wide()
    assert list(wide.index) == ["clerk", "cook"]
    assert list(wide.columns) == [
        "name",
        "salary_yearly",
        "most_common_degree",
        "most_common_degree/text",
        "best_paying_company",
        "gender_share/Female",
    ]
    assert wide.loc["clerk"].to_list()[:4] == ["Clerk", 54_494.0, 49.0, "Bachelor's Degree"]
    assert wide.loc["cook", "best_paying_company"] == "IBM"
    assert wide.isna().loc["cook"].to_list() == [False, False, True, True, False, True]
    assert wide.attrs["units"]["salary_yearly"] == "USD/year"
    assert set(wide.attrs["units"]) == set(wide.columns) - {"name"}
    assert "hiring_company_jobs/Uline" in open_tables(tmp_path).roles_wide(companies=True).columns


@pytest.mark.parametrize("where", ["", "out"])
def test_no_tables_is_one_clear_line(tmp_path, where):
    with pytest.raises(UsageError, match="no tables are published there"):
        open_tables(tmp_path / where)


def test_an_unknown_table_is_one_clear_line(tmp_path):
    publish_variant(tmp_path)
    with pytest.raises(UsageError, match="no table 'salaries'") as caught:
        open_tables(tmp_path).pandas("salaries")
    assert "metrics" in caught.value.hint


@pytest.mark.parametrize("words", ["/etc", "../elsewhere", ".runs/../..", ".runs/.staging", "", "x\0y"])
def test_a_pointer_that_leads_elsewhere_is_refused(tmp_path, words):
    (tmp_path / "current").write_text(words)
    with pytest.raises(UsageError, match="run"):
        open_tables(tmp_path)


def test_copies_of_an_output_folder_can_be_read(tmp_path):
    info = publish_variant(tmp_path / "out")
    shutil.copytree(tmp_path / "out", tmp_path / "links-followed")
    shutil.copytree(info.folder, tmp_path / "run-alone")
    assert open_tables(tmp_path / "links-followed").run_id == open_tables(tmp_path / "run-alone").run_id == info.run_id


# --- old runs ------------------------------------------------------------------------------------------------------


def age(info, hours: float) -> None:
    then = time.time() - hours * 3600
    os.utime(info.folder, (then, then))


def test_old_runs_are_removed_when_no_reader_can_need_them(tmp_path):
    runs = [publish_variant(tmp_path, n, keep_runs=9) for n in range(5)]
    for n, info in enumerate(runs):
        age(info, 5 - n)
    latest = publish_variant(tmp_path, 5, keep_runs=2)
    kept = {run.folder.name for run in (latest, runs[4])}
    assert set(os.listdir(tmp_path / ".runs")) == kept


def test_a_run_superseded_just_now_stays_however_old_it_is(tmp_path):
    old = publish_variant(tmp_path)
    age(old, 1000)
    new = publish_variant(tmp_path, 1, keep_runs=1)
    assert set(os.listdir(tmp_path / ".runs")) == {old.run_id, new.run_id}
    with open_output(tmp_path):
        assert prune_runs(tmp_path, 1, grace=0) == []
    assert os.listdir(tmp_path / ".runs") == [new.run_id]


def test_the_published_run_is_never_removed_when_an_old_one_is_published_again(tmp_path):
    first = publish_variant(tmp_path)
    age(first, 9)
    age(publish_variant(tmp_path, 1), 8)
    again = publish_variant(tmp_path, 0, keep_runs=1)
    assert not again.is_new
    with open_output(tmp_path):
        prune_runs(tmp_path, 1, grace=0)
    assert open_tables(tmp_path).arrow("roles").num_rows == 2


def test_what_a_killed_run_left_is_cleaned(tmp_path):
    publish_variant(tmp_path)
    staging = tmp_path / ".runs" / ".staging"
    (staging / "run").mkdir(parents=True)
    (staging / "run" / "roles.parquet").write_bytes(b"half")
    (staging / "link-current").symlink_to("nowhere")
    publish_variant(tmp_path, 1)
    assert not staging.exists()


def test_scratch_goes_away_with_the_run(tmp_path):
    with open_output(tmp_path) as output:
        (output.scratch / "spill.arrow").write_bytes(b"x")
        assert output.scratch == output.scratch
    assert os.listdir(tmp_path / ".runs") == []


def test_a_file_that_the_run_no_longer_has_leaves_no_dead_link(tmp_path):
    publish_variant(tmp_path, files={"report.html": b"<p>"})
    assert (tmp_path / "report.html").read_bytes() == b"<p>"
    publish_variant(tmp_path, 1)
    assert not os.path.lexists(tmp_path / "report.html")


# --- without links -------------------------------------------------------------------------------------------------


def test_without_links_everything_is_a_plain_file(tmp_path):
    info = publish_variant(tmp_path, symlinks=False)
    assert [path.name for path in tmp_path.rglob("*") if path.is_symlink()] == []
    assert run_ids(tmp_path) == {open_tables(tmp_path).run_id} == {info.run_id}


def test_one_can_change_between_links_and_copies(tmp_path):
    for variant, symlinks in enumerate([True, False, False, True]):
        info = publish_variant(tmp_path, variant, symlinks=symlinks)
        assert run_ids(tmp_path) == {open_tables(tmp_path).run_id} == {info.run_id}
        assert (tmp_path / "roles.parquet").is_symlink() == (tmp_path / "current").is_symlink() == symlinks


# --- one run at a time ---------------------------------------------------------------------------------------------

HOLD = "import sys, pathlib, pipeline.store.lock as lock\nwith lock.hold_lock(pathlib.Path(sys.argv[1])): print('held', flush=True); input()"


def test_two_runs_at_once_the_second_says_who_holds_the_lock(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=f"process {holder.pid} on .* since 20") as caught, open_output(tmp_path):
            pass
        assert caught.value.exit_code == 5
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        publish_variant(tmp_path)


def test_a_forked_worker_does_not_keep_the_lock(tmp_path):
    worker = "import os, time\n" + HOLD.replace("input()", "os.fork() or time.sleep(30)")
    with subprocess.Popen(
        [sys.executable, "-c", worker, tmp_path], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as holder:
        try:
            holder.stdout.readline()
            holder.wait()
            publish_variant(tmp_path)
        finally:
            os.killpg(holder.pid, signal.SIGKILL)


# --- nothing can be written ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
@pytest.mark.parametrize("nth", range(1, 14))
def test_a_failed_fsync_is_never_ignored(tmp_path, monkeypatch, number, nth):
    before = publish_variant(tmp_path)
    real, calls = os.fsync, []

    def failing(handle):
        calls.append(handle)
        if len(calls) == nth:
            raise OSError(number, os.strerror(number))
        real(handle)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OutputError, match=os.strerror(number)) as caught:
        publish_variant(tmp_path, 1)
    assert caught.value.exit_code == 4
    assert caught.value.hint
    assert len(calls) == nth, "work went on after a failed fsync"
    assert run_ids(tmp_path) == {before.run_id}


def test_what_the_disk_changed_is_noticed(tmp_path, monkeypatch):
    real = os.fsync

    def flipping(handle):
        real(handle)
        path = Path(f"/proc/self/fd/{handle}").readlink()
        if path.name == "metrics.parquet":
            data = bytearray(path.read_bytes())
            data[300] ^= 1
            path.write_bytes(data)

    before = publish_variant(tmp_path)
    monkeypatch.setattr(os, "fsync", flipping)
    with pytest.raises(OutputError, match=r"metrics\.parquet: reading it back"):
        publish_variant(tmp_path, 1)
    assert run_ids(tmp_path) == {before.run_id}


@pytest.mark.parametrize("limit", [100, 1000, 3000, 5000])
def test_a_file_that_may_not_grow_keeps_the_old_output(tmp_path, limit):
    before = publish_variant(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(OutputError, match="File too large"):
            publish_variant(tmp_path, 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert run_ids(tmp_path) == {before.run_id}


def obstruct_with_file(out: Path) -> Path:
    out.write_text("")
    return out


def obstruct_below_file(out: Path) -> Path:
    out.write_text("")
    return out / "deeper"


def obstruct_with_folder(out: Path) -> Path:
    (out / "current" / "mine").mkdir(parents=True)
    return out


def obstruct_table(out: Path) -> Path:
    (out / "roles.parquet" / "mine").mkdir(parents=True)
    return out


@pytest.mark.parametrize("obstruct", [obstruct_with_file, obstruct_below_file, obstruct_with_folder, obstruct_table])
def test_what_stands_in_the_way_is_named_and_kept(tmp_path, obstruct):
    out = obstruct(tmp_path / "out")
    before = sorted(path for path in tmp_path.rglob("*") if ".runs" not in path.parts)
    with pytest.raises(OutputError) as caught:
        publish_variant(out)
    assert str(tmp_path / "out") in str(caught.value)
    assert "\n" not in str(caught.value)
    assert set(before) <= set(tmp_path.rglob("*"))


def test_a_lock_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".lock").symlink_to(tmp_path / "precious")
    with pytest.raises(OutputError):
        publish_variant(tmp_path / "out")
    assert (tmp_path / "precious").read_text() == "mine"


def test_errors_of_the_store_have_exit_codes():
    assert issubclass(store.ContractError, RolepagesError)
    assert store.ContractError("x").exit_code == 1
