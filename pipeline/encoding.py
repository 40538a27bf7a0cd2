"""From bytes to text: which character encoding, and whether it is text at all.

The order is the cheap and sure first: byte order mark, the charset that the container declares, strict UTF-8; only what fails
all of these is looked at by a detector, and on a sample only (on a page of 100 KB it would take a second).
"""

from __future__ import annotations

import codecs

from pipeline.model import Problem

SAMPLE = 65_536
"""Bytes that are looked at to tell text from binary and to detect an encoding."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAGIC = (b"\x7fELF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
"""Codecs of Python that no page is written in; some decode to lone surrogates, and browsers refuse UTF-7 for safety."""
_MIN_CONFIDENT = 0.8
"""Share of letters, digits, punctuation and white space below which decoded bytes are not called text."""


def decode(data: bytes, charset: str | None = None) -> tuple[str, str] | Problem:
    """The text of `data` and the encoding that it was read with."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_as(data, encoding) or Problem(
                "encoding_mixed", f"not {encoding}, though its first bytes say so"
            )
    if data.startswith(MAGIC):
        return Problem("binary", "starts like a binary file")
    if charset and codec_name(charset) and (decoded := _decode_as(data, charset)):
        return decoded
    if decoded := _decode_as(data, "utf-8"):
        return decoded if b"\0" not in data[:SAMPLE] or _is_text(decoded[0]) else _wide(data)
    return _detect(data)


def _decode_as(data: bytes, encoding: str) -> tuple[str, str] | None:
    try:
        return data.decode(encoding), encoding.removesuffix("-sig").lower()
    except (UnicodeDecodeError, LookupError):
        return None


def codec_name(charset: str) -> str:
    """Python's name for a charset; "" for what is none, or none that a page is written in."""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):  # unknown, or no name at all
        return ""
    return "" if name in _NO_CHARSETS else name


def _wide(data: bytes) -> tuple[str, str] | Problem:
    """UTF-16 without a mark has a NUL beside every ASCII letter; anything else with that many NULs is binary."""
    for encoding in ("utf-16-le", "utf-16-be"):
        decoded = _decode_as(data, encoding)
        if decoded and decoded[0].isprintable() | (
            sum(map(str.isascii, decoded[0][:SAMPLE])) > len(decoded[0][:SAMPLE]) / 2
        ):
            return decoded
    return Problem("binary", "has NUL bytes all over")


def _detect(data: bytes) -> tuple[str, str] | Problem:
    if data[:SAMPLE].count(b"\0") > len(data[:SAMPLE]) / 10:
        return _wide(data)
    import charset_normalizer

    best = charset_normalizer.from_bytes(data[:SAMPLE]).best()
    decoded = _decode_as(data, best.encoding) if best is not None else None
    if decoded is not None and _is_text(decoded[0]):
        # Western pages are cp1252 on the web, which the detector takes for one of its neighbours (hazards A5).
        western = _decode_as(data, "cp1252") if decoded[1].startswith(("cp125", "latin", "iso8859", "mac")) else None
        return western or decoded
    mixed = _line_wise(data)
    return mixed or Problem("encoding_unknown", "no character encoding reads it as text")


def _line_wise(data: bytes) -> tuple[str, str] | None:
    """Several encodings in one document: strict UTF-8 where a line allows it, else Windows-1252."""
    lines = [(_decode_as(line, "utf-8") or _decode_as(line, "cp1252")) for line in data.split(b"\n")]
    if None in lines:
        return None
    text = "\n".join(line[0] for line in lines if line is not None)
    return (text, "mixed") if _is_text(text) else None


def _is_text(text: str) -> bool:
    sample = text[:SAMPLE]
    readable = sum(character.isprintable() or character in "\n\r\t\f\v" for character in sample)
    return readable >= len(sample) * _MIN_CONFIDENT
