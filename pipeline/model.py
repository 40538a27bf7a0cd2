"""The words of the pipeline as types: record, document, block, reading, fact, page.

Everything here is plain data, frozen, and free of behaviour that a reader would have to look up.
Offsets are character offsets into :attr:`Document.text`, end exclusive, as Python slices have them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Literal, NamedTuple, Protocol

FactTable = Literal["metrics", "skills", "responsibilities", "comparisons", "roles"]


class Problem(NamedTuple):
    """Why a document is not parsed: a code from :data:`pipeline.errors.REASONS` and one clear sentence."""

    code: str
    detail: str

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class Record(NamedTuple):
    """What a reader takes out of a container: bytes and what the container says of them.

    A record that could not be read is a record too: `problem` says why, and `data` holds what there was.
    """

    source: str
    """Path below the raw folder, `/` between parts, `#n` (from 1) for the n-th record of a container."""
    data: bytes
    media: str = ""
    """`text`, `html`, `xml`, or "" when only the content can tell."""
    charset: str | None = None
    """The character encoding that the container declares, an HTTP header for example."""
    url: str | None = None
    fetched_at: datetime | None = None
    """Time zone aware; a time that the container gives without a zone is taken as UTC."""
    problem: Problem | None = None


RecordFields = tuple[str, bytes, str, str | None, str | None, datetime | None, Problem | None]
new_record: Callable[[RecordFields], Record] = partial(tuple.__new__, Record)
"""A record from its fields in order: half the time of `Record(...)`, whose constructor is a function of Python."""


@dataclass(frozen=True, slots=True)
class Document:
    """One record, decoded. `text` is what every offset in the tables refers to."""

    document_id: str
    """The first 32 hex digits of BLAKE2b over the record's bytes."""
    source: str
    text: str
    url: str | None = None
    fetched_at: datetime | None = None
    encoding: str = "utf-8"
    updated_on: date | None = None
    """When the page was last changed, as its markup says."""
    shape: Shape | None = None
    """The page's blocks over `text`, where the record itself has them: HTML. Else the text's form is to be recognised."""


BlockKind = Literal["heading", "text", "item", "row", "rule", "menu"]


class Block(NamedTuple):
    """A piece of the page as every text form can give it.

    `text` covers paragraphs, and headings where the form does not set them apart. A `row` is a table row: `cells` holds
    the spans of its cells, label first, where the form kept them apart. Where it did not, `cells` holds the label only and
    what follows it is one run, with `gap` between its cells ("" in "Number of jobs24,81723,948", " " in
    "Number of jobs 24,817 23,948"). A `rule` is what a form draws between rows ("---|---|---"), and a `menu` what leads elsewhere,
    in one block: a menu, a dialog, the footer, where a form tells them apart (HTML).
    """

    kind: BlockKind
    start: int
    end: int
    line: int
    """1-based number of the line in the document on which the block starts."""
    cells: tuple[tuple[int, int], ...] = ()
    gap: str = ""


class Origin(Protocol):
    """Where the characters of a rewritten text stand in the document's text."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the document that `start:end` comes from."""


class Shape(NamedTuple):
    """A page as blocks over its folded text, and the name of the text form that it came in.

    A rare form is rewritten before it is cut into blocks: `text` is the rewritten text then, and `origin` leads back.
    """

    text: str
    blocks: list[Block]
    form: str
    source: str
    """What `text` was before folding, with the same offsets: prose is quoted from it."""
    origin: Origin | None = None
    """Where `text` comes from; None when it is the document's own."""


class Reading(NamedTuple):
    """One legal way to read one cell of a run: what the cell says and which characters say it."""

    value: float | None
    text: str | None
    start: int
    end: int


class Fact(NamedTuple):
    """One statement of one page about one role, with the characters that it was read from."""

    table: FactTable
    role_id: str
    field: str
    """The metric, the skill's relation, the measure of a comparison, or the role's attribute."""
    category: str
    other_role_id: str
    value: float | None
    text: str | None
    unit: str
    confidence: float
    start: int
    end: int
    readings: tuple[Reading, ...] = ()
    """All legal readings of this cell, in the order of the run's joint readings; empty when there is one.

    The k-th reading of one cell goes with the k-th reading of every other cell of the same run."""
    rank: int | None = None
    """Place in the list that the fact was read from, from 1."""
    example: tuple[int, int] | None = None
    """Span of the resume sentence under a skill."""


class Unparsed(NamedTuple):
    """A line, or what is left of one, that is neither a fact nor known boilerplate."""

    line: int
    start: int
    end: int
    reason: str
    skeleton: str


@dataclass(frozen=True, slots=True)
class Page:
    """What one document's text holds, before any other document is looked at."""

    text: str
    page_kind: str
    """`comparison`, `profile`, one of the look-alike families, or `unknown`."""
    text_form: str
    problem: Problem | None = None
    updated_on: date | None = None
    facts: tuple[Fact, ...] = ()
    unparsed: tuple[Unparsed, ...] = ()
    lines_extracted: int = 0
    lines_boilerplate: int = 0
    boilerplate: Mapping[str, int] = field(default_factory=dict)
    """How often each kind of known boilerplate was met."""

    @property
    def line_count(self) -> int:
        """Number of lines, blank ones included; a last line without a newline counts."""
        return self.text.count("\n") + (not self.text.endswith("\n")) if self.text else 0
