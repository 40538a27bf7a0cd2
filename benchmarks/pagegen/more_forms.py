"""Text forms of other tools (forms.md), rendered without them. Importing this module adds them to :data:`FORMS`."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator

from benchmarks.pagegen.around import after, before
from benchmarks.pagegen.forms import FORMS, KEPT, Form, Rows, table_barred
from benchmarks.pagegen.page import Block, Item, Page


def _pieces(page: Page) -> Iterator[str]:
    """Every piece of text of a page in order, a cell or half an item each, as a text node of the HTML would be."""
    yield from before(page)
    for block in page.blocks:
        if block.kind == "items":
            for item in block.items:
                yield from filter(None, (item.text, item.below))
        elif block.kind == "table":
            for row in block.rows:
                yield from filter(None, row)
        else:
            yield block.text
    yield from after(page)


def lines(page: Page) -> str:
    """bs4 and selectolax with a newline: every cell on a line of its own, menus and all."""
    return "\n".join(_pieces(page))


def one_line(page: Page) -> str:
    """bs4 with a space: the whole page on one line."""
    return " ".join(_pieces(page))


def glued_page(page: Page) -> str:
    """bs4 without a separator: rows, cells, headings and paragraphs all run together."""
    return "".join(_pieces(page))


def one_line_glued_rows(page: Page) -> str:
    """Resiliparse without formatting: one line, a space between blocks, nothing between cells."""
    parts: list[str] = []
    for block in page.blocks:
        if block.kind == "items":
            parts += [" ".join(filter(None, (item.text, item.below))) for item in block.items]
        elif block.kind == "table":
            parts += ["".join(row) for row in block.rows]
        else:
            parts.append(block.text)
    return " ".join(parts)


def wet(page: Page) -> str:
    """Common Crawl's text, by its rules: a line per block, one space between cells, header cells on lines of their own."""
    parts = [*before(page)]
    for block in page.blocks:
        if block.kind == "items":
            parts += [part for item in block.items for part in (item.text, item.below) if part]
        elif block.kind == "table":
            parts += [*block.rows[0][1:], *(" ".join(row) for row in block.rows[1:])]
        else:
            parts.append(block.text)
    return "\n".join([*parts, *after(page)])


# --- columns of spaces ---------------------------------------------------------------------------------------------


def _columns(rows: Rows, indent: str, gap: int) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        indent + (" " * gap).join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    ]


def _starred(items: Iterable[Item], indent: str, *, is_loose: bool) -> list[str]:
    found: list[str] = []
    for item in items:
        found.append(f"{indent}  * {item.text}")
        if item.below:
            found += ["", f"{indent}    {item.below}", ""] if is_loose else [f"{indent}    {item.below}"]
    return found


def padded(page: Page) -> str:
    """inscriptis: everything indented, columns padded with at least two spaces, no line ever wrapped."""
    indent = " " * 12
    parts = [f"  {piece}" for piece in before(page)]
    for block in page.blocks:
        if block.kind == "table":
            parts += ["", *_columns(block.rows, indent + "    ", 2), ""]
        elif block.kind == "items":
            parts += ["", *_starred(block.items, indent, is_loose=True), ""]
        else:
            parts += ["", indent + block.text]
    return "\n".join([*parts, "", *(f"  {piece}" for piece in after(page))])


def wrapped(page: Page, width: int = 190) -> str:
    """lynx: paragraphs and long rows wrapped, columns padded where the table fits, else one space between cells."""
    parts = ["   " + piece for piece in before(page)]
    for block in page.blocks:
        if block.kind == "table":
            columns = _columns(block.rows, "   ", 1)
            if max(map(len, columns)) > width:
                columns = [line for row in block.rows for line in _wrap(" ".join(filter(None, row)), "   ", width)]
            parts += ["", *(line.rstrip() for line in columns)]
        elif block.kind == "items":
            for line in _starred(block.items, "   ", is_loose=False):
                parts += _wrap(line.strip(), line[: len(line) - len(line.lstrip())], width)
        elif block.kind in {"title", "heading"}:
            parts += ["", *_wrap(block.text, "", width), ""]
        else:
            parts += ["", *_wrap(block.text, "   ", width)]
    return "\n".join([*parts, "", *("   " + piece for piece in after(page))])


def _wrap(text: str, indent: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


# --- bars and Markdown ---------------------------------------------------------------------------------------------


def bars_below(page: Page) -> str:
    """Trafilatura 1.8: a bar behind each cell, each on its own line; a dash between the items of a list."""
    parts: list[str] = []
    for block in page.blocks:
        if block.kind == "table":
            parts += [f"{cell}|" for row in block.rows for cell in row if cell]
        elif block.kind == "items":
            for item in block.items:
                parts += [item.text + item.below, "-"]
        elif block.kind not in {"button", "label"}:
            parts.append(block.text)
    return "\n".join(parts)


def _markdown_rows(rows: Rows) -> str:
    return "\n".join(f"{line} " if number != 1 else line for number, line in enumerate(table_barred(rows)))


def _markdown(page: Page, heading: Callable[[Block], str], bullet: str, *, one_line_items: bool, drops: str) -> str:
    parts: list[str] = []
    for block in page.blocks:
        if block.kind == "table":
            parts.append(_markdown_rows(block.rows))
        elif block.kind == "items":
            gap = " " if one_line_items else f"\n\n{' ' * len(bullet)}"
            gaps = ["" if item.is_glued or not item.below else gap for item in block.items]
            both = zip(block.items, gaps, strict=True)
            parts.append("\n".join(f"{bullet}{item.text}{between}{item.below}" for item, between in both))
        elif block.kind in {"title", "heading"}:
            parts.append(heading(block))
        elif block.kind not in drops.split():
            parts.append(block.text)
    return "\n\n".join(parts)


def _hashes(block: Block) -> str:
    level = 1 if block.kind == "title" else 3 if block.key == "peer" else 2
    return f"{'#' * level} {block.text}"


def _underlined(block: Block) -> str:
    return f"{block.text}\n{('=' if block.kind == 'title' else '-') * len(block.text)}"


def markdown(page: Page) -> str:
    """Trafilatura 2.3: `#` headings, tables in outer bars, an item on one line."""
    return _markdown(page, _hashes, "- ", one_line_items=True, drops="button label")


def markdown_underlined(page: Page) -> str:
    """markdownify: underlined headings, tables in outer bars, menus."""
    around = "\n".join(f"* [{piece}](/{piece.lower().replace(' ', '-')}/)" for piece in before(page)[4:])
    body = _markdown(page, _underlined, "* ", one_line_items=False, drops="")
    return "\n\n".join([before(page)[0], around, body, after(page)[-1]])


def markdown_wrapped(page: Page) -> str:
    """html2text: `##` headings, open tables, everything wrapped at 78 columns, rows and all."""
    parts: list[str] = []
    for block in page.blocks:
        if block.kind == "table":
            rows = ["| ".join(row).lstrip() + "  " for row in block.rows]
            rows.insert(1, "---|---|---  ")
            parts.append("\n".join("\n".join(_wrap_row(row)) for row in rows))
        elif block.kind == "items":
            parts.append("\n".join(_starred(block.items, "", is_loose=True)))
        else:
            text = _hashes(block) if block.kind in {"title", "heading"} else block.text
            parts.append("\n".join(_wrap(text, "", 78)))
    return "\n\n".join(parts)


def _wrap_row(row: str) -> list[str]:
    return _wrap(row, "", 78) if len(row) > 80 else [row]


# On one line nothing tells where an item ends, unless it ends in its share, nor a peer's name that stands in no sentence.
_ONE_LINE = frozenset({"duties", "description", "skills@profile", "hiring", "soft", "button", "peer"})
_UNLABELLED = frozenset({"skills@comparison"})
_LABELS = frozenset({"label", "button"})
MORE_FORMS = {
    form.name: form
    for form in (
        Form("lines", lines, KEPT),
        Form("wet", wet, " "),
        Form("one_line", one_line, " ", blurs=_ONE_LINE),
        Form("one_line_glued_rows", one_line_glued_rows, "", blurs=_ONE_LINE),
        Form("glued_page", glued_page, "", blurs=_ONE_LINE, glues_items=True),
        Form("padded", padded, KEPT),
        Form("wrapped", wrapped, " "),
        Form("bars_below", bars_below, KEPT, drops=_LABELS, blurs=_UNLABELLED | {"skills", "hiring"}, glues_items=True),
        Form("markdown", markdown, KEPT, drops=_LABELS, blurs=_UNLABELLED | {"skills@profile", "hiring"}),
        Form("markdown_underlined", markdown_underlined, KEPT, glues_items=True),
        Form("markdown_wrapped", markdown_wrapped, KEPT),
    )
}
FORMS.update(MORE_FORMS)
