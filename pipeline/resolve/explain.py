"""Why a published value is what it is: what every page says of its cell, what was read and what was not, what is flagged.

:func:`explain` looks at published tables only, so that it can be asked of any run, at any time, without the pages.
:func:`pipeline.resolve.explanation.render` makes text of the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import UsageError
from pipeline.resolve.explanation import Broken, Explanation, Rejected, Statement, Value, Verdict

if TYPE_CHECKING:
    from pyarrow.dataset import Dataset

Row = dict[str, Any]
Tables = Mapping[str, "pa.Table | Dataset"]
TextOf = Callable[[str], str | None]

_UNSOUND = frozenset(
    ("in_range", "hourly_matches_yearly", "low_below_average", "high_above_average", "shares_sum_to_100")
)
"""Rules that a sound page does not break; see :mod:`pipeline.resolve.trust`."""
_CONTEXT = 60
"""Characters of the page shown on each side of what a statement was read from."""


def explain(
    tables: Tables, role: str, metric: str, category: str = "", *, text_of: TextOf | None = None
) -> Explanation:
    """All that the published tables know about one value.

    Takes the tables by name (`documents`, `roles`, `metrics`, `observations`, `checks`), each an Arrow table or a dataset
    that is read as far as needed; a role by its id or any of its names, whatever their case; and, if the pages are at
    hand, `text_of`, which gives the text of a document by its id, to show what stands around a statement.

    Raises:
        UsageError: no page speaks of the role, or none of this metric of it.
    """
    known = _role(tables, role)
    cell = {"role_id": known["role_id"], "category": category}
    rows = _rows(tables, "metrics", metric=metric, **cell)
    statements = _rows(tables, "observations", table="metrics", field=metric, **cell)
    statements += _open_elsewhere(tables, known["role_id"], metric, category)
    if not rows and not statements:
        raise _unknown_metric(tables, known, metric, category)
    return _Explainer(tables, text_of, _value(rows[0]) if rows else None).explain(known, metric, category, statements)


class _Explainer:
    """One explanation in the making."""

    def __init__(self, tables: Tables, text_of: TextOf | None, value: Value | None) -> None:
        self.tables = tables
        self.text_of = text_of
        self.value = value
        self.documents: dict[str, Row] = {}
        self.broken: dict[str, set[str]] = {}

    def explain(self, role: Row, metric: str, category: str, rows: list[Row]) -> Explanation:
        """Put together what is known of the cell."""
        self._load_documents(row["document_id"] for row in rows)
        statements = sorted((self._statement(row) for row in rows), key=_order)
        checks = [
            Broken(row["rule"], row["expected"], row["found"], row["explanation"], self._source(row["document_id"]))
            for row in _rows(self.tables, "checks", role_id=role["role_id"], metric=metric)
            if row["category"] in ("", category)
        ]
        return Explanation(
            role["role_id"], role["name"], metric, category, self.value, tuple(statements), tuple(checks)
        )

    def _load_documents(self, ids: Iterable[str]) -> None:
        wanted = pa.array(sorted(set(ids) - self.documents.keys()), pa.string())
        found = _where(self.tables["documents"], pc.field("document_id").isin(wanted))
        for row in found.to_pylist():
            if row["status"] == "parsed":
                self.documents[row["document_id"]] = row
        for row in _where(self.tables["checks"], pc.field("document_id").isin(wanted)).to_pylist():
            self.broken.setdefault(row["document_id"], set()).add(row["rule"])

    def _statement(self, row: Row) -> Statement:
        verdict, why = self._verdict(row)
        return Statement(
            observation_id=row["observation_id"],
            source=self._source(row["document_id"]) or row["document_id"],
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
            reasons=tuple(self._reasons(row)),
            rejected=tuple(self._rejected(row)),
            derived_from=tuple(self._origins(row)),
        )

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
        if broken := sorted(self.broken.get(row["document_id"], set()) & _UNSOUND):
            return "against", f"not heard: its page breaks {', '.join(broken)}"
        if seen and self.value.as_of and seen < self.value.as_of:
            return "against", f"older than {self.value.as_of.isoformat()}"
        return "against", "outvoted"

    def _reasons(self, row: Row) -> Iterable[str]:
        """What speaks for the reading that was taken."""
        if row["method"] != "resolved":
            return
        supported = self._pages_that_say(row, row["role_id"], _content(row))
        if supported:
            yield f"{supported} so, too"
        if row["field"] == "experience_years":
            terms = _rows(
                self.tables,
                "observations",
                document_id=row["document_id"],
                role_id=row["role_id"],
                field="time_to_become_high",
            )
            if any(term["value"] in (row["value"], row["value"] * 12) for term in terms):
                yield "the page's time to become ends there"
        for other in self._neighbours(row):
            pages = self._pages_that_say(other, other["role_id"], _content(other))
            said = f'it leaves "{other["raw"]}" for {other["role_id"]}'
            yield f"{said}, and {pages} so of that role" if pages else said

    def _rejected(self, row: Row) -> Iterable[Rejected]:
        for alternative in row["alternatives"] if row["method"] == "resolved" else ():
            number = alternative.replace(",", "")
            content = (float(number), "") if number.isdigit() else (None, _plain(alternative))
            pages = self._pages_that_say(row, row["role_id"], content)
            yield Rejected(alternative, f"{pages} so" if pages else "no other page says so")
        if row["method"] == "ambiguous":
            yield from (Rejected(alternative, "possible") for alternative in dict.fromkeys(row["alternatives"]))

    def _neighbours(self, row: Row) -> list[Row]:
        """The cells that were read together with this one: they touch it."""
        rows = _rows(self.tables, "observations", document_id=row["document_id"], field=row["field"], method="resolved")
        return [
            other
            for other in rows
            if other["observation_id"] != row["observation_id"]
            and (0 <= other["start"] - row["end"] <= 2 or 0 <= row["start"] - other["end"] <= 2)
        ]

    def _pages_that_say(self, row: Row, role_id: str, content: tuple[float | None, str]) -> str:
        """How many other pages say this of the role, with the verb; "" for none."""
        rows = _rows(self.tables, "observations", table="metrics", role_id=role_id, field=row["field"])
        pages = {
            other["document_id"]
            for other in rows
            if other["method"] in ("stated", "resolved")
            and other["document_id"] != row["document_id"]
            and _content(other) == content
        }
        if len(pages) == 1:
            return "another page says"
        return f"{len(pages)} other pages say" if pages else ""

    def _origins(self, row: Row) -> Iterable[Statement]:
        if row["derived_from"]:
            wanted = pc.field("observation_id").isin(pa.array(row["derived_from"], pa.string()))
            origins = _where(self.tables["observations"], wanted).to_pylist()
            self._load_documents(origin["document_id"] for origin in origins)
            for origin in origins:
                yield self._statement(origin)._replace(verdict="for", why=_what(origin))

    def _source(self, document_id: str | None) -> str | None:
        if document_id is None:
            return None
        self._load_documents([document_id])
        document = self.documents.get(document_id)
        return document["source"] if document else document_id

    def _seen(self, document_id: str) -> date | None:
        document = self.documents.get(document_id, {})
        fetched = document.get("fetched_at")
        return fetched.date() if fetched else document.get("updated_on")

    def _around(self, row: Row, *, before: bool) -> str:
        text = self.text_of(row["document_id"]) if self.text_of and row["start"] is not None else None
        if text is None:
            return ""
        if before:
            return text[max(0, row["start"] - _CONTEXT) : row["start"]].rpartition("\n")[2]
        return text[row["end"] : row["end"] + _CONTEXT].partition("\n")[0]


# --- rows ----------------------------------------------------------------------------------------------------------


def _where(table: pa.Table | Dataset, condition: pc.Expression) -> pa.Table:
    return table.filter(condition) if isinstance(table, pa.Table) else table.to_table(filter=condition)


def _rows(tables: Tables, name: str, **equal: str) -> list[Row]:
    condition = pc.scalar(True)
    for column, value in equal.items():
        condition &= pc.field(column) == value
    return list(_where(tables[name], condition).to_pylist())


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
        tables, "observations", table="metrics", role_id=role_id, field=metric, method="ambiguous", category=""
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


def _order(statement: Statement) -> tuple[Any, ...]:
    newest_first = -(statement.seen.toordinal() if statement.seen else 0)
    return _VERDICTS.index(statement.verdict), newest_first, statement.source, statement.observation_id
