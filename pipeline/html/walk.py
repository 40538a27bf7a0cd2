"""One walk over the document tree of a page, which collects its leaves in the order of the page.

What becomes of an element says :mod:`pipeline.html.elements`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from selectolax.lexbor import LexborNode

from pipeline.html.elements import (
    ASIDE,
    BLOCK,
    BREAK,
    CELL,
    HEADING,
    INLINE,
    ITEM,
    LINES,
    LINK,
    LIST,
    MENU,
    PARTS,
    RAISED,
    ROW,
    SKIP,
    STRUCK,
    TABLE,
    TEXT,
)  # fmt: skip
from pipeline.html.leaves import (
    EMPTY,
    GLUED,
    Kind,
    Leaf,
    head_rows_of_boxes,
    in_line,
    is_menu,
    labelled,
    rows_of_boxes,
    with_share,
)
from pipeline.html.marks import (
    LONGEST_STRUCK,
    PICTURES,
    is_anchor,
    is_glued,
    marker_end,
    once,
    raised,
    share_apart,
    unnumbered,
    without_picture,
)
from pipeline.html.menus import MENU_GAP, holds_content, is_in_article, menu_text
from pipeline.html.tables import LONGEST_CELL, MOST_LEAVES, Cell, cell, plain_table, table_leaves
from pipeline.labels import PREFIX, label_book, label_end

_DEEPEST_TABLE = 16
"""Tables inside each other; what is deeper is one text."""
_DONE = object()
"""Instead of what the end of an element needs to know: there is nothing inside to walk over."""

Saved = Any
"""What the end of an element needs to know of its beginning."""


class Walk:
    """One walk; `leaves` are those of the page, or of the table cell that the walk is in."""

    __slots__ = ("_box_row", "_kind", "_label", "_labels", "_links", "_plain", "_struck", "_tables", "_words", "leaves")

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self._kind: Kind = "text"
        """What the next leaf is."""
        self._label = -1
        """The number of the last leaf that is nothing but a row's label."""
        self._box_row = -1
        """The number of the last row made of boxes whose header has not been looked for."""
        self._words: list[str] = []
        """The text since the last boundary."""
        self._plain = False
        """Whether some of it is outside of links."""
        self._links = 0
        self._struck = 0
        """Elements around that strike out too much to be passed by."""
        self._tables: list[list[list[Cell]]] = []
        self._labels = label_book().ends_by_prefix

    def run(self, above: LexborNode) -> list[Leaf]:
        """The leaves below an element."""
        words, parts = self._words, PARTS
        stack: list[tuple[LexborNode | None, int, Saved]] = []
        node = above.first_child
        while node is not None or stack:
            if node is None:
                node, part, saved = stack.pop()
                if part == BLOCK:
                    if words or len(self.leaves) != saved + 1:
                        self._end_block(saved)
                elif part:
                    _END[part](self, saved)
                continue
            tag = node.tag_id
            if tag == TEXT:
                self._text(node.text_content or "", is_link=self._links > 0)
                node = node.next
                continue
            part = parts.get(tag, INLINE)
            if part == SKIP:
                node = node.next
                continue
            child = node.first_child
            if part <= CELL and child is not None and child.next is None and child.tag_id == TEXT:
                # Most elements hold nothing but a text; there is no need to walk into them.
                self._sole(part, node, child.text_content or "")
                node = node.next
                continue
            saved = len(self.leaves) if part == BLOCK and not words else _BEGIN[part](self, node) if part else None
            if saved is _DONE:
                node = node.next
            else:
                stack.append((node.next, part, saved))
                node = child
        self._flush()
        return self.leaves

    # --- text ------------------------------------------------------------------------------------------------------

    def _text(self, text: str, *, is_link: bool) -> None:
        if not text.isspace():
            self._words.append(text)
            self._plain = self._plain or not is_link
        elif self._words:
            self._words.append(" ")

    def _sole(self, part: int, node: LexborNode, text: str) -> None:
        """An element that holds nothing but a text."""
        if part < BLOCK:
            is_link = part == LINK or self._links > 0
            if (part > LINK or (is_link and self._kind == "heading")) and not (
                text := self._shown(part, text, is_link=is_link)
            ):
                return
            self._text(text, is_link=is_link)
            return
        if self._words:
            self._flush()
        text = in_line(text)
        if part == CELL and self._is_in_row():
            self._cell(node, text, ())
        elif not text:
            self.leaves.append(EMPTY)
        else:
            kind: Kind = "item" if part == ITEM else "heading" if part == HEADING else self._kind
            if not text[0].isalpha():
                kind, text = self._unmarked(kind, text)
                if not text:
                    return
            likely = self._labels.get(text[:PREFIX].lower())
            if likely is None:
                self.leaves.append(_new(Leaf, (kind, (text,), self._links > 0, 0)))
            else:
                self._labelled(kind, text, (text,), likely, is_link=self._links > 0)
            if part != HEADING:
                self._kind = "text"

    def _shown(self, part: int, text: str, *, is_link: bool) -> str:
        """What a raised or struck out text, or a link in a heading, adds to the words before it."""
        if part == RAISED:
            return raised("".join(self._words[-2:]), text, is_link=is_link)
        if part == STRUCK:
            return "" if len(text) <= LONGEST_STRUCK else text
        return "" if is_anchor(text) else text

    def _flush(self) -> None:
        """End the leaf that is being read, if there is one."""
        words = self._words
        if words:
            if len(words) == 1:
                text = in_line(words[0])
            elif self._kind == "heading":
                text = in_line("".join(once(words)))
            else:
                text = in_line("".join(words if len(words) != 2 else share_apart(words)))
            if not text:
                words.clear()
                self._plain = False
                return
            kind, is_link = self._kind, not self._plain
            if not text[0].isalpha():
                kind, text = self._unmarked(kind, text)
                if not text:
                    words.clear()
                    self._plain = False
                    return
            likely = self._labels.get(text[:PREFIX].lower())
            if likely is None:
                stop = GLUED if len(words) > 1 and is_glued(words) else 0
                self.leaves.append(_new(Leaf, (kind, (text,), is_link, stop)))
            else:
                self._labelled(kind, text, words, likely, is_link=is_link)
            words.clear()
            self._plain = False
            if kind == "item":
                self._kind = "text"

    def _unmarked(self, kind: Kind, text: str) -> tuple[Kind, str]:
        """What an item, heading or text is, and its text without marker or number; "" for the marker of what follows."""
        if kind != "heading" and (end := marker_end(text)):
            if end == len(text):
                return kind, "" if kind == "item" else text
            return "item", text[end:]
        shown = without_picture(text) if text[0] >= PICTURES else text
        if kind == "text":
            return kind, shown if shown is not text and label_end(shown) else text
        return kind, unnumbered(shown)

    def _labelled(
        self, kind: Kind, text: str, words: Sequence[str], likely: Sequence[tuple[str, int]], *, is_link: bool
    ) -> None:
        leaf = labelled(kind, text, words, likely, is_link=is_link)
        if leaf.is_label:
            self._label = len(self.leaves)
        elif leaf.kind == "row":
            self._box_row = len(self.leaves)
        self.leaves.append(leaf)

    # --- blocks ----------------------------------------------------------------------------------------------------

    def _begin_block(self, _: LexborNode) -> Saved:
        if self._words:
            self._flush()
        return len(self.leaves)

    def _end_block(self, mark: Saved) -> None:
        if self._words:
            self._flush()
        count = len(self.leaves) - mark
        if not count:
            self.leaves.append(EMPTY)
        elif count > 1:
            if self._label >= mark:
                self._rows_of_boxes(mark)
            elif self._box_row > mark:
                head_rows_of_boxes(self.leaves, mark)
                self._box_row = -1
            elif count < 4 and self.leaves[mark + 1].cells[0][-1:] == "%":
                self.leaves[mark:] = with_share(self.leaves[mark:])

    def _rows_of_boxes(self, mark: int) -> None:
        if rows_of_boxes(self.leaves, mark):
            self._label = -1
            if self.leaves[mark].kind == "row":
                self._box_row = mark

    def _begin_kind(self, kind: Kind) -> Saved:
        """A block whose first leaf is of a kind."""
        self._flush()
        self._kind = kind
        return len(self.leaves)

    def _end_kind(self, mark: Saved) -> None:
        self._end_block(mark)
        self._kind = "text"

    def _end_list(self, mark: Saved) -> None:
        self._flush()
        listed = self.leaves[mark:]
        if is_menu(listed):
            self.leaves[mark:] = [Leaf("menu", (MENU_GAP.join([leaf.text for leaf in listed if leaf.text]),))]
        else:
            self._end_block(mark)

    def _link(self, step: int) -> Saved:
        self._links += step

    def _raised(self, node: LexborNode) -> Saved:
        """A `<sup>` with elements in it: text on its line, or the mark of a footnote."""
        is_link = self._links > 0 or node.css_first("a") is not None
        self._text(raised("".join(self._words[-2:]), node.text(), is_link=is_link), is_link=is_link)
        return _DONE

    def _begin_struck(self, node: LexborNode) -> Saved:
        """What the page takes back; where an end tag is missing it would be the rest of the page."""
        if not self._struck and len(node.text()) <= LONGEST_STRUCK:
            return _DONE
        self._struck += 1
        return None

    def _end_struck(self, _: Saved) -> None:
        self._struck -= 1

    def _break(self, _: LexborNode) -> Saved:
        self._flush()
        return _DONE

    def _lines(self, node: LexborNode) -> Saved:
        """Preformatted text: a leaf for each of its lines."""
        self._flush()
        for line in node.text().split("\n"):
            if line:
                self._text(line, is_link=False)
                self._flush()
        return _DONE

    # --- tables ----------------------------------------------------------------------------------------------------

    def _begin_table(self, node: LexborNode) -> Saved:
        self._flush()
        if not self._tables:
            rows = plain_table(node.html or "")
            if rows is not None:
                self.leaves += rows
                return _DONE
        elif len(self._tables) > _DEEPEST_TABLE:
            self._text(node.text(separator=" "), is_link=False)
            return _DONE
        self._tables.append([])
        return None

    def _end_table(self, _: Saved) -> None:
        self._flush()
        self.leaves.extend(table_leaves(self._tables.pop()))

    def _begin_row(self, _: LexborNode) -> Saved:
        self._flush()
        if self._tables:
            self._tables[-1].append([])

    def _is_in_row(self) -> bool:
        """Whether a cell has a row; in a formula (`<math><td>`) it has none, and is a box like others."""
        return bool(self._tables and self._tables[-1])

    def _begin_cell(self, node: LexborNode) -> Saved:
        if not self._is_in_row():
            return self._begin_block(node)
        self._flush()
        outer = self.leaves, self._kind, self._label, self._box_row, node
        self.leaves, self._kind, self._label, self._box_row = [], "text", -1, -1
        return outer

    def _end_cell(self, outer: Saved) -> None:
        if isinstance(outer, int):
            self._end_block(outer)
            return
        if len(self._words) > 1:
            self._words[:] = once(self._words)
        self._flush()
        leaves = [leaf for leaf in self.leaves if leaf.kind != "empty"]
        self.leaves, self._kind, self._label, self._box_row, node = outer
        text = " ".join(once([leaf.text[:LONGEST_CELL] for leaf in leaves[:MOST_LEAVES]]))
        self._cell(node, text, leaves)

    def _cell(self, node: LexborNode, text: str, leaves: Sequence[Leaf]) -> None:
        row = self._tables[-1][-1]
        if text[:1] >= PICTURES and not row and label_end(shown := without_picture(text)):
            text = shown
        row.append(cell(text, leaves, node.attributes))

    # --- around the page -------------------------------------------------------------------------------------------

    def _aside(self, node: LexborNode) -> Saved:
        """A footer or an aside: of the whole page, or of an article, where it may be part of the content."""
        return self._begin_block(node) if is_in_article(node) else self._menu(node)

    def _menu(self, node: LexborNode) -> Saved:
        if holds_content(node):
            return self._begin_block(node)
        if self._words:
            self._flush()
        text = menu_text(node)
        self.leaves.append(Leaf("menu", (text,)) if text else EMPTY)
        return _DONE


_new = tuple.__new__
_BEGIN: dict[int, Callable[[Walk, LexborNode], Saved]] = {
    LINK: lambda walk, _: walk._link(1), BLOCK: Walk._begin_block, CELL: Walk._begin_cell, ROW: Walk._begin_row, TABLE: Walk._begin_table,
    ITEM: lambda walk, _: walk._begin_kind("item"), HEADING: lambda walk, _: walk._begin_kind("heading"),
    RAISED: Walk._raised, STRUCK: Walk._begin_struck, LIST: lambda walk, _: walk._begin_kind("text"), BREAK: Walk._break, LINES: Walk._lines, MENU: Walk._menu, ASIDE: Walk._aside,
}  # fmt: skip
_END: dict[int, Callable[[Walk, Saved], None]] = {
    LINK: lambda walk, _: walk._link(-1), STRUCK: Walk._end_struck, BLOCK: Walk._end_block, ITEM: Walk._end_kind, HEADING: Walk._end_kind,
    CELL: Walk._end_cell, LIST: Walk._end_list, ROW: lambda walk, _: walk._flush(), TABLE: Walk._end_table,
    MENU: Walk._end_block, ASIDE: Walk._end_block,
}  # fmt: skip
