"""Claims: the observations that say something, with the witness who says it and the day it is of."""

from __future__ import annotations

from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import NOTHING, content

STATED = Step(
    "stated_claim",
    f"""
    SELECT * FROM (
        SELECT o.observation_id, o.document_id, o.fact_table, o.role_id, o.field, o.category, o.other_role_id,
               o.value, o.text, o.unit, o.method, o.confidence, o.start, o.rank, o.example, w.witness, w.recency, w.seen,
               {content("o.value", "o.text")} AS content
        FROM observations_in o JOIN witness w ON w.document_id = o.document_id
        WHERE o.method = 'stated'
    )
    WHERE content <> '{NOTHING}'
    """,
)
"""A cell that says `-` makes no claim: that a site has no value contradicts nothing."""

CLAIM = Step(
    "claim",
    f"""
    SELECT c.*, CASE WHEN u.document_id IS NULL THEN 1 ELSE 0 END AS sound
    FROM (
        SELECT * FROM stated_claim
        UNION ALL
        SELECT * FROM (
            SELECT o.observation_id, o.document_id, o.fact_table, o.role_id, o.field, r.category, o.other_role_id,
                   r.value, r.text, o.unit, 'resolved' AS method, r.confidence, r.start, o.rank, o.example,
                   w.witness, w.recency, w.seen, {content("r.value", "r.text")} AS content
            FROM resolved r
            JOIN observations_in o ON o.observation_id = r.observation_id
            JOIN witness w ON w.document_id = o.document_id
        )
        WHERE content <> '{NOTHING}'
    ) c
    LEFT JOIN unsound u ON u.document_id = c.document_id
    """,
    kept=False,
)
