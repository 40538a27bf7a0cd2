"""Lines of a file of records, in bounded memory whatever the lines' lengths."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model import Problem

BOM = b"\xef\xbb\xbf"


def lines(pieces: Iterator[bytes | Problem], limit: int) -> Iterator[tuple[int, bytes, Problem | None]]:
    r"""Number (from 1), content without its `\n`, and problem of each line.

    A line longer than `limit` bytes is cut there and goes on as a line with a problem. A gap in the content ends the
    line before it, which holds what there was; the line after it begins wherever the content goes on. Numbers count
    the lines that could be read.
    """
    number = 0
    tail: list[bytes] = []
    size = 0
    for piece in pieces:
        if isinstance(piece, Problem):
            yield number + 1, b"".join(tail)[:limit], piece
            tail, size = [], 0
            continue
        if number == 0 and size == 0 and piece.startswith(BOM):
            piece = piece[len(BOM) :]  # noqa: PLW2901
        first, *rest = piece.split(b"\n")
        if size <= limit:
            tail.append(first)
        size += len(first)
        if not rest:
            continue
        number += 1
        yield limited(number, tail, size, limit)
        last = rest.pop()
        for line in rest:
            number += 1
            yield number, line, None
        tail, size = [last], len(last)
    if size:
        yield limited(number + 1, tail, size, limit)


def limited(number: int, parts: list[bytes], size: int, limit: int) -> tuple[int, bytes, Problem | None]:
    """A line that came in parts of `size` bytes in all: cut, with a problem, where it is longer than `limit`."""
    line = parts[0] if len(parts) == 1 else b"".join(parts)
    if size > limit:
        detail = f"line {number:,} is {size:,} bytes long; the limit is {limit:,}"
        return number, line[:limit], Problem("line_too_long", detail)
    return number, line, None
