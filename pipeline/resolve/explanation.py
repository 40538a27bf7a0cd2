"""An explanation as data, and as text for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, NamedTuple

Verdict = Literal["for", "against", "open", "silent"]
Marks = tuple[str, str]


class Value(NamedTuple):
    """The published value: the columns of `metrics`."""

    value: float | None
    text: str | None
    unit: str
    method: str
    confidence: float
    observation_count: int
    agreeing_count: int
    document_count: int
    as_of: date | None
    flags: tuple[str, ...]


class Rejected(NamedTuple):
    """A reading that was not taken, and why."""

    text: str
    why: str


class Statement(NamedTuple):
    """What one page says of the cell, and what it counts for."""

    observation_id: str
    source: str
    line: int | None
    raw: str | None
    """Exactly the characters it was read from; None for a derived one."""
    value: float | None
    text: str | None
    method: str
    confidence: float
    seen: date | None
    """The day that the page is of."""
    verdict: Verdict
    why: str
    before: str
    """What stands before `raw` in its line, as far as the page is at hand."""
    after: str
    reasons: tuple[str, ...]
    """What spoke for the reading that was taken, of a resolved cell."""
    rejected: tuple[Rejected, ...]
    rejected_count: int
    """Those that are not listed here included."""
    derived_from: tuple[Statement, ...]


class Broken(NamedTuple):
    """A consistency rule that fails; `source` is None where the merged tables fail it."""

    rule: str
    expected: str
    found: str
    explanation: str
    source: str | None


class Explanation(NamedTuple):
    """All that is known of one value: `value` is None where nothing was published."""

    role_id: str
    name: str
    metric: str
    category: str
    value: Value | None
    statements: tuple[Statement, ...]
    checks: tuple[Broken, ...]
    counts: dict[Verdict, int]
    """Statements by their verdict, and rules that fail: those that are not listed here included."""
    check_count: int


_HEADINGS: dict[Verdict, str] = {
    "for": "Pages that say so",
    "against": "Pages that say something else",
    "open": "Cells that are still open",
    "silent": "Pages without a value",
}


def render(explanation: Explanation, *, marks: Marks = ("[", "]")) -> str:
    """The explanation as text; `marks` surround what a value was read from.

    Control characters, which pages may hold to deceive a terminal, are shown as `U+202E`.
    """
    explanation = Explanation(*_visible(explanation))
    lines = [*_head(explanation)]
    for verdict, heading in _HEADINGS.items():
        statements = [statement for statement in explanation.statements if statement.verdict == verdict]
        if statements:
            count = explanation.counts[verdict]
            lines += ["", f"{heading} ({count:,})"]
            for statement in statements:
                lines += _statement(statement, "  ", marks)
            lines += _left_out(count - len(statements), "  ")
    if explanation.checks:
        lines += ["", "Rules that fail"]
        lines += [_check(check) for check in explanation.checks]
        lines += _left_out(explanation.check_count - len(explanation.checks), "  ")
    return "\n".join(lines) + "\n"


def _head(explanation: Explanation) -> Iterator[str]:
    category = f" ({explanation.category})" if explanation.category else ""
    yield f"{explanation.name}: {explanation.metric}{category}"
    value = explanation.value
    if value is None:
        silent = not any(count for verdict, count in explanation.counts.items() if verdict != "silent")
        yield f"  nothing is published: {'no page has a value' if silent else 'no statement has the last word'}"
        return
    yield f"  {shown(value.value, value.text, value.unit)}"
    as_of = f", as of {value.as_of.isoformat()}" if value.as_of else ""
    yield (
        f"  {value.method}, confidence {value.confidence:g}{as_of};"
        f" {value.agreeing_count} of {value.observation_count} observations agree, in {value.document_count} document"
        f"{'' if value.document_count == 1 else 's'}"
    )
    if value.flags:
        yield f"  flagged: {', '.join(value.flags)}"


def _statement(statement: Statement, indent: str, marks: Marks, lead: str = "") -> Iterator[str]:
    line = f":{statement.line}" if statement.line is not None else ""
    seen = f" of {statement.seen.isoformat()}" if statement.seen else ""
    why = f"; {statement.why}" if statement.why else ""
    yield f"{indent}{lead}{statement.source}{line}{seen}: {statement.method}, confidence {statement.confidence:g}{why}"
    if statement.raw is not None:
        raw = statement.raw if len(statement.raw) <= 200 else f"{statement.raw[:200]}..."
        yield f"{indent}    {statement.before}{marks[0]}{raw}{marks[1]}{statement.after}"
    for reason in statement.reasons:
        yield f"{indent}    because {reason}"
    for rejected in statement.rejected:
        what = "may be" if statement.verdict == "open" else "not"
        why = "" if statement.verdict == "open" else f": {rejected.why}"
        yield f"{indent}    {what} {marks[0]}{rejected.text}{marks[1]}{why}"
    yield from _left_out(statement.rejected_count - len(statement.rejected), f"{indent}    ")
    for origin in statement.derived_from:
        yield from _statement(origin, f"{indent}    ", marks, "from ")


def _left_out(count: int, indent: str) -> list[str]:
    return [f"{indent}... and {count:,} more; --all lists them"] if count else []


def _check(check: Broken) -> str:
    where = check.source or "the merged tables"
    return f"  {check.rule}, in {where}: expected {check.expected}, found {check.found}. {check.explanation}"


def shown(value: float | None, text: str | None, unit: str) -> str:
    """A value as people write it."""
    number = "" if value is None else f"{value:,.2f}".removesuffix(".00")
    return " ".join(part for part in (f"{text}," if text and number else text, number, unit if number else "") if part)


def _visible(part: Any) -> Any:
    """The same with all its texts printable; a line break is a space."""
    if isinstance(part, str):
        return "".join(c if c.isprintable() else " " if c in "\n\t" else f"U+{ord(c):04X}" for c in part)
    if isinstance(part, tuple):
        parts = map(_visible, part)
        return type(part)(*parts) if hasattr(part, "_fields") else tuple(parts)
    return part
