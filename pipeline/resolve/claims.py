"""Claims: the observations that say something, with the witness who says it and the day it is of."""

from __future__ import annotations

from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import NOTHING, content

CLAIM = Step(
    "claim",
    f"""
    SELECT * FROM (
        SELECT o.observation_id, o.document_id, o.fact_table, o.role_id, o.field, o.category, o.other_role_id,
               COALESCE(r.value, o.value) AS value, COALESCE(r.text, o.text) AS text, o.unit,
               CASE WHEN r.observation_id IS NULL THEN o.method ELSE 'resolved' END AS method,
               COALESCE(r.confidence, o.confidence) AS confidence,
               COALESCE(r.start, o.start) AS start, o.rank, o.example,
               w.witness, w.recency, w.seen,
               {content("COALESCE(r.value, o.value)", "COALESCE(r.text, o.text)")} AS content
        FROM observations_in o
        JOIN witness w ON w.document_id = o.document_id
        LEFT JOIN resolved r ON r.observation_id = o.observation_id
        WHERE o.method = 'stated' OR r.observation_id IS NOT NULL
    )
    WHERE content <> '{NOTHING}'
    """,
)
"""A cell that says `-` makes no claim: that a site has no value contradicts nothing."""

STEPS = (CLAIM,)
