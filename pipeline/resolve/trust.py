"""Which pages are sound enough to be evidence about other pages.

A page that breaks an identity which holds on every real page, or says something many times off what two others say of the
same role, has been garbled or forged. Its values are kept and published where no sound page speaks, but it takes no part in
choosing readings of other pages, and sound pages overrule it.
"""

from __future__ import annotations

from pipeline.resolve.claims import cell, same_cell
from pipeline.resolve.engine import Step
from pipeline.resolve.pages import side_by_side
from pipeline.resolve.plausible import BOUNDS

FAR = 3
"""Powers of two between rounded amounts: four times may be far, eight times always is."""
BOUND_ROWS = " UNION ALL ".join(
    f"SELECT '{field}' AS field, CAST({low} AS DOUBLE) AS low, CAST({high} AS DOUBLE) AS high"
    for field, (low, high) in BOUNDS.items()
)
"""SQL: the bounds as rows."""

NUMBERS = side_by_side(
    "stated_numbers",
    """
    SELECT s.doc AS page, s.role, k.field, s.value
    FROM stated_claim s JOIN kind k ON k.kind = s.kind
    WHERE k.fact_table = 'metrics'
    """,
)

_MAGNITUDE = "CAST(FLOOR(LOG10(s.value) / LOG10(CAST(2 AS DOUBLE)) + CAST(0.5 AS DOUBLE)) AS INTEGER)"

MAGNITUDE = Step(
    "magnitude",
    f"""
    SELECT {cell("s")}, s.doc, w.witness, {_MAGNITUDE} AS magnitude
    FROM stated_claim s
    JOIN kind k ON k.kind = s.kind
    JOIN witness w ON w.doc = s.doc
    WHERE k.fact_table = 'metrics' AND k.field IN ('salary_yearly', 'job_count', 'industry_salary')
        AND s.value > CAST(0 AS DOUBLE)
    """,
)
"""About how much each page says, in powers of two."""

AGREED = Step(
    "magnitude_agreed",
    f"""
    SELECT {cell("m")}, m.magnitude, m.witnesses,
           ROW_NUMBER() OVER (PARTITION BY {cell("m")} ORDER BY m.witnesses DESC, m.magnitude) AS place
    FROM (
        SELECT {cell("m")}, m.magnitude, COUNT(DISTINCT m.witness) AS witnesses
        FROM magnitude m GROUP BY {cell("m")}, m.magnitude
    ) m
    """,
)

UNSOUND = Step(
    "unsound",
    f"""
    SELECT page AS doc
    FROM stated_numbers
    WHERE ABS(hourly - yearly / CAST(2080 AS DOUBLE)) > CAST(0.02 AS DOUBLE) OR low > yearly OR high < yearly
        OR ABS(genders - 1000) > 3 OR ABS(races - 1000) > 3
    UNION
    SELECT s.doc
    FROM stated_claim s JOIN kind k ON k.kind = s.kind JOIN ({BOUND_ROWS}) b ON b.field = k.field
    WHERE k.fact_table = 'metrics' AND (s.value < b.low OR s.value > b.high)
    UNION
    SELECT m.doc
    FROM magnitude m
    JOIN magnitude_agreed own ON {same_cell("own", "m")} AND own.magnitude = m.magnitude
    JOIN magnitude_agreed c ON {same_cell("c", "m")} AND c.place = 1
    WHERE c.witnesses >= 2 AND c.witnesses > own.witnesses AND ABS(c.magnitude - m.magnitude) >= {FAR}
    """,
)
"""The last: amounts far off what most, and at least two, witnesses say."""

STEPS = (NUMBERS, MAGNITUDE, AGREED, UNSOUND)
