"""Why a published value is what it is: what every page says of its cell, what was read and what was not, what is flagged.

:func:`explain` looks at published tables only, so that it can be asked of any run, at any time, without the pages.
:func:`pipeline.resolve.explanation.render` makes text of the answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import UsageError
from pipeline.resolve.explanation import Broken, Explanation, Rejected, Statement, Value, Verdict

if TYPE_CHECKING:
    from pyarrow.dataset import Dataset

Row = dict[str, Any]
Tables = Mapping[str, "pa.Table | Dataset"]
TextsOf = Callable[[Collection[str]], Mapping[str, str]]
_Place = tuple[str, str, int]

_UNSOUND = frozenset(
    ("in_range", "hourly_matches_yearly", "low_below_average", "high_above_average", "shares_sum_to_100")
)
"""Rules that a sound page does not break; see :mod:`pipeline.resolve.trust`."""
_CONTEXT = 60
"""Characters of the page shown on each side of what a statement was read from."""
_GAP = 2
"""Characters between two cells that touch each other, at most."""
_JUDGED = ["observation_id", "document_id", "method", "value", "text"]
"""Columns of observations that tell what a statement counts for."""
_OF_DOCUMENTS = ["document_id", "source", "status", "fetched_at", "updated_on"]
_OF_NEIGHBOURS = ["observation_id", "document_id", "role_id", "field", "start", "end", "raw", "value", "text"]
_OF_SAYINGS = ["document_id", "role_id", "field", "value", "text"]


def explain(
    tables: Tables,
    role: str,
    metric: str,
    category: str = "",
    *,
    texts_of: TextsOf | None = None,
    most: int | None = None,
) -> Explanation:
    """All that the published tables know about one value.

    Takes the tables by name (`documents`, `roles`, `metrics`, `observations`, `checks`), each an Arrow table or a dataset
    that is read as far as needed, a few times, however many pages speak of the cell; a role by its id or any of its names,
    whatever their case; and, if the pages are at hand, `texts_of`, which gives the texts of documents by their ids, as far as
    it has them, to show what stands around a statement. Of the statements with each verdict, of the readings of each, and of
    the rules that fail, at most so many are listed, if a number is given; all are counted.

    Raises:
        UsageError: no page speaks of the role, or none of this metric of it.
    """
    known = _role(tables, role)
    cell = {"role_id": known["role_id"], "category": category}
    rows = _rows(tables, "metrics", metric=metric, **cell)
    statements = _rows(tables, "observations", _JUDGED, table="metrics", field=metric, **cell)
    statements += _open_elsewhere(tables, known["role_id"], metric, category)
    if not rows and not statements:
        raise _unknown_metric(tables, known, metric, category)
    explainer = _Explainer(tables, texts_of, _value(rows[0]) if rows else None, most)
    return explainer.explain(known, metric, category, statements)


class _Judged(NamedTuple):
    """A statement before all is known of it: the verdict, why, the day of its page, and the columns :data:`_JUDGED`."""

    verdict: Verdict
    why: str
    seen: date | None
    source: str
    row: Row


class _Explainer:
    """One explanation in the making."""

    def __init__(self, tables: Tables, texts_of: TextsOf | None, value: Value | None, most: int | None) -> None:
        self.tables = tables
        self.texts_of = texts_of
        self.value = value
        self.most = most
        self.documents: dict[str, Row] = {}
        self.broken: dict[str, set[str]] = {}
        self.rows: dict[str, Row] = {}
        self.evidence: _Evidence = _Evidence(tables, [])
        self.texts: Mapping[str, str] = {}

    def explain(self, role: Row, metric: str, category: str, rows: list[Row]) -> Explanation:
        """Put together what is known of the cell."""
        self._load_documents(row["document_id"] for row in rows)
        self._load_broken(row["document_id"] for row in rows)
        judged = sorted(map(self._judge, rows), key=_order)
        counts = Counter(statement.verdict for statement in judged)
        shown = [statement for verdict in _VERDICTS for statement in self._first(judged, verdict)]
        self._load_rows(statement.row["observation_id"] for statement in shown)
        statements = tuple(
            self._statement(self.rows[found.row["observation_id"]], found.verdict, found.why) for found in shown
        )
        failed = [
            row
            for row in _rows(self.tables, "checks", role_id=role["role_id"], metric=metric)
            if row["category"] in ("", category)
        ]
        return Explanation(
            role["role_id"],
            role["name"],
            metric,
            category,
            self.value,
            statements,
            tuple(self._checks(failed[: self.most])),
            {verdict: counts[verdict] for verdict in _VERDICTS},
            len(failed),
        )

    def _first(self, judged: list[_Judged], verdict: Verdict) -> Iterable[_Judged]:
        return islice((statement for statement in judged if statement.verdict == verdict), self.most)

    def _checks(self, rows: list[Row]) -> Iterable[Broken]:
        self._load_documents(row["document_id"] for row in rows if row["document_id"])
        for row in rows:
            source = self._source(row["document_id"]) if row["document_id"] is not None else None
            yield Broken(row["rule"], row["expected"], row["found"], row["explanation"], source)

    def _load_documents(self, ids: Iterable[str]) -> None:
        wanted = set(ids) - self.documents.keys()
        if wanted:
            found = _where(self.tables["documents"], pc.field("document_id").isin(_texts(wanted)), _OF_DOCUMENTS)
            self.documents |= {row["document_id"]: row for row in found.to_pylist() if row["status"] == "parsed"}

    def _load_broken(self, ids: Iterable[str]) -> None:
        """The rules that make what a page says not count."""
        wanted = pc.field("document_id").isin(_texts(ids)) & pc.field("rule").isin(_texts(_UNSOUND))
        for row in _where(self.tables["checks"], wanted, ["document_id", "rule"]).to_pylist():
            self.broken.setdefault(row["document_id"], set()).add(row["rule"])

    def _load_rows(self, ids: Iterable[str]) -> None:
        """Observations, those that they were derived from, and what speaks for and against how they were read."""
        wanted = set(ids)
        while wanted:
            condition = pc.field("observation_id").isin(_texts(wanted))
            found = _where(self.tables["observations"], condition).to_pylist()
            self.rows |= {row["observation_id"]: row for row in found}
            wanted = {origin for row in found for origin in row["derived_from"]} - self.rows.keys() - wanted
        rows = self.rows.values()
        self._load_documents(row["document_id"] for row in rows)
        self.evidence = _Evidence(self.tables, [row for row in rows if row["method"] == "resolved"])
        if self.texts_of:
            self.texts = self.texts_of({row["document_id"] for row in rows if row["start"] is not None})

    def _statement(self, row: Row, verdict: Verdict, why: str) -> Statement:
        rejected = list(self._rejected(row))
        return Statement(
            observation_id=row["observation_id"],
            source=self._source(row["document_id"]),
            line=row["line"],
            raw=row["raw"],
            value=row["value"],
            text=row["text"],
            method=row["method"],
            confidence=row["confidence"],
            seen=self._seen(row["document_id"]),
            verdict=verdict,
            why=why,
            before=self._around(row, before=True),
            after=self._around(row, before=False),
            reasons=tuple(self.evidence.reasons(row)),
            rejected=tuple(rejected[: self.most]),
            rejected_count=len(rejected),
            derived_from=tuple(
                self._statement(origin, "for", _what(origin))
                for key in sorted(row["derived_from"] or ())
                if (origin := self.rows.get(key))
            ),
        )

    def _judge(self, row: Row) -> _Judged:
        key = row["document_id"]
        return _Judged(*self._verdict(row), self._seen(key), self._source(key), row)

    def _verdict(self, row: Row) -> tuple[Verdict, str]:
        if row["method"] == "ambiguous":
            return "open", "its text can be read in several ways, and nothing decides between them"
        if row["value"] is None and row["text"] is None:
            return "silent", "the page says that it has no value"
        if self.value is None:
            return "against", "pages disagree, and none has the last word"
        if _content(row) == (self.value.value, _plain(self.value.text)):
            return "for", ""
        seen = self._seen(row["document_id"])
        if broken := sorted(self.broken.get(row["document_id"], ())):
            return "against", f"not heard: its page breaks {', '.join(broken)}"
        if seen and self.value.as_of and seen < self.value.as_of:
            return "against", f"older than {self.value.as_of.isoformat()}"
        return "against", "outvoted"

    def _rejected(self, row: Row) -> Iterable[Rejected]:
        for alternative in row["alternatives"] if row["method"] == "resolved" else ():
            number = alternative.replace(",", "")
            content = (float(number), "") if number.isdigit() else (None, _plain(alternative))
            pages = self.evidence.pages_that_say(row, row["role_id"], content)
            yield Rejected(alternative, f"{pages} so" if pages else "no other page says so")
        if row["method"] == "ambiguous":
            yield from (Rejected(alternative, "possible") for alternative in dict.fromkeys(row["alternatives"]))

    def _source(self, document_id: str) -> str:
        document = self.documents.get(document_id)
        return document["source"] if document else document_id

    def _seen(self, document_id: str) -> date | None:
        document = self.documents.get(document_id, {})
        fetched = document.get("fetched_at")
        return fetched.date() if fetched else document.get("updated_on")

    def _around(self, row: Row, *, before: bool) -> str:
        text = self.texts.get(row["document_id"]) if row["start"] is not None else None
        if text is None:
            return ""
        if before:
            return text[max(0, row["start"] - _CONTEXT) : row["start"]].rpartition("\n")[2]
        return text[row["end"] : row["end"] + _CONTEXT].partition("\n")[0]


class _Evidence:
    """What speaks for the readings that were taken of resolved cells, of all of them at once."""

    def __init__(self, tables: Tables, cells: list[Row]) -> None:
        self._beginning: dict[_Place, list[Row]] = {}
        """Resolved cells by where they begin, and by where they end."""
        self._ending: dict[_Place, list[Row]] = {}
        self._pages: dict[tuple[str, str, float | None, str], set[str]] = {}
        """The pages that give a role's field some content."""
        self._terms: dict[tuple[str, str], set[float]] = {}
        """How long it takes to become a role, as a page has it."""
        if cells:
            self._load(tables, cells)

    def _load(self, tables: Tables, cells: list[Row]) -> None:
        pages = pc.field("document_id").isin(_texts(row["document_id"] for row in cells))
        fields = pc.field("field").isin(_texts(row["field"] for row in cells))
        roles = {row["role_id"] for row in cells}
        neighbours = pages & fields & (pc.field("method") == "resolved")
        for row in _where(tables["observations"], neighbours, _OF_NEIGHBOURS).to_pylist():
            for places, edge in ((self._beginning, "start"), (self._ending, "end")):
                places.setdefault((row["document_id"], row["field"], row[edge]), []).append(row)
        terms = pages & pc.field("role_id").isin(_texts(roles)) & (pc.field("field") == "time_to_become_high")
        for row in _where(tables["observations"], terms, ["document_id", "role_id", "value"]).to_pylist():
            self._terms.setdefault((row["document_id"], row["role_id"]), set()).add(row["value"])
        roles |= {other["role_id"] for row in cells for other in self._neighbours(row)}
        said = fields & pc.field("role_id").isin(_texts(roles)) & (pc.field("table") == "metrics")
        said &= pc.field("method").isin(_texts(["stated", "resolved"]))
        for row in _where(tables["observations"], said, _OF_SAYINGS).to_pylist():
            self._pages.setdefault((row["role_id"], row["field"], *_content(row)), set()).add(row["document_id"])

    def reasons(self, row: Row) -> Iterable[str]:
        """What speaks for the reading that was taken."""
        if row["method"] != "resolved":
            return
        supported = self.pages_that_say(row, row["role_id"], _content(row))
        if supported:
            yield f"{supported} so, too"
        if row["field"] == "experience_years":
            terms = self._terms.get((row["document_id"], row["role_id"]), set())
            if row["value"] is not None and terms & {row["value"], row["value"] * 12}:
                yield "the page's time to become ends there"
        for other in self._neighbours(row):
            pages = self.pages_that_say(other, other["role_id"], _content(other))
            said = f'it leaves "{other["raw"]}" for {other["role_id"]}'
            yield f"{said}, and {pages} so of that role" if pages else said

    def pages_that_say(self, row: Row, role_id: str, content: tuple[float | None, str]) -> str:
        """How many other pages say this of the role, with the verb; "" for none."""
        pages = self._pages.get((role_id, row["field"], *content), set())
        count = len(pages) - (row["document_id"] in pages)
        if count == 1:
            return "another page says"
        return f"{count} other pages say" if count else ""

    def _neighbours(self, row: Row) -> list[Row]:
        """The cells that were read together with this one: they touch it."""
        key = row["document_id"], row["field"]
        found = {
            other["observation_id"]: other
            for gap in range(_GAP + 1)
            for other in (
                *self._beginning.get((*key, row["end"] + gap), ()),
                *self._ending.get((*key, row["start"] - gap), ()),
            )
        }
        return [found[name] for name in sorted(found) if name != row["observation_id"]]


# --- rows ----------------------------------------------------------------------------------------------------------


def _where(table: pa.Table | Dataset, condition: pc.Expression, columns: Sequence[str] | None = None) -> pa.Table:
    if isinstance(table, pa.Table):
        found = table.filter(condition)
        return found.select(columns) if columns else found
    return table.to_table(columns=columns, filter=condition)


def _rows(tables: Tables, name: str, columns: Sequence[str] | None = None, /, **equal: str) -> list[Row]:
    condition = pc.scalar(True)
    for column, value in equal.items():
        condition &= pc.field(column) == value
    return list(_where(tables[name], condition, columns).to_pylist())


def _texts(values: Iterable[str]) -> pa.Array:
    return pa.array(sorted(set(values)), pa.string())


def _role(tables: Tables, role: str) -> Row:
    wanted = _plain(role)
    rows = _rows(tables, "roles", role_id=wanted)
    if not rows:
        everything = _where(tables["roles"], pc.scalar(True)).select(["role_id", "name", "name_plural", "aliases"])
        rows = [
            row
            for row in everything.to_pylist()
            if wanted in map(_plain, (row["name"], row["name_plural"], *row["aliases"]))
        ]
    if not rows:
        raise UsageError(f"no page speaks of a role {role!r}", hint="roles.parquet lists the roles")
    return rows[0]


def _open_elsewhere(tables: Tables, role_id: str, metric: str, category: str) -> list[Row]:
    """Open cells whose category is open, too: a company glued to its count."""
    if not category:
        return []
    rows = _rows(
        tables,
        "observations",
        [*_JUDGED, "alternatives"],
        table="metrics",
        role_id=role_id,
        field=metric,
        method="ambiguous",
        category="",
    )
    return [row for row in rows if any(_plain(text).startswith(_plain(category)) for text in row["alternatives"])]


def _unknown_metric(tables: Tables, role: Row, metric: str, category: str) -> UsageError:
    rows = _rows(tables, "metrics", role_id=role["role_id"])
    same = sorted(row["category"] for row in rows if row["metric"] == metric and row["category"])
    if same:
        return UsageError(
            f"no page gives {metric} of {role['role_id']} for category {category!r}",
            hint=f"categories: {', '.join(same)}",
        )
    names = sorted({row["metric"] for row in rows})
    return UsageError(f"no page gives {metric} of {role['role_id']}", hint=f"metrics: {', '.join(names) or 'none'}")


def _value(row: Row) -> Value:
    return Value(**{name: row[name] for name in Value._fields if name != "flags"}, flags=tuple(row["flags"]))


def _content(row: Row) -> tuple[float | None, str]:
    return row["value"], _plain(row["text"])


def _plain(text: str | None) -> str:
    return " ".join((text or "").lower().split())


def _what(row: Row) -> str:
    other = f" against {row['other_role_id']}" if row["other_role_id"] else ""
    kind = "difference in " if row["table"] == "comparisons" else ""
    return f"{kind}{row['field']} of {row['role_id']}{other}"


_VERDICTS: tuple[Verdict, ...] = ("for", "against", "open", "silent")


def _order(statement: _Judged) -> tuple[Any, ...]:
    newest_first = -(statement.seen.toordinal() if statement.seen else 0)
    return _VERDICTS.index(statement.verdict), newest_first, statement.source, statement.row["observation_id"]
