"""From the text of one page to its facts: shape, recognise, parse. A pure function: no state, no clock, no files."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from pipeline.decode import open_record
from pipeline.forms import shape
from pipeline.ledger import BOILERPLATE, EXTRACTED, Ledger
from pipeline.model import Document, Page, Problem, Record, Shape
from pipeline.parsers import family_of
from pipeline.parsers.outcome import Outcome
from pipeline.text import with_line_feeds
from pipeline.tracing import traced


def parse_text(text: str) -> Page:
    r"""The facts of one page's text.

    Never raises for any text: what is not understood is in `Page.unparsed`, and a page that no parser knows has a
    `Page.problem` and all its lines there.

    >>> page = parse_text("Collector vs usher\n\nCollectorUsher\nYearly salary$34,872$31,000\nYears of experience42")
    >>> [(fact.role_id, fact.field, fact.value) for fact in page.facts if fact.table == "metrics"][:2]
    [('collector', 'salary_yearly', 34872.0), ('usher', 'salary_yearly', 31000.0)]
    """
    text = with_line_feeds(text)
    return parse_shape(text, shape(text))


def parse_document(document: Document) -> Page:
    """The facts of one document, by the blocks that its record has, or else by those of its text."""
    if document.shape is None:
        return parse_shape(document.text, shape(document.text), document.url)
    page = parse_shape(document.text, document.shape, document.url)
    if document.updated_on is None or page.updated_on is not None:
        return page
    return replace(page, updated_on=document.updated_on)


def parse_html(html: str | bytes, charset: str | None = None) -> Page:
    """The facts of one page of HTML. `Page.text` is its canonical text, which all offsets refer to.

    `charset` is what an HTTP header says of the bytes; a `str` is decoded already. What cannot be read as HTML is a page with
    a `Page.problem`. Never raises for any HTML.

    >>> row = "<tr><td>Years of experience</td><td>6</td><td>12</td></tr>"
    >>> page = parse_html(f"<h1>Collector vs usher</h1><table>{row}<tr><td>Average age</td><td>46</td><td>38</td></tr></table>")
    >>> [(fact.role_id, fact.value) for fact in page.facts if fact.field == "experience_years"]
    [('collector', 6.0), ('usher', 12.0)]
    """
    if isinstance(html, str):
        html, charset = html.encode("utf-8", "replace"), "utf-8"
    document = open_record(Record("", html, "html", charset))
    if isinstance(document, Problem):
        return Page("", "unknown", "html", document)
    return parse_document(document)


def parse_shape(text: str, shaped: Shape, url: str | None = None) -> Page:
    """The facts of a page that is cut into blocks; `text` is what its offsets lead back to."""
    family = family_of(shaped.text, url)
    if family is None:
        ledger = Ledger(shaped.source, shaped.text, shaped.blocks)
        ledger.close()
        return _page(text, "unknown", shaped, Outcome(ledger, _no_family(shaped)))
    return _page(text, family.page_kind, shaped, family.parse(shaped.source, shaped))


def _page(text: str, page_kind: str, shaped: Shape, outcome: Outcome) -> Page:
    states = Counter(outcome.ledger.line_states().values())
    page = Page(
        text=text,
        page_kind=page_kind,
        text_form=shaped.form,
        problem=outcome.problem,
        updated_on=outcome.updated_on,
        facts=tuple(outcome.ledger.facts),
        unparsed=outcome.ledger.unparsed(),
        lines_extracted=states[EXTRACTED],
        lines_boilerplate=states[BOILERPLATE],
        boilerplate=outcome.ledger.boilerplate,
    )
    return page if shaped.origin is None else traced(page, text, outcome.ledger, shaped.origin)


def _no_family(shaped: Shape) -> Problem:
    if not shaped.blocks:
        return Problem("empty", "nothing but white space")
    return Problem("unknown_family", "neither a comparison page nor a profile page")
