"""The labels of table rows (vocabulary/labels.toml) and how to find one at the start of a line."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from pipeline.kinds import KINDS, Kind
from pipeline.vocabulary import load

_PREFIX = 5
"""Characters by which labels are looked up; every label is longer."""


class Label(NamedTuple):
    """A row's label: the metrics that its cells state, and what a cell can look like."""

    text: str
    metrics: tuple[str, ...]
    kind: Kind


class LabelBook:
    """All labels, by their first characters in lower case."""

    def __init__(self) -> None:
        self._by_prefix: dict[str, list[Label]] = {}
        for entry in load("labels")["label"]:
            text = entry["text"].lower()
            label = Label(text, tuple(entry["metric"]), KINDS[entry["kind"]])
            self._by_prefix.setdefault(text[:_PREFIX], []).append(label)
        for labels in self._by_prefix.values():
            labels.sort(key=lambda label: -len(label.text))
        self._by_text = {label.text: label for labels in self._by_prefix.values() for label in labels}

    def texts(self) -> list[str]:
        """All labels in lower case, longest first."""
        return sorted(self._by_text, key=lambda text: (-len(text), text))

    def exact(self, text: str) -> Label | None:
        """The label that `text` is, case aside."""
        return self._by_text.get(text.lower())

    def find(self, text: str, start: int, end: int) -> Label | None:
        """The longest label that `text[start:end]` begins with, case aside."""
        candidates = self._by_prefix.get(text[start : start + _PREFIX].lower())
        for label in candidates or ():
            stop = start + len(label.text)
            if stop <= end and text[start:stop].lower() == label.text:
                return label
        return None


@cache
def label_book() -> LabelBook:
    """The labels of the vocabulary."""
    return LabelBook()
