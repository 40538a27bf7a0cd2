"""The numbers of one role on one page side by side, for what must hold between them."""

from __future__ import annotations

from pipeline.resolve.engine import Step

_FIELDS = {
    "yearly": "salary_yearly",
    "hourly": "salary_hourly",
    "low": "salary_low",
    "high": "salary_high",
    "experience": "experience_years",
    "term": "time_to_become_high",
}
_SHARES = {"genders": "gender_share", "races": "race_share"}
_WANTED = ", ".join(f"'{field}'" for field in (*_FIELDS.values(), *_SHARES.values()))


def side_by_side(name: str, claims: str) -> Step:
    """A relation of `page`, `role`, one column for each of the numbers, and the sums of shares in tenths of a percent.

    `claims` is a query of (`page`, `role`, `field`, `value`). Of a number that a page states twice the greater is taken:
    that the two differ is another rule's business.
    """
    numbers = ", ".join(
        f"MAX(CASE WHEN field = '{field}' THEN value END) AS {column}" for column, field in _FIELDS.items()
    )
    tenths = "CAST(FLOOR(LEAST(ABS(value), CAST(1000 AS DOUBLE)) * 10 + CAST(0.5 AS DOUBLE)) AS BIGINT)"
    shares = ", ".join(
        f"SUM(CASE WHEN field = '{field}' THEN {tenths} END) AS {column}" for column, field in _SHARES.items()
    )
    return Step(
        name,
        f"SELECT page, role, {numbers}, {shares} FROM ({claims}) WHERE field IN ({_WANTED}) GROUP BY page, role",
    )
