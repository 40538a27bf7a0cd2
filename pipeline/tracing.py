"""What was read from a rewritten text, led back to the document's own characters and lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from pipeline.ledger import EXTRACTED, Ledger
from pipeline.model import Fact, Origin, Page, Unparsed


def traced(page: Page, document: str, ledger: Ledger, origin: Origin) -> Page:
    """The page of a rewritten text as the page of the document that the text was made from.

    A line of the document is unparsed where a row says so, extracted where it is part of a block that gave facts, and
    boilerplate otherwise; the signs that a form draws around words (tags, rules, markers) are no words.
    """
    lines = _Lines(document)
    unparsed = tuple(row for left in page.unparsed for row in _unparsed(left, document, lines, origin))
    left = {row.line for row in unparsed}
    gave = {number for number, *_ in ledger.left}
    extracted: set[int] = set()
    for number, (block, state) in enumerate(zip(ledger.blocks, ledger.state, strict=True)):
        if state == EXTRACTED or (state > EXTRACTED and number in gave):
            extracted |= lines.of(*origin.span(block.start, block.end))
    extracted -= left
    filled = lines.filled()
    return replace(
        page,
        text=document,
        facts=tuple(_fact(fact, origin) for fact in page.facts),
        unparsed=unparsed,
        lines_extracted=len(extracted),
        lines_boilerplate=filled - len(extracted) - len(left),
    )


def _fact(fact: Fact, origin: Origin) -> Fact:
    start, end = origin.span(fact.start, fact.end)
    readings = fact.readings
    if readings:
        spans = (origin.span(reading.start, reading.end) for reading in readings)
        readings = tuple(
            reading._replace(start=begin, end=stop) for reading, (begin, stop) in zip(readings, spans, strict=True)
        )
    example = origin.span(*fact.example) if fact.example else None
    return fact._replace(start=start, end=end, readings=readings, example=example)


def _unparsed(left: Unparsed, document: str, lines: _Lines, origin: Origin) -> Iterator[Unparsed]:
    """One row for every line of the document that the unparsed words stand on."""
    start, end = origin.span(left.start, left.end)
    for line, begin, stop in lines.parts(start, end):
        bare = document[begin:stop].strip()
        if bare:
            at = document.index(bare[0], begin)
            yield left._replace(line=line, start=at, end=at + len(bare))


class _Lines:
    """The lines of a document by offset."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        at = text.find("\n")
        while at != -1:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def parts(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """(line, start, end) of the parts that the lines have of a span."""
        number = bisect_right(self._starts, start) - 1
        while number < len(self._starts) and self._starts[number] < end:
            behind = self._starts[number + 1] - 1 if number + 1 < len(self._starts) else len(self._text)
            yield number + 1, max(start, self._starts[number]), min(end, behind)
            number += 1

    def of(self, start: int, end: int) -> set[int]:
        """The lines that hold words of a span."""
        return {line for line, begin, stop in self.parts(start, end) if self._text[begin:stop].strip()}

    def filled(self) -> int:
        """The number of lines that are not blank."""
        return sum(1 for _, begin, stop in self.parts(0, len(self._text)) if self._text[begin:stop].strip())
