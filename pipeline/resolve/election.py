"""How evidence becomes one value: a small election per cell, written once for every table.

1. A witness (see :mod:`pipeline.resolve.witnesses`) has one voice per cell, whatever number of documents it has. Its newest
   document speaks; where that document says two things, the one it says more often counts, and both if it can't tell.
2. Pages that are not sound (see :mod:`pipeline.resolve.trust`) are heard only where no sound page speaks.
3. Newer beats older: what the newest day says wins over what only older days say, however many say it.
4. Within the newest day, and among documents without a date (which could be of any day), a value that some page states
   beyond doubt wins over values that rest on an assumption or were resolved; and of the values that are left the one with
   more voices wins if it has at least LEAD times the voices of the next. Otherwise nobody knows, and the cell stays empty.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.resolve.confidence import confidence, doubt
from pipeline.resolve.engine import Step

LEAD = 2


def election(prefix: str, source: str, key: Sequence[str]) -> tuple[Step, ...]:
    """Steps that elect one content per `key` among the rows of `source`; the last, `{prefix}_winner`, has the result.

    `source` has the key's columns, `content`, `witness`, `recency`, `seen`, `confidence`, `sound`, `said`. A winner row
    has the key, `content`, `voices` (witnesses for it), `against` (witnesses for something else on the same day),
    `overruled` (witnesses for something else on older days, or not heard), `confidence`. Keys without a winner have none.
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
        SELECT {cell}, content, seen, voices, unheard, sure, doubts, MAX(seen) OVER (PARTITION BY {cell}) AS newest
        FROM (
            SELECT {cell}, content, SUM(heard) AS voices, SUM(1 - heard) AS unheard,
                   MAX(CASE WHEN heard = 1 THEN seen END) AS seen,
                   SUM(CASE WHEN heard = 1 AND confidence >= CAST(1 AS DOUBLE) THEN 1 ELSE 0 END) AS sure,
                   SUM(heard * {doubt("confidence")}) AS doubts
            FROM {prefix}_ballot
            GROUP BY {cell}, content
        )
        """,
    )
    order = "current DESC, CASE WHEN sure > 0 THEN 0 ELSE 1 END, voices DESC, content"
    rival = f"LEAD(CASE WHEN sure > 0 THEN 1 ELSE 0 END) OVER (PARTITION BY {cell} ORDER BY {order})"
    winner = Step(
        f"{prefix}_winner",
        f"""
        SELECT {cell}, content, voices, against, overruled,
               {confidence("sure", "doubts", "voices", "against", "overruled")} AS confidence
        FROM (
            SELECT *,
                   ROW_NUMBER() OVER (PARTITION BY {cell} ORDER BY {order}) AS place,
                   SUM(current * voices) OVER (PARTITION BY {cell}) - voices AS against,
                   SUM((1 - current) * voices + unheard) OVER (PARTITION BY {cell}) - unheard AS overruled,
                   CASE WHEN {rival} = CASE WHEN sure > 0 THEN 1 ELSE 0 END
                        THEN LEAD(current * voices) OVER (PARTITION BY {cell} ORDER BY {order}) ELSE 0 END AS next
            FROM (SELECT *, CASE WHEN seen < newest OR voices = 0 THEN 0 ELSE 1 END AS current FROM {prefix}_tally)
        )
        WHERE place = 1 AND voices > 0 AND voices >= {LEAD} * COALESCE(next, 0)
        """,
    )
    return ballot, tally, winner
