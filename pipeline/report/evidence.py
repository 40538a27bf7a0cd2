"""Pages as they came with every extracted span marked: which documents get one, their texts, and what is said of each.

The run does not keep the texts: they are read again from the dump, and held against the document's id, which is a digest of
its bytes. Text and spans go to the page as data; its script builds the marks, and never HTML out of text.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import duckdb

from pipeline.decode import open_record
from pipeline.errors import UsageError
from pipeline.model import Document, Record
from pipeline.readers import ReadOptions, bytes_of, find, read_file
from pipeline.report.database import Row, rows
from pipeline.report.markup import Markup, data, element, join, page

DOCUMENTS = 200
"""Documents in the evidence of a run; any other has its page on request: `rolepages show`."""
CHARACTERS = 2_000_000
"""Characters of all their texts."""
LONGEST = 200_000
"""Characters of a text that is shown; what is cut off is said."""
READ_BYTES = 256 << 20
"""Bytes of records that are read again for the evidence of a run: some seconds, however large the dump."""
FACTS = 5_000
"""Facts of one document that are marked."""

_SALARIES = """
select coalesce(d.document_id, '') as document_id from (
    select role_id, min(document_id) as document_id from observations
    where field = 'salary_yearly' and method in ('stated', 'resolved') and "table" = 'metrics' group by role_id
) d join roles using (role_id) order by document_count desc, role_id limit $limit
"""
_FIRST = "select document_id from documents where status = 'parsed' order by source limit $limit"
_DOCUMENTS = """
select document_id, min(source) as source, any_value(url) as url, any_value(page_kind) as page_kind,
    any_value(text_form) as text_form, any_value(status) as status, any_value(reason) as reason,
    any_value(encoding) as encoding, any_value(updated_on)::varchar as updated_on
from documents where status <> 'duplicate' and document_id in (select unnest($ids)) group by document_id
"""
_FACT = (
    "observation_id", "start", "end", "table", "field", "role_id", "category", "other_role_id", "value", "text", "unit",
    "method", "confidence", "readings", "example_start", "example_end", "rank",
)  # fmt: skip
_FACTS = """
select document_id, observation_id, start, "end", "table", field, role_id, category, other_role_id, value, text, unit, method,
    confidence, alternatives[:12] as readings, example_start, example_end, rank
from observations where document_id in (select unnest($ids)) and start is not null order by document_id, start, observation_id
"""
_UNPARSED = """
select document_id, start, "end", reason from unparsed where document_id in (select unnest($ids)) order by document_id, start
"""
_DERIVED = """
select document_id, role_id, field, category, value, unit, derived_from
from observations where document_id in (select unnest($ids)) and method = 'derived' order by observation_id
"""
_CHECKS = """
select document_id, rule, role_id, metric, category, expected, found, explanation
from checks where document_id in (select unnest($ids)) order by all
"""


def choose(connection: duckdb.DuckDBPyConnection, statistics: Mapping[str, Any]) -> list[str]:
    """Ids of the documents that the report speaks of, a few of each kind first, then those behind its salaries."""
    named = (
        [row["document_id"] for row in statistics["open"]],
        [row["example"]["document_id"] for row in statistics["unparsed"]],
        [key for row in statistics["checks"] for key in row["document_ids"]],
        [row["document_id"] for row in statistics["quarantined"]],
        [row["document_id"] for row in rows(connection, _SALARIES, {"limit": DOCUMENTS})],
        [row["document_id"] for row in rows(connection, _FIRST, {"limit": DOCUMENTS})],
    )
    return list(dict.fromkeys(found for round_ in zip_longest(*named) for found in round_ if found))


def list_documents(connection: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> dict[str, Row]:
    """The rows of `documents` with these ids, in the order of the ids; a copy is left to the document that it copies."""
    found = {row["document_id"]: row for row in rows(connection, _DOCUMENTS, {"ids": list(ids)})}
    return {key: found[key] for key in ids if key in found}


def read_again(
    raw: Path, wanted: Mapping[str, Row], columns: Mapping[str, Any], limit: int = READ_BYTES
) -> dict[str, Document]:
    """The wanted documents of a local dump, by id: as far as they are there, unchanged, and within `limit` bytes.

    `columns` are those that the run was told to read.
    """
    files: dict[str, set[str]] = {}
    for row in wanted.values():
        files.setdefault(_file_of(raw, row["source"]), set()).add(row["source"])
    found: dict[str, Document] = {}
    for name, sources in files.items():
        for record in _records(raw, name, ReadOptions(**columns)):
            limit -= len(record.data) + 256
            if record.source in sources:
                document = open_record(record)
                if isinstance(document, Document) and document.document_id in wanted:
                    found[document.document_id] = document
                sources.discard(record.source)
            if not sources or limit < 0:
                break
        if limit < 0:
            break
    return found


def _file_of(raw: Path, source: str) -> str:
    """The file that a source is in: the source itself, or what stands before its record's number."""
    container, mark, number = source.rpartition("#")
    # A dump that is one file has that name only: whatever follows it is the number of a record.
    is_file = bytes_of(source) == os.fsencode(raw.name) if raw.is_file() else _path(raw, source).is_file()
    return container if mark and number.isdigit() and not is_file else source


def _path(raw: Path, source: str) -> Path:
    return raw if raw.is_file() else raw / os.fsdecode(bytes_of(source))


def _records(raw: Path, name: str, options: ReadOptions) -> Iterator[Record]:
    path = _path(raw, name)
    if ".." in Path(name).parts or path.is_symlink() or not path.is_file():
        return iter(())
    return read_file(path, name, options)


def read_one(raw: str, row: Row, columns: Mapping[str, Any]) -> Document:
    """The document of a row, read from the dump again, a remote one too; `columns` are those that the run was told to read.

    Raises:
        UsageError: it is not there, or is not what the run read.
    """
    record = find(raw, row["source"], ReadOptions(**columns))
    document = open_record(record) if record else None
    if isinstance(document, Document) and document.document_id == row["document_id"]:
        return document
    if record is None:
        raise UsageError(f"{raw}: has no {row['source']}", hint="say where the dump is now: --raw FOLDER")
    if isinstance(document, Document):
        raise UsageError(f"{row['source']}: is not what the run read", hint="extract again, then show it")
    raise UsageError(f"{row['source']}: holds no text: {document}", hint="there is nothing to show")


def pack(
    connection: duckdb.DuckDBPyConnection, wanted: Mapping[str, Row], texts: Mapping[str, Document]
) -> list[dict[str, Any]]:
    """For each document that has a text: the text, its facts, and what is unparsed, as far as there is room."""
    room = CHARACTERS
    chosen: dict[str, dict[str, Any]] = {}
    for key, row in wanted.items():
        if key not in texts or len(chosen) == DOCUMENTS:
            continue
        text = texts[key].text
        cost = min(len(text), LONGEST)
        if chosen and cost > room:
            continue
        room -= cost
        chosen[key] = row | {"id": key, "text": text[:LONGEST], "cut": max(0, len(text) - LONGEST), "facts": []}
        chosen[key] |= {"unparsed": [], "derived": [], "checks": []}
    _fill(connection, chosen)
    return list(chosen.values())


def _fill(connection: duckdb.DuckDBPyConnection, chosen: dict[str, dict[str, Any]]) -> None:
    ids = {"ids": list(chosen)}
    for row in rows(connection, _FACTS, ids):
        facts = chosen[row["document_id"]]["facts"]
        if len(facts) < FACTS:
            row["observation_id"] = int(row["observation_id"].rpartition("-")[2])
            facts.append([row[name] for name in _FACT])
    for row in rows(connection, _UNPARSED, ids):
        chosen[row["document_id"]]["unparsed"].append([row["start"], row["end"], row["reason"]])
    for row in rows(connection, _DERIVED, ids):
        chosen[row.pop("document_id")]["derived"].append(row)
    for row in rows(connection, _CHECKS, ids):
        chosen[row.pop("document_id")]["checks"].append(row)


def name_facts(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The facts of an entry of :func:`pack`, each by the names of its fields."""
    return [dict(zip(_FACT, row, strict=True)) for row in entry["facts"]]


def evidence_page(
    documents: Sequence[Mapping[str, Any]], left_out: int = 0, *, alone: bool = False, out: str = "out"
) -> bytes:
    """The page that shows documents of the run in `out`, one at a time, with what was read from them.

    `left_out` of the documents that the report speaks of are not among them; `alone` means there is no report. The address says what is shown:
    `#DOCUMENT_ID`, with `-NUMBER` for one of its facts, or `:START` for a place in its text.
    """
    note = (
        f"{left_out:,} more documents of the report are not in this file. Any document has such a page: "
        f"rolepages show DOCUMENT --out {shlex.quote(out)} --html FILE"
    )
    body = join(
        element(
            "header",
            "" if alone else element("p", element("a", "Report of the run", href="report.html"), class_="back"),
            element("h1", "Evidence", id="title"),
            element("div", id="about"),
        ),
        element("div", element("main", element("noscript", _NO_SCRIPT), id="text"), _ASIDE, class_="evidence"),
        element("footer", element("p", note) if left_out > 0 else ""),
    )
    blocks = join(data("documents", {"fields": _FACT, "documents": documents}), data("out", shlex.quote(out)))
    return page("Evidence", body, data_blocks=blocks, scripts=("common.js", "evidence.js"))


_NO_SCRIPT = "This page needs JavaScript to show the text. It runs what stands in this file only, and loads nothing."
_ASIDE = Markup(
    '<aside aria-label="What was read"><div id="choice"></div><div id="legend"></div>'
    '<div id="selected" aria-live="polite"></div><div id="facts"></div></aside>'
)
