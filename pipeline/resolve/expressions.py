"""SQL expressions that several steps of the resolver share, as functions from SQL text to SQL text."""

from __future__ import annotations

import string
from collections.abc import Iterable


def columns(row: str, names: Iterable[str]) -> str:
    """Columns of one of several rows, `a.role, a.kind`."""
    return ", ".join(f"{row}.{name}" for name in names)


def same(row: str, other: str, names: Iterable[str]) -> str:
    """Whether two rows agree in columns, none of them null."""
    return " AND ".join(f"{row}.{name} = {other}.{name}" for name in names)


def exact(value: str) -> str:
    """A number as text that is equal for equal numbers, to four decimals; "" for null.

    Text, since the engines do not agree on the equality of nulls and of NaN.
    """
    small = f"ABS({value}) < CAST(1e14 AS DOUBLE)"
    decimal = f"CAST(CAST(CASE WHEN {small} THEN {value} END AS DECIMAL(20, 4)) AS VARCHAR(40))"
    return f"COALESCE({decimal}, CAST({value} AS VARCHAR(40)), '')"


def shown(value: str) -> str:
    """A number as people write it: no decimals where it has none, two where it has."""
    small = f"CASE WHEN ABS({value}) < CAST(1e14 AS DOUBLE) THEN {value} END"
    whole = f"CAST(CAST({small} AS BIGINT) AS VARCHAR(40))"
    cents = f"CAST(CAST({small} AS DECIMAL(20, 2)) AS VARCHAR(40))"
    return f"COALESCE(CASE WHEN {small} = FLOOR({small}) THEN {whole} ELSE {cents} END, CAST({value} AS VARCHAR(40)))"


_WHOLE = "{0} = FLOOR({0}) AND ABS({0}) < CAST(1e11 AS DOUBLE)"
"""Most numbers; as whole numbers they become text in a fraction of the time."""


def content(value: str, text: str) -> str:
    """What a cell says, as one text: equal for two cells that agree. Case and outer space do not count."""
    return (
        f"CASE WHEN {text} IS NULL THEN '|' ELSE LOWER(TRIM({text})) || '|' END"
        f" || CASE WHEN {_WHOLE.format(value)} THEN CAST(CAST({value} AS BIGINT) AS VARCHAR(40)) || '.0000'"
        f" ELSE {exact(value)} END"
    )


NOTHING = "|"
"""The content of a cell that has no value (`-` on the page)."""


_NEITHER_LETTER_NOR_DIGIT = "'[^' || CHR(92) || 'p{L}' || CHR(92) || 'p{N}]+'"
"""Without a backslash as such, which one engine takes for the beginning of an escape and the other does not."""


def slug(text: str) -> str:
    """The id of a skill; the same as :func:`pipeline.roles.slug`."""
    plain = f"REPLACE(REPLACE(REPLACE(LOWER({text}), '''', ''), '’', ''), '&', ' and ')"
    plain = f"REPLACE(REPLACE({plain}, '+', ' plus '), '#', ' sharp ')"
    return f"TRIM(BOTH '-' FROM replace_all({plain}, {_NEITHER_LETTER_NOR_DIGIT}, '-'))"


def title(text: str) -> str:
    """Every word with a capital, capitals inside a word as they are; the same as :func:`pipeline.roles.title_case`.

    No function of that name is common to the engines, so every separator and letter is replaced by itself, raised.
    """
    result = f"' ' || replace_all(TRIM({text}), '[ \t\n\r\f]+', ' ')"
    for before in " /(&,-":
        for letter in string.ascii_lowercase:
            result = f"REPLACE({result}, '{before}{letter}', '{before}{letter.upper()}')"
    return f"TRIM({result})"


def url_key(url: str) -> str:
    """A page's address without what does not tell pages apart: scheme, `www.`, fragment, final slashes, case."""
    return f"NULLIF(replace_all(LOWER(TRIM({url})), '^(https?://)?(www[.])?|/*(#.*)?$', ''), '')"


def month(day: str) -> str:
    """The number of a date's month, counted through; the engines do not agree on how to subtract dates."""
    return f"(CAST(EXTRACT(YEAR FROM {day}) AS INTEGER) * 12 + CAST(EXTRACT(MONTH FROM {day}) AS INTEGER))"


def hourly(yearly: str) -> str:
    """The hourly rate of a yearly salary: over 2,080 hours, to the cent, half a cent up, as pages do.

    Whole numbers until the last step: the float nearest to 71.725 lies below it.
    """
    return (
        f"FLOOR(({yearly} * CAST(100 AS DOUBLE) + CAST(1040 AS DOUBLE)) / CAST(2080 AS DOUBLE)) / CAST(100 AS DOUBLE)"
    )
