"""One value per cell: metrics, and differences between roles.

Most cells are plain: some page states the value beyond doubt and no page says anything else. The others are contested, and
an election decides.
"""

from __future__ import annotations

from pipeline.resolve.claims import UNREAD
from pipeline.resolve.confidence import SAME_TIME, STALE
from pipeline.resolve.election import election
from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import month

SUMMARY = Step(
    "cell_summary",
    """
    SELECT c.cell, MIN(c.content) AS content, MAX(c.content) AS last_content, MAX(c.confidence) AS confidence,
           MAX(c.value) AS value, MIN(c.text) AS text, MAX(c.stated) AS stated, SUM(c.said) AS observations,
           COUNT(*) AS documents, MAX(w.seen) AS as_of
    FROM claim c JOIN witness w ON w.doc = c.doc
    GROUP BY c.cell
    """,
)

CONTESTED = Step(
    "contested_claim",
    """
    SELECT c.*, w.witness, w.recency, w.seen
    FROM claim c
    JOIN cell_summary s ON s.cell = c.cell
    JOIN witness w ON w.doc = c.doc
    WHERE s.content <> s.last_content OR s.confidence < CAST(1 AS DOUBLE)
    """,
)

ELECTED = Step(
    "elected",
    f"""
    SELECT cell, content, value, text, stated, confidence, observations, observations AS agreeing, documents, as_of
    FROM cell_summary
    WHERE content = last_content AND confidence >= CAST(1 AS DOUBLE)
    UNION ALL
    SELECT w.cell, w.content,
           MAX(CASE WHEN c.content = w.content THEN c.value END) AS value,
           MIN(CASE WHEN c.content = w.content THEN c.text END) AS text,
           MAX(CASE WHEN c.content = w.content THEN c.stated ELSE 0 END) AS stated,
           w.confidence, SUM(c.said) AS observations,
           SUM(CASE WHEN c.content = w.content THEN c.said ELSE 0 END) AS agreeing,
           COUNT(DISTINCT CASE WHEN c.said > 0 THEN c.doc END) AS documents,
           MAX(CASE WHEN c.content = w.content THEN c.seen END) AS as_of
    FROM cell_winner w JOIN contested_claim c ON c.cell = w.cell
    WHERE w.content <> '{UNREAD}'
    GROUP BY w.cell, w.content, w.confidence
    """,
)

STATED = Step(
    "metric_stated",
    """
    SELECT e.cell, k.role_id, k.field, k.category, e.content, e.value, e.text, k.unit, e.stated, e.confidence,
           e.observations, e.agreeing, e.documents, e.as_of
    FROM elected e JOIN cell k ON k.cell = e.cell
    WHERE k.fact_table = 'metrics'
    """,
    kept=False,
)

METRIC = Step(
    "metric",
    f"""
    SELECT m.role_id, m.field, m.category, m.value, m.text, m.unit, m.method,
           CASE WHEN {month("n.newest")} - {month("m.as_of")} > {SAME_TIME}
                THEN ROUND(m.confidence * CAST({STALE} AS DOUBLE), 4) ELSE m.confidence END AS confidence,
           m.observation_count, m.agreeing_count, m.document_count, m.as_of
    FROM (
        SELECT role_id, field, category, value, text, unit,
               CASE WHEN stated = 1 THEN 'stated' ELSE 'resolved' END AS method, confidence,
               CAST(observations AS BIGINT) AS observation_count, CAST(agreeing AS BIGINT) AS agreeing_count,
               documents AS document_count, as_of
        FROM metric_stated
        UNION ALL
        SELECT role_id, field, '' AS category, value, CAST(NULL AS VARCHAR(80)) AS text, unit, 'derived' AS method,
               confidence, observations AS observation_count, observations AS agreeing_count,
               documents AS document_count, as_of
        FROM metric_derived
    ) m
    LEFT JOIN role_seen n ON n.role_id = m.role_id
    """,
)

ELECTION = (SUMMARY, CONTESTED, *election("cell", "contested_claim", ("cell",)), ELECTED, STATED)

OUTPUT = """
    SELECT m.role_id, m.field AS metric, m.category, m.value, m.text, m.unit, m.method, m.confidence,
           m.observation_count, m.agreeing_count, m.document_count, m.as_of, f.items AS flags
    FROM metric m
    LEFT JOIN flag f ON f.id = m.role_id || '|' || m.field || '|' || m.category
    ORDER BY m.role_id, m.field, m.category
"""

COMPARISONS = """
    SELECT k.role_id, k.other_role_id, k.field AS measure, e.value AS difference, k.unit,
           CAST(e.observations AS BIGINT) AS observation_count, e.documents AS document_count
    FROM elected e JOIN cell k ON k.cell = e.cell
    WHERE k.fact_table = 'comparisons' AND e.value IS NOT NULL
    ORDER BY k.role_id, k.other_role_id, k.field
"""
"""A direction without an amount ("earn a lower average salary") stays in the observations; there is no number to list."""
