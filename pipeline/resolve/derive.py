"""Facts that follow from others: a peer's salary from a stated difference, hourly pay from yearly pay and back.

A fact is derived only for a role of which no page states it, and never from a derived one. A difference and the salary that
it is added to must be of the same time, where both dates are known, and no newer page may speak of the peer. The hourly rate
is the yearly salary over 2,080 hours, to the cent (86 of 88 pairs on real pages; the other two are a cent off). The way back
is as sure as the cent allows: 2,080 hours make ten dollars of half a cent, so that it is given little confidence.
"""

from __future__ import annotations

from pipeline.resolve.confidence import SAME_TIME
from pipeline.resolve.election import election
from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import hourly, month

HOURS = 2080
_CERTAINTY = {"salary_hourly": 0.99, "salary_yearly": 0.5}
PEER_CERTAINTY = 0.85
"""Of a difference whose page was not put to the test by another difference on it."""
CHECKED_PEER_CERTAINTY = 0.97
"""Of a difference on a page of which another difference fits two stated salaries."""

SAID = Step(
    "salary_said",
    """
    SELECT DISTINCT a.role_id, k.field
    FROM cell_summary s JOIN kind k ON k.kind = s.kind JOIN role_key a ON a.role = s.role
    WHERE k.fact_table = 'metrics' AND k.field IN ('salary_yearly', 'salary_hourly') AND k.category = ''
    """,
)
"""Which salaries of which roles pages state, one way or the other."""

ROW = Step(
    "salary_row",
    """
    SELECT o.observation_id, w.doc, o.fact_table, o.role_id, o.field, o.other_role_id, o.value, o.confidence
    FROM observations_in o JOIN witness w ON w.page = o.page
    WHERE o.field IN ('salary_yearly', 'salary_hourly') AND o.method = 'stated' AND o.value IS NOT NULL
        AND (o.fact_table = 'metrics' AND o.category = '' OR o.fact_table = 'comparisons')
    """,
)
"""The statements of salaries, and of differences between them."""

DIFFERENCE = Step(
    "salary_difference",
    """
    SELECT o.observation_id, w.document_id, o.role_id, o.other_role_id, o.value, o.confidence,
           w.doc, w.witness, w.recency, w.seen, CASE WHEN u.doc IS NULL THEN 1 ELSE 0 END AS sound
    FROM salary_row o
    JOIN witness w ON w.doc = o.doc
    LEFT JOIN unsound u ON u.doc = w.doc
    WHERE o.fact_table = 'comparisons' AND o.field = 'salary_yearly'
    """,
)

WANTED = Step(
    "derive_wanted",
    """
    SELECT s.role_id, s.field
    FROM salary_said s
    LEFT JOIN salary_said t ON t.role_id = s.role_id AND t.field <> s.field
    WHERE t.role_id IS NULL
    UNION
    SELECT other_role_id AS role_id, 'salary_yearly' AS field FROM salary_difference
    UNION
    SELECT role_id, 'salary_yearly' AS field FROM salary_difference
    """,
)

SALARY = Step(
    "derive_salary",
    """
    SELECT m.role_id, m.field, m.value, m.confidence
    FROM derive_wanted n JOIN metric_stated m ON m.role_id = n.role_id AND m.field = n.field AND m.category = ''
    """,
)

STATED = Step(
    "derive_stated",
    """
    SELECT o.role_id, o.field, o.observation_id, w.document_id, w.seen
    FROM salary_row o
    JOIN derive_salary s ON s.role_id = o.role_id AND s.field = o.field AND s.value = o.value
    JOIN witness w ON w.doc = o.doc
    WHERE o.fact_table = 'metrics'
    """,
)
"""A step of its own, or the tables of all these joins are in memory at once: a million pages did not fit."""

SOURCE = Step(
    "derive_source",
    """
    SELECT s.role_id, s.field, o.observation_id, o.document_id, s.value, s.confidence, o.seen
    FROM derive_salary s
    JOIN (
        SELECT o.role_id, o.field, MAX(o.seen) AS seen,
               MIN(o.observation_id) AS observation_id, MIN(o.document_id) AS document_id
        FROM derive_stated o
        JOIN (SELECT role_id, field, MAX(seen) AS newest FROM derive_stated GROUP BY role_id, field) n
            ON n.role_id = o.role_id AND n.field = o.field
        WHERE n.newest IS NULL OR o.seen = n.newest
        GROUP BY o.role_id, o.field
    ) o ON o.role_id = s.role_id AND o.field = s.field
    """,
)
"""The salaries to derive from, each with the newest observation that states it; its id begins with that of its document."""


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
    SELECT c.doc, COUNT(*) AS tested,
           COUNT(CASE WHEN ABS(a.value - b.value - c.value) > CAST(1 AS DOUBLE) THEN 1 END) AS failed
    FROM salary_difference c
    JOIN derive_source a ON a.role_id = c.role_id AND a.field = 'salary_yearly'
    JOIN derive_source b ON b.role_id = c.other_role_id AND b.field = 'salary_yearly'
    GROUP BY c.doc
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
           c.witness, c.recency, c.seen, c.sound, 1 AS said,
           CAST(CAST(s.value + c.value AS DECIMAL(20, 2)) AS VARCHAR(40)) AS content
    FROM salary_difference c
    JOIN derive_source s ON s.role_id = c.other_role_id AND s.field = 'salary_yearly'
    LEFT JOIN salary_said said ON said.role_id = c.role_id AND said.field = 'salary_yearly'
    LEFT JOIN difference_tested t ON t.doc = c.doc
    LEFT JOIN role_seen n ON n.role_id = c.role_id
    WHERE said.role_id IS NULL AND COALESCE(t.failed, 0) = 0
        AND s.value + c.value BETWEEN CAST(1 AS DOUBLE) AND CAST(1e12 AS DOUBLE)
        AND COALESCE(ABS({month("s.seen")} - {month("c.seen")}) <= {SAME_TIME}, 1 = 1)
        AND COALESCE({month("n.newest")} - {month("c.seen")} <= {SAME_TIME}, 1 = 1)
    """,
)

DERIVED = Step(
    "derived",
    f"""
    {_hourly("salary_yearly", "salary_hourly", hourly("s.value"), "USD/hour")}
    UNION ALL
    {_hourly("salary_hourly", "salary_yearly", f"ROUND(s.value * CAST({HOURS} AS DOUBLE), 0)", "USD/year")}
    UNION ALL
    SELECT p.observation_id, p.document_id, p.role_id, p.field, p.value, p.unit, p.confidence, p.from_first, p.from_second
    FROM derived_peer p
    JOIN peer_winner w ON w.role_id = p.role_id AND w.content = p.content
    """,
)

METRIC = Step(
    "metric_derived",
    """
    SELECT d.role_id, d.field, MAX(d.value) AS value, MIN(d.unit) AS unit, MAX(d.confidence) AS confidence,
           COUNT(*) AS observations, COUNT(DISTINCT d.document_id) AS documents, MAX(w.seen) AS as_of
    FROM derived d JOIN witness w ON w.document_id = d.document_id
    GROUP BY d.role_id, d.field
    """,
)

STEPS = (
    SAID,
    ROW,
    DIFFERENCE,
    WANTED,
    SALARY,
    STATED,
    SOURCE,
    TESTED,
    PEER,
    *election("peer", "derived_peer", ("role_id",)),
    DERIVED,
    METRIC,
)

ORIGIN = """
    SELECT observation_id AS id, from_first AS item FROM derived
    UNION ALL
    SELECT observation_id AS id, from_second AS item FROM derived WHERE from_second IS NOT NULL
"""
