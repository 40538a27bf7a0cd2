"""Consistency rules: what must hold among facts, page by page and in the merged tables.

A rule is a row of RULES: its name, a sentence of why, and a query for the cells that break it. A broken rule never deletes a
value; it is listed in `checks` and flags the metric. A query gives (page, role, field, category, expected, found), where
`page` is a document's number, or MERGED for the merged table, and `role` a role's number. It may read

    number_row   one row per page and role, the numbers side by side (:mod:`pipeline.resolve.pages`)
    value_row    one row per page and cell: page, role, field, category, value
    twice_row    a page's earlier and later statement of one cell that it states twice and not the same

and relations of its own among STEPS.
"""

from __future__ import annotations

from typing import NamedTuple

from pipeline.resolve.claims import cell, same_cell
from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import hourly, shown
from pipeline.resolve.pages import side_by_side
from pipeline.resolve.trust import BOUND_ROWS

MERGED = 0

VALUE = Step(
    "value_row",
    f"""
    SELECT c.doc AS page, c.role, n.field, n.category, c.value
    FROM claim c JOIN kind n ON n.kind = c.kind
    WHERE n.fact_table = 'metrics' AND c.value IS NOT NULL
    UNION ALL
    SELECT {MERGED} AS page, m.role, n.field, n.category, m.value
    FROM metric_found m JOIN kind n ON n.kind = m.kind
    WHERE m.value IS NOT NULL
    """,
    kept=False,
)

NUMBERS = side_by_side("number_row", "SELECT page, role, field, value FROM value_row")

_ON_ITS_PAGE = f"PARTITION BY {cell('c')}, c.doc ORDER BY c.start, c.content"

TWICE = Step(
    "twice_row",
    f"""
    SELECT c.doc AS page, c.role, n.field, n.category, c.place, c.said, c.text, c.value, c.later_text, c.later_value
    FROM (
        SELECT *, ROW_NUMBER() OVER ({_ON_ITS_PAGE}) AS place, LEAD(content) OVER ({_ON_ITS_PAGE}) AS later,
               LEAD(text) OVER ({_ON_ITS_PAGE}) AS later_text, LEAD(value) OVER ({_ON_ITS_PAGE}) AS later_value
        FROM contested_claim c
        WHERE said > 0
    ) c
    JOIN kind n ON n.kind = c.kind
    WHERE n.fact_table = 'metrics' AND c.later IS NOT NULL
    """,
)
"""Each with the next one only: a hostile page may state one cell a hundred thousand times."""


class Rule(NamedTuple):
    """One rule; `select` gives the cells that break it."""

    name: str
    why: str
    select: str


def _numbers(field: str, condition: str, expected: str, found: str) -> str:
    """Pages and roles whose numbers, side by side, do not go together."""
    return f"""
        SELECT page, role, '{field}' AS field, '' AS category, {expected} AS expected, {found} AS found
        FROM number_row
        WHERE {condition}
    """


def _shares(field: str, total: str) -> str:
    return _numbers(field, f"ABS({total} - 1000) > 3", "'100'", shown(f"CAST({total} AS DOUBLE) / CAST(10 AS DOUBLE)"))


def _twice(condition: str, expected: str, found: str) -> str:
    return f"""
        SELECT page, role, field, category, {expected} AS expected, {found} AS found
        FROM twice_row
        WHERE {condition}
    """


def _said(text: str, value: str) -> str:
    return f"COALESCE({text} || CASE WHEN {value} IS NULL THEN '' ELSE ', ' || {shown(value)} END, {shown(value)}, 'an open cell')"


_DOLLARS = "'$' || "
_HOURLY = hourly("yearly")

OUT_OF_RANGE = Step(
    "out_of_range",
    f"""
    SELECT v.page, v.role, v.field, v.category,
           'from ' || {shown("b.low")} || ' to ' || {shown("b.high")} AS expected, {shown("v.value")} AS found
    FROM value_row v JOIN ({BOUND_ROWS}) b ON b.field = v.field
    WHERE v.value < b.low OR v.value > b.high
    """,
)
"""This and the next two are steps of their own, or the tables of all rules' joins are in memory at once."""

MISSED = Step(
    "missed_difference",
    f"""
    SELECT d.doc AS page, k.role, 'salary_yearly' AS field, '' AS category,
           {shown("a.value - b.value")} || ' against ' || d.other_role_id AS expected, {shown("d.value")} AS found
    FROM salary_difference d
    JOIN derive_source a ON a.role_id = d.role_id AND a.field = 'salary_yearly'
    JOIN derive_source b ON b.role_id = d.other_role_id AND b.field = 'salary_yearly'
    JOIN role_key k ON k.role_id = d.role_id
    WHERE ABS(a.value - b.value - d.value) > CAST(1 AS DOUBLE)
        AND COALESCE(d.seen >= a.seen, 1 = 1) AND COALESCE(d.seen >= b.seen, 1 = 1)
    """,
)

DISAGREED = Step(
    "disagreement",
    f"""
    SELECT {MERGED} AS page, t.role, n.field, n.category, 'one value' AS expected, t.found
    FROM (
        SELECT {cell("t")}, MIN(CASE WHEN place = 1 THEN said END) || '; ' || MIN(CASE WHEN place = 2 THEN said END) AS found
        FROM (
            SELECT {cell("t")}, {_said("c.text", "c.value")} || CASE WHEN t.voices = 1 THEN ' on 1 page'
                       ELSE ' on ' || CAST(t.voices AS VARCHAR(40)) || ' pages' END AS said,
                   ROW_NUMBER() OVER (PARTITION BY {cell("t")} ORDER BY t.voices DESC, t.content) AS place
            FROM cell_tally t
            JOIN (
                SELECT {cell("c")}, c.content, MIN(c.text) AS text, MAX(c.value) AS value
                FROM contested_claim c GROUP BY {cell("c")}, c.content
            ) c ON {same_cell("c", "t")} AND c.content = t.content
            WHERE t.current = 1
        ) t
        GROUP BY {cell("t")}
        HAVING MAX(place) > 1
    ) t
    JOIN kind n ON n.kind = t.kind
    WHERE n.fact_table = 'metrics'
    """,
)
RULES: tuple[Rule, ...] = (
    Rule(
        "in_range",
        "A share lies between 0 and 100, a score between 0 and 5, and nobody is 200 years old:"
        " the number is misprinted or misread.",
        "SELECT * FROM out_of_range",
    ),
    Rule(
        "hourly_matches_yearly",
        "The hourly rate is the yearly salary over 2,080 hours, to the cent; otherwise one of the two is of another year.",
        _numbers(
            "salary_hourly",
            f"ABS(hourly - {_HOURLY}) > CAST(0.0101 AS DOUBLE)",
            f"{_DOLLARS}{shown(_HOURLY)}",
            f"{_DOLLARS}{shown('hourly')}",
        ),
    ),
    Rule(
        "low_below_average",
        "The low end of a salary range cannot lie above the average.",
        _numbers("salary_low", "low > yearly", f"'at most $' || {shown('yearly')}", f"{_DOLLARS}{shown('low')}"),
    ),
    Rule(
        "high_above_average",
        "The high end of a salary range cannot lie below the average.",
        _numbers("salary_high", "high < yearly", f"'at least $' || {shown('yearly')}", f"{_DOLLARS}{shown('high')}"),
    ),
    Rule(
        "shares_sum_to_100",
        "The shares of the groups of people add up to everybody, give or take the rounding: a group is missing or misread.",
        f"{_shares('gender_share', 'genders')} UNION ALL {_shares('race_share', 'races')}",
    ),
    Rule(
        "tables_agree",
        "One page gives the same metric in two tables; two values mean that a table is stale or a cell was misread.",
        _twice(
            "field <> 'salary_yearly' OR place > 1 OR said > 1",
            _said("text", "value"),
            _said("later_text", "later_value"),
        ),
    ),
    Rule(
        "sentence_agrees",
        "The sentence that names both salaries, the first place where they stand, repeats what the tables below it say.",
        _twice(
            "field = 'salary_yearly' AND place = 1 AND said = 1",
            f"{_DOLLARS}{shown('value')}",
            f"{_DOLLARS}{shown('later_value')}",
        ),
    ),
    Rule(
        "difference_agrees",
        "A stated difference between two salaries is one salary less the other; the page compares figures of another time.",
        "SELECT * FROM missed_difference",
    ),
    Rule(
        "experience_in_months",
        'The page\'s "Years of experience" is the upper end of the time to become, which the page gives in months:'
        " the number stands as it is, but means months.",
        _numbers(
            "experience_years",
            "experience = term",
            f"{shown('term')} || ' months'",
            f"{shown('experience')} || ' years'",
        ),
    ),
    Rule(
        "experience_fits_time",
        "Years of experience are the upper end of the time to become, in all 68 pairs seen on real pages.",
        _numbers(
            "experience_years",
            "experience <> term AND experience * CAST(12 AS DOUBLE) <> term",
            f"{shown('term')} || ' months'",
            f"{shown('experience')} || ' years'",
        ),
    ),
    Rule(
        "pages_agree",
        "Pages of the same time, or of no known time, give different values; the one with twice the pages is taken, else the newest,"
        " else none.",
        "SELECT * FROM disagreement",
    ),
)
"""In the order in which people should look at them."""

_ALL = " UNION ALL ".join(
    f"SELECT {place} AS rule_place, page, role, field, category, expected, found FROM ({rule.select})"
    for place, rule in enumerate(RULES)
)

FAILURE = Step(
    "failure",
    f"""
    SELECT rule_place, page, role, field, category, expected, found
    FROM (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY rule_place, page, role, field, category ORDER BY expected, found) AS place
        FROM ({_ALL})
    )
    WHERE place = 1
    """,
)

_NAMES = " UNION ALL ".join(
    f"SELECT {place} AS rule_place, '{rule.name}' AS rule, '{rule.why.replace(chr(39), chr(39) * 2)}' AS explanation"
    for place, rule in enumerate(RULES)
)

FLAGGED = Step(
    "flagged",
    """
    SELECT f.rule_place, f.page, m.role, m.kind
    FROM failure f
    JOIN metric_found m ON m.role = f.role
    JOIN kind n ON n.kind = m.kind AND n.field = f.field AND (n.category = f.category OR f.category = '')
    """,
)
"""The merged values of what breaks a rule, on a page or merged."""

DENIED = Step(
    "denied",
    f"""
    SELECT f.page, f.role, f.kind
    FROM (SELECT DISTINCT page, role, kind FROM flagged) f
    JOIN contested_claim c ON c.role = f.role AND c.kind = f.kind AND c.doc = f.page
    LEFT JOIN elected e ON {same_cell("e", "c")}
    GROUP BY f.page, f.role, f.kind
    HAVING MAX(CASE WHEN c.content = e.content THEN 1 ELSE 0 END) = 0
    """,
)
"""The merged values of which a page that breaks a rule says something else."""

FLAG = f"""
    SELECT a.role_id || '|' || k.field || '|' || k.category AS id, n.rule AS item
    FROM flagged f
    JOIN ({_NAMES}) n ON n.rule_place = f.rule_place
    JOIN role_key a ON a.role = f.role
    JOIN kind k ON k.kind = f.kind
    LEFT JOIN denied d ON d.page = f.page AND d.role = f.role AND d.kind = f.kind
    WHERE d.page IS NULL
"""
"""A page's failure flags the merged value unless the page says something else than the merged value."""

STEPS = (VALUE, NUMBERS, TWICE, OUT_OF_RANGE, MISSED, DISAGREED, FAILURE, FLAGGED, DENIED)

OUTPUT = f"""
    SELECT n.rule, a.role_id, f.field AS metric, f.category, w.document_id, f.expected, f.found, n.explanation
    FROM failure f
    JOIN ({_NAMES}) n ON n.rule_place = f.rule_place
    JOIN role_key a ON a.role = f.role
    LEFT JOIN witness w ON w.doc = f.page
    ORDER BY n.rule, a.role_id, f.field, f.category, w.document_id NULLS FIRST
"""
