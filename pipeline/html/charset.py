"""Which character encoding a page of HTML is in, and the page as UTF-8 bytes, which is what the parser takes.

Byte order mark, HTTP header, `<meta>`, strict UTF-8, a detector on a sample: the order of the HTML standard, but for two
things that pages taught. Bytes beyond ASCII that are valid UTF-8 are UTF-8, whatever single-byte charset is declared. And one
broken character does not make a page that declares UTF-8 another encoding: its byte is read as Windows-1252.
"""

from __future__ import annotations

import codecs
import re

from pipeline.encoding import codec_name, decode
from pipeline.model import Problem

_HEAD = 4096
"""Bytes in which the charset must be declared; the standard says 1024, and pages put scripts before it."""
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_SHIFT = b"\x1b"
"""What the seven-bit encodings of Japanese need, and UTF-8 text does not hold."""
_LABELS = {
    # What the Encoding Standard reads a label as where Python's codec of that name is another or narrower one.
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "iso8859-1": "cp1252", "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030",
    "gbk": "gb18030", "x-gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "windows-31j": "cp932",
    # The page could not have been read this far if it were in UTF-16.
    "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "cp1252",
}  # fmt: skip
_HANDLER = "rolepages-western"


def is_likely_utf8(data: bytes) -> bool:
    """Whether nothing shows that the page is in another encoding, short of looking for bytes that are no UTF-8."""
    return (
        b"\0" not in data
        and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        and _SHIFT not in data
    )


def decode_html(data: bytes, charset: str | None = None) -> tuple[bytes, str] | Problem:
    """The page in UTF-8, without byte order mark, and the encoding that it came in; `charset` is the HTTP header's."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        decoded = decode(data)
    elif _is_utf8(data) and is_likely_utf8(data):
        return data, "utf-8"
    else:
        decoded = _declared(data, charset) or decode(data)
    if isinstance(decoded, Problem):
        return decoded
    return decoded[0].encode("utf-8", "replace"), decoded[1]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _declared(data: bytes, charset: str | None) -> tuple[str, str] | None:
    """The page by the charset that the header or the page itself declares; None when that does not read it."""
    meta = _META.search(data, 0, _HEAD)
    for label in (charset, meta and meta[1].decode("ascii")):
        codec = _codec(label) if label else ""
        if codec == "utf-8":
            return (data.decode(), codec) if _is_utf8(data) else (data.decode(codec, _HANDLER), "mixed")
        if codec:
            try:
                return data.decode(codec), codec
            except (UnicodeDecodeError, LookupError):
                continue
    return None


def _codec(label: str) -> str:
    """Python's name for what browsers read a charset label as; "" for none of theirs."""
    plain = label.strip().lower()
    return codec_name(_LABELS.get(plain, plain))


def _as_western(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    broken = error.object[error.start : error.end]
    return broken.decode("cp1252", "replace"), error.end


codecs.register_error(_HANDLER, _as_western)
