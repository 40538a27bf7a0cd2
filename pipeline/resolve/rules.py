"""Consistency rules: what must hold among facts, page by page and in the merged tables.

A rule is a row of RULES: its name, a sentence of why, and a query for the cells that break it. The order is the order in
which people should look at them. A broken rule never deletes a value; it is listed in `checks` and flags the metric.
A query reads `cell` (document_id, role_id, field, category, value, text, start; document_id '' for the merged table) and
gives (document_id, role_id, field, category, expected, found).
"""

from __future__ import annotations

from typing import NamedTuple

from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import shown
from pipeline.resolve.plausible import BOUNDS

CELL = Step(
    "cell",
    """
    SELECT document_id, role_id, field, category, value, text, content, start FROM metric_claim
    UNION ALL
    SELECT '' AS document_id, role_id, field, category, value, text, '' AS content, CAST(0 AS BIGINT) AS start
    FROM metric
    """,
)


class Rule(NamedTuple):
    """One rule; `select` gives the cells that break it."""

    name: str
    why: str
    select: str


def _pairs(left: str, right: str, condition: str, expected: str, found: str) -> str:
    """Cells `l` of one metric and `r` of another, of one role on one page, for which `condition` holds."""
    return f"""
        SELECT l.document_id, l.role_id, l.field, '' AS category, {expected} AS expected, {found} AS found
        FROM cell l
        JOIN cell r ON r.document_id = l.document_id AND r.role_id = l.role_id AND r.field = '{right}'
        WHERE l.field = '{left}' AND {condition}
    """


_DOLLARS = "'$' || "
_HOURLY = "ROUND(r.value / CAST(2080 AS DOUBLE), 2)"
_BOUNDS = " UNION ALL ".join(
    f"SELECT '{field}' AS field, CAST({low} AS DOUBLE) AS low, CAST({high} AS DOUBLE) AS high"
    for field, (low, high) in BOUNDS.items()
)


def _differs(condition: str, expected: str, found: str) -> str:
    """Cells of one page that it states twice and not the same; `l` is the earlier statement, `r` the later."""
    return f"""
        SELECT l.document_id, l.role_id, l.field, l.category, {expected} AS expected, {found} AS found
        FROM (
            SELECT *, ROW_NUMBER() OVER (
                PARTITION BY document_id, role_id, field, category ORDER BY start, content
            ) AS place
            FROM cell
            WHERE document_id <> ''
        ) l
        JOIN cell r ON r.document_id = l.document_id AND r.role_id = l.role_id AND r.field = l.field
            AND r.category = l.category AND r.start > l.start AND r.content <> l.content
        WHERE {condition}
    """


def _said(cell: str) -> str:
    return (
        f"COALESCE({cell}.text || CASE WHEN {cell}.value IS NULL THEN '' ELSE ', ' || {shown(cell + '.value')} END,"
        f" {shown(cell + '.value')}, '')"
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "in_range",
        "A share lies between 0 and 100, a score between 0 and 5, and nobody is 200 years old:"
        " the number is misprinted or misread.",
        f"""
        SELECT c.document_id, c.role_id, c.field, c.category,
               'from ' || {shown("b.low")} || ' to ' || {shown("b.high")} AS expected, {shown("c.value")} AS found
        FROM cell c JOIN ({_BOUNDS}) b ON b.field = c.field
        WHERE c.value < b.low OR c.value > b.high
        """,
    ),
    Rule(
        "hourly_matches_yearly",
        "The hourly rate is the yearly salary over 2,080 hours, to the cent; otherwise one of the two is of another year.",
        _pairs(
            "salary_hourly",
            "salary_yearly",
            f"ABS(l.value - {_HOURLY}) > CAST(0.0101 AS DOUBLE)",
            f"{_DOLLARS}{shown(_HOURLY)}",
            f"{_DOLLARS}{shown('l.value')}",
        ),
    ),
    Rule(
        "low_below_average",
        "The low end of a salary range cannot lie above the average.",
        _pairs(
            "salary_low",
            "salary_yearly",
            "l.value > r.value",
            f"'at most $' || {shown('r.value')}",
            f"{_DOLLARS}{shown('l.value')}",
        ),
    ),
    Rule(
        "high_above_average",
        "The high end of a salary range cannot lie below the average.",
        _pairs(
            "salary_high",
            "salary_yearly",
            "l.value < r.value",
            f"'at least $' || {shown('r.value')}",
            f"{_DOLLARS}{shown('l.value')}",
        ),
    ),
    Rule(
        "shares_sum_to_100",
        "The shares of the groups of people add up to everybody, give or take the rounding: a group is missing or misread.",
        f"""
        SELECT document_id, role_id, field, '' AS category, '100' AS expected,
               {shown("CAST(total AS DOUBLE) / 10")} AS found
        FROM (
            SELECT document_id, role_id, field, SUM(tenths) AS total
            FROM (
                SELECT document_id, role_id, field, category,
                       CAST(FLOOR(MAX(value) * CAST(10 AS DOUBLE) + CAST(0.5 AS DOUBLE)) AS BIGINT) AS tenths
                FROM cell
                WHERE field IN ('gender_share', 'race_share') AND ABS(value) < CAST(1000000 AS DOUBLE)
                GROUP BY document_id, role_id, field, category
            )
            GROUP BY document_id, role_id, field
        )
        WHERE ABS(total - 1000) > 3
        """,
    ),
    Rule(
        "tables_agree",
        "One page gives the same metric in two tables; two values mean that a table is stale or a cell was misread.",
        _differs("l.field <> 'salary_yearly' OR l.place > 1", _said("l"), _said("r")),
    ),
    Rule(
        "sentence_agrees",
        "The sentence that names both salaries repeats what the tables below it say.",
        _differs(
            "l.field = 'salary_yearly' AND l.place = 1",
            f"{_DOLLARS}{shown('l.value')}",
            f"{_DOLLARS}{shown('r.value')}",
        ),
    ),
    Rule(
        "difference_agrees",
        "A stated difference between two salaries is one salary less the other; the page compares figures of another time.",
        f"""
        SELECT d.document_id, d.role_id, 'salary_yearly' AS field, '' AS category,
               {shown("a.value - b.value")} || ' against ' || d.other_role_id AS expected, {shown("d.value")} AS found
        FROM difference_claim d
        JOIN metric_stated a ON a.role_id = d.role_id AND a.field = 'salary_yearly' AND a.category = ''
        JOIN metric_stated b ON b.role_id = d.other_role_id AND b.field = 'salary_yearly' AND b.category = ''
        WHERE d.field = 'salary_yearly' AND ABS(a.value - b.value - d.value) > CAST(1 AS DOUBLE)
            AND COALESCE(d.seen >= a.as_of, 1 = 1) AND COALESCE(d.seen >= b.as_of, 1 = 1)
        """,
    ),
    Rule(
        "experience_in_months",
        'The page\'s "Years of experience" is the upper end of the time to become, which the page gives in months:'
        " the number stands as it is, but means months.",
        _pairs(
            "experience_years",
            "time_to_become_high",
            "l.value = r.value",
            f"{shown('r.value')} || ' months'",
            f"{shown('l.value')} || ' years'",
        ),
    ),
    Rule(
        "experience_fits_time",
        "Years of experience are the upper end of the time to become, in all 68 pairs seen on real pages.",
        _pairs(
            "experience_years",
            "time_to_become_high",
            "l.value <> r.value AND l.value * CAST(12 AS DOUBLE) <> r.value",
            f"{shown('r.value')} || ' months'",
            f"{shown('l.value')} || ' years'",
        ),
    ),
    Rule(
        "pages_agree",
        "Pages of the same day, or of no known day, give different values; the one with more pages is taken, or none.",
        f"""
        SELECT '' AS document_id, role_id, field, category, 'one value' AS expected,
               MIN(CASE WHEN place = 1 THEN said END) || '; ' || MIN(CASE WHEN place = 2 THEN said END) AS found
        FROM (
            SELECT t.role_id, t.field, t.category,
                   {_said("c")} || CASE WHEN t.voices = 1 THEN ' on 1 page'
                       ELSE ' on ' || CAST(t.voices AS VARCHAR(40)) || ' pages' END AS said,
                   ROW_NUMBER() OVER (
                       PARTITION BY t.role_id, t.field, t.category ORDER BY t.voices DESC, t.content
                   ) AS place
            FROM metric_tally t
            JOIN (
                SELECT role_id, field, category, content, MIN(text) AS text, MAX(value) AS value
                FROM metric_claim GROUP BY role_id, field, category, content
            ) c ON c.role_id = t.role_id AND c.field = t.field AND c.category = t.category AND c.content = t.content
            WHERE COALESCE(t.seen = t.newest, 1 = 1)
        )
        GROUP BY role_id, field, category
        HAVING MAX(place) > 1
        """,
    ),
)
"""In the order in which people should look at them."""


def failures() -> str:
    """The query for all failures of all rules, `rule_place` being the rule's place in RULES."""
    return " UNION ALL ".join(
        f"SELECT {place} AS rule_place, document_id, role_id, field, category, expected, found FROM ({rule.select})"
        for place, rule in enumerate(RULES)
    )


FAILURE = Step(
    "failure",
    f"""
    SELECT rule_place, document_id, role_id, field, category, expected, found
    FROM (
        SELECT *, ROW_NUMBER() OVER (
            PARTITION BY rule_place, document_id, role_id, field, category ORDER BY expected, found
        ) AS place
        FROM ({failures()})
    )
    WHERE place = 1
    """,
)

_NAMES = " UNION ALL ".join(
    f"SELECT {place} AS rule_place, '{rule.name}' AS rule, '{rule.why.replace(chr(39), chr(39) * 2)}' AS explanation"
    for place, rule in enumerate(RULES)
)

FLAG = f"""
    SELECT m.role_id || '|' || m.field || '|' || m.category AS id, n.rule AS item
    FROM failure f
    JOIN ({_NAMES}) n ON n.rule_place = f.rule_place
    JOIN metric m ON m.role_id = f.role_id AND m.field = f.field AND (m.category = f.category OR f.category = '')
    LEFT JOIN (
        SELECT c.document_id, c.role_id, c.field, c.category,
               MAX(CASE WHEN c.content = s.content THEN 1 ELSE 0 END) AS agrees
        FROM metric_claim c
        LEFT JOIN metric_stated s ON s.role_id = c.role_id AND s.field = c.field AND s.category = c.category
        WHERE c.document_id IN (SELECT document_id FROM failure)
        GROUP BY c.document_id, c.role_id, c.field, c.category
    ) own ON own.document_id = f.document_id AND own.role_id = m.role_id AND own.field = m.field
        AND own.category = m.category
    WHERE COALESCE(own.agrees, 1) = 1
"""
"""A page's failure flags the merged value unless the page says something else than the merged value."""

OUTPUT = f"""
    SELECT n.rule, f.role_id, f.field AS metric, f.category, NULLIF(f.document_id, '') AS document_id,
           f.expected, f.found, n.explanation
    FROM failure f JOIN ({_NAMES}) n ON n.rule_place = f.rule_place
    ORDER BY n.rule, f.role_id, f.field, f.category, f.document_id
"""

STEPS = (CELL, FAILURE)
