"""Leaves: what the walk over a document tree collects, before it is written as text and blocks.

A leaf is a run of text that no element boundary of the layout parts, or a row, whose cells the markup holds apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Literal, NamedTuple

from pipeline.html.marks import SHARE, seen
from pipeline.labels import Label, label_book, label_end

Kind = Literal["text", "item", "heading", "row", "run", "menu", "empty"]
"""`run`: a row in one piece, its label in front; `empty`: a box without text, which may be an empty cell."""

_BOXES = frozenset({"text", "item", "empty"})
"""What may be the cell of a row."""
_LONGEST_NAME = 90
"""Characters of a box that heads a column, or that a share stands under."""
_NAMES = frozenset({"text", "item", "heading"})
"""What may be a name with a share under it."""
_MOST_LEAVES = 400
"""Leaves of one container that is looked through for rows."""
_LONGEST_RUN = 120
"""Characters of a sentence that may be a row; a longer one that begins with a label's words is prose."""
_GAP = " :"


class Leaf(NamedTuple):
    """One leaf; `cells` are the texts of a row's cells, label first, and of any other leaf there is one."""

    kind: Kind
    cells: tuple[str, ...]
    is_link: bool = False
    """Whether all of its text leads elsewhere."""
    label: int = 0
    """Of a text that begins with a row's label: where the label ends; of one that may be several cells :data:`GLUED`."""

    @property
    def text(self) -> str:
        """The leaf's text, cells parted by spaces."""
        return " ".join(filter(None, self.cells))

    @property
    def is_label(self) -> bool:
        """Whether the leaf is a row's label and nothing else."""
        return self.label > 0 and self.label == len(self.cells[0].rstrip(_GAP))


def in_line(text: str) -> str:
    """What a reader sees of the text, with single spaces for runs of white space, and none around it.

    Typographic spaces inside stay.
    """
    if not text.isascii():
        text = seen(text)
    if "\n" in text or "  " in text or "\t" in text or "\r" in text:
        return " ".join(text.split())
    return text.strip()


GLUED = -1
"""Instead of where a label ends: inline elements meet without a space, and the second of them may be a cell of its own."""
EMPTY = Leaf("empty", ("",))


def labelled(kind: Kind, text: str, pieces: Sequence[str], likely: Sequence[tuple[str, int]], *, is_link: bool) -> Leaf:
    """The leaf of a text that begins like one of the `likely` labels; `pieces` are its inline elements' texts."""
    stop = label_end(text, likely)
    if not stop or stop == len(text.rstrip(_GAP)):
        return Leaf(kind, (text,), is_link, stop)
    if kind == "heading":
        return Leaf(kind, (text,), is_link)
    cells = [in_line(piece) for piece in pieces]
    cells = [cell for cell in cells if cell]
    if len(cells) > 1 and all_legal(label_book().exact(cells[0].rstrip(_GAP)), cells[1:]):
        return Leaf("row", tuple(cells))
    is_prose = len(text) > _LONGEST_RUN and text[-1] in ".!?"
    return Leaf(kind, (text,), is_link) if kind == "item" or is_prose else Leaf("run", (text,), is_link, stop)


def all_legal(label: Label | None, cells: Sequence[str]) -> bool:
    """Whether the cells can be those of a row.

    A cell of words is no sentence, but for what a company says of itself, and no cell says whose it is ("Collector: Uline").
    """
    return label is not None and all(
        not cell
        or (
            label.kind.cell.fullmatch(cell)
            and ": " not in cell
            and not (label.kind.name == "words" and cell.endswith("."))
        )
        for cell in cells
    )


# --- rows of boxes -------------------------------------------------------------------------------------------------


def rows_of_boxes(leaves: list[Leaf], start: int) -> bool:
    """Turn the leaves of one container, from `start` on, into rows where labels part them evenly; False where they do not.

    That serves `<div>`s as cells, with a box around each row or without, definition lists, and lists as rows. The boxes above
    the first row, as many as it has cells, head the table; what follows the last row stays as it is.
    """
    if len(leaves) - start > _MOST_LEAVES:
        return False
    found: list[Leaf] = []
    has_rows = False
    for is_box, group in groupby(leaves[start:], lambda leaf: leaf.kind in _BOXES or leaf.is_label):
        boxes = list(group)
        rows = _rows(boxes) if is_box else []
        has_rows = has_rows or bool(rows)
        found += rows or boxes
    if has_rows:
        leaves[start:] = found
    return has_rows


def _rows(boxes: Sequence[Leaf]) -> list[Leaf]:
    """The boxes with the rows that labels part evenly; empty where they do not."""
    labels = [number for number, box in enumerate(boxes) if box.is_label]
    if not labels:
        return []
    widths = [below - above for above, below in pairwise([*labels, len(boxes)])]
    width = widths[0]
    if width < 2 or any(other != width for other in widths[:-1]) or widths[-1] < width:
        return []
    if any(box.label == GLUED for number in labels for box in boxes[number + 1 : number + width]):
        return []  # a name and its value ("Collector" and "Uline") are no cell
    rows = [_row(boxes[number : number + width]) for number in labels]
    legal = [all_legal(label_book().exact(row.cells[0].rstrip(_GAP)), row.cells[1:]) for row in rows]
    if 2 * sum(legal) < len(legal):
        return []  # labels above paragraphs
    behind = labels[-1] + width
    if behind < len(boxes) and all_legal(label_book().exact(rows[-1].cells[0].rstrip(_GAP)), [boxes[behind].text]):
        return []  # a cell too many
    above = _header(boxes[: labels[0]], width)
    head = [_head(above, width)] if above else []
    return [*boxes[: labels[0] - len(above)], *head, *rows, *boxes[behind:]]


def head_rows_of_boxes(leaves: list[Leaf], start: int) -> None:
    """Turn the boxes above the first row of a container into the row that heads the table."""
    first = next((number for number in range(start, len(leaves)) if leaves[number].kind == "row"), start)
    above = _header(leaves[start:first], len(leaves[first].cells)) if first > start else []
    if above:
        leaves[first - len(above) : first] = [_head(above, len(leaves[first].cells))]


def _header(above: Sequence[Leaf], width: int) -> Sequence[Leaf]:
    """The leaves that head a table of that width: one a column, the first one empty or left out; boxes of nothing do not."""
    if any(leaf.kind not in _BOXES or len(leaf.text) > _LONGEST_NAME for leaf in above[-width:]):
        return []
    if not any(leaf.text for leaf in above[-width:]):
        return []
    if len(above) >= width and not above[-width].text:
        return above[-width:]
    return above if len(above) == width - 1 and all(leaf.text for leaf in above) else []


def _head(above: Sequence[Leaf], width: int) -> Leaf:
    return _row(above if len(above) == width else [EMPTY, *above])


def _row(leaves: Sequence[Leaf]) -> Leaf:
    return Leaf("row", tuple(leaf.text for leaf in leaves))


# --- shares --------------------------------------------------------------------------------------------------------


def with_share(leaves: list[Leaf]) -> list[Leaf]:
    """The leaves of a box with the share that stands under a name on the name's line; as they are where it is no such box.

    Cards of skills are such boxes: the name, its share, and a sentence perhaps.
    """
    name, share = leaves[0], leaves[1]
    if name.kind not in _NAMES or share.kind not in _BOXES or name.label or not SHARE.fullmatch(share.text):
        return leaves
    if any(character.isdigit() for leaf in (name, *leaves[2:]) for character in leaf.text[-2:]):
        return leaves  # more figures than one: a row
    if (
        any(leaf.kind != "text" for leaf in leaves[2:])
        or len(name.text) > _LONGEST_NAME
        or not name.text[-1:].isalnum()
    ):
        return leaves
    kind = share.kind if share.kind == "item" else name.kind  # in an item the heading leaves it to what follows
    return [Leaf(kind, (f"{name.text} {share.text}",)), *leaves[2:]]


# --- lists that lead elsewhere -------------------------------------------------------------------------------------

_FEWEST_LINKS = 3
_WORDS_OF_A_SENTENCE = 5
"""Names of companies end in a full stop too."""


def is_menu(leaves: Sequence[Leaf]) -> bool:
    """Whether a list is a menu: nothing but links, and no figure or sentence in them, which a list of facts would have."""
    return (
        len(leaves) >= _FEWEST_LINKS
        and any(leaf.is_link for leaf in leaves)
        and all(leaf.is_link or leaf.kind == "empty" for leaf in leaves)
        and not any(character.isdigit() for leaf in leaves for character in leaf.text)
        and not any(leaf.text[-1:] == "." and leaf.text.count(" ") >= _WORDS_OF_A_SENTENCE for leaf in leaves)
    )
