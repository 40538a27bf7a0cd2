"""Which pages are sound enough to be evidence about other pages.

A page that breaks an identity which holds on every real page, or says something many times off what two others say of the
same role, has been garbled or forged. Its values are kept and published where no sound page speaks, but it takes no part in
choosing readings of other pages, and sound pages overrule it.
"""

from __future__ import annotations

from pipeline.resolve.engine import Step
from pipeline.resolve.plausible import BOUNDS

_BOUNDS = " ".join(
    f"WHEN field = '{field}' THEN CASE WHEN value < CAST({low} AS DOUBLE) OR value > CAST({high} AS DOUBLE) THEN 1 ELSE 0 END"
    for field, (low, high) in BOUNDS.items()
)


def _one(field: str, pick: str) -> str:
    return f"{pick}(CASE WHEN field = '{field}' THEN value END)"


def _tenths(field: str) -> str:
    """The sum of a group's shares in tenths, as whole numbers; a page that prints the group twice is not twice as many."""
    tenths = "CAST(FLOOR(LEAST(ABS(value), CAST(1000 AS DOUBLE)) * 10 + 0.5) AS BIGINT)"
    return f"SUM(CASE WHEN field = '{field}' AND first = 1 THEN {tenths} END)"


BROKEN = Step(
    "broken_page",
    f"""
    SELECT DISTINCT document_id
    FROM (
        SELECT document_id, MAX(CASE {_BOUNDS} ELSE 0 END) AS outside,
               {_one("salary_yearly", "MAX")} AS yearly, {_one("salary_hourly", "MAX")} AS hourly,
               {_one("salary_low", "MAX")} AS low, {_one("salary_high", "MIN")} AS high,
               {_tenths("gender_share")} AS genders, {_tenths("race_share")} AS races
        FROM (
            SELECT *, CASE WHEN field IN ('gender_share', 'race_share') THEN ROW_NUMBER() OVER (
                PARTITION BY document_id, role_id, field, category ORDER BY start, observation_id
            ) ELSE 1 END AS first
            FROM stated_claim
            WHERE fact_table = 'metrics' AND value IS NOT NULL
        )
        GROUP BY document_id, role_id
    )
    WHERE outside = 1 OR ABS(hourly - yearly / CAST(2080 AS DOUBLE)) > CAST(0.02 AS DOUBLE) OR low > yearly OR high < yearly
        OR ABS(genders - 1000) > 3 OR ABS(races - 1000) > 3
    """,
)

MAGNITUDE = Step(
    "magnitude",
    """
    SELECT role_id, field, category, magnitude, COUNT(DISTINCT witness) AS witnesses
    FROM (
        SELECT role_id, field, category, witness,
               CAST(FLOOR(LOG10(value) / LOG10(CAST(4 AS DOUBLE)) + 0.5) AS INTEGER) AS magnitude
        FROM stated_claim
        WHERE fact_table = 'metrics' AND field IN ('salary_yearly', 'job_count', 'industry_salary') AND value > 0
    )
    GROUP BY role_id, field, category, magnitude
    """,
)
"""How many witnesses speak of about the same amount, by powers of four."""

OUT_OF_LINE = Step(
    "out_of_line",
    """
    SELECT m.role_id, m.field, m.category, m.magnitude, c.magnitude AS usual
    FROM magnitude m
    JOIN (
        SELECT *, ROW_NUMBER() OVER (
            PARTITION BY role_id, field, category ORDER BY witnesses DESC, magnitude
        ) AS place
        FROM magnitude
    ) c ON c.role_id = m.role_id AND c.field = m.field AND c.category = m.category AND c.place = 1
    WHERE c.witnesses >= 2 AND c.witnesses > m.witnesses AND ABS(m.magnitude - c.magnitude) >= 2
    """,
)
"""Amounts at least eight times off what most, and at least two, witnesses say."""

UNSOUND = Step(
    "unsound",
    """
    SELECT document_id FROM broken_page
    UNION
    SELECT c.document_id
    FROM stated_claim c
    JOIN out_of_line l ON l.role_id = c.role_id AND l.field = c.field AND l.category = c.category
    WHERE c.fact_table = 'metrics' AND c.value > 0
        AND CAST(FLOOR(LOG10(c.value) / LOG10(CAST(4 AS DOUBLE)) + 0.5) AS INTEGER) = l.magnitude
    """,
)

STEPS = (BROKEN, MAGNITUDE, OUT_OF_LINE, UNSOUND)
