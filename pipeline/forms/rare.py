"""Rare text forms, rewritten into the common one step by step.

Each step takes one peculiarity away and leaves a text without it as it is, so that any mixture of them is read, and a tool
that nobody has seen yet mostly is. The order is from the outside to the inside: markup, characters, lines, rows, lists.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.forms.barred import unbarred
from pipeline.forms.characters import plain
from pipeline.forms.delimited import uncommaed, untabbed
from pipeline.forms.grid import ungridded
from pipeline.forms.lists import listed
from pipeline.forms.markdown import unmarked
from pipeline.forms.marked_cells import unmarked_cells
from pipeline.forms.markup import unescaped, untagged
from pipeline.forms.one_line import unjoined
from pipeline.forms.rewriting import Flat
from pipeline.forms.stacked import unstacked
from pipeline.forms.wrapped import unwrapped

Step = Callable[[str], Flat]

STEPS: tuple[tuple[str, Step], ...] = (
    ("tei", untagged),
    ("", unescaped),
    ("", plain),
    ("markdown", unmarked),
    ("", unbarred),
    ("csv", uncommaed),
    ("marked", unmarked_cells),
    ("tabbed", untabbed),
    ("padded", ungridded),
    ("wrapped", unwrapped),
    ("one_line", unjoined),
    ("lines", unstacked),
    ("", listed),
)
"""The steps in their order, and the text form that a step shows by having something to do."""
_NAMES = ("tei", "csv", "one_line", "padded", "marked", "tabbed", "lines", "markdown", "wrapped")
"""The names by how much they tell; the first one found is the form's."""


def rewritten(text: str) -> tuple[Flat, str]:
    """The text in the common form, and the name of the form that it came in, "" when no step had anything to do."""
    flat = Flat(text)
    found = set()
    for name, step in STEPS:
        outcome = step(flat.text)
        if outcome.origin is not None:
            flat = flat.then(outcome)
            found.add(name)
    return flat, next((name for name in _NAMES if name in found), "")
