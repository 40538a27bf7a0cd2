"""Which reading of an open cell is right: evidence, weighed in thousandths of a ban, and a lead that decides.

A ban is the decimal logarithm of a chance: a reading that leads by 3 bans is a thousand times as likely as the next one.
The readings of all cells of a run are weighed together. For every cell and reading there is added

    PAGE      where the same page says the same in another place: a sentence, another table (years of experience are the
              upper end of the time to become);
    voice     for every witness that states the same of the same role, where nothing was open:
              log10(odds that it is right and of the same time) + COINCIDENCE;
    echo      for every other witness whose own cell is open, too, and may say the same: as much as a voice where one reading
              is left there, less the shorter the words that both share, since short beginnings are shared by accident;
    usual     the logarithm of how usual a number is, where the metric has usual numbers;
    KNOWN     where every word cell of the reading occurs elsewhere in the dump as a whole cell.

A reading that trails the best by LEAD is dropped. What is left of one run is echoed in the next round, until nothing changes
or ROUNDS are over. A cell of which all remaining readings say the same is resolved.
"""

from __future__ import annotations

from pipeline.resolve.claims import cell, numbered, same_cell
from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import NOTHING, content
from pipeline.resolve.plausible import likelihood

BAN = 1000
LEAD = 3 * BAN
ROUNDS = 8
PAGE = 4000
COINCIDENCE = 2300
"""A wrong cut says by accident what another page says of that role in one case of two hundred at most: it is ten times off,
or half a word."""
SOUND = 0.95
"""Chance that a sound page's clear statement holds for another page as well; the rest is of another year."""
MAX_VOICE = 3500
ECHO = 3250
"""Less than a voice: the cell was resolved itself."""
KNOWN = 2500
MAX_KNOWN = 2000
"""More than that is not added for how often the words occur."""

_NO_NUMBER = "CAST(NULL AS DOUBLE)"
_NO_WORDS = "CAST(NULL AS VARCHAR(40))"


def _joined(*numbers: str) -> str:
    return " || ' ' || ".join(f"CAST({number} AS VARCHAR(40))" for number in numbers)


OPEN_CELL = Step(
    "open_cell",
    f"""
    SELECT o.observation_id, o.doc, o.witness, o.fact_table, o.role_id, o.field,
           a.role, b.role AS other, n.kind,
           CASE WHEN n.kind IS NULL THEN o.fact_table || '|' || o.role_id
                ELSE {_joined("a.role", "b.role", "n.kind")} END AS cell_key
    FROM open_row o {numbered("LEFT JOIN", "o")}
    WHERE o.method = 'ambiguous'
    """,
)
"""A skill of a role is evidence for it wherever it stands, a role having many in any order: the role is the key."""

READING = Step(
    "reading",
    f"""
    SELECT g.run_id, g.reading, o.observation_id, o.doc, o.witness, o.fact_table, o.field, o.cell_key,
           g.value, g.text, g.start, g.stop, {content("g.value", "g.text")} AS content,
           CASE WHEN o.fact_table = 'skills' THEN 'skills'
                WHEN o.field = 'hiring_company_jobs' THEN 'best_paying_company' ELSE o.field END AS vocabulary
    FROM readings_in g JOIN open_cell o ON o.observation_id = g.observation_id
    """,
)


def _said(what: str, asked: str, match: str, scale: str = "SELECT CAST(1 AS DOUBLE) AS scale") -> str:
    """What sound pages clearly say that bears on open cells.

    `asked` picks the cells; `match` ties claims to them: `a` the cell, `k` the claim's kind, `c` the claim.
    """
    return f"""
        SELECT a.cell_key, w.witness, c.doc, {what} AS content, c.confidence
        FROM (SELECT DISTINCT o.cell_key, {cell("o")} FROM open_cell o WHERE {asked}) a
        JOIN stated_claim c ON c.role = a.role
        JOIN kind k ON k.kind = c.kind AND {match}
        JOIN witness w ON w.doc = c.doc
        CROSS JOIN ({scale}) t
        LEFT JOIN unsound u ON u.doc = c.doc
        WHERE u.doc IS NULL
    """


_TERM = "SELECT CAST(1 AS DOUBLE) AS scale UNION ALL SELECT CAST(12 AS DOUBLE) AS scale"
"""The time to become is in months; the years of experience are its upper end in months or in years."""

SAID = Step(
    "said",
    " UNION ".join(
        (
            _said("c.content", "o.kind IS NOT NULL", same_cell("a", "c")),
            _said(
                content("c.value", "k.category"),
                "o.field = 'hiring_company_jobs'",
                "k.field = 'hiring_company_jobs'",
            ),
            _said(
                content("c.value / t.scale", _NO_WORDS),
                "o.field = 'experience_years'",
                "k.field = 'time_to_become_high'",
                _TERM,
            ),
            f"""
        SELECT a.cell_key, w.witness, w.doc, {content(_NO_NUMBER, "o.text")} AS content, o.confidence
        FROM observations_in o
        JOIN (SELECT DISTINCT cell_key, role_id FROM open_cell WHERE fact_table = 'skills') a ON a.role_id = o.role_id
        JOIN witness w ON w.page = o.page
        LEFT JOIN unsound u ON u.doc = w.doc
        WHERE o.fact_table = 'skills' AND o.method = 'stated' AND u.doc IS NULL
    """,
        )
    ),
)

VOICE = Step(
    "voice",
    f"""
    SELECT cell_key, content, SUM(weight) AS weight
    FROM (
        SELECT cell_key, witness, content,
               LEAST({MAX_VOICE}, {COINCIDENCE} + CAST(FLOOR(1000 * LOG10(
                   {SOUND} * MAX(confidence) / (1 - {SOUND} * MAX(confidence))) + 0.5) AS BIGINT)) AS weight
        FROM said
        GROUP BY cell_key, witness, content
    )
    GROUP BY cell_key, content
    """,
)

WEIGHED = Step(
    "weighed",
    f"""
    SELECT r.run_id, r.reading, SUM(r.weight)
               + CASE WHEN MIN(r.known) = 1 AND SUM(r.worded) > 0
                      THEN {KNOWN} + LEAST({MAX_KNOWN}, SUM(r.often)) ELSE 0 END AS weight
    FROM (
        SELECT r.run_id, r.reading,
               COALESCE(v.weight, 0) + CASE WHEN p.content IS NULL THEN 0 ELSE {PAGE} END
                   + CASE WHEN n.field IS NULL OR r.value IS NULL THEN 0
                          ELSE {likelihood("u.cells", "n.cells", "n.numbers")} END AS weight,
               CASE WHEN r.text IS NULL THEN 0 ELSE 1 END AS worded,
               CASE WHEN r.text IS NULL OR w.roles IS NOT NULL THEN 1 ELSE 0 END AS known,
               CAST(FLOOR(1000 * LOG10(CAST(COALESCE(w.roles, 1) AS DOUBLE)) + 0.5) AS BIGINT) AS often
        FROM reading r
        LEFT JOIN voice v ON v.cell_key = r.cell_key AND v.content = r.content
        LEFT JOIN (SELECT DISTINCT cell_key, doc, content FROM said) p
            ON p.cell_key = r.cell_key AND p.doc = r.doc AND p.content = r.content
        LEFT JOIN usual_numbers n ON n.field = r.field AND r.text IS NULL
        LEFT JOIN usual_number u ON u.field = r.field AND u.value = r.value AND r.text IS NULL
        LEFT JOIN known_words w ON w.vocabulary = r.vocabulary AND w.words = LOWER(TRIM(r.text))
    ) r
    GROUP BY r.run_id, r.reading
    """,
)
"""The evidence that does not change while readings are dropped."""

LIVE = Step("live", "SELECT run_id, reading, weight FROM weighed")

_LENGTH = (
    "LEAST(CASE WHEN text IS NULL THEN 900 * (LENGTH(CAST(CAST(ABS(value) AS BIGINT) AS VARCHAR(40))) - 1)"
    " ELSE 500 * (LENGTH(text) - 1) END, 10000)"
)

ECHOES = (
    Step(
        "choice",
        f"""
        SELECT r.cell_key, r.witness, r.content, MAX({_LENGTH}) AS length
        FROM live l
        JOIN reading r ON r.run_id = l.run_id AND r.reading = l.reading
        LEFT JOIN unsound u ON u.doc = r.doc
        WHERE u.doc IS NULL AND r.content <> '{NOTHING}'
        GROUP BY r.cell_key, r.witness, r.content
        """,
    ),
    Step(
        "echo",
        f"""
        SELECT cell_key, witness, content,
               CAST(CASE WHEN COUNT(*) OVER (PARTITION BY cell_key, witness) = 1 THEN {ECHO}
                    ELSE LEAST({ECHO}, 800 + length) END AS BIGINT) AS weight
        FROM choice
        """,
    ),
    Step("echoes", "SELECT cell_key, content, SUM(weight) AS weight FROM echo GROUP BY cell_key, content"),
)
"""What the readings that are left of open cells say, so far."""


def _heard(readings: str) -> str:
    """The readings of a relation with the evidence that changes added: the echoes of other witnesses."""
    return f"""
        SELECT l.run_id, l.reading, MAX(l.weight) + SUM(COALESCE(e.weight, 0) - COALESCE(own.weight, 0)) AS total
        FROM {readings} l
        JOIN reading r ON r.run_id = l.run_id AND r.reading = l.reading
        LEFT JOIN echoes e ON e.cell_key = r.cell_key AND e.content = r.content
        LEFT JOIN echo own ON own.cell_key = r.cell_key AND own.content = r.content AND own.witness = r.witness
        GROUP BY l.run_id, l.reading
    """


DROP = (
    Step("left_over", "SELECT run_id, reading, weight FROM live"),
    Step(
        "live",
        f"""
        SELECT l.run_id, l.reading, l.weight
        FROM left_over l
        JOIN (SELECT *, MAX(total) OVER (PARTITION BY run_id) AS best FROM ({_heard("left_over")})) h
            ON h.run_id = l.run_id AND h.reading = l.reading
        WHERE h.best - h.total < {LEAD}
        """,
    ),
)
"""One round: readings that trail are dropped."""

FINAL = Step(
    "final_reading",
    f"""
    SELECT r.observation_id, r.content, r.reading, h.total,
           ROW_NUMBER() OVER (PARTITION BY r.observation_id, r.content ORDER BY h.total DESC, r.reading) AS place
    FROM ({_heard("weighed")}) h JOIN reading r ON r.run_id = h.run_id AND r.reading = h.reading
    """,
)
"""All readings once more, those dropped included, by all that is known in the end."""

WON = Step(
    "won",
    f"""
    SELECT observation_id, reading, lead
    FROM (
        SELECT observation_id, reading,
               total - COALESCE(LEAD(total) OVER (PARTITION BY observation_id ORDER BY total DESC, content),
                                total - {LEAD}) AS lead,
               ROW_NUMBER() OVER (PARTITION BY observation_id ORDER BY total DESC, content) AS place
        FROM final_reading
        WHERE place = 1
    )
    WHERE place = 1 AND lead >= {LEAD}
    """,
)
"""The cells of which one content leads all others, whatever the neighbour's content."""

RESOLVED = Step(
    "resolved",
    f"""
    SELECT o.observation_id, o.doc, o.fact_table, o.role_id, o.field, o.other_role_id, o.rank, o.example, r.value,
           CASE WHEN o.field = 'hiring_company_jobs' THEN {_NO_WORDS} ELSE r.text END AS text,
           CASE WHEN o.field = 'hiring_company_jobs' THEN COALESCE(r.text, o.category) ELSE o.category END AS category,
           r.start, r.stop,
           SUBSTR(o.raw, CAST(r.start - o.start AS INTEGER) + 1, CAST(r.stop - r.start AS INTEGER)) AS raw,
           ROUND(1 - POWER(CAST(10 AS DOUBLE), -LEAST(FLOOR(w.lead / CAST({BAN} AS DOUBLE)) - 1, 3)), 3) AS confidence
    FROM won w
    JOIN reading r ON r.observation_id = w.observation_id AND r.reading = w.reading
    JOIN open_row o ON o.observation_id = w.observation_id
    """,
)
"""Confidence: of the lead in whole bans one is held back for what the model does not know; a lead of 3 gives 0.99."""

OPEN = (OPEN_CELL, READING)
WEIGH = (SAID, VOICE, WEIGHED, LIVE)
CHOOSE = (FINAL, WON, RESOLVED)
