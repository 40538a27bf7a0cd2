"""JSON lines: one object a line, one of its fields the page.

orjson reads a line in three quarters of the standard library's time but refuses NaN, which Python's own `json` writes,
and lone surrogates; what it refuses, the standard library gets to judge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import orjson

from pipeline.model import Problem, Record
from pipeline.readers.content import Content, Context
from pipeline.readers.fields import FieldFinder, Fields, is_address, no_column, value_at
from pipeline.readers.lines import lines
from pipeline.readers.moments import moment

_SURROGATE = re.compile("[\ud800-\udfff]")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_WHOLE = {b"[": "an array", b"{": "an object"}


class _RefusedError(Exception):
    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = Problem(code, detail)


def read(content: Content, context: Context) -> Iterator[Record]:
    """The records of a file of JSON lines; blank lines are none."""
    options = context.options
    rows = Rows(context)
    pieces = content.pieces(options.max_decoded_bytes, options.max_gap_bytes)
    for number, line, problem in lines(pieces, options.max_line_bytes):
        if problem:
            yield context.record(line, problem=problem)
        elif number == 1 and (whole := not_lines(line)):
            yield context.record(line, problem=whole)
            return
        elif line and not line.isspace() and (record := rows.record(number, line)):
            yield record


def not_lines(first: bytes) -> Problem | None:
    """One problem instead of one a line, where the first says that all is one JSON text, or that it is not UTF-8."""
    if first.startswith(_WIDE_MARKS):
        return Problem("json", "line 1: UTF-16, but JSON lines are UTF-8; convert the file")
    if what := _WHOLE.get(first.strip()):
        return Problem("json", f"line 1: {what} over many lines, but one object a line is needed; `jq -c` makes it so")
    return None


class Rows:
    """Turns lines into records."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._finder = FieldFinder(context.options, context.report)

    def record(self, number: int, line: bytes) -> Record | None:
        """The record of a line that is not blank; None when it is passed over on purpose."""
        context = self._context
        try:
            row = self._object(line)
            fields = self._finder.of_record(row)
            text, media = self._text(row, fields)
        except _RefusedError as refused:
            problem = Problem(refused.problem.code, f"line {number:,}: {refused.problem.detail}")
            return context.record(line, problem=problem)
        if context.passes_over(_first(row, fields.language, _is_string)):
            return None
        return context.record(
            self._encoded(text),
            media=media,
            charset="utf-8",
            url=_first(row, fields.url, is_address),
            fetched_at=_moment(row, fields.date),
        )

    def _object(self, line: bytes) -> dict[str, Any]:
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError:
            row = self._lenient(line)
        if not isinstance(row, dict):
            raise _RefusedError("json", f"{_KINDS.get(type(row), 'a value')}, not an object")
        return row

    def _lenient(self, line: bytes) -> object:
        try:
            row = json.loads(line.decode("utf-8-sig"))
        except RecursionError:
            raise _RefusedError("json", "nested too deep") from None
        except ValueError as error:
            raise _RefusedError("json", str(error)) from None
        self._context.report.notes["JSON with NaN or lone surrogates"] += 1
        return row

    def _text(self, row: dict[str, Any], fields: Fields) -> tuple[str, str]:
        empty: tuple[str, str] | None = None
        for path in fields.text:
            text = value_at(row, path)
            if isinstance(text, str):
                media = "html" if path in fields.html else ""
                if text:
                    return text, media
                empty = empty or (text, media)
        if empty is not None:
            return empty
        raise self._missing(row, fields)

    def _missing(self, row: dict[str, Any], fields: Fields) -> _RefusedError:
        if fields.text:
            name = ".".join(fields.text[0])
            return _RefusedError(
                "schema", f"{name!r} holds {_KINDS.get(type(value_at(row, fields.text[0])), 'no text')}"
            )
        return _RefusedError("schema", no_column(row, self._context.options.text_column, "field"))

    def _encoded(self, text: str) -> bytes:
        try:
            return text.encode()
        except UnicodeEncodeError:
            self._context.report.notes["text with lone surrogates, now U+FFFD"] += 1
            return _SURROGATE.sub("\ufffd", text).encode()


_KINDS: dict[type, str] = {
    dict: "an object",
    list: "an array",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def _is_string(value: object) -> bool:
    return isinstance(value, str)


def _moment(row: dict[str, Any], paths: tuple[tuple[str, ...], ...]) -> datetime | None:
    for path in paths:
        if found := moment(value_at(row, path)):
            return found
    return None


def _first(row: dict[str, Any], paths: tuple[tuple[str, ...], ...], accept: Callable[[object], bool]) -> Any:
    for path in paths:
        value = value_at(row, path)
        if accept(value):
            return value
    return None
