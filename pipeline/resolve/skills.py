"""Skills, one row per role, skill, relation and other role; and responsibilities, one row per role and text."""

from __future__ import annotations

from pipeline.resolve.confidence import confidence, doubt
from pipeline.resolve.election import election
from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import exact, same, slug, title

OBSERVED = Step(
    "skill_observed",
    """
    SELECT w.doc, o.role_id, o.field, o.other_role_id, o.text, o.value, o.rank, o.example, o.confidence
    FROM observations_in o JOIN witness w ON w.page = o.page
    WHERE o.fact_table = 'skills' AND o.method = 'stated' AND o.text IS NOT NULL
    UNION ALL
    SELECT doc, role_id, field, other_role_id, text, value, rank, example, confidence
    FROM resolved
    WHERE fact_table = 'skills' AND text IS NOT NULL
    """,
    kept=False,
)

WORDING = Step(
    "skill_wording",
    f"""
    SELECT text, {slug("text")} AS skill_id, listed, roles,
           LENGTH(replace_all(text, '[^A-Z]', '')) AS capitals
    FROM (
        SELECT text, MAX(CASE WHEN field = 'listed' AND value IS NOT NULL THEN 1 ELSE 0 END) AS listed, COUNT(DISTINCT role_id) AS roles
        FROM skill_observed
        GROUP BY text
    )
    """,
)

NAME = Step(
    "skill_name",
    f"""
    SELECT skill_id, CASE WHEN listed = 1 THEN text ELSE {title("text")} END AS skill
    FROM (
        SELECT *, ROW_NUMBER() OVER (
            PARTITION BY skill_id
            ORDER BY listed DESC, capitals DESC, roles DESC, text
        ) AS place
        FROM skill_wording
    )
    WHERE place = 1
    """,
)
"""A skill is spelled as lists with shares spell it, else each word with a capital; where spellings differ, as the one with
most capitals does (sentences lose them), then as most roles' pages do."""

KEY = Step(
    "skill_key",
    """
    SELECT skill_id, ROW_NUMBER() OVER (ORDER BY skill_id) AS skill
    FROM (SELECT DISTINCT skill_id FROM skill_wording WHERE skill_id <> '')
    """,
)
"""Skills go by numbers inside, in the order of their ids."""

PAGE = Step(
    "skill_page",
    """
    SELECT a.role, b.role AS other, k.skill, o.field, o.doc, COUNT(*) AS said, MAX(o.confidence) AS confidence,
           MIN(o.value) AS low, MAX(o.value) AS high, MIN(o.rank) AS first, MAX(o.rank) AS last,
           MIN(o.example) AS example, MAX(o.example) AS last_example
    FROM skill_observed o
    JOIN (SELECT w.text, s.skill FROM skill_wording w JOIN skill_key s ON s.skill_id = w.skill_id) k ON k.text = o.text
    JOIN role_key a ON a.role_id = o.role_id
    JOIN role_key b ON b.role_id = o.other_role_id
    GROUP BY a.role, b.role, k.skill, o.field, o.doc
    """,
)
"""What each page says of a *cell*: one skill of one role, in one relation, beside one other role or none."""

_CELL = ("role", "other", "skill", "field")
_SAME_CELL = same("s", "p", _CELL)

SUMMARY = Step(
    "skill_summary",
    f"""
    SELECT {", ".join(_CELL)}, SUM(said) AS observations, COUNT(*) AS documents, MAX(confidence) AS confidence,
           MIN(low) AS low, MAX(high) AS high, MIN(first) AS first, MAX(last) AS last,
           MIN(example) AS example, MAX(last_example) AS last_example
    FROM skill_page
    GROUP BY {", ".join(_CELL)}
    """,
    number="cell",
)


def _contested(name: str, low: str, high: str, content: str) -> Step:
    """The pages' claims about shares or ranks of which there are several."""
    return Step(
        f"skill_{name}",
        f"""
        SELECT s.cell, {content} AS content, w.witness, w.recency, w.seen, p.said, p.confidence,
               CASE WHEN u.doc IS NULL THEN 1 ELSE 0 END AS sound
        FROM skill_page p
        JOIN skill_summary s ON {_SAME_CELL}
        JOIN witness w ON w.doc = p.doc
        LEFT JOIN unsound u ON u.doc = p.doc
        WHERE s.{low} < s.{high} AND p.{low} = p.{high}
        """,
    )


EXAMPLE = Step(
    "skill_example",
    f"""
    SELECT cell, example
    FROM (
        SELECT cell, example, ROW_NUMBER() OVER (
            PARTITION BY cell ORDER BY seen DESC NULLS LAST, documents DESC, example
        ) AS place
        FROM (
            SELECT s.cell, p.example, MAX(w.seen) AS seen, COUNT(*) AS documents
            FROM skill_page p
            JOIN skill_summary s ON {_SAME_CELL}
            JOIN witness w ON w.doc = p.doc
            WHERE s.example < s.last_example AND p.example IS NOT NULL
            GROUP BY s.cell, p.example
        )
    )
    WHERE place = 1
    """,
)
"""Any page's example is one; the newest, most repeated is taken, and of equals the first in the order of text."""

DOUBTED = Step(
    "skill_doubted",
    f"""
    SELECT cell, SUM(doubt) AS doubts
    FROM (
        SELECT s.cell, w.witness, MAX({doubt("p.confidence")}) AS doubt
        FROM skill_page p
        JOIN skill_summary s ON {_SAME_CELL}
        JOIN witness w ON w.doc = p.doc
        WHERE s.confidence < CAST(1 AS DOUBLE)
        GROUP BY s.cell, w.witness
    )
    GROUP BY cell
    """,
)

SKILL = Step(
    "skill",
    f"""
    SELECT a.role_id, k.skill_id, n.skill, s.field AS relation, b.role_id AS other_role_id,
           CASE WHEN s.low < s.high THEN CAST(v.content AS DOUBLE) ELSE s.low END AS share,
           CASE WHEN s.first < s.last THEN CAST(r.content AS INTEGER) ELSE s.first END AS rank,
           COALESCE(e.example, s.example) AS example,
           CAST(s.observations AS BIGINT) AS observation_count, s.documents AS document_count,
           CASE WHEN v.cell IS NOT NULL THEN v.confidence
                WHEN d.cell IS NOT NULL THEN {confidence("0", "d.doubts", "1", "0", "0")}
                ELSE CAST(1 AS DOUBLE) END AS confidence,
           s.role, s.skill AS skill_place, s.other
    FROM skill_summary s
    JOIN role_key a ON a.role = s.role
    JOIN role_key b ON b.role = s.other
    JOIN skill_key k ON k.skill = s.skill
    JOIN skill_name n ON n.skill_id = k.skill_id
    LEFT JOIN skill_share_winner v ON v.cell = s.cell
    LEFT JOIN skill_rank_winner r ON r.cell = s.cell
    LEFT JOIN skill_example e ON e.cell = s.cell
    LEFT JOIN skill_doubted d ON d.cell = s.cell
    """,
    kept=False,
)

STEPS = (
    OBSERVED,
    WORDING,
    NAME,
    KEY,
    PAGE,
    SUMMARY,
    _contested("share", "low", "high", exact("p.low")),
    *election("skill_share", "skill_share", ("cell",)),
    _contested("rank", "first", "last", "CAST(p.first AS VARCHAR(40))"),
    *election("skill_rank", "skill_rank", ("cell",)),
    EXAMPLE,
    DOUBTED,
    SKILL,
)

OUTPUT = """
    SELECT role_id, skill_id, skill, relation, other_role_id, share, rank, example, observation_count, document_count,
           confidence
    FROM skill
    ORDER BY role, skill_place, relation, other
"""

RESPONSIBILITIES = """
    SELECT role_id, CAST(MIN(place) AS INTEGER) AS place, text, CAST(SUM(said) AS BIGINT) AS observation_count,
           COUNT(*) AS document_count
    FROM (
        SELECT o.role_id, o.text, w.doc, MIN(COALESCE(o.rank, 1)) AS place, COUNT(*) AS said
        FROM observations_in o JOIN witness w ON w.page = o.page
        WHERE o.fact_table = 'responsibilities' AND o.method = 'stated' AND o.text IS NOT NULL
        GROUP BY o.role_id, o.text, w.doc
    )
    GROUP BY role_id, text
    ORDER BY role_id, text
"""
