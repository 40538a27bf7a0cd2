"""Pages as markup: HTML with menus, scripts and cookie text around it, TEI as trafilatura writes it, and tables as CSV."""

from __future__ import annotations

import csv
from html import escape
from io import StringIO
from random import Random

from benchmarks.pagegen.around import BUTTONS, COOKIES, CRUMBS, FOOTER, MENU, document_title, related
from benchmarks.pagegen.forms import FORMS, KEPT, Form
from benchmarks.pagegen.page import Block, Item, Page

_SCRIPT = (
    '<script>window.dataLayer=window.dataLayer||[];var page={"salary":"$999,999","html":"<table><tr><td>Yearly salary</td>'
    '<td>$1</td></tr></table>"};</script>'
)
_HIDDEN = (
    "<noscript><p>Average salary $11,111</p></noscript><!-- Hourly rate$1.00$2.00 -->"
    '<div hidden><p>Growth rate1%2%</p></div><div style="display: none">Average age2122</div>'
    "<template><table><tr><td>Number of jobs</td><td>7</td><td>8</td></tr></table></template>"
)


def _text(text: str) -> str:
    return escape(text, quote=False)


def _item(item: Item, key: str) -> str:
    if not item.below:
        return f"<li>{_text(item.text)}</li>"
    if item.is_glued:
        return f"<li><span>{_text(item.text)}</span><div>{_text(item.below)}</div></li>"
    name = f"<div>{_text(item.text)}</div>" if key == "skills" else f"<span>{_text(item.text)}</span>"
    return f"<li>{name}<p>{_text(item.below)}</p></li>"


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    head = "".join(f'<th scope="col">{_text(cell)}</th>' if cell else "<th></th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _divisions(rows: tuple[tuple[str, ...], ...]) -> str:
    lines = (
        '<div class="tr">' + "".join(f'<div class="td">{_text(cell)}</div>' for cell in row) + "</div>" for row in rows
    )
    return f'<div class="table">{"".join(lines)}</div>'


def _block(block: Block, *, divisions: bool) -> str:
    if block.kind == "table":
        return (_divisions if divisions else _table)(block.rows)
    if block.kind == "items":
        return f"<ul>{''.join(_item(item, block.key) for item in block.items)}</ul>"
    text = _text(block.text)
    if block.kind == "heading":
        return f"<h3>{text}</h3>" if block.key == "peer" else f"<h2>{text}</h2>"
    if block.kind == "button":
        return f'<div><a href="/post/">{text}</a></div>'
    tag = {"title": "h1", "label": "div"}.get(block.kind, "p")
    return text if block.kind == "bare" else f"<{tag}>{text}</{tag}>"


def _links(words: tuple[str, ...]) -> str:
    return (
        "<ul>"
        + "".join(f'<li><a href="/{word.lower().replace(" ", "-")}/">{word}</a></li>' for word in words)
        + "</ul>"
    )


def _bulk(size: int) -> str:
    """About so many characters of style and drawings, as real pages carry: a page's text is a tenth of its HTML."""
    rng = Random(size)
    return "".join(
        f".c-{rng.getrandbits(24):06x}{{display:block;margin:{rng.randrange(40)}px;color:#{rng.getrandbits(24):06x}}}"
        f"@media(min-width:{rng.randrange(900)}px){{.m-{rng.getrandbits(24):06x}{{line-height:1.{rng.randrange(9)}}}}}"
        for _ in range(size // 105)
    )


def html(
    page: Page,
    *,
    divisions: bool = False,
    bulk: int = 0,
    is_indented: bool = False,
    has_main: bool = True,
    has_hidden: bool = False,
) -> str:
    """The page as HTML.

    `divisions`: tables of `<div>`; `bulk`: characters of style; `has_main`: `<main>` and `<article>`; `has_hidden`: figures
    that no reader of the page sees, which tools that keep no markup let through.
    """
    gap = "\n" if is_indented else ""
    # Lists close to the body pass for menus with some tools; a button in front of the article is not part of it.
    buttons = [block for block in page.blocks if block.kind == "button"]
    blocks = gap.join(_block(block, divisions=divisions) for block in page.blocks if block.kind != "button")
    deep, end_deep = '<div class="w0"><div class="w1"><div class="w2"><div class="w3">', "</div></div></div></div>"
    main, article = ("main", "article") if has_main else ("div", "div")
    start = f"<{main}>{''.join(_block(block, divisions=False) for block in buttons)}{deep}<{article}><section><div>"
    end = f"</div></section></{article}>{end_deep}</{main}>"
    return gap.join([
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f"<title>{_text(document_title(page))}</title>",
        f'<link rel="canonical" href="{escape(page.url)}"><style>{_bulk(bulk)}</style>{_SCRIPT}</head><body>',
        _HIDDEN * has_hidden,
        f'<div class="cookie" role="dialog"><p>{COOKIES}</p>{"".join(f"<button>{word}</button>" for word in BUTTONS)}</div>',
        f"<header><nav>{_links(MENU)}<ol>{''.join(f'<li>{word}</li>' for word in CRUMBS)}</ol></nav></header>",
        start,
        blocks,
        end,
        f"<aside><h4>Related jobs</h4>{_links(tuple(map(_text, related(page))))}</aside><footer><p>{FOOTER}</p></footer>",
        "</body></html>",
    ])  # fmt: skip


def tei(page: Page) -> str:
    """Trafilatura's XML."""
    parts: list[str] = []
    for block in page.blocks:
        if block.kind == "table":
            rows = "".join(
                f'<row span="{len(row)}">' + "".join(f"<cell>{_text(cell)}</cell>" for cell in row if cell) + "</row>"
                for row in block.rows
            )
            parts.append(f"<table>{rows}</table>")
        elif block.kind == "items":
            below = [f"<p>{_text(item.below)}</p>" if item.below else "" for item in block.items]
            items = "".join(f"<item>{_text(item.text)}{p}</item>" for item, p in zip(block.items, below, strict=True))
            parts.append(f'<list rend="ul">{items}</list>')
        elif block.kind in {"title", "heading"}:
            level = {"title": "h1"}.get(block.kind, "h3" if block.key == "peer" else "h2")
            parts.append(f'<head rend="{level}">{_text(block.text)}</head>')
        elif block.kind not in {"button", "label"}:
            parts.append(_text(block.text) if block.kind == "bare" else f"<p>{_text(block.text)}</p>")
    body = "\n    ".join(parts)
    return f'<doc fingerprint="0123456789abcdef">\n  <main>\n    {body}\n  </main>\n  <comments/>\n</doc>'


def csv_tables(page: Page) -> str:
    """The tables only, as pandas writes them: counts without commas, a blank line between tables."""
    tables = []
    for block in page.blocks:
        if block.kind == "table":
            buffer = StringIO()
            writer = csv.writer(buffer, lineterminator="\n")
            for number, row in enumerate(block.rows):
                first = "Unnamed: 0" if number == 0 else row[0]
                is_count = row[0] == "Number of jobs"
                writer.writerow([first, *(cell.replace(",", "") if is_count else cell for cell in row[1:])])
            tables.append(buffer.getvalue())
    return "\n".join(tables)


_ALL_BUT_TABLES = frozenset({"title", "heading", "label", "button", "text", "bare", "items"})
FORMS.update(
    (form.name, form)
    for form in (
        Form("html", html, KEPT),
        Form("html_indented", lambda page: html(page, is_indented=True), KEPT),
        Form("html_divisions", lambda page: html(page, divisions=True), KEPT),
        Form("html_hidden", lambda page: html(page, has_hidden=True), KEPT),
        Form("html_no_main", lambda page: html(page, has_main=False), KEPT),
        Form(
            "tei",
            tei,
            KEPT,
            drops=frozenset({"label", "button"}),
            blurs=frozenset({"skills@comparison"}),
        ),
        Form("csv", csv_tables, KEPT, frozenset({"comparison"}), _ALL_BUT_TABLES),
    )
)
