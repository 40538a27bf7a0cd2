"""Dumps: streams of pages as sparse and as mixed as real ones, with what is true of every role in them.

Roles come and go: each is spoken of on 1 to 12 pages, median 2, and forgotten when they are through, so that a dump of a
million pages needs no more memory than one of a thousand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple

from benchmarks.pagegen import words
from benchmarks.pagegen.comparison import WHOLE, Options, comparison_page
from benchmarks.pagegen.expected import Expected, OpenCells, expected
from benchmarks.pagegen.forms import FORMS
from benchmarks.pagegen.names import compose
from benchmarks.pagegen.page import Page
from benchmarks.pagegen.profile import ProfileOptions, profile_page
from benchmarks.pagegen.truth import RoleTruth
from benchmarks.pagegen.world import Dice, aged, random_role

NEWEST = date(2025, 1, 8)
COMPARISON_FORMS: Mapping[str, float] = {"bulleted": 45, "bulleted_older": 5, "pipe_a": 25, "pipe_b": 10, "pipe_c": 15}
PROFILE_FORMS: Mapping[str, float] = {"bulleted": 45, "bulleted_older": 5, "dashed": 35, "stripped": 15}
_PAGES_OF_A_ROLE = (1, 2, 3, 4, 5, 6, 8, 10, 12)
_PAGES_WEIGHTS = (36, 24, 14, 9, 6, 4, 3, 2, 2)
_WAITING = 40
"""Mentions that wait in one field of work before no new role is thought up."""


class DumpPage(NamedTuple):
    """One page of a dump: what a reader sees of it, and what it was made from."""

    source: str
    data: bytes
    url: str
    fetched_at: datetime
    page: Page
    form: str
    is_older: bool

    def expected(self) -> Expected:
        """The answers to this page alone."""
        return expected(self.page, FORMS[self.form])


@dataclass
class _Field:
    """The roles of one field of work that still have pages to come: a mention each."""

    category: str
    mentions: list[int] = field(default_factory=list)


@dataclass
class Dump:
    """`pages` pages from one seed; iterate over it as often as needed, it is the same each time.

    `older` is the share of pages with earlier values and an earlier date, `repeated` the share that comes once more, in
    another text form under the same url. `whole` pages lack no section. `popular` is the share of pages that are all about
    one and the same role.
    """

    seed: int
    pages: int
    comparisons: float = 0.6
    older: float = 0.1
    repeated: float = 0.0
    whole: bool = False
    tricky: float = 0.005
    popular: float = 0.0
    comparison_forms: Mapping[str, float] = field(default_factory=lambda: COMPARISON_FORMS)
    profile_forms: Mapping[str, float] = field(default_factory=lambda: PROFILE_FORMS)

    def __iter__(self) -> Iterator[DumpPage]:
        return _Stream(self).run()


class _Stream:
    """One run through a dump."""

    def __init__(self, dump: Dump) -> None:
        self.dump = dump
        self.rng = Dice(dump.seed)
        self.fields = [_Field(category) for category in words.CATEGORIES]
        self.roles: dict[int, RoleTruth] = {}
        self.left: dict[int, int] = {}
        self.keys: set[str] = set()
        self.count = 0
        self.written = 0
        self.popular = self._random_role(words.CATEGORIES[0]) if dump.popular else None
        self.forms = [
            (tuple(weights), tuple(weights.values())) for weights in (dump.comparison_forms, dump.profile_forms)
        ]

    def run(self) -> Iterator[DumpPage]:
        while self.written < self.dump.pages:
            page, is_older = self._page()
            yield self._print(page, is_older)
            if self.written < self.dump.pages and self.rng.random() < self.dump.repeated:
                yield self._print(page, is_older)

    def _page(self) -> tuple[Page, bool]:
        rng = self.rng
        is_older = rng.random() < self.dump.older
        if rng.random() < self.dump.comparisons:
            a, b = self._pick(2, is_older=is_older)
            a = self._popular(b) or a
            return comparison_page(a, b, WHOLE if self.dump.whole else Options.random(rng)), is_older
        role, *peers = self._pick(rng.choices((1, 2, 3, 4, 5), (1, 1, 2, 3, 13))[0], is_older=is_older)
        role = self._popular(*peers) or role
        return profile_page(role, tuple(peers), ProfileOptions.random(rng)), is_older

    def _popular(self, *peers: RoleTruth) -> RoleTruth | None:
        """The popular role, if this page is about it; never beside one of the same pay."""
        role = self.popular
        if role is None or self.rng.random() >= self.dump.popular or any(role.salary == peer.salary for peer in peers):
            return None
        return role

    def _pick(self, count: int, *, is_older: bool) -> list[RoleTruth]:
        """Different roles of one field of work, each with pay of its own."""
        rng = self.rng
        group = rng.choice(self.fields)
        chosen: dict[int, RoleTruth] = {}
        while len(chosen) < count:
            if len(group.mentions) < _WAITING:
                self._invent(group)
            at = rng.randrange(len(group.mentions))
            number = group.mentions[at]
            role = self._snapshot(number, is_older=is_older)
            if number in chosen or any(role.salary == other.salary for other in chosen.values()):
                self._invent(group)
                continue
            chosen[number] = role
            group.mentions[at] = group.mentions[-1]
            group.mentions.pop()
            self._spend(number)
        return list(chosen.values())

    def _spend(self, number: int) -> None:
        self.left[number] -= 1
        if not self.left[number]:
            del self.left[number], self.roles[number]

    def _snapshot(self, number: int, *, is_older: bool) -> RoleTruth:
        role = self.roles[number]
        return aged(Random(self.dump.seed * 7 + number), role, days=500) if is_older else role

    def _invent(self, group: _Field) -> None:
        self.roles[self.count] = self._random_role(group.category)
        self.left[self.count] = self.rng.choices(_PAGES_OF_A_ROLE, _PAGES_WEIGHTS)[0]
        group.mentions += [self.count] * self.left[self.count]
        self.count += 1

    def _random_role(self, category: str) -> RoleTruth:
        """A role of a name that no other has."""
        rng = self.rng
        name = compose(rng)
        while name.key in self.keys or len(name.singular) > 60:
            name = compose(rng)
        self.keys.add(name.key)
        return random_role(rng, name, updated_on=NEWEST, tricky=self.dump.tricky, category=category)

    def _print(self, page: Page, is_older: bool) -> DumpPage:
        rng = self.rng
        names, weights = self.forms[page.kind == "profile"]
        form = rng.choices(names, weights)[0]
        day = NEWEST + timedelta(days=rng.randrange(60)) - timedelta(days=500 if is_older else 0)
        fetched = datetime(day.year, day.month, day.day, rng.randrange(24), tzinfo=UTC)
        number = self.written
        self.written += 1
        source = f"{number // 1000:05d}/{number:08d}.txt"
        return DumpPage(source, FORMS[form].render(page).encode(), page.url, fetched, page, form, is_older)


def make_dump(seed: int, pages: int, **options: object) -> Dump:
    """A dump of so many pages; `options` are the fields of :class:`Dump`."""
    return Dump(seed, pages, **options)  # type: ignore[arg-type]


class OpenRow(NamedTuple):
    """An open row of one page, and whether another page settles it."""

    page: DumpPage
    row: OpenCells
    is_settled: bool


def open_rows(pages: list[DumpPage]) -> list[OpenRow]:
    """Every open row of the pages; settled where another page states one of its cells outright, with the same value.

    A page of other values (an older one) settles nothing, nor does a second text of the same url.
    """
    answers = [page.expected() for page in pages]
    stated: dict[tuple[str, str], set[tuple[str, float | None, str | None]]] = {}
    for page, answer in zip(pages, answers, strict=True):
        for fact in answer.stated:
            if fact.table == "metrics" and not fact.category and (fact.value is not None or fact.text is not None):
                stated.setdefault((fact.role_id, fact.field), set()).add((page.url, fact.value, fact.text))
    return [
        OpenRow(page, row, _is_settled(page, row, stated))
        for page, answer in zip(pages, answers, strict=True)
        for row in answer.open
    ]


def _is_settled(
    page: DumpPage, row: OpenCells, stated: Mapping[tuple[str, str], set[tuple[str, float | None, str | None]]]
) -> bool:
    for (truth, *_), column in zip(row.truth, (0, 1), strict=True):
        for url, value, text in stated.get((truth.role_id, truth.field), ()):
            same = value == truth.value and (text or "").casefold() == (truth.text or "").casefold()
            # The evidence must also leave one reading only: "6|12" and "61|2" differ in both columns, words may not.
            if url != page.url and same and len({cut[column] for cut in row.readings}) == len(row.readings):
                return True
    return False


def visible_roles(pages: list[DumpPage]) -> dict[str, RoleTruth]:
    """What is true of every role that the pages speak of: its newest snapshot among them."""
    newest: dict[str, tuple[bool, RoleTruth]] = {}
    for page in pages:
        for role in page.page.roles:
            known = newest.get(role.role_id)
            if known is None or (known[0] and not page.is_older):
                newest[role.role_id] = (page.is_older, role)
    return {role_id: role for role_id, (_, role) in newest.items()}
