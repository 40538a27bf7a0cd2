"""Text forms: what HTML-to-text tools make of one page. Here those that dumps of these pages were seen in.

A form is a function from a page to text, with a note of what it drops and of what it leaves between the cells of a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from benchmarks.pagegen.names import title_case
from benchmarks.pagegen.page import Block, Item, Page

KEPT = "kept"
Rows = tuple[tuple[str, ...], ...]
NAVIGATION = (
    "Explore jobs", "Find specific jobs", "Explore careers", "Explore professions", "Best companies", "Explore companies",
)  # fmt: skip


class Form(NamedTuple):
    """One text form.

    `gap` is what stands between cells, `KEPT` where the boundary itself is kept. `drops` names block kinds and keys that
    are lost; `blurs` those whose statements a reader can no longer be sure of, a list without its heading for one.
    """

    name: str
    render: Callable[[Page], str]
    gap: str
    pages: frozenset[str] = frozenset({"comparison", "profile"})
    drops: frozenset[str] = frozenset()
    blurs: frozenset[str] = frozenset()
    has_shares: bool = True
    """Whether the items of a skill list keep their first part, name and share."""
    glues_items: bool = False
    """Whether an item's second part is glued to its first where the page has a `<div>` there (`Item.is_glued`)."""

    def keeps(self, block: Block) -> bool:
        """Whether the block survives."""
        return block.kind not in self.drops and block.key.partition("/")[0] not in self.drops


# --- bulleted: resiliparse up to 1.1 on minified HTML --------------------------------------------------------------


def _bullets(items: Iterable[Item]) -> str:
    lines: list[str] = []
    for item in items:
        if lines and item.below:
            lines.append("")
        lines.append(f"  • {item.text}")
        if item.below:
            lines += ["", f"    {item.below}"]
    return "\n".join(lines)


def _glued_rows(rows: Iterable[tuple[str, ...]], gap: str = "") -> str:
    return "\n".join(gap.join(row) for row in rows)


def _paragraphs(blocks: Iterable[Block], rows: Callable[[Rows], str]) -> str:
    parts: list[str] = []
    before = ""
    for block in blocks:
        # A `<div>` over a list stands close to the list below it and to the one above.
        parts.append("\n" if before == "label" or (before == "items" and block.kind == "label") else "\n\n")
        if block.kind == "table":
            parts.append(rows(block.rows))
        elif block.kind == "items":
            parts.append(_bullets(block.items))
        else:
            parts.append(block.text)
        before = block.kind
    return "".join(parts[1:])


def bulleted(page: Page) -> str:
    """Seeds 000, 001, 003: two spaces and a bullet, glued cells, blank lines between blocks."""
    return _paragraphs(page.blocks, _glued_rows)


def older_casing(page: Page) -> Page:
    """The same page with the title, headings and labels of older texts: every word with a capital."""
    blocks = []
    for block in page.blocks:
        is_line = block.kind in {"title", "heading", "label", "button"} or block.text in {
            "On this page",
            "Quoted expert",
        }
        text = title_case(block.text) if is_line else block.text
        rows = tuple((title_case(row[0]), *row[1:]) for row in block.rows)
        blocks.append(block._replace(text=text, rows=rows))
    return page._replace(blocks=tuple(blocks))


def bulleted_older(page: Page) -> str:
    """F1a: bulleted, with older casing."""
    return bulleted(older_casing(page))


def tabbed(page: Page) -> str:
    """Resiliparse 2: bulleted, with two tabs between cells and before the header."""
    return _paragraphs(page.blocks, lambda rows: _glued_rows(rows, "\t\t"))


def spaced(page: Page) -> str:
    """Resiliparse up to 1.1 on indented HTML, html-text: bulleted, with one space between cells."""
    return _paragraphs(page.blocks, lambda rows: "\n".join(" ".join(filter(None, row)) for row in rows))


# --- dashed and stripped: trafilatura ------------------------------------------------------------------------------


def _dashes(items: Iterable[Item]) -> list[str]:
    lines: list[str] = []
    for item in items:
        if item.is_glued:
            lines.append(f"- {item.text}{item.below}")
        else:
            lines.append(f"- {item.text}")
            if item.below:
                lines.append(item.below)
    return lines


def _table_none(rows: Rows) -> list[str]:
    """The tool drops tables."""
    return []


def table_moved(rows: Rows) -> list[str]:
    """P-a: outer bars, no rule, and the empty header cell has moved to the end."""
    return [f"| {' | '.join(rows[0][1:])} | |", *(f"| {' | '.join(row)} |" for row in rows[1:])]


def table_barred(rows: Rows) -> list[str]:
    """P-b: outer bars and a rule (trafilatura 2.3)."""
    head, *body = [f"| {' | '.join(row)} |" for row in rows]
    return [head, f"|{'---|' * len(rows[0])}", *body]


def table_open(rows: Rows) -> list[str]:
    """P-c: no leading bar, a rule, the empty header cell at the end (trafilatura 1.12)."""
    head = f"{' | '.join(rows[0][1:])} | |"
    return [head, "---|" * len(rows[0]), *(f"{' | '.join(row)} |" for row in rows[1:])]


def _lines(blocks: Iterable[Block], table: Callable[[Rows], list[str]]) -> list[str]:
    """One line a block; bare text is glued to the paragraph before it, and a heading to bare text before it."""
    lines: list[str] = []
    before = ""
    for block in blocks:
        if block.kind == "items":
            lines += _dashes(block.items)
        elif block.kind == "table":
            lines += table(block.rows)
        elif block.kind == "button":
            continue
        elif (block.kind == "bare" and before in {"text", "bare"}) or (block.kind == "heading" and before == "bare"):
            lines[-1] += block.text
        else:
            lines.append(block.text)
        before = block.kind
    return lines


def dashed(page: Page) -> str:
    """Seed 002: one line a block, `- ` items, glued headings, blank lines behind the closing date."""
    tail = "\n" * 12 if page.blocks[-1].key == "updated" else ""
    return "\n".join(_lines(page.blocks, table_open)) + tail


def pipe_b(page: Page) -> str:
    """Dashed, with tables in outer bars and a rule."""
    return "\n".join(_lines(page.blocks, table_barred))


def pipe_c(page: Page) -> str:
    """Dashed, with tables without a leading bar."""
    return "\n".join(_lines(page.blocks, table_open))


def _paragraph_lines(page: Page, table: Callable[[Rows], list[str]], *, bare_items: bool) -> list[str]:
    """Paragraphs only; of a list nothing, bare lines, or the paragraphs inside its items."""
    blocks: list[Block] = []
    for block in page.blocks:
        if block.kind in {"text", "bare", "table"} and block.key not in {"updated", "expert"}:
            blocks.append(block._replace(kind="line") if block.kind == "bare" else block)
        elif block.kind == "items":
            kept = [item.text for item in block.items] if bare_items else []
            below = [item.below for item in block.items if not item.is_glued]
            blocks += [Block("line", block.key, text) for text in (kept or below) if text]
    return _lines(blocks, table)


def stripped(page: Page) -> str:
    """Seed 004: paragraphs only."""
    return "\n".join(_paragraph_lines(page, _table_none, bare_items=False))


def pipe_a(page: Page) -> str:
    """F3n: navigation, paragraphs only, tables with the header cell moved."""
    return "\n".join([*NAVIGATION, *_paragraph_lines(page, table_moved, bare_items=False)])


def pipe_a_items(page: Page) -> str:
    """F3n of other pages: the items of lists as bare lines."""
    return "\n".join([*NAVIGATION, *_paragraph_lines(page, table_moved, bare_items=True)])


_COMPARISON = frozenset({"comparison"})
_PROFILE = frozenset({"profile"})
_NO_HEADINGS = frozenset({"title", "heading", "label", "button", "updated", "expert", "duties", "hiring"})

FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        Form("bulleted", bulleted, ""),
        Form("bulleted_older", bulleted_older, ""),
        Form("dashed", dashed, KEPT, _PROFILE, frozenset({"button"}), glues_items=True),
        Form("stripped", stripped, KEPT, _PROFILE, _NO_HEADINGS | {"peer"}, has_shares=False),
        Form("pipe_a", pipe_a, KEPT, _COMPARISON, _NO_HEADINGS | {"skills"}),
        Form(
            "pipe_a_items", pipe_a_items, KEPT, _COMPARISON, _NO_HEADINGS - {"duties"}, frozenset({"duties", "skills"})
        ),
        Form("pipe_b", pipe_b, KEPT, drops=frozenset({"button"}), glues_items=True),
        Form("pipe_c", pipe_c, KEPT, drops=frozenset({"button"}), glues_items=True),
        Form("tabbed", tabbed, KEPT),
        Form("spaced", spaced, " "),
    )
}
"""The forms by name; :mod:`benchmarks.pagegen.more_forms` adds those of other tools."""
