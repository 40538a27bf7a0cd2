"""Skills, one row per role, skill, relation and other role; and responsibilities, one row per role and text."""

from __future__ import annotations

from pipeline.resolve.confidence import confidence, doubt
from pipeline.resolve.election import election
from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import exact, slug, title

_KEY = ("role_id", "skill_id", "field", "other_role_id")
_CELL = ", ".join(_KEY)


def _same(left: str, right: str) -> str:
    return " AND ".join(f"{left}.{column} = {right}.{column}" for column in _KEY)


WORDING = Step(
    "skill_wording",
    f"""
    SELECT text, {slug("text")} AS skill_id, listed, said, witnesses,
           LENGTH(replace_all(text, '[^A-Z]', '')) AS capitals
    FROM (
        SELECT text, MAX(CASE WHEN field = 'listed' THEN 1 ELSE 0 END) AS listed, COUNT(*) AS said,
               COUNT(DISTINCT witness) AS witnesses
        FROM claim
        WHERE fact_table = 'skills' AND text IS NOT NULL
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
            ORDER BY listed DESC, CASE WHEN listed = 1 THEN 0 ELSE capitals END DESC, witnesses DESC, text
        ) AS place
        FROM skill_wording
    )
    WHERE place = 1
    """,
)
"""A skill is spelled as skill lists spell it; else as the page with most capitals does, each word with a capital."""

CLAIM = Step(
    "skill_claim",
    f"""
    SELECT c.role_id, w.skill_id, c.field, c.other_role_id, c.document_id, c.witness, c.recency, c.seen, c.confidence, c.sound,
           c.value, c.rank, c.example, {exact("c.value")} AS share_content, CAST(c.rank AS VARCHAR(40)) AS rank_content
    FROM claim c JOIN skill_wording w ON w.text = c.text
    WHERE c.fact_table = 'skills' AND w.skill_id <> ''
    """,
)


def _part(name: str, column: str) -> Step:
    """The claims about one attribute of a skill row."""
    return Step(
        f"skill_{name}",
        f"""
        SELECT {_CELL}, {column}_content AS content, witness, recency, seen, confidence, sound
        FROM skill_claim
        WHERE COALESCE({column}_content, '') <> ''
        """,
    )


EXAMPLE = Step(
    "skill_example",
    f"""
    SELECT {_CELL}, example
    FROM (
        SELECT *, ROW_NUMBER() OVER (
            PARTITION BY {_CELL} ORDER BY seen DESC NULLS LAST, witnesses DESC, example
        ) AS place
        FROM (
            SELECT {_CELL}, example, MAX(seen) AS seen, COUNT(DISTINCT witness) AS witnesses
            FROM skill_claim
            WHERE example IS NOT NULL
            GROUP BY {_CELL}, example
        )
    )
    WHERE place = 1
    """,
)
"""Any page's example is one; the newest, most repeated is taken, and of equals the first in the order of text."""

PRESENCE = Step(
    "skill_presence",
    f"""
    SELECT {_CELL}, SUM(said) AS observation_count, SUM(documents) AS document_count,
           COUNT(CASE WHEN confidence >= CAST(1 AS DOUBLE) THEN 1 END) AS sure, SUM({doubt("confidence")}) AS doubts,
           MAX(shares) AS shares
    FROM (
        SELECT {_CELL}, witness, COUNT(*) AS said, COUNT(DISTINCT document_id) AS documents,
               MAX(confidence) AS confidence, COUNT(value) AS shares
        FROM skill_claim
        GROUP BY {_CELL}, witness
    )
    GROUP BY {_CELL}
    """,
)

SKILL = Step(
    "skill",
    f"""
    SELECT p.role_id, p.skill_id, n.skill, p.field AS relation, p.other_role_id,
           CAST(s.content AS DOUBLE) AS share, CAST(r.content AS INTEGER) AS rank, e.example,
           CAST(p.observation_count AS BIGINT) AS observation_count,
           CAST(p.document_count AS BIGINT) AS document_count,
           CASE WHEN s.content IS NOT NULL THEN s.confidence
                ELSE {confidence("p.sure", "p.doubts", "1", "0", "0")} END AS confidence
    FROM skill_presence p
    JOIN skill_name n ON n.skill_id = p.skill_id
    LEFT JOIN skill_share_winner s ON {_same("s", "p")}
    LEFT JOIN skill_rank_winner r ON {_same("r", "p")}
    LEFT JOIN skill_example e ON {_same("e", "p")}
    """,
)

STEPS = (
    WORDING,
    NAME,
    CLAIM,
    _part("share", "share"),
    *election("skill_share", "skill_share", _KEY),
    _part("rank", "rank"),
    *election("skill_rank", "skill_rank", _KEY),
    EXAMPLE,
    PRESENCE,
    SKILL,
)

OUTPUT = "SELECT * FROM skill ORDER BY role_id, skill_id, relation, other_role_id"

RESPONSIBILITIES = """
    SELECT role_id, CAST(MIN(COALESCE(rank, 1)) AS INTEGER) AS place, text, COUNT(*) AS observation_count,
           COUNT(DISTINCT document_id) AS document_count
    FROM claim
    WHERE fact_table = 'responsibilities' AND text IS NOT NULL
    GROUP BY role_id, text
    ORDER BY role_id, text
"""
