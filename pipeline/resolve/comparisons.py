"""Comparisons: differences that pages state, one row per ordered pair of roles and measure.

A direction without an amount ("earn a lower average salary") stays in the observations; there is no number to list.
"""

from __future__ import annotations

from pipeline.resolve.election import election
from pipeline.resolve.engine import Step

_KEY = ("role_id", "other_role_id", "field")

CLAIM = Step(
    "difference_claim",
    """
    SELECT observation_id, document_id, role_id, other_role_id, field, value, unit, confidence, witness, recency, seen,
           content, sound
    FROM claim
    WHERE fact_table = 'comparisons' AND value IS NOT NULL
    """,
)

DIFFERENCE = Step(
    "difference",
    """
    SELECT w.role_id, w.other_role_id, w.field,
           MAX(CASE WHEN c.content = w.content THEN c.value END) AS difference,
           MIN(CASE WHEN c.content = w.content THEN c.unit END) AS unit,
           COUNT(*) AS observation_count, COUNT(DISTINCT c.document_id) AS document_count
    FROM difference_claim c
    JOIN difference_winner w
        ON w.role_id = c.role_id AND w.other_role_id = c.other_role_id AND w.field = c.field
    GROUP BY w.role_id, w.other_role_id, w.field
    """,
)

STEPS = (CLAIM, *election("difference", "difference_claim", _KEY), DIFFERENCE)

OUTPUT = """
    SELECT role_id, other_role_id, field AS measure, difference, unit, observation_count, document_count
    FROM difference
    ORDER BY role_id, other_role_id, field
"""
