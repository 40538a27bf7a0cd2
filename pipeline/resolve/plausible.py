"""What values of a metric look like: learned from the dump's own unambiguous cells, with a little to begin with.

Two things are learned, from sound pages only. Of metrics with few different numbers (years of experience), how often each
number occurs: a number never met loses to one that is met all the time. Of metrics of words (companies), which words occur
as a whole cell anywhere in the dump: a reading of which every cell is known that way is likely. Neither says anything
about metrics whose numbers are all different (counts). In a small dump little is learned, so that little is decided.
"""

from __future__ import annotations

from pipeline.resolve.engine import Step

BOUNDS: dict[str, tuple[float, float]] = {
    "salary_yearly": (1_000, 5_000_000),
    "salary_hourly": (0.5, 2_500),
    "salary_low": (1_000, 5_000_000),
    "salary_high": (1_000, 10_000_000),
    "industry_salary": (1_000, 5_000_000),
    "job_growth": (-100, 300),
    "job_count": (0, 20_000_000),
    "job_satisfaction": (0, 5),
    "most_common_degree": (0, 100),
    "age": (14, 90),
    "experience_years": (0, 40),
    "gender_share": (0, 100),
    "race_share": (0, 100),
    "lgbt_share": (0, 100),
    "time_to_become_low": (0, 360),
    "time_to_become_high": (0, 360),
    "hiring_company_jobs": (0, 5_000_000),
}
"""Metric -> least and greatest value that a page of this kind can mean, in the metric's unit; wide on purpose."""

HEAD_START: dict[str, dict[float, int]] = {
    "experience_years": {12: 600, 6: 300, 4: 80, 2: 30, 8: 30, 10: 30, 3: 10},
}
"""Numbers known from 68 cells of real pages, weighed as a thousand cells: a dump of a few pages knows no better, and one
of a hundred thousand does."""
MAX_DIFFERENT = 64
"""A metric with more different numbers has no usual ones."""
MIN_CELLS = 300
"""Cells that it takes to learn anything; the head start counts."""

_HEAD_START = " UNION ALL ".join(
    f"SELECT '{field}' AS field, CAST({number} AS DOUBLE) AS value, CAST({cells} AS BIGINT) AS cells"
    for field, numbers in HEAD_START.items()
    for number, cells in numbers.items()
)

NUMBER = Step(
    "usual_number",
    f"""
    SELECT field, value, SUM(cells) AS cells
    FROM (
        SELECT k.field, c.value, COUNT(DISTINCT c.role) AS cells
        FROM stated_claim c
        JOIN kind k ON k.kind = c.kind
        JOIN (SELECT DISTINCT field FROM open_cell WHERE fact_table = 'metrics') f ON f.field = k.field
        LEFT JOIN unsound u ON u.doc = c.doc
        WHERE k.fact_table = 'metrics' AND k.category = '' AND c.value IS NOT NULL AND c.text IS NULL AND u.doc IS NULL
        GROUP BY k.field, c.value
        UNION ALL
        {_HEAD_START}
    )
    GROUP BY field, value
    """,
)
"""How many roles have each number."""

NUMBERS = Step(
    "usual_numbers",
    f"""
    SELECT field, SUM(cells) AS cells, COUNT(*) AS numbers
    FROM usual_number
    GROUP BY field
    HAVING COUNT(*) <= {MAX_DIFFERENT} AND SUM(cells) >= {MIN_CELLS}
    """,
)


def likelihood(cells: str, total: str, numbers: str) -> str:
    """SQL: thousandths of a ban for a number that `cells` of `total` cells have; null stands for none of them."""
    share = (
        f"(CAST(COALESCE({cells}, 0) AS DOUBLE) + CAST(0.5 AS DOUBLE))"
        f" / (CAST({total} AS DOUBLE) + CAST(0.5 AS DOUBLE) * {numbers})"
    )
    return f"CAST(FLOOR(1000 * LOG10({share}) + CAST(0.5 AS DOUBLE)) AS BIGINT)"


WORDS = Step(
    "known_words",
    """
    SELECT vocabulary, words, COUNT(DISTINCT role) AS roles
    FROM (
        SELECT CASE WHEN k.field = 'hiring_company_jobs' THEN 'best_paying_company' ELSE k.field END AS vocabulary,
               LOWER(TRIM(CASE WHEN k.field = 'hiring_company_jobs' THEN k.category ELSE c.text END)) AS words,
               c.role, c.confidence
        FROM stated_claim c
        JOIN kind k ON k.kind = c.kind
        LEFT JOIN unsound u ON u.doc = c.doc
        WHERE k.fact_table = 'metrics' AND u.doc IS NULL AND k.field IN (
            SELECT field FROM open_cell WHERE fact_table = 'metrics'
            UNION SELECT 'hiring_company_jobs' FROM open_cell WHERE field = 'best_paying_company'
            UNION SELECT 'best_paying_company' FROM open_cell WHERE field = 'hiring_company_jobs'
        )
        UNION ALL
        SELECT 'skills' AS vocabulary, LOWER(TRIM(o.text)) AS words, a.role, o.confidence
        FROM observations_in o
        JOIN witness w ON w.page = o.page
        JOIN role_key a ON a.role_id = o.role_id
        LEFT JOIN unsound u ON u.doc = w.doc
        WHERE u.doc IS NULL AND o.fact_table = 'skills' AND o.method = 'stated'
            AND o.field IN (SELECT 'listed' FROM open_cell WHERE fact_table = 'skills')
    )
    WHERE words <> ''
    GROUP BY vocabulary, words
    HAVING MAX(confidence) >= CAST(1 AS DOUBLE) OR COUNT(DISTINCT role) > 1
    """,
)
"""Words that stand as a whole cell where the text leaves no doubt, or for several roles. Companies that hire are companies."""

STEPS = (NUMBER, NUMBERS, WORDS)
