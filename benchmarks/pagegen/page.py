"""An abstract page: blocks in order, as a browser shows them, before any tool turns them into text."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from benchmarks.pagegen.truth import RoleTruth


class Item(NamedTuple):
    """One item of a list: `below` is a second part of its own inside the item, "" when there is none.

    `is_glued`: the second part is no paragraph but a `<div>`, which trafilatura joins to the first without a space.
    """

    text: str
    below: str = ""
    is_glued: bool = False


class Block(NamedTuple):
    """One block of a page.

    `kind`: `title`, `heading`, `label` (a line that heads a list and is no heading element),
    `text` (a paragraph), `bare` (text outside any paragraph, which some tools glue to what stands around it), `button`,
    `items`, `table`.
    `key` names the statement that the block makes (see :mod:`benchmarks.pagegen.facts`) and `of` the numbers of the roles,
    in `Page.roles`, that it makes it about.
    """

    kind: str
    key: str
    text: str = ""
    of: tuple[int, ...] = ()
    items: tuple[Item, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    """Of a table: the header row first, an empty cell over the labels."""


class Page(NamedTuple):
    """A page of one family about `roles`: both sides of a comparison, or a profile's role and then its peers."""

    kind: str
    roles: tuple[RoleTruth, ...]
    blocks: tuple[Block, ...]
    updated_on: date | None = None
    url: str = ""
