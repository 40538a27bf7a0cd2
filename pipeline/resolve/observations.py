"""The published observations: what the pages say, with resolved cells narrowed to their reading, and derived facts."""

from __future__ import annotations

STATED = """
    SELECT o.observation_id, o.document_id, o.fact_table, o.role_id, o.field, o.category, o.other_role_id,
           o.value, o.text, o.unit, o.method, o.confidence, o.alternatives, o.derived_from,
           o.line, o.start, o.stop, o.raw, o.rank, o.example, o.example_start, o.example_end
    FROM observations_in o
    WHERE o.method = 'stated' AND o.page IN (SELECT page FROM witness)
"""
"""Nearly all: they are published as their pages state them."""

OTHERS = """
    SELECT o.observation_id, o.document_id, o.fact_table, o.role_id, o.field,
           COALESCE(r.category, o.category) AS category, o.other_role_id,
           r.value, r.text, o.unit,
           CASE WHEN r.observation_id IS NULL THEN o.method ELSE 'resolved' END AS method,
           COALESCE(r.confidence, o.confidence) AS confidence,
           CASE WHEN r.observation_id IS NULL THEN o.alternatives ELSE a.items END AS alternatives,
           o.derived_from, o.line, COALESCE(r.start, o.start) AS start, COALESCE(r.stop, o.stop) AS stop,
           COALESCE(r.raw, o.raw) AS raw, o.rank, o.example, o.example_start, o.example_end
    FROM open_row o
    LEFT JOIN resolved r ON r.observation_id = o.observation_id
    LEFT JOIN rejected a ON a.id = o.observation_id
    UNION ALL
    SELECT d.observation_id, d.document_id, 'metrics' AS fact_table, d.role_id, d.field, '' AS category,
           '' AS other_role_id, d.value, NULL AS text, d.unit, 'derived' AS method, d.confidence,
           NULL AS alternatives, f.items AS derived_from, NULL AS line, NULL AS start, NULL AS stop, NULL AS raw,
           NULL AS rank, NULL AS example, NULL AS example_start, NULL AS example_end
    FROM derived d
    LEFT JOIN origin f ON f.id = d.observation_id
"""
"""Cells that a page leaves open, resolved or not, and derived facts."""

OUTPUT = f"{STATED} UNION ALL {OTHERS} ORDER BY observation_id"

REJECTED = """
    SELECT r.observation_id AS id, SUBSTR(o.raw, CAST(g.start - o.start AS INTEGER) + 1, CAST(g.stop - g.start AS INTEGER)) AS item
    FROM resolved r
    JOIN open_row o ON o.observation_id = r.observation_id
    JOIN readings_in g ON g.observation_id = r.observation_id
    WHERE SUBSTR(o.raw, CAST(g.start - o.start AS INTEGER) + 1, CAST(g.stop - g.start AS INTEGER)) <> r.raw
"""
"""The texts of the readings that were not taken."""
