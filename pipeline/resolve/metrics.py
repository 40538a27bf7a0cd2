"""Metrics: one row per role, metric and category, elected from the claims of all pages."""

from __future__ import annotations

from pipeline.resolve.election import election
from pipeline.resolve.engine import Step

_KEY = ("role_id", "field", "category")

METRIC_CLAIM = Step(
    "metric_claim",
    """
    SELECT observation_id, document_id, role_id, field, category, value, text, unit, method, confidence, start,
           witness, recency, seen, content, sound
    FROM claim
    WHERE fact_table = 'metrics'
    """,
)

STATED = Step(
    "metric_stated",
    """
    SELECT w.role_id, w.field, w.category, w.content, w.confidence, w.voices, w.against, w.overruled,
           MAX(CASE WHEN c.content = w.content THEN c.value END) AS value,
           MIN(CASE WHEN c.content = w.content THEN c.text END) AS text,
           MIN(CASE WHEN c.content = w.content THEN c.unit END) AS unit,
           CASE WHEN COUNT(CASE WHEN c.content = w.content AND c.method = 'stated' THEN 1 END) > 0
                THEN 'stated' ELSE 'resolved' END AS method,
           COUNT(*) AS observation_count,
           COUNT(CASE WHEN c.content = w.content THEN 1 END) AS agreeing_count,
           COUNT(DISTINCT c.document_id) AS document_count,
           MAX(CASE WHEN c.content = w.content THEN c.seen END) AS as_of
    FROM metric_claim c
    JOIN metric_winner w ON w.role_id = c.role_id AND w.field = c.field AND w.category = c.category
    GROUP BY w.role_id, w.field, w.category, w.content, w.confidence, w.voices, w.against, w.overruled
    """,
)
"""The least text of the agreeing ones is the one with most capitals."""

METRIC = Step(
    "metric",
    """
    SELECT role_id, field, category, value, text, unit, method, confidence,
           observation_count, agreeing_count, document_count, as_of
    FROM metric_stated
    UNION ALL
    SELECT role_id, field, category, value, text, unit, method, confidence,
           observation_count, agreeing_count, document_count, as_of
    FROM metric_derived
    """,
)

ELECTION = (METRIC_CLAIM, *election("metric", "metric_claim", _KEY), STATED)

OUTPUT = """
    SELECT m.role_id, m.field AS metric, m.category, m.value, m.text, m.unit, m.method, m.confidence,
           m.observation_count, m.agreeing_count, m.document_count, m.as_of, f.items AS flags
    FROM metric m
    LEFT JOIN flag f ON f.id = m.role_id || '|' || m.field || '|' || m.category
    ORDER BY m.role_id, m.field, m.category
"""
