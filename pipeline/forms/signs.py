"""What the lines of a page show of the text form that it came in."""

from __future__ import annotations

import re

_WRAPPED_LINES = 2
"""Lines that begin in lower case below one that ends inside a sentence: a page that is not wrapped has one or none."""
_STACKED_LABELS = 2
"""Labels alone on their lines: a page whose rows are whole has none, and one may be a heading."""
_SAMPLED_ITEMS = 2
"""Skills with their sentence behind them: a page's list has six, and one may be a responsibility that looks like it."""
_UNMARKED_LINES = 10
"""Short lines that end no sentence: a page that kept its markers, or lost its headings, has fewer."""

# The line break comes first, and the end above is looked back for: a literal is searched for ten times as fast as a choice.
_HANGS = re.compile(r"\n {4}(?=[^\W\d_])(?<=[^.:!?%\"\n ]\n {4})")

_COMMON_LABELS = ("Yearly salary", "Average salary", "Most common degree", "Average age")
"""The first labels of the four tables of a comparison page."""


class Signs:
    """Counts of what the common pass met."""

    __slots__ = (
        "bare_labels",
        "barred_cells",
        "bullets",
        "comma_labels",
        "dashes",
        "glued_rows",
        "headings",
        "lone_marks",
        "long_lines",
        "lower_lines",
        "marked_labels",
        "padded_labels",
        "pipe_rows",
        "sampled_items",
        "short_lines",
        "spaced_labels",
        "tab_rows",
    )

    def __init__(self) -> None:
        self.bare_labels = self.comma_labels = self.spaced_labels = self.padded_labels = self.glued_rows = (
            self.marked_labels
        ) = 0
        self.pipe_rows = self.tab_rows = self.barred_cells = 0
        self.bullets = self.dashes = self.lone_marks = self.sampled_items = self.headings = 0
        self.lower_lines = self.long_lines = self.short_lines = 0

    def label(self, bare: str, stop: int) -> str:
        """Note a line that begins with a label which ends at `stop`; what stands between its cells as far as it shows."""
        following = bare[stop : stop + 1]
        if following == " ":
            if "  " in bare[stop:]:
                self.padded_labels += 1
            elif bare.find(" ", stop + 1) != -1:
                self.spaced_labels += 1
                return " "
        elif following == ",":
            self.comma_labels += 1
        elif bare[stop:].strip(":"):
            self.glued_rows += 1
            self.marked_labels += not (following.isalnum() or following == ":")
        else:
            self.bare_labels += 1
        return ""

    def item(self, marker: str) -> None:
        """Note an item with its marker."""
        if marker == "•":
            self.bullets += 1
        else:
            self.dashes += 1

    @property
    def unmarked(self) -> bool:
        """Whether items may have lost their markers."""
        rows = self.glued_rows + self.pipe_rows + self.bare_labels + self.spaced_labels
        return self.short_lines >= _UNMARKED_LINES and not (self.bullets or self.dashes or rows)

    @property
    def rare(self) -> bool:
        """Whether the page shows signs of a form that must be rewritten first."""
        return bool(
            self.comma_labels
            or self.spaced_labels
            or self.padded_labels
            or self.marked_labels
            or self.tab_rows
            or self.long_lines
            or self.lone_marks
            or self.sampled_items >= _SAMPLED_ITEMS
            or self.barred_cells >= _STACKED_LABELS
            or self.bare_labels >= _STACKED_LABELS
            or self.lower_lines >= _WRAPPED_LINES
            or self.unmarked
        )

    def hides_rows(self, text: str) -> bool:
        """Whether the text holds labels of rows and no line begins with one, as where a table is on one line."""
        rows = self.glued_rows + self.pipe_rows + self.tab_rows
        return not rows and any(label in text for label in _COMMON_LABELS)

    def form(self) -> str:
        """The name of a form that needs no rewriting."""
        if self.headings:
            return "markdown"
        if self.pipe_rows:
            return "pipe"
        if self.bullets or self.dashes:
            return "dashed" if self.dashes > self.bullets else "bulleted"
        if self.glued_rows:
            return "glued"
        return "lines" if self.unmarked else "stripped"


def hangs(text: str) -> bool:
    """Whether an indented line may go on with the line above, which ends inside a sentence."""
    return _HANGS.search(text) is not None


def has_markup(text: str) -> bool:
    """Whether the text may hold tags, character references, or Markdown's links, emphasis, escapes and attributes."""
    # One character is found many times as fast as two, and most pages hold none of these.
    return (
        "\\" in text
        or ("<" in text and "</" in text)
        or ("]" in text and "](" in text)
        or ("*" in text and "**" in text)
        or ("&" in text and ";" in text)
        or ("{" in text and "}" in text)
    )
