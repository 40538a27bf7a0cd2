"""Roles: one row per role that any page says anything about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.resolve.election import election
from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import title

ROW = Step(
    "role_row",
    """
    SELECT a.role, o.field, o.text, w.doc, w.witness
    FROM observations_in o
    JOIN witness w ON w.page = o.page
    JOIN role_key a ON a.role_id = o.role_id
    WHERE o.fact_table = 'roles' AND o.field <> 'job_category' AND o.method = 'stated' AND o.text IS NOT NULL
    """,
)
"""Who spells an attribute of a role how; the job category is elected instead."""


def _spelling(field: str, texts: Mapping[str, str]) -> Step:
    """How often an attribute of a role is spelled how; `texts` are the columns that tell spellings apart."""
    columns = ", ".join(texts)
    said = ", ".join(f"{text} AS {column}" for column, text in texts.items())
    return Step(
        f"role_{field}_spelling",
        f"""
        SELECT role, {columns}, COUNT(*) AS witnesses, SUM(documents) AS documents
        FROM (
            SELECT role, {columns}, witness, COUNT(*) AS documents
            FROM (SELECT DISTINCT role, {said}, doc, witness FROM role_row WHERE field = '{field}')
            GROUP BY role, {columns}, witness
        )
        GROUP BY role, {columns}
        """,
    )


def _first(field: str) -> Step:
    """The most repeated of a role's names; of equals the first in the order of text."""
    return Step(
        f"role_{field}",
        f"""
        SELECT role, text
        FROM (
            SELECT role, text,
                   ROW_NUMBER() OVER (PARTITION BY role ORDER BY witnesses DESC, documents DESC, text) AS place
            FROM role_{field}_spelling
        )
        WHERE place = 1
        """,
    )


_DIGESTED = {"length": "LENGTH(text)", "digest": "MD5(text)"}
"""What stands for a description while they are counted: with their texts, a million pages took more than SQL may."""

DESCRIPTION = Step(
    "role_description",
    """
    SELECT r.role, MIN(r.text) AS text
    FROM role_row r
    JOIN (
        SELECT role, digest,
               RANK() OVER (PARTITION BY role ORDER BY witnesses DESC, documents DESC, length DESC) AS place
        FROM role_description_spelling
    ) s ON s.role = r.role AND s.digest = MD5(r.text) AND s.place = 1
    WHERE r.field = 'description'
    GROUP BY r.role
    """,
)
"""The most repeated description; of equals the longest, then the first in the order of text."""

CATEGORY_CLAIM = Step(
    "role_category_claim",
    """
    SELECT o.role_id, o.text, LOWER(o.text) AS content, w.witness, w.recency, w.seen, o.confidence,
           CASE WHEN u.doc IS NULL THEN 1 ELSE 0 END AS sound, 1 AS said
    FROM observations_in o
    JOIN witness w ON w.page = o.page
    LEFT JOIN unsound u ON u.doc = w.doc
    WHERE o.fact_table = 'roles' AND o.field = 'job_category' AND o.method = 'stated' AND o.text IS NOT NULL
    """,
)

CATEGORY = Step(
    "role_job_category",
    """
    SELECT w.role_id, MIN(c.text) AS text
    FROM role_category_winner w JOIN role_category_claim c ON c.role_id = w.role_id AND c.content = w.content
    GROUP BY w.role_id
    """,
)

MENTIONED = Step(
    "role_mentioned",
    """
    SELECT role, COUNT(*) AS document_count
    FROM (
        SELECT a.role, s.doc FROM spoken_of s JOIN role_key a ON a.role_id = s.role_id
        UNION
        SELECT a.role, s.doc FROM spoken_of s JOIN role_key a ON a.role_id = s.other_role_id WHERE s.other_role_id <> ''
    )
    GROUP BY role
    """,
)

NAMED = Step(
    "role_named",
    f"""
    SELECT m.role, a.role_id, COALESCE(n.text, {title("REPLACE(a.role_id, '-', ' ')")}) AS name, p.text AS name_plural,
           m.document_count
    FROM role_mentioned m
    JOIN role_key a ON a.role = m.role
    LEFT JOIN role_name n ON n.role = m.role
    LEFT JOIN role_name_plural p ON p.role = m.role
    """,
)
"""A role that is only ever mentioned in passing is named by its id."""

ROLE = Step(
    "role",
    """
    SELECT n.role, n.role_id, n.name, n.name_plural, d.text AS description, c.text AS job_category, n.document_count
    FROM role_named n
    LEFT JOIN role_description d ON d.role = n.role
    LEFT JOIN role_job_category c ON c.role_id = n.role_id
    """,
)
"""Apart from the names and from the sorting: all words of all roles at once are more than SQL may hold."""

ALIAS = """
    SELECT r.role_id AS id, s.text AS item
    FROM role_named r
    JOIN (SELECT role, text FROM role_name_spelling UNION ALL SELECT role, text FROM role_name_plural_spelling) s
        ON s.role = r.role
    WHERE LOWER(s.text) <> LOWER(r.name) AND LOWER(s.text) <> LOWER(COALESCE(r.name_plural, r.name || 's'))
        AND LOWER(s.text) <> LOWER(r.name) || 's'
"""

STEPS = (
    ROW,
    _spelling("name", {"text": "text"}),
    _first("name"),
    _spelling("name_plural", {"text": "text"}),
    _first("name_plural"),
    _spelling("description", _DIGESTED),
    DESCRIPTION,
    CATEGORY_CLAIM,
    *election("role_category", "role_category_claim", ("role_id",)),
    CATEGORY,
    MENTIONED,
    NAMED,
    ROLE,
)

_ROWS = """
    SELECT r.role_id, r.name, r.name_plural, a.items AS aliases, r.description, r.job_category, r.document_count
    FROM role r LEFT JOIN alias a ON a.id = r.role_id
"""
OUTPUT = f"{_ROWS} ORDER BY r.role"
_PART = 1 << 17
"""Roles; their rows take some 70 MB."""


def outputs(highest: int) -> Iterator[str]:
    """The same rows by several queries, one after the other; `highest` is the highest number of a role.

    To sort roles together with all their words took twice the memory that any other table of a million pages took.
    """
    for first in range(0, highest + 1, _PART):
        yield f"{_ROWS} WHERE r.role >= {first} AND r.role < {first + _PART} ORDER BY r.role"
