"""A page, or a table, on one line: blocks run together with one space between them, or with nothing at all.

A table is a sequence of known labels with cells between them, and a page one of known headings and sentences with text between
them, so the line is cut there. What stands between two cuts is passed on as text where nothing else can be in it than what it
is taken for. All other words become items that no parser takes for anything: nobody can know where in them a block ends.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.forms.headings import Heading, headings
from pipeline.forms.line_blocks import LONG_LINE
from pipeline.forms.page_names import clauses_of, page_names, searchable
from pipeline.forms.rewriting import Edit, Flat, each_line, edited
from pipeline.forms.run_on import Piece, companies, listed_skills, parted
from pipeline.forms.table_runs import row_spans
from pipeline.sentences import ClauseMatch

_FEWEST = 3
"""Known lines and rows; a long paragraph has one, the heading that is glued to its end."""
_MARK = "• "
_BETWEEN = frozenset({"updated", "boilerplate", "image"})
"""What may stand between a title and the description."""
_OPAQUE = frozenset({"responsibilities", "samples"})
"""Lead-ins of lists whose items end where nothing shows it."""


def unjoined(text: str) -> Flat:
    """The text with the blocks of overlong lines, and rows that share a line, on lines of their own."""
    edits: list[Edit] = []
    clauses: list[ClauseMatch] = []
    names: list[str] | None = None
    is_alone = "\n" not in text.strip()
    for start, line in each_line(text):
        end = start + len(line)
        is_long = len(line) > LONG_LINE or is_alone
        if is_long or len(row_spans(text, start, end, (), ends_row=True)) >= _FEWEST:
            if names is None:
                clauses = clauses_of(text, searchable(text))
                names = page_names(text, clauses)
            here = [hit for hit in clauses if start <= hit.match.start() < end]
            edits += _Cutting(text, start, end, names, here).edits(is_long=is_long)
    return edited(text, edits)


class _Cutting:
    """One line, cut into pieces."""

    def __init__(self, text: str, start: int, end: int, names: Sequence[str], clauses: Sequence[ClauseMatch]) -> None:
        self.text, self.start, self.end, self.names, self.clauses = text, start, end, names, clauses
        # In order: a line may hold thousands of pieces, each of which asks for the clauses in it.
        self._begins = [hit.match.start() for hit in clauses]
        self._sentences = sorted([hit.sentence for hit in clauses])

    def edits(self, *, is_long: bool) -> list[Edit]:
        """Line breaks between the pieces, and marks before those that are not sure."""
        known = self._known(ends_row=not is_long)
        if len(known) < _FEWEST:
            return []
        found = [piece for piece in map(self._trimmed, self._pieces(known)) if piece.end > piece.start]
        edits = [(self.start, found[0].start, "" if found[0].sure else _MARK)]
        edits += [(a.end, b.start, "\n" if b.sure else "\n" + _MARK) for a, b in pairwise(found)]
        return edits

    def _known(self, *, ends_row: bool) -> list[Heading]:
        """The known lines, and the rows with the headers of their tables, in order."""
        line = self.text[self.start : self.end]
        found = [Heading(self.start + a, self.start + b, means) for a, b, means in headings(line, self.names)]
        stops = [heading.start for heading in found]
        rows = row_spans(self.text, self.start, self.end, stops, ends_row=ends_row)
        begins = {start for start, _ in rows}
        found = [h for h in found if h.means != "header" or h.end in begins or h.end + 1 in begins]
        found += [Heading(*row, "row") for row in rows]
        found.sort()
        return [
            here for here, above in zip(found, [None, *found], strict=False) if not above or here.start >= above.end
        ]

    def _trimmed(self, piece: Piece) -> Piece:
        start, end, sure = piece
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        return Piece(start, end, sure)

    # --- what stands between known lines ---------------------------------------------------------------------------

    def _pieces(self, known: Sequence[Heading]) -> Iterator[Piece]:
        stops = [*(heading.start for heading in known[1:]), self.end]
        is_profile = any(heading.means in ("samples", "companies") for heading in known)
        yield from self._parted(self.start, known[0].start, announced=False)
        announced = False
        for number, (heading, stop) in enumerate(zip(known, stops, strict=True)):
            means = heading.means
            found = self._with_items(heading, stop)
            yield from found
            announced = (announced and means in _BETWEEN) or means == "description" or (means == "peer" and is_profile)
            if self.text[found[-1].end : stop].strip():
                # A description ends at a known line; a title that is repeated below is the document's, not the page's.
                is_bounded = number + 1 < len(known) and self._says(heading) != self._says(known[number + 1])
                yield from self._parted(found[-1].end, stop, announced=announced and is_bounded)
                announced = False

    def _with_items(self, heading: Heading, stop: int) -> list[Piece]:
        """A known line and the items that it leads in; where these have no ends that show, all in one."""
        start, end, means = heading
        items = self._items(means, end, stop)
        if means in _OPAQUE or (means == "companies" and not items):
            behind = bisect_left(self._sentences, end)
            end = min([stop, *self._sentences[behind : behind + 1]])
            return [Piece(start, end, sure=False)]
        return [Piece(start, end, sure=True), *items]

    def _says(self, heading: Heading) -> str:
        return self.text[heading.start : heading.end].lower()

    def _items(self, means: str, start: int, end: int) -> list[Piece]:
        if means == "skills":
            return listed_skills(self.text, start, end)
        return companies(self.text, start, end, self.names) if means == "companies" else []

    def _parted(self, start: int, end: int, *, announced: bool) -> Iterator[Piece]:
        here = self.clauses[bisect_left(self._begins, start) : bisect_left(self._begins, end)]
        return parted(self.text, start, end, here, announced=announced)
