"""From the text of one page to its facts: shape, recognise, parse. A pure function: no state, no clock, no files."""

from __future__ import annotations

from collections import Counter

from pipeline.forms import shape
from pipeline.ledger import BOILERPLATE, EXTRACTED, Ledger
from pipeline.model import Page, Problem, Shape
from pipeline.parsers import family_of
from pipeline.parsers.outcome import Outcome
from pipeline.tracing import traced


def parse_text(text: str) -> Page:
    r"""The facts of one page's text.

    Never raises for any text: what is not understood is in `Page.unparsed`, and a page that no parser knows has a
    `Page.problem` and all its lines there.

    >>> page = parse_text("Collector vs usher\n\nCollectorUsher\nYearly salary$34,872$31,000\nYears of experience42")
    >>> [(fact.role_id, fact.field, fact.value) for fact in page.facts if fact.table == "metrics"][:2]
    [('collector', 'salary_yearly', 34872.0), ('usher', 'salary_yearly', 31000.0)]
    """
    shaped = shape(text)
    family = family_of(shaped.text)
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
