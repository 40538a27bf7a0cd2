"""Cells parted by tabs or commas: resiliparse 2 puts two tabs between cells, spreadsheets one, pandas writes CSV."""

from __future__ import annotations

import re

from pipeline.forms.rewriting import Edit, Flat, Rewriting, edited
from pipeline.labels import label_end

_TABS = re.compile(r" *\t[\t ]*")
_ONE_TAB = re.compile(r"(?<!\t)\t(?!\t)")
_MAX_CELL = 100
_FIELD = re.compile(r'"(?:[^"]|"")*"|[^,;"\n]*')
_INSIDE_QUOTES = re.compile(r'""|\s*\n\s*')
_UNNAMED = re.compile(r"Unnamed: [0-9]+|index|")
"""What pandas calls a column without a header."""


def untabbed(text: str) -> Flat:
    """Tabs between the cells of rows become single, all other tabs spaces."""
    if "\t" not in text:
        return Flat(text)
    single = _ONE_TAB.search(text) is not None
    edits: list[Edit] = []
    start = 0
    lines = text.split("\n")
    rows = [_is_row(line) for line in lines]
    for number, line in enumerate(lines):
        if "\t" in line:
            heads = (
                number + 1 < len(lines) and rows[number + 1] and all(len(cell) < _MAX_CELL for cell in line.split("\t"))
            )
            if not (rows[number] or heads):
                edits += [(start + at, start + at + 1, " ") for at, character in enumerate(line) if character == "\t"]
            elif not single:
                edits += [(start + m.start(), start + m.end(), "\t") for m in _TABS.finditer(line) if m[0] != "\t"]
        start += len(line) + 1
    return edited(text, edits)


def _is_row(line: str) -> bool:
    bare = line.lstrip()
    stop = label_end(bare)
    return stop > 0 and bare[stop:].lstrip(" :").startswith("\t")


# --- commas --------------------------------------------------------------------------------------------------------


def uncommaed(text: str) -> Flat:
    """Lines of CSV, known by a label and a comma at their start, with tabs between their cells."""
    if not any(_label_field(line) for line in text.split("\n")):
        return Flat(text)
    rewriting = Rewriting(text)
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end == -1 else end
        below = text[end + 1 : end + 200]
        if _label_field(text[at:end]) or (_label_field(below) and "," in text[at:end]):
            end = _row(text, at, rewriting, heads=not _label_field(text[at:end]))
        else:
            rewriting.keep(at, end)
        rewriting.keep(end, min(end + 1, len(text)))
        at = end + 1
    return rewriting.done()


def _label_field(line: str) -> int:
    """The number of the field that is a label, from 1: pandas may write the number of the row before it."""
    for number, lead in ((1, ""), (2, "0123456789")):
        bare = line.lstrip(lead)[1:] if lead else line
        bare = bare.removeprefix('"')
        stop = label_end(bare)
        if stop and bare[stop : stop + 1] in (",", '"', ";") and bare[stop : stop + 2] != '" ':
            return number
    return 0


def _row(text: str, start: int, rewriting: Rewriting, *, heads: bool) -> int:
    """Rewrite one row and return where it ends, which is not its line's end where a quoted cell holds line breaks."""
    at, is_first = start, True
    while True:
        match = _FIELD.match(text, at)
        assert match is not None, "the pattern admits an empty field"
        begin, end = match.span()
        unnamed = heads and is_first and _UNNAMED.fullmatch(text, begin, end)
        if not unnamed and not (is_first and text[begin:end].isdigit()):
            _field(text, begin, end, rewriting)
        is_first = False
        if text[end : end + 1] not in (",", ";") or not text[end : end + 1]:
            return max(end, text.find("\n", end) if text[end : end + 1] not in ("", "\n") else end)
        rewriting.put("\t", end, end + 1)
        at = end + 1


def _field(text: str, begin: int, end: int, rewriting: Rewriting) -> None:
    if text[begin : begin + 1] != '"':
        rewriting.keep(begin, end)
        return
    begin, end = begin + 1, end - 1
    at = begin
    for match in _INSIDE_QUOTES.finditer(text, begin, end):
        rewriting.keep(at, match.start())
        rewriting.put('"' if match[0] == '""' else " ", *match.span())
        at = match.end()
    rewriting.keep(at, end)
