"""What a page still says once a text form is through with it, and what it leaves open."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from benchmarks.pagegen.facts import CELLS, Cell, Stated, statements
from benchmarks.pagegen.forms import KEPT, Form
from benchmarks.pagegen.oracle import WORDS, readings
from benchmarks.pagegen.page import Block, Page


class OpenCells(NamedTuple):
    """A row whose run of cells can be read in several ways: the truth and all legal readings.

    `is_words`: where the border lies is known by capitals only, so that a reader may be stricter or laxer about what is legal.
    """

    label: str
    run: str
    truth: tuple[Cell, Cell]
    readings: tuple[tuple[str, str], ...]
    is_words: bool


class Expected(NamedTuple):
    """The answers to one text: `stated` must be published, `optional` may be, `open` must be right or left open."""

    page_kind: str
    stated: tuple[Stated, ...]
    optional: tuple[Stated, ...]
    open: tuple[OpenCells, ...]
    updated_on: date | None


def table_facts(page: Page, block: Block, gap: str) -> tuple[list[Stated], list[OpenCells]]:
    """The facts of a table and its open rows."""
    stated: list[Stated] = []
    is_open: list[OpenCells] = []
    a, b = page.roles
    for label, left, right in block.rows[1:]:
        truth = CELLS[label](a), CELLS[label](b)
        if gap != KEPT:
            ways = readings(label, left + gap + right, gap)
            if (left, right) not in ways:
                # "UlineeBay": no rule about capitals finds the truth, so nothing short of knowing the name settles it.
                assert label in WORDS, f"the oracle does not read {label!r}: {left!r} {right!r}"
                ways = (*ways, (left, right))
                is_open.append(OpenCells(label, left + gap + right, truth, ways, is_words=True))
                continue
            if len(ways) > 1:
                is_open.append(OpenCells(label, left + gap + right, truth, ways, label in WORDS))
                continue
        for cell in truth:
            stated += cell
    return stated, is_open


def names(page: Page) -> list[Stated]:
    """Every role that the page speaks of, by name; the plural where sentences show it."""
    found = []
    for role in page.roles:
        found.append(Stated("roles", role.role_id, "name", text=role.name.title))
        found.append(Stated("roles", role.role_id, "name_plural", text=role.name.titles, is_optional=True))
    return found


def _is_blurred(fact: Stated, block: Block, form: Form, kind: str) -> bool:
    key = block.key.partition("/")[0]
    if key in form.blurs or f"{key}@{kind}" in form.blurs:
        return True
    if fact.field != "hiring_company_jobs" or not form.glues_items:
        return False
    # "Legrand3" has one reading; "Legrand12" and "Motel 63" have two, and so have the names that they end.
    firm = fact.category
    is_glued = firm in {item.text for item in block.items if item.is_glued}
    return is_glued and (firm[-1].isdigit() or fact.value is None or fact.value > 9)


def _visible(fact: Stated, block: Block, form: Form, kind: str) -> Stated:
    if not form.has_shares and block.key == "skills":
        # Of the list only the sample lines are left: which skill each is for can be told from its words at best.
        return fact._replace(value=None, is_optional=True)
    return fact._replace(is_optional=True) if _is_blurred(fact, block, form, kind) else fact


def expected(page: Page, form: Form) -> Expected:
    """The answers to `form.render(page)`."""
    facts = names(page)
    is_open: list[OpenCells] = []
    for block in filter(form.keeps, page.blocks):
        if block.kind == "table":
            stated, rows = table_facts(page, block, form.gap)
            facts += stated
            is_open += rows
        else:
            facts += [_visible(fact, block, form, page.kind) for fact in statements(page, block)]
    # A role is named only where something is said of it: a peer without a heading and without sentences is not there.
    spoken = {fact.role_id for fact in facts if fact.field not in {"name", "name_plural", "description"}}
    spoken |= {role.role_id for row in is_open for role in page.roles}
    spoken |= {page.roles[0].role_id}
    spoken |= {
        page.roles[number].role_id
        for block in page.blocks
        if block.key == "peer" and form.keeps(block) and "peer" not in form.blurs
        for number in block.of
    }
    facts = [
        fact._replace(is_optional=True)
        if fact.field in {"name", "description"} and fact.role_id not in spoken
        else fact
        for fact in facts
    ]
    has_date = any(block.key == "updated" for block in filter(form.keeps, page.blocks))
    return Expected(
        page.kind,
        tuple(fact for fact in facts if not fact.is_optional),
        tuple(fact for fact in facts if fact.is_optional),
        tuple(is_open),
        page.updated_on if has_date else None,
    )
