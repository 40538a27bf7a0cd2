"""Facts that follow from others: a peer's salary from a stated difference, hourly pay from yearly pay and back.

A fact is derived only for a role of which no page states it, and never from a derived one. The hourly rate is the yearly
salary over 2,080 hours, to the cent (86 of 88 pairs on real pages; the other two are a cent off). The way back is as sure
as the cent allows: 2,080 hours make ten dollars of half a cent, so that it is given little confidence.
"""

from __future__ import annotations

from pipeline.resolve.election import election
from pipeline.resolve.engine import Step

HOURS = 2080
_CERTAINTY = {"salary_hourly": 0.99, "salary_yearly": 0.5}
PEER_CERTAINTY = 0.9
"""Of a difference whose page was not put to the test by another difference on it."""
CHECKED_PEER_CERTAINTY = 0.97
"""Of a difference on a page of which another difference fits two stated salaries."""

SOURCE = Step(
    "derive_source",
    """
    SELECT role_id, field, observation_id, document_id, value, confidence
    FROM (
        SELECT c.role_id, c.field, c.observation_id, c.document_id, m.value, m.confidence,
               ROW_NUMBER() OVER (
                   PARTITION BY c.role_id, c.field ORDER BY c.seen DESC NULLS LAST, c.method DESC, c.observation_id
               ) AS place
        FROM metric_claim c
        JOIN metric_stated m ON m.role_id = c.role_id AND m.field = c.field AND m.category = c.category
            AND m.content = c.content
        WHERE c.field IN ('salary_yearly', 'salary_hourly') AND c.category = '' AND m.value IS NOT NULL
    )
    WHERE place = 1
    """,
)
"""The salaries to derive from, each with the newest observation that states it."""

SAID = Step(
    "salary_said",
    """
    SELECT DISTINCT role_id, field FROM metric_claim
    WHERE field IN ('salary_yearly', 'salary_hourly') AND category = ''
    """,
)


def _hourly(source: str, target: str, value: str, unit: str) -> str:
    return f"""
        SELECT 'derived-' || s.observation_id AS observation_id, s.document_id, s.role_id, '{target}' AS field,
               {value} AS value, '{unit}' AS unit,
               ROUND(s.confidence * CAST({_CERTAINTY[target]} AS DOUBLE), 4) AS confidence,
               s.observation_id AS from_first, CAST(NULL AS VARCHAR(80)) AS from_second
        FROM derive_source s
        LEFT JOIN salary_said t ON t.role_id = s.role_id AND t.field = '{target}'
        WHERE s.field = '{source}' AND t.role_id IS NULL
    """


TESTED = Step(
    "difference_tested",
    """
    SELECT c.document_id, COUNT(*) AS tested,
           COUNT(CASE WHEN ABS(a.value - b.value - c.value) > CAST(1 AS DOUBLE) THEN 1 END) AS failed
    FROM difference_claim c
    JOIN derive_source a ON a.role_id = c.role_id AND a.field = 'salary_yearly'
    JOIN derive_source b ON b.role_id = c.other_role_id AND b.field = 'salary_yearly'
    WHERE c.field = 'salary_yearly'
    GROUP BY c.document_id
    """,
)
"""How the differences of a page fit the salaries that pages state. One misfit makes all the page's differences doubtful:
a page of another year is wrong throughout."""

PEER = Step(
    "derived_peer",
    f"""
    SELECT 'derived-' || c.observation_id AS observation_id, c.document_id, c.role_id, 'salary_yearly' AS field,
           s.value + c.value AS value, 'USD/year' AS unit,
           ROUND(s.confidence * c.confidence * CASE WHEN t.tested > 0 THEN CAST({CHECKED_PEER_CERTAINTY} AS DOUBLE)
                                                    ELSE CAST({PEER_CERTAINTY} AS DOUBLE) END, 4) AS confidence,
           c.observation_id AS from_first, s.observation_id AS from_second,
           c.witness, c.recency, c.seen, c.sound, CAST(CAST(s.value + c.value AS DECIMAL(20, 2)) AS VARCHAR(40)) AS content
    FROM difference_claim c
    JOIN derive_source s ON s.role_id = c.other_role_id AND s.field = 'salary_yearly'
    LEFT JOIN salary_said said ON said.role_id = c.role_id AND said.field = 'salary_yearly'
    LEFT JOIN difference_tested t ON t.document_id = c.document_id
    WHERE c.field = 'salary_yearly' AND said.role_id IS NULL AND COALESCE(t.failed, 0) = 0
        AND s.value + c.value > CAST(0 AS DOUBLE)
    """,
)

DERIVED = Step(
    "derived",
    f"""
    SELECT *, 'stated' AS basis FROM (
        {_hourly("salary_yearly", "salary_hourly", f"ROUND(s.value / {HOURS}, 2)", "USD/hour")}
        UNION ALL
        {_hourly("salary_hourly", "salary_yearly", f"ROUND(s.value * {HOURS}, 0)", "USD/year")}
    )
    UNION ALL
    SELECT p.observation_id, p.document_id, p.role_id, p.field, p.value, p.unit, p.confidence,
           p.from_first, p.from_second, 'difference' AS basis
    FROM derived_peer p
    JOIN peer_winner w ON w.role_id = p.role_id AND w.field = p.field AND w.content = p.content
    """,
)

METRIC = Step(
    "metric_derived",
    """
    SELECT d.role_id, d.field, '' AS category, MAX(d.value) AS value, CAST(NULL AS VARCHAR(80)) AS text, d.unit,
           'derived' AS method, MAX(d.confidence) AS confidence, COUNT(*) AS observation_count,
           COUNT(*) AS agreeing_count, COUNT(DISTINCT d.document_id) AS document_count, MAX(w.seen) AS as_of
    FROM derived d JOIN witness w ON w.document_id = d.document_id
    GROUP BY d.role_id, d.field, d.unit
    """,
)

STEPS = (
    SOURCE,
    SAID,
    TESTED,
    PEER,
    *election("peer", "derived_peer", ("role_id", "field")),
    DERIVED,
    METRIC,
)

ORIGIN = """
    SELECT observation_id AS id, from_first AS item FROM derived
    UNION ALL
    SELECT observation_id AS id, from_second AS item FROM derived WHERE from_second IS NOT NULL
"""
