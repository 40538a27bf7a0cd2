"""Where documents are parsed: an engine takes records and gives shards, in any order, whatever the records do to it.

:mod:`pipeline.engines.local` is the engine of one machine: worker processes under a supervisor. What an engine runs is
:func:`pipeline.shards.process`, a pure function of the records, so every engine gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pipeline.engines.local import Parsed
    from pipeline.model import Record


class Engine(Protocol):
    """Parses records. Every record that goes in comes out as one row of one shard's `documents`."""

    def parse(self, records: Iterable[Record]) -> Iterator[Parsed]:
        """The shards of all records, each as soon as it is done; `records` is read as workers become free."""
