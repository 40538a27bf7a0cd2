"""Rewriting a text without losing where its characters come from.

Rare text forms are first rewritten into the common one: one block a line, cells parted by a tab. Every step is a function
from a text to a :class:`Flat`, steps are chained, and what is read from the last text is led back to the document's own
characters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Segment(NamedTuple):
    """A run of a rewritten text, and the run of the text before that it stands for.

    A kept run has the characters of the text before, one by one; any other stands as a whole for what it replaced, which may
    be nothing.
    """

    start: int
    end: int
    source_start: int
    source_end: int
    kept: bool


Edit = tuple[int, int, str]
"""(start, end, what stands there instead)."""


def each_line(text: str) -> Iterator[tuple[int, str]]:
    """Every line and where it starts, in order; the last one may be empty."""
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


class Origin:
    """Where the characters of a rewritten text come from."""

    __slots__ = ("_segments", "_starts")

    def __init__(self, segments: list[Segment]) -> None:
        self._segments = segments
        self._starts = [segment.start for segment in segments]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters that `start:end` of the rewritten text comes from."""
        first, last = self._at(start), self._at(max(start + 1, end) - 1)
        begin = first.source_start + min(start, first.end) - first.start if first.kept else first.source_start
        stop = last.source_start + min(max(start + 1, end), last.end) - last.start if last.kept else last.source_end
        return begin, max(begin, stop)

    def _at(self, offset: int) -> Segment:
        return self._segments[self._number(offset)]

    def _number(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)

    def after(self, first: Origin) -> Origin:
        """The origin through two steps: this one was made from the text that `first` describes."""
        segments: list[Segment] = []
        for segment in self._segments:
            if segment.kept:
                segments += first._moved(segment)
            else:
                begin, end = segment.source_start, segment.source_end
                span = first.span(begin, end)
                segments.append(segment._replace(source_start=span[0], source_end=span[1] if end > begin else span[0]))
        return Origin(segments)

    def _moved(self, segment: Segment) -> Iterator[Segment]:
        """The segments behind a kept run, where that run stands now."""
        shift = segment.start - segment.source_start
        at = segment.source_start
        number = self._number(at)
        while at < segment.source_end:
            here = self._segments[number]
            stop = min(here.end, segment.source_end)
            if here.kept:
                source = here.source_start + at - here.start
                yield Segment(at + shift, stop + shift, source, source + stop - at, True)
            elif stop > at:
                yield here._replace(start=at + shift, end=stop + shift)
            at = stop
            number += 1

    def restore(self, text: str, source: str) -> str:
        """`text`, whose origin this is, with the characters of `source` where they were kept."""
        return "".join(
            source[segment.source_start : segment.source_end] if segment.kept else text[segment.start : segment.end]
            for segment in self._segments
        )


class Flat(NamedTuple):
    """A rewritten text; no origin means that nothing was changed."""

    text: str
    origin: Origin | None = None

    def then(self, step: Flat) -> Flat:
        """The outcome of a step that was made from this text."""
        if step.origin is None:
            return self
        return Flat(step.text, step.origin if self.origin is None else step.origin.after(self.origin))


class Rewriting:
    """Builds a :class:`Flat` from kept runs of a text and words put between them."""

    __slots__ = ("_length", "_parts", "_segments", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._parts: list[str] = []
        self._segments: list[Segment] = []
        self._length = 0

    def keep(self, start: int, end: int) -> None:
        """Keep `text[start:end]`."""
        if end > start:
            self._add(self._text[start:end], start, end, kept=True)

    def put(self, words: str, start: int, end: int) -> None:
        """Put `words` in place of `text[start:end]`."""
        if words:
            self._add(words, start, end, kept=False)

    def _add(self, words: str, start: int, end: int, *, kept: bool) -> None:
        length = self._length + len(words)
        self._segments.append(Segment(self._length, length, start, end, kept))
        self._parts.append(words)
        self._length = length

    def done(self) -> Flat:
        """What was built."""
        return Flat("".join(self._parts), Origin(self._segments or [Segment(0, 0, 0, 0, True)]))


def edited(text: str, edits: Iterable[Edit]) -> Flat:
    """The text with the given edits, which must not overlap; the text itself when there are none."""
    ordered = sorted(edits)
    if not ordered:
        return Flat(text)
    rewriting = Rewriting(text)
    at = 0
    for start, end, words in ordered:
        if start < at:
            continue
        rewriting.keep(at, start)
        rewriting.put(words, start, end)
        at = end
    rewriting.keep(at, len(text))
    return rewriting.done()
