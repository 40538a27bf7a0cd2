"""How evidence becomes one value: a small election per cell, written once for every table.

1. A witness (see :mod:`pipeline.resolve.witnesses`) has one voice per cell, whatever number of documents it has. Its newest
   document speaks; where that document says two things, the one it says more often counts, and both if it can't tell.
2. Pages that are not sound (see :mod:`pipeline.resolve.trust`) are heard only where no sound page speaks.
3. Newer beats older: what pages said more than SAME_TIME months before the newest page is overruled, however many said it.
   Pages without a date could be of any day and count as new.
4. Of what is left, a value that some page states beyond doubt wins over values that rest on an assumption or were resolved.
5. Of what is left, the value with most of the voices, and at least LEAD times those of the next, wins: two independent pages
   stand against one, even a few weeks newer. Else that of the newest day wins; else nobody knows, and the cell stays empty.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.resolve.confidence import SAME_TIME, confidence, doubt
from pipeline.resolve.engine import Step
from pipeline.resolve.expressions import columns, month, same

LEAD = 2


def election(prefix: str, source: str, key: Sequence[str]) -> tuple[Step, ...]:
    """Steps that elect one content per `key` among the rows of `source`; the last, `{prefix}_winner`, has the result.

    `source` has the key's columns, `content`, `witness`, `recency`, `seen`, `confidence`, `sound`, `said`. A winner row
    has the key, `content`, `voices` (witnesses for it), `against` (witnesses for something else at the same time),
    `overruled` (witnesses for something else long before, or not heard), `confidence`. Keys without a winner have none.
    """
    cell = ", ".join(key)
    ballot = Step(
        f"{prefix}_ballot",
        f"""
        SELECT {cell}, content, witness, seen, confidence,
               CASE WHEN sound = MAX(sound) OVER (PARTITION BY {cell}) THEN 1 ELSE 0 END AS heard
        FROM (
            SELECT *, RANK() OVER (PARTITION BY {cell}, witness ORDER BY sound DESC, recency DESC, said DESC) AS place
            FROM (
                SELECT {cell}, content, witness, recency, sound, SUM(said) AS said,
                       MAX(seen) AS seen, MAX(confidence) AS confidence
                FROM {source}
                GROUP BY {cell}, content, witness, recency, sound
            )
        )
        WHERE place = 1
        """,
    )
    tally = Step(
        f"{prefix}_tally",
        f"""
        SELECT {cell}, content, seen, voices, unheard, sure, doubts,
               CASE WHEN voices = 0 OR {month("newest")} - {month("seen")} > {SAME_TIME} THEN 0 ELSE 1 END AS current
        FROM (
            SELECT {cell}, content, seen, voices, unheard, sure, doubts, MAX(seen) OVER (PARTITION BY {cell}) AS newest
            FROM (
                SELECT {cell}, content, SUM(heard) AS voices, SUM(1 - heard) AS unheard,
                       MAX(CASE WHEN heard = 1 THEN seen END) AS seen,
                       SUM(CASE WHEN heard = 1 AND confidence >= CAST(1 AS DOUBLE) THEN 1 ELSE 0 END) AS sure,
                       SUM(heard * {doubt("confidence")}) AS doubts
                FROM {prefix}_ballot
                GROUP BY {cell}, content
            )
        )
        """,
    )
    return ballot, tally, *_count(prefix, key)


def _count(prefix: str, key: Sequence[str]) -> tuple[Step, Step]:
    """Rules 3 to 5: `rank` is 2 for what is current and beyond doubt, 1 for what is current, 0 for the rest."""
    cell = ", ".join(key)
    best = Step(
        f"{prefix}_best",
        f"""
        SELECT {cell}, rank, MAX(voices) AS most, SUM(voices) AS total, MAX(seen) AS newest,
               MAX(CASE WHEN seen IS NULL THEN 1 ELSE 0 END) AS undated,
               SUM(CASE WHEN seen = newest_seen THEN 1 ELSE 0 END) AS of_newest,
               MAX(CASE WHEN place = 2 THEN voices ELSE 0 END) AS next
        FROM (
            SELECT *, MAX(rank) OVER (PARTITION BY {cell}) AS best_rank,
                   MAX(seen) OVER (PARTITION BY {cell}, rank) AS newest_seen,
                   ROW_NUMBER() OVER (PARTITION BY {cell}, rank ORDER BY voices DESC, content) AS place
            FROM (SELECT *, current + CASE WHEN current = 1 AND sure > 0 THEN 1 ELSE 0 END AS rank FROM {prefix}_tally)
        )
        WHERE rank = best_rank
        GROUP BY {cell}, rank
        """,
    )
    winner = Step(
        f"{prefix}_winner",
        f"""
        SELECT {cell}, content, voices, against, overruled,
               {confidence("sure", "doubts", "voices", "against", "overruled")} AS confidence
        FROM (
            SELECT t.*, b.rank, b.most, b.total, b.next, b.newest, b.undated, b.of_newest,
                   SUM(current * voices) OVER (PARTITION BY {columns("t", key)}) - voices AS against,
                   SUM((1 - current) * voices + unheard) OVER (PARTITION BY {columns("t", key)}) - unheard AS overruled
            FROM {prefix}_tally t JOIN {prefix}_best b ON {same("t", "b", key)}
        )
        WHERE current + CASE WHEN current = 1 AND sure > 0 THEN 1 ELSE 0 END = rank AND voices > 0
            AND CASE WHEN most >= {LEAD} * next AND 2 * most > total THEN voices = most
                     ELSE undated = 0 AND of_newest = 1 AND seen = newest END
        """,
    )
    return best, winner
