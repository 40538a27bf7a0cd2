"""Copies of a page: which of the documents with the same bytes is kept, and what becomes of the others.

SQL text in the part of the language that DuckDB and Spark share, so that one rule holds on one machine and on many.
"""

# ruff: noqa: S608 - the SQL is put together from names of our own

from __future__ import annotations

from pipeline.tables import DOCUMENTS


def kept(seen: str, place: str) -> str:
    """The one document of each content whose rows count: a parsed one before others, then the first by its source.

    `seen` has the columns of `documents` and one more, `place`, which says where the rows of a document are. Gives
    `document_id`, `source`, `place`, and `is_copied`: whether there are others. Documents that nothing was decoded of are left
    as they are: what the readers say about each is all there is to know.
    """
    return f"""
        SELECT document_id, source, {place}, copies > 1 AND line_count > 0 AS is_copied
        FROM (
            SELECT document_id, source, {place}, line_count, COUNT(*) OVER (PARTITION BY document_id) AS copies,
                   ROW_NUMBER() OVER (
                       PARTITION BY document_id ORDER BY status <> 'parsed', line_count = 0, source
                   ) AS choice
            FROM {seen}
        )
        WHERE choice = 1
    """


def documents(seen: str, kept: str) -> str:
    """The rows of `documents`, with copies marked; `kept` is a relation with what :func:`kept` gives."""
    is_copy = "k.source <> s.source AND s.line_count > 0"
    changed = {
        "status": f"CASE WHEN {is_copy} THEN 'duplicate' ELSE s.status END",
        "reason": f"CASE WHEN {is_copy} THEN 'duplicate_of: same bytes as ' || k.source ELSE s.reason END",
    }
    columns = ", ".join(f"{changed.get(name, f's.{name}')} AS {name}" for name in DOCUMENTS.column_names())
    return f"""
        SELECT {columns}
        FROM {seen} s LEFT JOIN (SELECT document_id, source FROM {kept} WHERE is_copied) k ON k.document_id = s.document_id
    """
