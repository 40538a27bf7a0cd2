"""Which field holds the page, its address, its date, its language: by the usual names, or by those that were given.

The names are those of FineWeb, C4, mC4, Dolma, RedPajama, OSCAR, CCNet, datatrove and common scrapers. They are
compared without case and punctuation: `raw_content`, `rawContent` and `Raw-Content` are one name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.readers.options import ReadOptions
from pipeline.readers.report import FileReport

Path = tuple[str, ...]

_HTML = ("html", "rawhtml", "pagehtml", "fullhtml", "htmlcontent", "contenthtml", "bodyhtml", "htmlbody")
_TEXT = (
    "text", "rawtext", "pagetext", "fulltext", "plaintext", "cleantext", "maintext", "extractedtext",
    "content", "rawcontent", "pagecontent", "textcontent", "contenttext", "maincontent",
    "body", "bodytext", "markdown", "pagemarkdown", "article", "articletext", "document",
)  # fmt: skip
_URL = (
    "url", "pageurl", "finalurl", "canonicalurl", "targeturi", "warctargeturi", "requesturl", "sourceurl",
    "documenturl", "originalurl", "uri", "link", "source",
)  # fmt: skip
_DATE = (
    "fetchedat", "fetchtime", "fetchdate", "crawldate", "crawledat", "crawltime", "crawltimestamp", "warcdate",
    "datedownload", "downloaddate", "downloadedat", "scrapedat", "scrapedate", "retrievedat", "timestamp", "date",
    "added",
)  # fmt: skip
_LANGUAGE = ("language", "lang", "languagecode", "detectedlanguage", "languageid")
_PARENTS = ("metadata", "meta", "warcheaders", "attributes")
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_MAX_SHAPES = 1000
_MAX_NAMED = 30


@dataclass(frozen=True, slots=True)
class Fields:
    """Where records of one shape hold what; several candidates in order of preference."""

    text: tuple[Path, ...]
    """HTML before text: it has the boundaries of cells that text has lost."""
    html: frozenset[Path]
    """Those of `text` whose name says that they hold HTML."""
    url: tuple[Path, ...]
    date: tuple[Path, ...]
    language: tuple[Path, ...]


class FieldFinder:
    """Finds fields by name; remembers what it found for each shape (the field names in order) of a record."""

    def __init__(self, options: ReadOptions, report: FileReport) -> None:
        self._options = options
        self._report = report
        self._flat: dict[Path, Fields] = {}
        self._shapes: dict[Path, tuple[Path, tuple[str, ...]]] = {}
        self._found: dict[tuple[Path, ...], Fields] = {}

    def of_record(self, row: Mapping[str, Any]) -> Fields:
        """The fields of a JSON object."""
        names = tuple(row)
        fields = self._flat.get(names)
        if fields is not None:
            return fields
        parents = self._parents_of(names)
        if not parents:
            if len(self._flat) >= _MAX_SHAPES:
                self._flat.clear()
            fields = self._flat[names] = self._look([(name,) for name in names])
            return fields
        children = tuple(tuple(row[parent]) if isinstance(row[parent], dict) else () for parent in parents)
        return self._fields(
            (names, *children),
            lambda: (
                [(name,) for name in names]
                + [(parent, name) for parent, inner in zip(parents, children, strict=True) for name in inner]
            ),
        )

    def of_paths(self, paths: Iterable[Path]) -> Fields:
        """The fields among the columns of a table; a column in a column has a path of two names."""
        found = list(paths)
        return self._fields(tuple(found), lambda: found)

    def _parents_of(self, names: Path) -> tuple[str, ...]:
        known = self._shapes.get(names)
        if known is None:
            if len(self._shapes) >= _MAX_SHAPES:
                self._shapes.clear()
            given = {column.split(".")[0] for column in self._options.columns.values() if "." in column}
            known = (names, tuple(name for name in names if _plain(name) in _PARENTS or name in given))
            self._shapes[names] = known
        return known[1]

    def _fields(self, shape: tuple[Path, ...], paths: Callable[[], list[Path]]) -> Fields:
        fields = self._found.get(shape)
        if fields is None:
            if len(self._found) >= _MAX_SHAPES:
                self._found.clear()
            fields = self._found[shape] = self._look(paths())
        return fields

    def _look(self, paths: list[Path]) -> Fields:
        options = self._options
        top: list[Path] = [path for path in paths if len(path) == 1]
        # "content" in "metadata" is hardly the page
        text = _pick(options.text_column, (*_HTML, *_TEXT), paths if options.text_column else top)
        fields = Fields(
            text=text,
            html=frozenset(path for path in text if _plain(path[-1]) in _HTML),
            url=_pick(options.url_column, _URL, paths),
            date=_pick(options.date_column, _DATE, paths),
            language=_pick(options.language_column, _LANGUAGE, paths),
        )
        self._note(fields, paths)
        return fields

    def _note(self, fields: Fields, paths: list[Path]) -> None:
        """Note which of the columns that were given are there."""
        for option, given in self._options.columns.items():
            if getattr(fields, option.removesuffix("_column")):
                self._report.met.add(option)
            elif option not in self._report.lacks:
                self._report.lacks[option] = no_column([".".join(path) for path in paths], given)


def _plain(name: str) -> str:
    return _PUNCTUATION.sub("", name.lower())


def _pick(given: str | None, usual: tuple[str, ...], paths: list[Path]) -> tuple[Path, ...]:
    if given is not None:
        return tuple(path for path in paths if ".".join(path) == given)
    ranked = [(usual.index(_plain(path[-1])), len(path), path) for path in paths if _plain(path[-1]) in usual]
    return tuple(path for _, _, path in sorted(ranked))


def value_at(row: Mapping[str, Any], path: Path) -> Any:
    """What a record holds at a path; None where there is nothing."""
    if len(path) == 1:
        return row.get(path[0])
    value: Any = row
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def is_address(value: object) -> bool:
    """Whether a field's value is an address; `source` may as well be the name of a data set."""
    return isinstance(value, str) and "://" in value[:12] and len(value) < 8192


def no_column(names: Iterable[str], given: str | None, what: str = "column") -> str:
    """The clear error for a missing column: what was looked for (None: the page), and what is there."""
    listed = [repr(name[:60]) for name in names]
    there = ", ".join(listed[:_MAX_NAMED]) + (
        f" and {len(listed) - _MAX_NAMED} more" if len(listed) > _MAX_NAMED else ""
    )
    wanted = f"no {what} {given!r}" if given else f"no {what} that is known to hold the page"
    return f"{wanted}; there are: {there or 'none'}"
