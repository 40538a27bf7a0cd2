"""One document of a published run, as the evidence viewer shows it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.readers import source_at
from pipeline.report import evidence
from pipeline.report.database import connect, rows
from pipeline.report.dump import dump_of
from pipeline.store import Tables

_FIND = """
select distinct document_id, source, status from documents
where source = $name or starts_with(document_id, $name) order by source = $name desc, document_id, source limit 6
"""
_OBSERVATION = re.compile(r"(?:derived-)?([0-9a-f]{32})(?:-[0-9]+)?")
_SHORTEST = 4
"""Characters of a document_id that may stand for it."""


def open_document(tables: Tables, out: Path, name: str, raw: str | None = None) -> dict[str, Any]:
    """The entry of :func:`pipeline.report.evidence.pack` for one document.

    Args:
        tables: the run.
        out: the output folder, from which a relative path of the dump counts.
        name: a document_id or the beginning of one, an observation_id, a source, or the path of a file of the dump.
        raw: where the dump is; by default where the run read it.

    Raises:
        UsageError: there is no such document, several, or its text is not there any more.
    """
    with connect(tables.folder) as connection:
        found = rows(connection, _FIND, {"name": _without_number(name)})
        if not found and (source := _source_at(tables, out, name, raw)):
            name, found = source, rows(connection, _FIND, {"name": source})
        document_id = _only_one(found, name)
        wanted = evidence.list_documents(connection, [document_id])
        place, columns = dump_of(tables, out, raw)
        document = evidence.read_one(place, wanted[document_id], columns)
        return evidence.pack(connection, wanted, {document_id: document})[0]


def _without_number(name: str) -> str:
    """An observation_id is a document_id, a dash, and a number; that of a derived fact begins with a word that says so."""
    match = _OBSERVATION.fullmatch(name)
    return match[1] if match else name


def _source_at(tables: Tables, out: Path, path: str, raw: str | None) -> str | None:
    try:
        return source_at(dump_of(tables, out, raw).raw, path)
    except UsageError:  # the dump is not there any more
        return None


def _only_one(found: list[dict[str, Any]], name: str) -> str:
    named = [row for row in found if row["source"] == name]
    ids: list[str] = list(dict.fromkeys(row["document_id"] for row in named or found))
    if not ids or (not named and len(name) < _SHORTEST):
        raise UsageError(f"no document {name!r}", hint='rolepages sql "select document_id, source from documents"')
    if len(ids) > 1:
        raise UsageError(f"{name!r} begins several document ids: {', '.join(ids)}", hint="give more of it")
    return ids[0]
