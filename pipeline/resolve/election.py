"""How evidence becomes one value: a small election per cell, written once for every table.

1. A witness (see :mod:`pipeline.resolve.witnesses`) has one voice per cell, whatever number of documents it has. Its newest
   document speaks; where that document says two things, the one it says more often counts, and both if it can't tell.
2. Newer beats older: what the newest day says wins over what only older days say, however many say it.
3. Within the newest day, and among documents without a date (which could be of any day), the value with more voices wins
   if it has at least LEAD times the voices of the next. Otherwise nobody knows, and the cell stays empty.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.resolve.confidence import confidence, doubt
from pipeline.resolve.engine import Step

LEAD = 2


def election(prefix: str, source: str, key: Sequence[str]) -> tuple[Step, ...]:
    """Steps that elect one content per `key` among the rows of `source`; the last, `{prefix}_winner`, has the result.

    `source` has the key's columns, `content`, `witness`, `recency`, `seen`, `confidence`. A winner row has the key,
    `content`, `voices` (witnesses for it), `against` (witnesses for something else on the same day), `outdated`
    (witnesses for something else on older days), `confidence`. Keys without a winner have no row.
    """
    cell = ", ".join(key)
    ballot = Step(
        f"{prefix}_ballot",
        f"""
        SELECT {cell}, content, witness, seen, confidence
        FROM (
            SELECT *, RANK() OVER (PARTITION BY {cell}, witness ORDER BY recency DESC, said DESC) AS place
            FROM (
                SELECT {cell}, content, witness, recency, COUNT(*) AS said,
                       MAX(seen) AS seen, MAX(confidence) AS confidence
                FROM {source}
                GROUP BY {cell}, content, witness, recency
            )
        )
        WHERE place = 1
        """,
    )
    tally = Step(
        f"{prefix}_tally",
        f"""
        SELECT {cell}, content, seen, voices, sure, doubts, MAX(seen) OVER (PARTITION BY {cell}) AS newest
        FROM (
            SELECT {cell}, content, MAX(seen) AS seen, COUNT(*) AS voices,
                   COUNT(CASE WHEN confidence >= CAST(1 AS DOUBLE) THEN 1 END) AS sure,
                   SUM({doubt("confidence")}) AS doubts
            FROM {prefix}_ballot
            GROUP BY {cell}, content
        )
        """,
    )
    winner = Step(
        f"{prefix}_winner",
        f"""
        SELECT {cell}, content, voices, against, outdated,
               {confidence("sure", "doubts", "voices", "against", "outdated")} AS confidence
        FROM (
            SELECT *,
                   ROW_NUMBER() OVER (PARTITION BY {cell} ORDER BY current DESC, voices DESC, content) AS place,
                   SUM(current * voices) OVER (PARTITION BY {cell}) - voices AS against,
                   SUM((1 - current) * voices) OVER (PARTITION BY {cell}) AS outdated,
                   LEAD(current * voices) OVER (PARTITION BY {cell} ORDER BY current DESC, voices DESC, content) AS next
            FROM (SELECT *, CASE WHEN seen < newest THEN 0 ELSE 1 END AS current FROM {prefix}_tally)
        )
        WHERE place = 1 AND voices >= {LEAD} * COALESCE(next, 0)
        """,
    )
    return ballot, tally, winner
