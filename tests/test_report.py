import base64
import hashlib
import html.parser
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.cli import main
from pipeline.errors import UsageError
from pipeline.options import Options
from pipeline.report import STATISTICS, find_raw, read_statistics, try_to_write_files
from pipeline.report.explorer import METHODS
from pipeline.report.markup import Markup, asset, data, element, escape, join, page, reveal
from pipeline.tables import METRIC_UNITS, TABLES

ROOT = Path(__file__).parent.parent
HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)">\u202e$1\u202c\x00\x1b[2J'


@pytest.fixture(scope="module")
def seeds(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("seeds") / "out"
    pipeline.extract(ROOT / "raw", out, Options(workers=1))
    return out


class Page(html.parser.HTMLParser):
    """What a browser would see: elements in order, attributes, and the content of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self._inside: dict[str, str | None] | None = None
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside = dict(attrs) if tag == "script" else None

    def handle_endtag(self, tag):
        self._inside = None

    def handle_data(self, data):
        if self._inside is not None:
            self.scripts.append((self._inside, data))
        else:
            self.words.append(data)


def read_page(out: Path, name: str = "report.html") -> Page:
    return Page((out / name).read_text("utf-8"))


def read_block(page: Page, name: str):
    return next(json.loads(code) for attributes, code in page.scripts if attributes.get("id") == f"data-{name}")


# --- what a run writes ----------------------------------------------------------------------------------------------


def test_a_run_writes_the_report_beside_its_tables_under_stable_names(seeds):
    for name in ("report.html", "evidence.html", "statistics.json", "datapackage.json"):
        assert (seeds / name).resolve() == (seeds / "current" / name).resolve()
    listed = {file["name"] for file in json.loads((seeds / "manifest.json").read_text())["files"]}
    assert {"report.html", "evidence.html", "statistics.json", "datapackage.json"} < listed
    assert (seeds / "report.html").stat().st_size < 2 << 20


def test_the_descriptor_knows_the_sizes_of_the_files(seeds):
    package = json.loads((seeds / "datapackage.json").read_text())
    for resource in package["resources"]:
        assert resource["bytes"] == (seeds / resource["path"]).stat().st_size


def test_the_report_opens_with_what_matters_in_this_order(seeds):
    text = " ".join(read_page(seeds).words)
    text = text[text.index("in quarantine") :]
    parts = ["roles", "open cells", "unparsed lines", "failed checks", "seconds", "peak memory", "Documents",
             "Facts by method", "Open cells", "Unparsed lines by wording", "Checks that failed", "Quarantine",
             "How full the tables are", "Where the values came from", "Salary ranges", "Pay and number of jobs",
             "Skills in common"]  # fmt: skip
    places = [text.index(part) for part in parts]
    assert sorted(places[6:]) == places[6:]
    assert max(places[:6]) < places[6]


def test_statistics_agree_with_the_tables(seeds):
    statistics = read_statistics(seeds)
    tables = pipeline.open_tables(seeds)
    for table in TABLES:
        assert statistics["rows"][table.name] == len(tables.pandas(table.name))
    observations, metrics = tables.pandas("observations"), tables.pandas("metrics")
    assert sum(row["facts"] for row in statistics["facts"]) == len(observations)
    assert sum(row["documents"] for row in statistics["documents"]) == len(tables.pandas("documents"))
    assert [row["metric"] for row in statistics["fill"]] == list(METRIC_UNITS)
    roles = len(tables.pandas("roles"))
    for row in statistics["fill"]:
        of_metric = metrics[metrics["metric"] == row["metric"]]
        assert row["roles"] == of_metric["role_id"].nunique()
        assert row["rate"] == pytest.approx(row["roles"] / roles)
        assert row["flagged"] == (of_metric["flags"].str.len() > 0).sum()
        for method in METHODS:
            assert row[method] == (of_metric["method"] == method).sum()
    unparsed = tables.pandas("unparsed")
    assert statistics["skeletons"] == unparsed["skeleton"].nunique()
    assert [row["lines"] for row in statistics["unparsed"]] == [
        len(group[["document_id", "line"]].drop_duplicates())
        for _, group in sorted(unparsed.groupby("skeleton"), key=lambda pair: (-len(pair[1]), pair[0]))
    ]


def test_every_value_of_the_explorer_is_that_of_the_table_and_leads_to_an_observation_that_says_it(seeds):
    explorer = read_block(read_page(seeds), "explorer")
    tables = pipeline.open_tables(seeds)
    rows = tables.arrow("metrics").to_pylist()
    metrics = {(row["role_id"], row["metric"], row["category"]): row for row in rows}
    observations = {row["observation_id"]: row for row in tables.arrow("observations").to_pylist()}
    values = explorer["values"]
    assert len(values["role"]) == len(metrics), "the seeds have no role with more than three companies"
    for row in range(len(values["role"])):
        key = (
            explorer["roles"]["id"][values["role"][row]],
            explorer["metrics"][values["metric"][row]],
            values["texts"][values["category"][row]],
        )
        found = metrics[key]
        assert values["value"][row] == found["value"]
        assert values["texts"][values["text"][row]] == (found["text"] or "")
        assert METHODS[values["method"][row]] == found["method"]
        assert values["flagTexts"][values["flags"][row]] == ", ".join(found["flags"])
        source = observations[f"{values['documents'][values['document'][row]]}-{values['observation'][row]:04d}"]
        if found["method"] != "derived":
            assert (source["role_id"], source["field"], source["category"]) == key
            assert (source["value"], source["text"]) == (found["value"], found["text"])
    assert METHODS.index("derived") in values["method"]


def test_the_evidence_of_the_seeds_holds_each_document_with_text_and_spans(seeds):
    block = read_block(read_page(seeds, "evidence.html"), "documents")
    observations = pipeline.open_tables(seeds).pandas("observations")
    assert len(block["documents"]) == 5
    for document in block["documents"]:
        assert document["text"] == (ROOT / "raw" / document["source"]).read_text("utf-8")
        facts = [dict(zip(block["fields"], fact, strict=True)) for fact in document["facts"]]
        stated = observations[(observations["document_id"] == document["id"]) & observations["start"].notna()]
        assert len(facts) == len(stated)
        raw = dict(zip(stated["observation_id"], stated["raw"], strict=True))
        for fact in facts:
            assert (
                document["text"][fact["start"] : fact["end"]] == raw[f"{document['id']}-{fact['observation_id']:04d}"]
            )


def test_every_link_into_the_evidence_arrives(seeds):
    report, evidence = read_page(seeds), read_block(read_page(seeds, "evidence.html"), "documents")
    links = [attributes["href"] for tag, attributes in report.elements if tag == "a"]
    into = [link.partition("#")[2] for link in links if link.startswith("evidence.html#")]
    assert into
    known = {document["id"] for document in evidence["documents"]}
    assert {link[:32] for link in into} <= known == set(read_block(report, "packed"))


def test_the_change_since_the_run_before_is_told(tmp_path):
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    seeds = sorted((ROOT / "raw").iterdir())
    for path in seeds[:2]:
        (raw / path.name).write_bytes(path.read_bytes())
    pipeline.extract(raw, out, Options(workers=1))
    assert "since the run before" not in " ".join(read_page(out).words)
    for path in seeds[2:]:
        (raw / path.name).write_bytes(path.read_bytes())
    before = read_statistics(out)
    pipeline.extract(raw, out, Options(workers=1))
    after, text = read_statistics(out), " ".join(read_page(out).words)
    assert f"{after['rows']['observations'] - before['rows']['observations']:+,} since the run before" in text
    rates = [next(row["rate"] for row in run["fill"] if row["metric"] == "salary_low") for run in (before, after)]
    assert f"{(rates[1] - rates[0]) * 100:+.1f}" in text


def test_no_report_costs_no_tables(tmp_path, monkeypatch):
    def fail(*_arguments):
        raise ZeroDivisionError("a bug\nwith details")

    monkeypatch.setattr("pipeline.report.summarize", fail)
    summary = pipeline.extract(ROOT / "raw", tmp_path / "out", Options(workers=1))
    assert summary.warnings == ("the tables are complete, but there is no report of them: a bug",)
    assert pipeline.open_tables(tmp_path / "out").pandas("roles").shape[0] == 9
    assert not (tmp_path / "out" / "report.html").exists()
    assert try_to_write_files(tmp_path, None, tmp_path)[0] == {}


def test_a_run_without_documents_has_a_report(tmp_path):
    (tmp_path / "raw").mkdir()
    summary = pipeline.extract(tmp_path / "raw", tmp_path / "out", Options(workers=1, allow_empty=True))
    assert not summary.warnings
    assert "none. Every line is accounted for." in " ".join(" ".join(read_page(tmp_path / "out").words).split())
    assert read_block(read_page(tmp_path / "out", "evidence.html"), "documents")["documents"] == []


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"run": 1}'])
def test_statistics_that_cannot_be_read_are_none(tmp_path, content):
    (tmp_path / STATISTICS).write_bytes(content)
    assert read_statistics(tmp_path) is None
    assert read_statistics(tmp_path / "missing") is None


def test_the_dump_is_found_from_the_output_folder(tmp_path, monkeypatch):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_bytes((ROOT / "raw" / "000_09ae78ede56cf255.txt").read_bytes())
    monkeypatch.chdir(tmp_path)
    pipeline.extract("raw", "a/out", Options(workers=1))
    recorded = read_statistics(tmp_path / "a/out")["run"]["raw"]
    assert recorded == "../../raw"
    monkeypatch.chdir("/")
    assert find_raw(recorded, tmp_path / "a/out") == str(tmp_path / "raw")
    assert find_raw("s3://bucket/raw", tmp_path) == "s3://bucket/raw"


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command_tells_where_the_report_is_and_makes_it_anew(seeds, tmp_path, capsys):
    assert main(["report", "--out", str(seeds)]) == 0
    assert capsys.readouterr().out == f"{seeds}/report.html\n"
    assert main(["report", "--out", str(seeds), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == read_statistics(seeds)
    assert main(["report", "--out", str(seeds), "--to", str(tmp_path / "new")]) == 0
    assert read_block(read_page(tmp_path / "new"), "explorer") == read_block(read_page(seeds), "explorer")
    assert read_statistics(tmp_path / "new")["run"]["seconds"] == read_statistics(seeds)["run"]["seconds"]
    assert main(["report", "--out", str(tmp_path)]) == 2


# --- safety ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["report.html", "evidence.html"])
def test_pages_run_only_the_scripts_that_they_name_and_load_nothing(seeds, name):
    found = read_page(seeds, name)
    policy = next(a["content"] for tag, a in found.elements if a.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.keys() == {"default-src", "style-src", "script-src", "base-uri", "form-action"}
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    code = [content for attributes, content in found.scripts if attributes.get("type") != "application/json"]
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(c.encode()).digest()).decode()}'" for c in code}
    assert set(rules["script-src"].split()) == hashes
    for tag, attributes in found.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "audio", "video"}
        assert not any(key.startswith("on") or key == "src" for key in attributes), (tag, attributes)
        if "href" in attributes:
            assert re.fullmatch(r"#\w+|(report|evidence)\.html(#.*)?|statistics\.json", attributes["href"])


def test_scripts_make_no_html_out_of_text():
    for name in ("common.js", "report.js", "evidence.js"):
        code = asset(name)
        for danger in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "Function(",
            "srcdoc",
        ):
            assert danger not in code, (name, danger)
        assert "</script" not in code


def test_both_sides_call_the_same_characters_unseen():
    from pipeline.report.markup import UNSEEN

    pattern = re.search(r"const UNSEEN =\s*/\[(.*?)\]/gu;", asset("common.js"), re.S)[1]
    pattern = re.sub(r"\\u\{([0-9a-f]+)\}", lambda m: f"\\U{int(m[1], 16):08x}", pattern)
    script = re.compile(f"[{pattern}]")
    for code in [*range(0xD800), *range(0xE000, 0x11000), *range(0xE0000, 0xE1100)]:
        assert bool(script.match(chr(code))) == bool(UNSEEN.match(chr(code))), hex(code)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "aU+202Eb"), ("\u2066x\u2069", "U+2066xU+2069"), ("\u200b", "U+200B"), ("\x00", "U+0000"),
        ("\x1b[2J", "U+001B[2J"), ("\u00adsoft", "U+00ADsoft"), ("\ufeff", "U+FEFF"), ("a\tb\nc", "a\tb\nc"),
        ("naïve – “ok” 数", "naïve – “ok” 数"), ("\U000e0041", "U+E0041"), ("\u2028", "U+2028"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_is_named(text, shown):
    assert reveal(text) == shown


def test_strings_are_escaped_wherever_they_stand():
    made = element("a", HOSTILE, "<b>", Markup("<i>ok</i>"), title=HOSTILE, href='"><script>', hidden=True, id=None)
    found = Page(made)
    assert [tag for tag, _ in found.elements] == ["a", "i"]
    assert found.elements[0][1].keys() == {"title", "href", "hidden"}
    assert "U+202E" in made
    assert "\u202e" not in made


@given(st.text(), st.text())
def test_no_text_leaves_its_place(text, attribute):
    found = Page(join(element("p", text, title=attribute), data("x", {"a": [text, attribute]})))
    assert [tag for tag, _ in found.elements] == ["p", "script"]
    assert found.elements[0][1]["title"] == reveal(attribute).replace("\r", "\n") or "\r" in attribute
    assert json.loads(found.scripts[0][1]) == {"a": [text, attribute]}


@given(st.text())
def test_escaping_is_done_once(text):
    assert escape(escape(text)) == escape(text)


def test_a_page_of_scripts_and_marks_is_inert_text(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    seed = (ROOT / "raw" / "000_09ae78ede56cf255.txt").read_text("utf-8")
    hostile = seed.replace("ollector", f"ollector {HOSTILE}").replace("IBM", "=cmd|' /C calc'!A0")
    (raw / "<img src=x onerror=alert(3)>.txt").write_text(hostile + HOSTILE, "utf-8")
    (raw / "b.txt").write_text(f"Nothing known\n{HOSTILE}\n", "utf-8")
    (raw / "c.txt").write_text(seed, "utf-8")
    pipeline.extract(raw, tmp_path / "out", Options(workers=1))
    for name in ("report.html", "evidence.html"):
        text = (tmp_path / "out" / name).read_text("utf-8")
        found = Page(text)
        assert not any(key.startswith("on") for _, attributes in found.elements for key in attributes)
        assert not {"img"} & {tag for tag, _ in found.elements}
        assert sum(tag == "script" for tag, _ in found.elements) == {"report.html": 7, "evidence.html": 4}[name]
        assert "\u202e" not in "".join(found.words)
    assert HOSTILE in {d["text"][-len(HOSTILE) :] for d in read_block(found, "documents")["documents"]}


def test_a_whole_page_survives_lone_surrogates():
    assert "<p>a?</p>" in page("t", element("p", "a\ud800"), data_blocks=Markup(), scripts=()).decode("utf-8")


def test_the_charting_library_is_the_one_that_its_lock_file_names():
    charts = ROOT / "pipeline" / "report" / "charts"
    wanted = json.loads((charts / "package.json").read_text())["devDependencies"]
    locked = json.loads((charts / "package-lock.json").read_text())["packages"]
    for name, version in wanted.items():
        assert locked[f"node_modules/{name}"]["version"] == version
    banner = (charts / "licenses.txt").read_text()
    assert asset("plot.js").startswith(banner.strip())
    assert f"Observable Plot {wanted['@observablehq/plot']}" in banner


def test_nothing_published_is_a_usage_error(tmp_path):
    from pipeline.report.single import open_document

    with pytest.raises(UsageError):
        open_document(pipeline.open_tables(tmp_path), tmp_path, "x")
