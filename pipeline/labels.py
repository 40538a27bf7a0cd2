"""The labels of table rows (vocabulary/labels.toml) and how to find one at the start of a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.kinds import KINDS, Kind
from pipeline.tables import METRIC_UNITS
from pipeline.text import fold
from pipeline.vocabulary import each

PREFIX = 5
"""Characters by which labels are looked up; every label is longer."""


@dataclass(frozen=True, slots=True)
class Label:
    """A row's label: the metrics that its cells state, and what a cell can look like."""

    text: str
    metrics: tuple[str, ...]
    units: tuple[str, ...]
    """The units of the metrics' values."""
    kind: Kind


def _label(entry: dict[str, Any]) -> Label:
    kind, metrics = entry["kind"], tuple(entry["metric"])
    if kind not in KINDS:
        raise ValueError(f"no kind {kind!r}; there are: {', '.join(KINDS)}")
    unknown = [metric for metric in metrics if metric not in METRIC_UNITS]
    if unknown or isinstance(entry["metric"], str):
        raise ValueError(f"metric = {entry['metric']!r}: a list of metrics of the tables is needed")
    return Label(entry["text"].lower(), metrics, tuple(METRIC_UNITS[metric] for metric in metrics), KINDS[kind])


class LabelBook:
    """All labels, by their first characters in lower case."""

    def __init__(self) -> None:
        self.by_prefix: dict[str, list[Label]] = {}
        """The labels by their first five characters, longest first."""
        for label in each("labels", _label):
            self.by_prefix.setdefault(label.text[:PREFIX], []).append(label)
        for labels in self.by_prefix.values():
            labels.sort(key=lambda label: -len(label.text))
        self.ends_by_prefix = {
            prefix: [(label.text, len(label.text)) for label in labels] for prefix, labels in self.by_prefix.items()
        }
        self._by_text = {label.text: label for labels in self.by_prefix.values() for label in labels}

    def texts(self) -> list[str]:
        """All labels in lower case, longest first."""
        return sorted(self._by_text, key=lambda text: (-len(text), text))

    def exact(self, text: str) -> Label | None:
        """The label that `text` is: case, typographic spaces and a colon behind it aside."""
        label = self._by_text.get(text.lower())
        return label if label is not None else self._by_text.get(fold(text).rstrip(" :").lower())

    def find(self, text: str, start: int, end: int) -> Label | None:
        """The longest label that `text[start:end]` begins with, case aside."""
        candidates = self.by_prefix.get(text[start : start + PREFIX].lower())
        for label in candidates or ():
            stop = start + len(label.text)
            if stop <= end and text[start:stop].lower() == label.text:
                return label
        return None


def label_end(line: str, likely: Sequence[tuple[str, int]] | None = None) -> int:
    """Where the label ends that `line` begins with, case aside; 0 when it begins with none.

    `likely` are the labels, with their lengths, that have the line's first characters.
    """
    for text, length in label_book().ends_by_prefix.get(line[:PREFIX].lower(), ()) if likely is None else likely:
        if line.startswith(text[1:], 1) or line[:length].lower() == text:
            return length
    return 0


@cache
def label_book() -> LabelBook:
    """The labels of the vocabulary."""
    return LabelBook()
