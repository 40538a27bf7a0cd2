"""Dates of dumps in the ways that dumps write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_DIGITS = re.compile(r"[0-9]{14}")
_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
_LAST = datetime(2100, 1, 1, tzinfo=UTC)
_FIRST_SECOND, _LAST_SECOND = int(_FIRST.timestamp()), int(_LAST.timestamp())


def moment(value: object) -> datetime | None:
    """A point in time with a zone between 1990 and 2100, or None when `value` is not surely one.

    Reads ISO 8601, fourteen digits as in ARC files and CDX indexes, HTTP dates, and Unix times in seconds to
    nanoseconds. A time without a zone is taken as UTC. What databases write for "never" or "unknown" (the years 1, 1900,
    9999) is no time of a crawl.
    """
    time = None
    if isinstance(value, str):
        time = _aware(_parsed(value.strip()))
    elif isinstance(value, datetime):
        time = _aware(value)
    elif isinstance(value, date):
        time = datetime(value.year, value.month, value.day, tzinfo=UTC)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        time = _from_unix(value)
    return time if time is not None and _FIRST <= time < _LAST else None


def _parsed(text: str) -> datetime | None:
    try:
        if len(text) == 14 and _DIGITS.fullmatch(text):
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _aware(time: datetime | None) -> datetime | None:
    if time is None:
        return None
    if time.tzinfo is UTC:
        return time
    if time.tzinfo is None:
        return time.replace(tzinfo=UTC)
    try:
        return time.astimezone(UTC)
    except OverflowError:
        return None


def _from_unix(value: float) -> datetime | None:
    for scale in (1, 1_000, 1_000_000, 1_000_000_000):
        # compared before it is divided: an integer of four hundred digits has no quotient
        if _FIRST_SECOND * scale <= value < _LAST_SECOND * scale:
            return datetime.fromtimestamp(value / scale, UTC)
    return None
