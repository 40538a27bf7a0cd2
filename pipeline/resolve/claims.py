"""Claims: what pages say of cells. A *cell* is what one value is about: role, metric and category, or two roles and measure.

A cell goes by three numbers inside, those of its role, of the other role and of its kind; a document by one. A page that says
the same of a cell twice makes one claim, said twice.
"""

from __future__ import annotations

from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import NOTHING, columns, content, same

CELL = ("role", "other", "kind")
"""The columns that say which cell a row is about. One number for all three would have to be looked up for every claim, in a
table with a row for every cell: 2.4 million for 100,000 pages."""
_KINDS = "('metrics', 'comparisons')"
UNSOUND_CERTAINTY = 0.8
"""Of what a page says that is not sound."""

OPEN_ROW = Step(
    "open_row",
    """
    SELECT o.*, w.doc, w.witness
    FROM observations_in o JOIN witness w ON w.page = o.page
    WHERE o.method <> 'stated'
    """,
)
"""The observations that their pages leave open, whole: they are few, and several steps ask for them."""

NAMED = Step(
    "named_row",
    """
    SELECT o.fact_table, o.role_id, o.field, g.text AS category, o.other_role_id, o.unit
    FROM readings_in g JOIN open_row o ON o.observation_id = g.observation_id
    WHERE o.field = 'hiring_company_jobs' AND g.text IS NOT NULL
    """,
)
"""Where a company and its count are glued, each reading names another company, which is the cell's category."""

KIND = Step(
    "kind",
    f"""
    SELECT fact_table, field, category, unit,
           CAST(ROW_NUMBER() OVER (ORDER BY fact_table, field, category) AS INTEGER) AS kind
    FROM (
        SELECT fact_table, field, category, MIN(unit) AS unit
        FROM (
            SELECT fact_table, field, category, unit FROM observations_in WHERE fact_table IN {_KINDS}
            UNION ALL SELECT fact_table, field, category, unit FROM named_row
            UNION ALL SELECT 'metrics' AS fact_table, 'salary_yearly' AS field, '' AS category, 'USD/year' AS unit
            UNION ALL SELECT 'metrics' AS fact_table, 'salary_hourly' AS field, '' AS category, 'USD/hour' AS unit
        )
        GROUP BY fact_table, field, category
    )
    """,
)
"""What is said of roles, numbered in order, and its unit; salaries may be derived where no page states one."""


def numbered(join: str, row: str) -> str:
    """SQL: joins that find the cell of a row: `a.role`, `b.role` of the other role, `n.kind`.

    Numbers are compared much faster than five texts.
    """
    return f"""
        {join} role_key a ON a.role_id = {row}.role_id
        {join} role_key b ON b.role_id = {row}.other_role_id
        {join} kind n ON n.fact_table = {row}.fact_table AND n.field = {row}.field AND n.category = {row}.category
    """


def cell(row: str) -> str:
    """SQL: the columns of a row's cell."""
    return columns(row, CELL)


def same_cell(row: str, other: str) -> str:
    """SQL: whether two rows are about the same cell."""
    return same(row, other, CELL)


STATED = Step(
    "stated_claim",
    f"""
    SELECT role, other, kind, doc, content, MAX(value) AS value, MIN(text) AS text, COUNT(*) AS said,
           MAX(confidence) AS confidence, MIN(start) AS start
    FROM (
        SELECT a.role, b.role AS other, n.kind, w.doc, o.value, o.text, o.confidence, o.start,
               {content("o.value", "o.text")} AS content
        FROM observations_in o
        JOIN witness w ON w.page = o.page
        {numbered("JOIN", "o")}
        WHERE o.method = 'stated' AND o.fact_table IN {_KINDS}
            AND (o.value IS NOT NULL OR o.text IS NOT NULL AND o.fact_table = 'metrics')
    )
    GROUP BY role, other, kind, doc, content
    """,
)
"""A cell that says `-` makes no claim: that a site has no value contradicts nothing. The least of texts that agree is the
one with most capitals. A direction without an amount ("earn a lower average salary") says no number to compare."""

RESOLVED = Step(
    "resolved_claim",
    f"""
    SELECT role, other, kind, doc, content, MAX(value) AS value, MIN(text) AS text, COUNT(*) AS said,
           MAX(confidence) AS confidence, MIN(start) AS start
    FROM (
        SELECT a.role, b.role AS other, n.kind, o.doc, o.value, o.text, o.confidence, o.start,
               {content("o.value", "o.text")} AS content
        FROM resolved o
        {numbered("JOIN", "o")}
    )
    WHERE content <> '{NOTHING}'
    GROUP BY role, other, kind, doc, content
    """,
)

UNREAD = "?"
"""The content of a claim that is still open."""

OPEN_SAID = Step(
    "open_said",
    f"""
    SELECT {cell("c")}, c.content
    FROM stated_claim c JOIN (SELECT DISTINCT {cell("o")} FROM open_cell o) o ON {same_cell("o", "c")}
    UNION
    SELECT {cell("c")}, c.content FROM resolved_claim c
    """,
)

UNREAD_CLAIM = Step(
    "unread_claim",
    f"""
    SELECT {cell("o")}, o.doc
    FROM open_cell o
    JOIN (SELECT DISTINCT {cell("s")} FROM open_said s) s ON {same_cell("s", "o")}
    JOIN reading r ON r.observation_id = o.observation_id
    JOIN live l ON l.run_id = r.run_id AND l.reading = r.reading
    LEFT JOIN won w ON w.observation_id = o.observation_id
    LEFT JOIN open_said c ON {same_cell("c", "o")} AND c.content = r.content
    WHERE w.observation_id IS NULL
    GROUP BY {cell("o")}, o.doc
    HAVING COUNT(c.kind) = 0 AND COUNT(CASE WHEN r.content = '{NOTHING}' THEN 1 END) = 0
    """,
)
"""Open cells of which no reading that is left says what any page states: whatever it says, it is something else. A newer page
then makes the stated value old, though nobody knows the new one."""

CLAIM = Step(
    "claim",
    f"""
    SELECT {cell("c")}, c.doc, c.content, c.value, c.text, c.said, c.stated, c.start,
           CASE WHEN u.doc IS NULL THEN c.confidence ELSE c.confidence * CAST({UNSOUND_CERTAINTY} AS DOUBLE) END
               AS confidence,
           CASE WHEN u.doc IS NULL THEN 1 ELSE 0 END AS sound
    FROM (
        SELECT {cell("s")}, s.doc, s.content, s.value, s.text, s.said + COALESCE(r.said, 0) AS said, 1 AS stated,
               s.confidence, s.start
        FROM stated_claim s
        LEFT JOIN resolved_claim r ON {same_cell("r", "s")} AND r.doc = s.doc AND r.content = s.content
        UNION ALL
        SELECT {cell("r")}, r.doc, r.content, r.value, r.text, r.said, 0 AS stated, r.confidence, r.start
        FROM resolved_claim r
        LEFT JOIN stated_claim s ON {same_cell("s", "r")} AND s.doc = r.doc AND s.content = r.content
        WHERE s.doc IS NULL
        UNION ALL
        SELECT {cell("o")}, o.doc, '{UNREAD}' AS content, CAST(NULL AS DOUBLE) AS value, CAST(NULL AS VARCHAR(40)) AS text,
               0 AS said, 0 AS stated, CAST(0 AS DOUBLE) AS confidence, CAST(0 AS BIGINT) AS start
        FROM unread_claim o
    ) c
    LEFT JOIN unsound u ON u.doc = c.doc
    """,
    kept=False,
)
"""One row per cell, page and content; `said`, how often; `stated`, whether the page's text alone says so."""

BEFORE = (OPEN_ROW, NAMED, KIND, STATED)
AFTER = (RESOLVED, OPEN_SAID, UNREAD_CLAIM, CLAIM)
