"""Which documents are one witness, and how new each is.

A page that a dump holds twice, in two text forms or from two crawls, says everything twice; it is still one page. So
evidence is counted by *witness*: all documents about the same subject (a comparison of the same two roles, a profile of
the same role), and all documents of one url. A repeat is then never more than one voice, however often it comes, whatever
bytes, form or url it comes in. Repeats of the same bytes have one id to begin with.
"""

from __future__ import annotations

from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import url_key

MAX_URL_SUBJECTS = 4
"""A url with more subjects than this names the dump or the site, not a page."""

PAGE = Step(
    "parsed_page",
    f"""
    SELECT document_id,
           MIN(page_kind) AS page_kind,
           MIN({url_key("url")}) AS url_key,
           MAX(fetched_at) AS fetched_at,
           MAX(updated_on) AS updated_on,
           MIN(page) AS page
    FROM documents_in
    GROUP BY document_id
    HAVING MAX(CASE WHEN status = 'parsed' THEN 1 ELSE 0 END) = 1
    """,
    number="doc",
)

SPOKEN = Step(
    "spoken_of",
    """
    SELECT p.doc, o.role_id, o.other_role_id, o.facts
    FROM (
        SELECT page, role_id, other_role_id, COUNT(*) AS facts FROM observations_in GROUP BY page, role_id, other_role_id
    ) o
    JOIN parsed_page p ON p.page = o.page
    """,
)
"""The roles of a page, alone and beside others, and how many facts are about them."""

MENTION = Step("mention", "SELECT doc, role_id, SUM(facts) AS facts FROM spoken_of GROUP BY doc, role_id")
"""The roles of a page, and how much it says about each."""

ROLE_KEY = Step(
    "role_key",
    """
    SELECT role_id, CAST(ROW_NUMBER() OVER (ORDER BY role_id) AS INTEGER) AS role
    FROM (SELECT role_id FROM spoken_of UNION SELECT other_role_id AS role_id FROM spoken_of)
    """,
)
"""Roles go by numbers inside, in the order of their ids; so does "", where there is no other role."""

SUBJECT = Step(
    "subject",
    """
    SELECT p.doc, p.url_key,
           MIN(p.page_kind) || ' ' || COALESCE(MIN(m.role_id), p.document_id) || ' ' || COALESCE(MAX(m.role_id), '')
               AS subject
    FROM parsed_page p
    LEFT JOIN (
        SELECT doc, role_id, ROW_NUMBER() OVER (PARTITION BY doc ORDER BY facts DESC, role_id) AS place FROM mention
    ) m ON m.doc = p.doc AND m.place <= CASE WHEN p.page_kind = 'comparison' THEN 2 ELSE 1 END
    GROUP BY p.doc, p.document_id, p.url_key
    """,
)
"""What a page is about: the one or two roles that it says most about; a page without roles is about itself."""

SUBJECT_OF_URL = Step(
    "subject_of_url",
    f"""
    SELECT url_key, MIN(subject) AS subject
    FROM subject
    WHERE url_key IS NOT NULL
    GROUP BY url_key
    HAVING COUNT(DISTINCT subject) <= {MAX_URL_SUBJECTS}
    """,
)

NAMED = Step(
    "named_witness",
    """
    SELECT s.doc, w.witness
    FROM subject s
    JOIN (
        SELECT s.subject, MIN(COALESCE(u.subject, s.subject)) AS witness
        FROM subject s LEFT JOIN subject_of_url u ON u.url_key = s.url_key
        GROUP BY s.subject
    ) w ON w.subject = s.subject
    """,
)

WITNESS = Step(
    "witness",
    """
    SELECT p.doc, p.document_id, p.page, g.witness,
           DENSE_RANK() OVER (
               PARTITION BY g.witness ORDER BY p.fetched_at NULLS FIRST, p.updated_on NULLS FIRST
           ) AS recency,
           COALESCE(CAST(p.fetched_at AS DATE), p.updated_on) AS seen
    FROM parsed_page p
    JOIN named_witness n ON n.doc = p.doc
    JOIN (SELECT witness AS name, MIN(doc) AS witness FROM named_witness GROUP BY witness) g ON g.name = n.witness
    """,
)
"""Per document: its witness; `recency`, higher for the newer text of one witness (by time of fetching, then by the page's
own date); `seen`, the day that its facts are of, null where neither dump nor page says."""

ROLE_SEEN = Step(
    "role_seen",
    """
    SELECT a.role, n.role_id, n.newest
    FROM (
        SELECT m.role_id, MAX(w.seen) AS newest FROM mention m JOIN witness w ON w.doc = m.doc GROUP BY m.role_id
    ) n
    JOIN role_key a ON a.role_id = n.role_id
    """,
)
"""The newest day of a page that speaks of the role."""

STEPS = (PAGE, SPOKEN, MENTION, ROLE_KEY, SUBJECT, SUBJECT_OF_URL, NAMED, WITNESS, ROLE_SEEN)
