"""Compares what the product made of a text with the answers of :mod:`benchmarks.pagegen.expected`.

Of the product only the types of its model are used, so that truth and parser stay apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from html import unescape
from typing import TYPE_CHECKING

from benchmarks.pagegen.expected import Expected, OpenCells
from benchmarks.pagegen.facts import Stated

if TYPE_CHECKING:
    from pipeline.model import Fact
    from pipeline.model import Page as ParsedPage


Key = tuple[object, ...]
_RANKED = frozenset({"skills", "responsibilities"})
_ANY_CASE = frozenset({"skills", "roles"})
"""Tables whose words are in the case of wherever the page says them."""
_PLAIN = re.compile(r"\s+")


def _text(table: str, text: str | None) -> str | None:
    if text is None:
        return None
    plain = _PLAIN.sub(" ", text).strip()
    return plain.casefold() if table in _ANY_CASE else plain


def key(fact: Fact | Stated) -> Key:
    """All that makes a fact right or wrong; a missing value and a value of 0 are different things."""
    value = None if fact.value is None else round(fact.value, 4) + 0.0
    text = _text(fact.table, fact.text)
    if fact.field in {"best_paying_industry", "hiring_company_jobs"} and text is not None:
        text = text.casefold()
    rank = fact.rank if fact.table in _RANKED else None
    return fact.table, fact.role_id, fact.field, fact.category.casefold(), fact.other_role_id, value, text, rank


def _show(one: Key) -> str:
    table, role, field, category, other, value, text, rank = one
    parts = [f"{table}.{field} of {role}"]
    parts += [f"({category})"] if category else []
    parts += [f"against {other}"] if other else []
    parts += [f"= {value!r}"] if value is not None or text is None else []
    parts += [repr(text)] if text is not None else []
    parts += [f"rank {rank}"] if rank else []
    return " ".join(parts)


def wrong_facts(page: ParsedPage, answers: Expected) -> list[str]:
    """Published facts that the page does not state: there must be none, ever."""
    true = Counter(key(fact) for fact in (*answers.stated, *answers.optional))
    true.update(key(fact) for row in answers.open for cell in row.truth for fact in cell)
    found = Counter(key(fact) for fact in page.facts if not fact.readings)
    # Optional facts may come from more than one clause of a page.
    repeatable = {key(fact) for fact in answers.optional}
    return [
        f"wrong: {_show(one)}" if one not in true else f"too often: {_show(one)}"
        for one in found
        if one not in true or (found[one] > true[one] and one not in repeatable)
    ]


def missing_facts(page: ParsedPage, answers: Expected) -> list[str]:
    """Facts that the text states in so many words and that were not published."""
    found = Counter(key(fact) for fact in page.facts if not fact.readings)
    stated = Counter(map(key, answers.stated))
    return [f"missing: {_show(one)}" for one in stated if found[one] < stated[one]]


def open_cells(page: ParsedPage, answers: Expected) -> list[str]:
    """Errors about cells that glue leaves open: the truth is published, or among the alternatives."""
    problems: list[str] = []
    published = {key(fact) for fact in page.facts if not fact.readings}
    left = {(fact.role_id, fact.field, fact.rank): fact for fact in page.facts if fact.readings}
    for row in answers.open:
        for column, cell in enumerate(row.truth):
            truth = cell[0]
            fact = left.pop((truth.role_id, truth.field, None), None)
            if key(truth) in published:
                continue
            if fact is None:
                problems.append(f"open cell lost: {_show(key(truth))} in {row.run!r}")
            else:
                problems += _readings(fact, truth, row, column)
    return problems + [f"needlessly open: {one.field} of {one.role_id}" for one in _needless(left.values(), answers)]


def _needless(left: Iterable[Fact], answers: Expected) -> list[Fact]:
    """Open facts, none of whose readings is one of the statements that readers could differ about."""
    # A company's name is the category of its count, and the text of a reading that is still open.
    doubtful = {
        (fact.role_id, fact.field, fact.value, _text(fact.table, fact.text or fact.category or None))
        for fact in answers.optional
    }
    return [
        fact
        for fact in left
        if not any(
            (fact.role_id, fact.field, reading.value, _text(fact.table, reading.text)) in doubtful
            for reading in fact.readings
        )
    ]


def _number(cell: str) -> float | None:
    return None if cell == "-" else float(cell.replace(",", ""))


def _readings(fact: Fact, truth: Stated, row: OpenCells, column: int) -> list[str]:
    given = {(reading.value, _text("metrics", reading.text)) for reading in fact.readings}
    if (truth.value, _text("metrics", truth.text)) not in given:
        return [f"truth is no alternative: {_show(key(truth))} in {row.run!r}, given {sorted(map(str, given))}"]
    if row.is_words:
        return []
    legal = {(_number(cut[column]), None) for cut in row.readings}
    return [] if given == legal else [f"readings of {row.run!r} differ: {given} is not {legal}"]


_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d+)?")


def evidence(page: ParsedPage) -> list[str]:
    """Facts whose characters do not say what the fact says."""
    problems = []
    for fact in page.facts:
        raw = page.text[fact.start : fact.end]
        if not 0 <= fact.start < fact.end <= len(page.text):
            problems.append(f"span outside the text: {_show(key(fact))}")
        elif fact.readings or fact.table not in {"metrics", "comparisons"}:
            continue
        elif fact.value is None and fact.text is None and raw != "-":
            problems.append(f"null from {raw!r}: {_show(key(fact))}")
        elif fact.value is not None and not fact.field.startswith("time_to_become"):
            amounts = _AMOUNT.findall(raw)
            if len(amounts) != 1 or abs(float(amounts[0].replace(",", "")) - abs(fact.value)) > 1e-9:
                problems.append(f"raw {raw!r} is not {fact.value}: {_show(key(fact))}")
    return problems


def balance(page: ParsedPage) -> list[str]:
    """Lines are extracted, boilerplate or unparsed: each exactly one of the three."""
    lines = sum(bool(line.strip()) for line in page.text.split("\n"))
    unparsed = len({left.line for left in page.unparsed})
    total = page.lines_extracted + page.lines_boilerplate + unparsed
    return [] if total == lines else [f"{lines} lines, but {total} accounted for"]


def left_over(page: ParsedPage, signs: Iterable[str] = "$%") -> list[str]:
    """Unparsed text that seems to hold a fact."""
    texts = [page.text[left.start : left.end] for left in page.unparsed]
    return [f"unparsed: {text[:120]!r}" for text in texts if any(sign in text for sign in signs)]


def _plain(example: str) -> str:
    return _PLAIN.sub(" ", unescape(example)).strip(" .")


def examples(page: ParsedPage, answers: Expected) -> list[str]:
    """Resume sentences under skills that are missing or differ from the page's."""
    true = {key(fact): fact.example for fact in answers.stated if fact.example is not None}
    given: dict[Key, list[str]] = {}
    for fact in page.facts:
        if fact.example is not None and key(fact) in true:
            given.setdefault(key(fact), []).append(_plain(page.text[slice(*fact.example)]))
    return [
        f"example of {_show(one)}: {given.get(one)} is not {wanted!r}"
        for one, wanted in true.items()
        if not given.get(one) or any(found != wanted.strip(" .") for found in given[one])
    ]


def mismatches(page: ParsedPage, answers: Expected) -> list[str]:
    """Everything that is wrong with what the product made of a text; [] is the only good answer."""
    if page.page_kind != answers.page_kind:
        return [f"page kind {page.page_kind!r} is not {answers.page_kind!r}"]
    problems = [] if page.updated_on == answers.updated_on else [f"updated {page.updated_on}, not {answers.updated_on}"]
    return [
        *problems,
        *wrong_facts(page, answers),
        *missing_facts(page, answers),
        *open_cells(page, answers),
        *evidence(page),
        *examples(page, answers),
        *balance(page),
    ]
