"""The confidence of a published value, as one formula for all tables.

Every statement has a doubt, 1 - its confidence: 0 where the page's text admits no other reading, more where a cut rests on
an assumption, for a resolved cell what its evidence leaves open (see :mod:`pipeline.resolve.evidence`), for a derived fact
what its sources leave open (see :mod:`pipeline.resolve.derive`). Then

    support    = 1 - product of the doubts of the agreeing witnesses, at most CEILING
    confidence = 1                                     if some agreeing statement has no doubt and nobody disagrees, else
                 support * voices / (voices + against) * (OVERRULED if older or unsound pages differ, else 1)
    and both   * STALE                                 if a page more than SAME_TIME months newer speaks of the role

`voices` and `against` count witnesses, not documents. What is stale may be right: a newer page speaks of the role, but not
of this. The product is taken as a sum of whole thousandths of a ban (the decimal logarithm of a chance), since a sum of
floats would depend on the order of the rows.

The constants are set so that on generated dumps with known truth at least 99.9% of the values with a confidence of 0.9 or
more are right; `benchmarks/reliability.md` has the whole table.
"""

from __future__ import annotations

CEILING = 0.999
"""No value that rests on an assumption, or that anybody contradicts, is surer than this."""
OVERRULED = 0.98
STALE = 0.8
SAME_TIME = 2
"""Months between two dates that are still of the same time: a crawl takes a while."""


def doubt(confidence: str) -> str:
    """SQL: how much doubt a statement of this confidence takes away, in thousandths of a ban, 0 to 3000."""
    left = f"GREATEST(CAST(1 AS DOUBLE) - {confidence}, CAST({1 - CEILING:.3f} AS DOUBLE))"
    return f"CAST(FLOOR(-1000 * LOG10({left}) + 0.5) AS BIGINT)"


def confidence(sure: str, doubts: str, voices: str, against: str, overruled: str) -> str:
    """SQL: the formula; `sure` counts the witnesses without doubt, `doubts` is the sum of :func:`doubt` over witnesses."""
    support = f"CAST(1 AS DOUBLE) - POWER(CAST(10 AS DOUBLE), -LEAST({doubts}, 3000) / CAST(1000 AS DOUBLE))"
    share = f"CAST({voices} AS DOUBLE) / ({voices} + {against})"
    aged = f"CASE WHEN {overruled} > 0 THEN CAST({OVERRULED} AS DOUBLE) ELSE CAST(1 AS DOUBLE) END"
    return (
        f"CASE WHEN {sure} > 0 AND {against} = 0 AND {overruled} = 0 THEN CAST(1 AS DOUBLE)"
        f" ELSE ROUND(({support}) * ({share}) * ({aged}), 4) END"
    )
