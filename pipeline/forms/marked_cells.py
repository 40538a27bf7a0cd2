"""Cells parted by a sign that no cell holds ("Average age · 46 · 38"): whatever a tool that nobody has seen yet puts there.

The sign is the one that stands behind the labels and between two cells of most rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from pipeline.forms.rewriting import Edit, Flat, each_line, edited
from pipeline.labels import label_end

_SIGN = re.compile(r"\s*([^\w\s$%.,:;'\"()&+|-]{1,3})\s*")
_FEWEST = 3
"""Rows; the smallest table of a page has three."""
_CELLS = 2
"""Cells of a row behind its label: comparison pages compare two roles."""
_LONGEST_HEADER = 200


def unmarked_cells(text: str) -> Flat:
    """The text with a tab between the cells of rows that a sign parts; unchanged when no sign does."""
    rows = list(_rows(text))
    signs = Counter(sign for _, _, sign in rows)
    sign, count = signs.most_common(1)[0] if signs else ("", 0)
    if count < _FEWEST or not sign:
        return Flat(text)
    mark = re.compile(rf"\s*{re.escape(sign)}\s*")
    edits: list[Edit] = []
    for start, end, found in rows:
        if found == sign:
            edits += _parted(text, start, end, mark, _CELLS)
            above = text.rfind("\n", 0, max(0, start - 1)) + 1
            if start > 0 and start - above <= _LONGEST_HEADER and not label_end(text[above:start].lstrip()):
                edits += _parted(text, above, start - 1, mark, _CELLS - 1)
    return edited(text, edits)


def _rows(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and sign of every line that begins with a label and a sign."""
    for start, line in each_line(text):
        bare = line.lstrip()
        stop = label_end(bare)
        if stop and "|" not in line and (sign := _SIGN.match(bare, stop)):
            yield start, start + len(line), sign[1]


def _parted(text: str, start: int, end: int, mark: re.Pattern[str], cells: int) -> list[Edit]:
    """A tab for each sign of a line that has as many of them as cells; a sign at either end of the line is no border."""
    found = list(mark.finditer(text, start, end))
    inner = [match for match in found if text[start : match.start()].strip() and text[match.end() : end].strip()]
    outer = [(match.start(), match.end(), "") for match in found if match not in inner]
    return [*outer, *((match.start(), match.end(), "\t") for match in inner)] if len(inner) == cells else []
