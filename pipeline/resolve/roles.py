"""Roles: one row per role that any page says anything about."""

from __future__ import annotations

from pipeline.resolve.election import election
from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import title

SPELLING = Step(
    "role_spelling",
    """
    SELECT role_id, field, text, COUNT(*) AS witnesses, SUM(documents) AS documents
    FROM (
        SELECT role_id, field, text, witness, COUNT(*) AS documents
        FROM (
            SELECT DISTINCT o.role_id, o.field, o.text, w.doc, w.witness
            FROM observations_in o JOIN witness w ON w.page = o.page
            WHERE o.fact_table = 'roles' AND o.field <> 'job_category' AND o.method = 'stated' AND o.text IS NOT NULL
        )
        GROUP BY role_id, field, text, witness
    )
    GROUP BY role_id, field, text
    """,
)
"""Who spells an attribute of a role how; the job category is elected instead."""


def _first(field: str, order: str) -> Step:
    """The first text of one attribute of each role: the most repeated one, then by `order`."""
    return Step(
        f"role_{field}",
        f"""
        SELECT role_id, text
        FROM (
            SELECT role_id, text,
                   ROW_NUMBER() OVER (PARTITION BY role_id ORDER BY witnesses DESC, documents DESC, {order}) AS place
            FROM role_spelling
            WHERE field = '{field}'
        )
        WHERE place = 1
        """,
    )


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
    SELECT role_id, COUNT(*) AS document_count
    FROM (
        SELECT role_id, doc FROM spoken_of
        UNION
        SELECT other_role_id AS role_id, doc FROM spoken_of WHERE other_role_id <> ''
    )
    GROUP BY role_id
    """,
)

ROLE = Step(
    "role",
    f"""
    SELECT m.role_id, COALESCE(n.text, {title("REPLACE(m.role_id, '-', ' ')")}) AS name, p.text AS name_plural,
           d.text AS description, c.text AS job_category, m.document_count
    FROM role_mentioned m
    LEFT JOIN role_name n ON n.role_id = m.role_id
    LEFT JOIN role_name_plural p ON p.role_id = m.role_id
    LEFT JOIN role_description d ON d.role_id = m.role_id
    LEFT JOIN role_job_category c ON c.role_id = m.role_id
    """,
)
"""A role that is only ever mentioned in passing is named by its id."""

ALIAS = """
    SELECT r.role_id AS id, s.text AS item
    FROM role r JOIN role_spelling s ON s.role_id = r.role_id
    WHERE s.field IN ('name', 'name_plural')
        AND LOWER(s.text) <> LOWER(r.name) AND LOWER(s.text) <> LOWER(COALESCE(r.name_plural, r.name || 's'))
        AND LOWER(s.text) <> LOWER(r.name) || 's'
"""

STEPS = (
    SPELLING,
    _first("name", "text"),
    _first("name_plural", "text"),
    _first("description", "LENGTH(text) DESC, text"),
    CATEGORY_CLAIM,
    *election("role_category", "role_category_claim", ("role_id",)),
    CATEGORY,
    MENTIONED,
    ROLE,
)

OUTPUT = """
    SELECT r.role_id, r.name, r.name_plural, a.items AS aliases, r.description, r.job_category, r.document_count
    FROM role r LEFT JOIN alias a ON a.id = r.role_id
    ORDER BY r.role_id
"""
