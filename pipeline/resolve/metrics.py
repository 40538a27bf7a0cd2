"""One value per cell: metrics, and differences between roles.

Most cells are plain: some page states the value beyond doubt and no page says anything else. The others are contested, and
an election decides.
"""

from __future__ import annotations

from pipeline.resolve.claims import CELL, UNREAD, cell, same_cell
from pipeline.resolve.confidence import SAME_TIME, STALE
from pipeline.resolve.election import election
from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import month

SUMMARY = Step(
    "cell_summary",
    f"""
    SELECT {cell("c")}, MIN(c.content) AS content, MAX(c.content) AS last_content, MAX(c.confidence) AS confidence,
           MAX(c.value) AS value, MIN(c.text) AS text, MAX(c.stated) AS stated, SUM(c.said) AS observations,
           COUNT(*) AS documents, MAX(w.seen) AS as_of
    FROM claim c JOIN witness w ON w.doc = c.doc
    GROUP BY {cell("c")}
    """,
)

CONTESTED = Step(
    "contested_claim",
    f"""
    SELECT c.*, w.witness, w.recency, w.seen
    FROM claim c
    JOIN cell_summary s ON {same_cell("s", "c")}
    JOIN witness w ON w.doc = c.doc
    WHERE s.content <> s.last_content OR s.confidence < CAST(1 AS DOUBLE)
    """,
)

ELECTED = Step(
    "elected",
    f"""
    SELECT {cell("s")}, s.content, s.value, s.text, s.stated, s.confidence, s.observations, s.observations AS agreeing,
           s.documents, s.as_of
    FROM cell_summary s
    WHERE s.content = s.last_content AND s.confidence >= CAST(1 AS DOUBLE)
    UNION ALL
    SELECT {cell("w")}, w.content,
           MAX(CASE WHEN c.content = w.content THEN c.value END) AS value,
           MIN(CASE WHEN c.content = w.content THEN c.text END) AS text,
           MAX(CASE WHEN c.content = w.content THEN c.stated ELSE 0 END) AS stated,
           w.confidence, SUM(c.said) AS observations,
           SUM(CASE WHEN c.content = w.content THEN c.said ELSE 0 END) AS agreeing,
           COUNT(DISTINCT CASE WHEN c.said > 0 THEN c.doc END) AS documents,
           MAX(CASE WHEN c.content = w.content THEN c.seen END) AS as_of
    FROM cell_winner w JOIN contested_claim c ON {same_cell("c", "w")}
    WHERE w.content <> '{UNREAD}'
    GROUP BY {cell("w")}, w.content, w.confidence
    """,
)

STATED = Step(
    "metric_stated",
    """
    SELECT a.role_id, k.field, k.category, e.value, e.confidence
    FROM elected e JOIN kind k ON k.kind = e.kind JOIN role_key a ON a.role = e.role
    WHERE k.fact_table = 'metrics'
    """,
    kept=False,
)

FOUND = Step(
    "metric_found",
    f"""
    SELECT m.role, m.kind, m.value, m.text, m.unit, m.method,
           CASE WHEN {month("n.newest")} - {month("m.as_of")} > {SAME_TIME}
                THEN ROUND(m.confidence * CAST({STALE} AS DOUBLE), 4) ELSE m.confidence END AS confidence,
           m.observation_count, m.agreeing_count, m.document_count, m.as_of
    FROM (
        SELECT e.role, e.kind, e.value, e.text, n.unit,
               CASE WHEN e.stated = 1 THEN 'stated' ELSE 'resolved' END AS method, e.confidence,
               CAST(e.observations AS BIGINT) AS observation_count, CAST(e.agreeing AS BIGINT) AS agreeing_count,
               e.documents AS document_count, e.as_of
        FROM elected e JOIN kind n ON n.kind = e.kind
        WHERE n.fact_table = 'metrics'
        UNION ALL
        SELECT a.role, n.kind, d.value, CAST(NULL AS VARCHAR(80)) AS text, d.unit, 'derived' AS method, d.confidence,
               d.observations AS observation_count, d.observations AS agreeing_count, d.documents AS document_count,
               d.as_of
        FROM metric_derived d
        JOIN role_key a ON a.role_id = d.role_id
        JOIN kind n ON n.fact_table = 'metrics' AND n.field = d.field AND n.category = ''
    ) m
    LEFT JOIN role_seen n ON n.role = m.role
    """,
)

METRIC = Step(
    "metric",
    """
    SELECT m.role, m.kind, a.role_id, n.field, n.category, m.value, m.text, m.unit, m.method, m.confidence,
           m.observation_count, m.agreeing_count, m.document_count, m.as_of
    FROM metric_found m
    JOIN role_key a ON a.role = m.role
    JOIN kind n ON n.kind = m.kind
    """,
    kept=False,
)

ELECTION = (SUMMARY, CONTESTED, *election("cell", "contested_claim", CELL), ELECTED, STATED)

OUTPUT = """
    SELECT m.role_id, m.field AS metric, m.category, m.value, m.text, m.unit, m.method, m.confidence,
           m.observation_count, m.agreeing_count, m.document_count, m.as_of, f.items AS flags
    FROM metric m
    LEFT JOIN flag f ON f.id = m.role_id || '|' || m.field || '|' || m.category
    ORDER BY m.role, m.kind
"""

COMPARISONS = """
    SELECT a.role_id, b.role_id AS other_role_id, k.field AS measure, e.value AS difference, k.unit,
           CAST(e.observations AS BIGINT) AS observation_count, e.documents AS document_count
    FROM elected e
    JOIN kind k ON k.kind = e.kind
    JOIN role_key a ON a.role = e.role
    JOIN role_key b ON b.role = e.other
    WHERE k.fact_table = 'comparisons' AND e.value IS NOT NULL
    ORDER BY e.role, e.other, e.kind
"""
"""A direction without an amount ("earn a lower average salary") stays in the observations; there is no number to list."""
