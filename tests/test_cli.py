"""Does the command line say what it did, in words and exit codes, and never show a traceback?"""

import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import textwrap
import types
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.cli.extract import read_share
from pipeline.cli.progress import describe_progress
from pipeline.config import find_file, load_settings
from pipeline.errors import BalanceError, LockedError, NothingUsableError, OutputError, UsageError
from pipeline.logs import printable, printable_json
from pipeline.options import Options, Progress, Quarantined, Summary
from pipeline.readers import ReadOptions

SUMMARY = Summary(
    run_id="0123456789abcdef",
    folder=Path("out/.runs/0123456789abcdef"),
    is_new=True,
    parsed=1195,
    duplicate=3,
    quarantined=6,
    rows={"documents": 1204, "roles": 77},
    unparsed_lines=12,
    ambiguous_cells=34,
    seconds=2.0,
    reasons={"truncated": 2, "binary": 4},
    examples=(
        Quarantined(source="a\x1b[2J.gz", reason="truncated: ends at byte 7"),
        Quarantined(source="b.gz", reason="truncated: ends at byte 9"),
    ),
    warnings=("out/.runs/x: cannot remove this old run",),
)


@pytest.fixture
def build(monkeypatch, tmp_path):
    """Stands for `pipeline.build`: returns or raises what the test puts into `build.outcome`, and notes its arguments."""
    fake = types.ModuleType("pipeline.build")
    fake.outcome = SUMMARY

    def extract(raw, out, options, progress):
        fake.call = (raw, out, options)
        progress(Progress(step="read", documents=1))
        if isinstance(fake.outcome, Exception):
            raise fake.outcome
        return fake.outcome

    fake.extract = extract
    monkeypatch.setitem(sys.modules, "pipeline.build", fake)
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("ROLEPAGES_")]:
        monkeypatch.delenv(name)
    return fake


# --- what a run says -----------------------------------------------------------------------------------------------


def test_summary_for_people_goes_to_stderr_and_its_last_line_balances(build, capsys):
    assert main(["extract", "raw", "--out", "tables"]) == 3
    out, err = capsys.readouterr()
    assert out == "tables/current\n"
    assert err.splitlines() == [
        "warning: 4 more binary (not text), see tables/documents.parquet",
        "warning: a\\x1b[2J.gz: truncated: ends at byte 7",
        "warning: b.gz: truncated: ends at byte 9",
        "warning: out/.runs/x: cannot remove this old run",
        "documents        1,204 rows",
        "roles            77 rows",
        "unparsed lines   12",
        "open cells       34",
        "seconds          2.0 (602 documents a second)",
        "seen 1,204 documents = 1,195 parsed + 3 duplicate + 6 quarantined  -> tables/current (run 0123456789abcdef)  exit 3",
    ]


def test_summary_for_scripts_is_one_json_object(build, capsys):
    assert main(["extract", "raw", "--json", "-q"]) == 3
    summary = json.loads(capsys.readouterr().out)
    assert summary["seen"] == summary["parsed"] + summary["duplicate"] + summary["quarantined"] == 1204
    assert summary["rows"] == {"documents": 1204, "roles": 77}
    assert summary["reasons"] == {"truncated": 2, "binary": 4}
    assert (summary["exit_code"], summary["out"], summary["run_id"]) == (3, "out", SUMMARY.run_id)


def test_quiet_says_only_what_is_wrong(build, capsys):
    main(["extract", "raw", "-q"])
    assert {line.partition(":")[0] for line in capsys.readouterr().err.splitlines()} == {"warning"}


@pytest.mark.parametrize(("share", "code"), [("0%", 3), ("0.4%", 3), ("0.5%", 0), ("1%", 0), ("100%", 0)])
def test_a_share_of_quarantined_documents_may_count_as_success(build, capsys, share, code):
    assert main(["extract", "raw", "--max-quarantined", share]) == code
    assert f"6 quarantined  -> out/current (run {SUMMARY.run_id})  exit {code}" in capsys.readouterr().err


@pytest.mark.parametrize("share", ["1", "-1%", "101%", "1 %", "x", "", "1e1%", "٣%"])
def test_what_is_no_share_is_a_usage_error(build, capsys, share):
    assert main(["extract", "raw", "--max-quarantined", share]) == 2
    assert "is no share such as 1% or 0.5%" in capsys.readouterr().err


@given(st.integers(0, 1000))
def test_shares_are_fractions(tenths):
    assert read_share(f"{tenths / 10}%") == pytest.approx(tenths / 1000)


def test_columns_are_named_where_their_names_are_not_the_usual_ones(build, monkeypatch):
    monkeypatch.setenv("ROLEPAGES_URL_COLUMN", "where")
    main(["extract", "raw", "--text-column", "page.body", "--date-column", "seen", "--languages", "en, de_AT", "-q"])
    reading = ReadOptions(**build.call[2].reading)
    assert reading.columns == {"text_column": "page.body", "url_column": "where", "date_column": "seen"}
    assert reading.languages == {"en", "de-at"}


# --- what becomes of errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("raw: no such folder", hint="name one"), 2),
        (OutputError("out: disk full", hint="free some space"), 4),
        (LockedError("out: another run is writing there", hint="wait"), 5),
        (NothingUsableError("raw: nothing usable", hint="see --allow-empty"), 6),
        (BalanceError("lines do not balance", hint="report it"), 1),
    ],
)
def test_each_error_has_its_exit_code_and_two_lines(build, capsys, error, code):
    build.outcome = error
    assert main(["extract", "raw"]) == code
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == ""
    assert lines[0].startswith("error: ")
    assert lines[1:] == [f"help: {error.hint}"]


def test_control_characters_in_messages_are_escaped(build, capsys):
    build.outcome = UsageError("evil\x1b]0;x\x07\nname\u202e\udcff: gone")
    main(["extract", "raw"])
    assert capsys.readouterr().err == "error: evil\\x1b]0;x\\x07\\nname\\u202e\\udcff: gone\n"


@given(st.text(st.characters(), max_size=20))
def test_printable_text_has_nothing_that_acts_and_keeps_the_rest(text):
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown
    if text.isprintable():
        assert shown == text


def test_a_bug_is_one_line_and_the_traceback_goes_to_the_log(build, capsys, tmp_path):
    build.outcome = ZeroDivisionError("division by zero")
    assert main(["extract", "raw", "--log-file", "run.jsonl"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "error: this is a bug: ZeroDivisionError: division by zero"
    assert lines[1] == f"help: please report it with {tmp_path / 'run.jsonl'}"
    (entry,) = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert entry["level"] == "error"
    assert "ZeroDivisionError" in entry["traceback"]
    assert "in extract" in entry["traceback"]


def test_a_bug_without_a_log_leaves_its_traceback_in_a_file(build, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    build.outcome = RecursionError("too deep")
    assert main(["extract", "raw"]) == 1
    file = Path(capsys.readouterr().err.splitlines()[1].removeprefix("help: please report it with "))
    assert file.parent == tmp_path
    assert "RecursionError: too deep" in file.read_text()


def test_a_log_that_cannot_be_opened_is_one_clear_line(build, capsys, tmp_path):
    assert main(["extract", "raw", "--log-file", str(tmp_path / "no" / "run.jsonl")]) == 2
    assert "run.jsonl: cannot write the log: No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["extract"], "Missing argument 'RAW'"),
        (["extract", "raw", "--workers", "many"], "Invalid value for '--workers'"),
        (["extract", "raw", "--keep-runs", "0"], "Invalid value for '--keep-runs'"),
        (["extract", "raw", "--fast"], "No such option"),
        (["fly"], "No such command"),
    ],
)
def test_wrong_calls_are_usage_errors(build, capsys, arguments, complaint):
    assert main(arguments) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert complaint in first
    assert second.endswith("--help")


def test_the_log_is_json_lines(build, tmp_path):
    import logging

    def extract(*_):
        logging.getLogger("pipeline.build").info("read %s", "a\nb", extra={"documents": 3})
        return SUMMARY

    build.extract = extract
    main(["extract", "raw", "--log-file", "run.jsonl"])
    (entry,) = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert entry.pop("time").endswith("+00:00")
    assert entry == {"level": "info", "logger": "pipeline.build", "message": "read a\nb", "documents": 3}


# --- settings ------------------------------------------------------------------------------------------------------


def test_flags_win_over_the_environment_and_the_environment_over_the_file(build, monkeypatch):
    Path("rolepages.toml").write_text('workers = 1\nkeep-runs = 7\nsymlinks = false\nout = "from-file"\n')
    monkeypatch.setenv("ROLEPAGES_WORKERS", "2")
    monkeypatch.setenv("ROLEPAGES_KEEP_RUNS", "8")
    main(["extract", "raw", "--workers", "3"])
    assert build.call == ("raw", Path("from-file"), Options(workers=3, keep_runs=8, symlinks=False))


@pytest.mark.parametrize("command", ["show", "prune"])
def test_a_command_of_a_group_has_the_settings_of_the_file_too(build, capsys, command):
    Path("rolepages.toml").write_text('out = "from-file"\n')
    assert main(["cache", command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["folder"].startswith("from-file/")


def test_defaults(build):
    main(["extract", "raw"])
    assert build.call == ("raw", Path("out"), Options())


def test_config_shows_who_says_what(build, monkeypatch, capsys):
    Path("pyproject.toml").write_text("[tool.rolepages]\nkeep-runs = 7\n")
    monkeypatch.setenv("ROLEPAGES_WORKERS", "2")
    assert main(["config", "--json"]) == 0
    settings = json.loads(capsys.readouterr().out)
    assert settings["keep-runs"]["value"] == 7
    assert settings["keep-runs"]["from"].endswith("pyproject.toml")
    assert settings["workers"] == {"value": 2, "from": "environment: ROLEPAGES_WORKERS"}
    assert settings["symlinks"] == {"value": True, "from": "default"}
    assert main(["config"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["workers", "2", "environment:", "ROLEPAGES_WORKERS"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("keep-run = 7", "unknown setting 'keep-run'"),
        ("keep_runs = 7", "unknown setting 'keep_runs'"),
        ("workers = [1]", "workers = [1]: must be a whole number, 0 or more, at most 1024"),
        ("workers = ", "is not TOML"),
        ("workers = " + "[" * 5000, "is not TOML"),
        ("workers = 'many'", 'workers = "many": must be a whole number, 0 or more, at most 1024'),
        ("workers = 2.7", "workers = 2.7: must be a whole number, 0 or more, at most 1024"),
        ("workers = true", "workers = true: must be a whole number, 0 or more, at most 1024"),
        ("keep-runs = 0", "keep-runs = 0: must be a whole number, 1 or more"),
        ("symlinks = 3", "symlinks = 3: must be true or false"),
        ("out = 5", 'out = 5: must be a folder in quotes, such as "out"'),
        ("out = 2024-01-01", 'out = "2024-01-01": must be a folder in quotes, such as "out"'),
        ("engine = 'flink'", 'engine = "flink": must be "local" or "spark"'),
        ("max-quarantined = 1", 'max-quarantined = 1: must be a share in quotes, such as "0%"'),
        ("max-quarantined = '1'", 'max-quarantined = "1": must be a share in quotes, such as "0%"'),
        ("text-column = {}", "text-column = {}: must be a name in quotes"),
    ],
)
def test_a_wrong_file_is_one_clear_line_and_help_works_all_the_same(build, capsys, content, complaint):
    Path("rolepages.toml").write_text(content)
    for command in (["extract", "raw"], ["config"], ["cache", "show"], ["sql", "--", "--help"]):
        assert main(command) == 2
        first = capsys.readouterr().err.splitlines()[0]
        assert first.startswith("error: ")
        assert f"rolepages.toml: {complaint}" in first
    for command in (["--help"], ["extract", "--help"], ["cache", "show", "-h"]):
        assert main(command) == 0
        assert capsys.readouterr().out.startswith("Usage: rolepages")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("tool = 3", "tool = 3: must be a table: [tool.rolepages]"),
        ("[tool]\nrolepages = 'x'", "tool.rolepages = 'x': must be a table: [tool.rolepages]"),
        ("[tool.rolepages]\nout = 5", "out = 5: must be a folder in quotes"),
    ],
)
def test_a_wrong_pyproject_file_is_one_clear_line(build, capsys, content, complaint):
    Path("pyproject.toml").write_text(content)
    assert main(["extract", "raw"]) == 2
    assert f"pyproject.toml: {complaint}" in capsys.readouterr().err.splitlines()[0]


def test_a_file_that_is_named_must_be_there(build, capsys):
    assert main(["--config", "mine.toml", "extract", "raw"]) == 2
    assert "mine.toml: cannot be read: No such file" in capsys.readouterr().err


def test_only_a_table_of_its_own_makes_a_pyproject_file_count(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.other]\nworkers = 1\n")
    assert find_file(tmp_path) is None
    assert load_settings(None, ["workers"]).values == {}


# --- progress ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress(step="read", documents=1200), "1,200 documents, 120/s"),
        (Progress(step="read", documents=50, bytes_done=1, bytes_total=4), "50 documents, 5/s, 25%, 0:00:30 left"),
        (Progress(step="read", documents=50, bytes_done=5, bytes_total=4), "50 documents, 5/s, 100%, 0:00:00 left"),
    ],
)
def test_progress_tells_rate_and_time_left(progress, text):
    assert describe_progress(progress, 10.0) == text


def test_a_log_gets_a_line_of_progress_now_and_then(build, capsys, monkeypatch):
    monkeypatch.setattr("pipeline.cli.progress.LINE_SECONDS", 0.0)
    main(["extract", "raw"])
    assert capsys.readouterr().err.startswith("read: 1 documents, ")


# --- as a process --------------------------------------------------------------------------------------------------

FAKE = """
import sys, types
from pathlib import Path
fake = types.ModuleType("pipeline.build")
sys.modules["pipeline.build"] = fake
from pipeline.options import Progress, Summary
def extract(raw, out, options, progress):
{body}
    return Summary(run_id="r", folder=out, is_new=True, parsed=1, duplicate=0, quarantined=0, rows={{}}, unparsed_lines=0,
        ambiguous_cells=0, seconds=1.0)
fake.extract = extract
from pipeline.__main__ import run
run()
"""


def start(body: str, *arguments: object, **options) -> subprocess.Popen:
    code = FAKE.format(body=textwrap.indent(textwrap.dedent(body), "    "))
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], **options)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_run_cleanly(tmp_path, number, code):
    body = """
    import time
    from pipeline.store import open_output
    with open_output(out) as output:
        (output.scratch / "spill").write_bytes(b"x")
        print("working", flush=True)
        time.sleep(60)
    """
    with start(body, "extract", "raw", "--out", tmp_path) as process:
        assert process.stdout.readline() == "working\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert (out, err) == ("", {143: "error: terminated\n", 130: "error: interrupted\n"}[code])
    assert not (tmp_path / ".runs" / ".staging").exists()


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_reader_that_went_away_is_no_error(tmp_path, stream):
    read, write = os.pipe()
    os.close(read)
    with start("pass", "extract", "raw", "--json", **{stream: write}) as process:
        os.close(write)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in (out or "") + (err or "")
    assert "Exception ignored" not in (err or "")


def test_a_full_disk_behind_stdout_is_one_clear_line():
    with Path("/dev/full").open("w") as full, start("pass", "extract", "raw", "--json", stdout=full) as process:
        err = process.communicate(timeout=30)[1]
    assert (process.returncode, err) == (4, "error: standard output: cannot write: No space left on device\n")


def test_a_full_disk_behind_the_help_is_no_bug():
    with Path("/dev/full").open("w") as full, start("pass", "--help", stdout=full) as process:
        err = process.communicate(timeout=30)[1]
    assert (process.returncode, err) == (4, "error: standard output: cannot write: No space left on device\n")


def test_a_full_disk_behind_stderr_is_silent():
    with Path("/dev/full").open("w") as full, start("pass", "extract", "raw", "--json", stderr=full) as process:
        out = process.communicate(timeout=30)[0]
    assert (process.returncode, json.loads(out)["parsed"]) == (0, 1)


def test_closed_streams_are_no_error():
    command = f'{sys.executable} -c "$CODE" extract raw --json >&- 2>&-'
    code = FAKE.format(body="    pass")
    assert (
        subprocess.run(["sh", "-c", command], env={**os.environ, "CODE": code}, check=False, timeout=30).returncode == 0
    )


def run_on_terminal(environment: dict[str, str]) -> str:
    """What a terminal of 100 columns gets to see of a failing run."""
    master, slave = pty.openpty()
    body = 'progress(Progress(step="read", documents=5, bytes_done=1, bytes_total=2))\nraise ValueError("x")'
    with start(body, "extract", "raw", stderr=slave, env={**os.environ, "COLUMNS": "100", **environment}):
        os.close(slave)
        seen = b""
        try:
            while chunk := os.read(master, 65536):
                seen += chunk
        except OSError:  # how a terminal tells its end
            pass
        os.close(master)
    return seen.decode()


def test_a_terminal_gets_a_bar_and_colours():
    seen = run_on_terminal({"TERM": "xterm", "NO_COLOR": ""})
    assert "5 documents" in seen
    assert "\x1b[31m\x1b[1merror:\x1b[0m this is a bug" in seen


def test_no_color_is_respected():
    seen = run_on_terminal({"TERM": "xterm", "NO_COLOR": "1"})
    assert "error: this is a bug" in seen
    assert "\x1b[3" not in seen


HEAVY = [
    "pyarrow",
    "pandas",
    "duckdb",
    "rich",
    "inflect",
    "lxml",
    "numpy",
    "polars",
    "pipeline.store",
    "pipeline.build",
]


@pytest.mark.parametrize("arguments", [["--help"], ["extract", "--help"], ["config"], ["--version"]])
def test_help_loads_nothing_heavy(arguments):
    code = f"import sys\nfrom pipeline.cli import main\nmain({arguments!r})\nprint([m for m in {HEAVY!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", [["-m", "pipeline"], ["-c", "from pipeline.__main__ import run; run()"]])
def test_the_package_runs_as_a_module_and_as_a_script(command):
    ran = subprocess.run([sys.executable, *command, "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout == "rolepages 0.1.0\n"


def test_every_option_and_command_is_explained(capsys):
    from pipeline.cli.main import rolepages

    for command in [rolepages, *rolepages.commands.values()]:
        assert command.help
        assert "Examples:" in command.epilog
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert parameter.help, parameter.name


def test_text_prints_what_the_offsets_refer_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.txt").write_text("Collector vs usher\n\n• Show more", encoding="utf-8")
    assert main(["text", "page.txt", "--raw", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "Collector vs usher\n\n• Show more\n"


def test_only_a_terminal_gets_escapes_of_what_could_act_on_it(tmp_path, capsys, monkeypatch):
    (tmp_path / "page.txt").write_text("Collector\tvs\x1b[2J usher\x9b\n\u202enext", encoding="utf-8")
    assert main(["text", "page.txt", "--raw", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "Collector\tvs\x1b[2J usher\x9b\n\u202enext\n"
    monkeypatch.setattr("pipeline.cli.terminal.is_terminal", lambda _: True)
    assert main(["text", "page.txt", "--raw", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "Collector\tvs\\x1b[2J usher\\x9b\n\\u202enext\n"


@given(st.recursive(st.text() | st.none() | st.integers(), lambda inner: st.dictionaries(st.text(), inner)))
def test_printable_json_says_what_it_said(value):
    for indent in (None, 2):
        said = printable_json(json.dumps(value, ensure_ascii=False, indent=indent))
        assert said.replace("\n", "").isprintable()
        assert json.loads(said) == value


def test_text_of_a_document_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.txt").write_text("Collector vs usher", encoding="utf-8")
    assert main(["text", "pages.txt", "--raw", str(tmp_path)]) == 2
    assert "no document pages.txt" in capsys.readouterr().err


# --- the log of a real run -----------------------------------------------------------------------------------------


def test_a_run_logs_what_it_was_told_each_input_each_step_and_its_end(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    seeds = Path(__file__).parent.parent / "raw"
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "good.txt").write_bytes(sorted(seeds.iterdir())[0].read_bytes())
    (tmp_path / "raw" / "bad.jsonl").write_text("{\n")
    assert main(["extract", "raw", "--workers", "1", "-v", "--log-file", "run.jsonl", "-q"]) == 3
    said = capsys.readouterr().err
    lines = [json.loads(line) for line in Path("run.jsonl").read_text().splitlines()]
    start, *_, end = lines
    assert (start["message"], start["raw"], start["options"]["workers"]) == ("run starts: raw", "raw", 1)
    assert [(line["source"], line["level"]) for line in lines if "source" in line] == [
        ("bad.jsonl", "warning"),
        ("good.txt", "debug"),
    ]
    assert [line["step"] for line in lines if "step" in line] == ["read", "resolve", "publish", "report"]
    assert (end["parsed"], end["quarantined"], end["reasons"]) == (1, 1, {"json": 1})
    assert "info: run starts: raw" in said
    assert "debug:" not in said
    assert "warning: input bad.jsonl" in said


def test_bytes_read_and_to_read_are_told_of_files_and_inside_a_container(tmp_path):
    from pipeline.readers import read

    seed = sorted((Path(__file__).parent.parent / "raw").iterdir())[0].read_text("utf-8")
    (tmp_path / "a.txt").write_text(seed)
    (tmp_path / "b.jsonl").write_text("".join(json.dumps({"text": f"{n} {seed}"}) + "\n" for n in range(400)))
    size = sum(file.stat().st_size for file in tmp_path.iterdir())
    records = read(tmp_path)
    done = [records.bytes_done for _ in records]
    assert records.bytes_total == size == records.bytes_done
    assert done == sorted(done)
    assert len(set(done)) > 5


# --- the manual ----------------------------------------------------------------------------------------------------


def every_command():
    from pipeline.cli.main import rolepages

    groups = [((), rolepages)]
    for path, command in groups:
        yield path, command
        groups += [((*path, name), inner) for name, inner in getattr(command, "commands", {}).items()]


@pytest.mark.parametrize("path", [path for path, _ in every_command()])
def test_every_command_says_what_it_does_and_shows_an_example_that_the_parser_takes(path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*path, "--help"]) == 0
    text = capsys.readouterr().out
    assert "..." not in text.partition("Example")[0].replace("[ARGS]...", "")
    examples = [line.strip() for line in text.splitlines() if line.strip().startswith("rolepages ")]
    assert examples
    known = {(): None} | dict(every_command())
    for example in examples:
        words = shlex.split(example.partition(" < ")[0].partition(" | ")[0].partition("`")[0])[1:]
        deepest = max((inner for inner in known if tuple(words[: len(inner)]) == inner), key=len)
        assert deepest, example
        known[deepest].make_context("x", words[len(deepest) :], resilient_parsing=False)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("rolepages ", {"extract", "show", "sql"}), ("rolepages extract --", {"--out", "--workers", "--log-file"})],
)
def test_the_shell_can_complete_commands_and_flags(words, expected):
    environment = os.environ | {"_ROLEPAGES_COMPLETE": "bash_complete", "COMP_WORDS": words}
    environment["COMP_CWORD"] = str(words.count(" "))
    program = "from pipeline.cli.main import rolepages; rolepages(prog_name='rolepages')"
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert expected <= {line.partition(",")[2] for line in ran.stdout.splitlines()}
