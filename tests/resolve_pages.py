"""Arrow tables of the per-document step, made from pages written down as data.

A page is a table of TOML: `id`, `kind`; optionally `url`, `fetched`, `updated`, `status`, `form`. What it says stands in

    facts   [table, role, field, category, other role, value or "", text or "", confidence (1 if left out)]
    says    the same in short, for metrics: "role field value", words in quotes, the category last: 'cook age 41'
    run     a run of cells that can be cut in several ways: `text`, `field`, `roles` (a column each), `cuts` (a list of cells
            each); `table` if it is not of metrics. A cell of "company|12" has words and a number.
"""

from __future__ import annotations

import shlex
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline import tables

FOLDER = Path(__file__).parent / "fixtures" / "resolve"
Row = dict[str, Any]


class Dump:
    """Documents, observations and readings as the per-document step writes them."""

    def __init__(self) -> None:
        self.documents: list[Row] = []
        self.observations: list[Row] = []
        self.readings: list[Row] = []

    def add(self, page: Row) -> None:
        """Add one page: `id`, `kind`, `facts`, `run`; optionally `url`, `fetched`, `updated`, `status`."""
        document_id = page["id"].rjust(32, "0")
        fetched = page.get("fetched")
        if isinstance(fetched, date) and not isinstance(fetched, datetime):
            fetched = datetime(fetched.year, fetched.month, fetched.day, tzinfo=UTC)
        self.documents.append(
            {
                "document_id": document_id,
                "source": page.get("source", f"{page['id']}.txt"),
                "url": page.get("url"),
                "page_kind": page.get("kind", "comparison"),
                "text_form": page.get("form", "bulleted"),
                "status": page.get("status", "parsed"),
                "updated_on": page.get("updated"),
                "fetched_at": fetched,
                **dict.fromkeys(
                    ("char_count", "line_count", "lines_extracted", "lines_boilerplate", "lines_unparsed"), 0
                ),
                "encoding": "utf-8",
            }
        )
        number, offset = 0, 0
        for fact in [*page.get("facts", ()), *map(_fact, page.get("says", ()))]:
            number += 1
            offset = self._state(document_id, number, offset, fact)
        for run in page.get("run", ()):
            number, offset = self._open(document_id, number, offset, run)

    def _state(self, document_id: str, number: int, offset: int, fact: list[Any]) -> int:
        table, role, field, category, other, value, text, *confidence = fact
        raw = str(text if value == "" else value) or "-"
        self._observe(
            document_id,
            number,
            [table, role, field, category, other],
            value=None if value == "" else float(value),
            text=text or None,
            method="stated",
            confidence=confidence[0] if confidence else 1.0,
            start=offset,
            end=offset + len(raw),
            raw=raw,
            rank=number if table in ("skills", "responsibilities") else None,
        )
        return offset + len(raw) + 1

    def _open(self, document_id: str, number: int, offset: int, run: Row) -> tuple[int, int]:
        end = offset + len(run["text"])
        run_id = f"{document_id}-{offset}"
        for column, role in enumerate(run["roles"]):
            number += 1
            observation_id = self._observe(
                document_id,
                number,
                [run.get("table", "metrics"), role, run["field"], "", ""],
                method="ambiguous",
                confidence=0.0,
                start=offset,
                end=end,
                raw=run["text"],
                rank=column + 1 if "table" in run else None,
                alternatives=[cut[column].replace("|", "") for cut in run["cuts"]],
            )
            for reading, cut in enumerate(run["cuts"]):
                raw = cut[column].replace("|", "")
                start = offset + (run["text"].index(raw) if column == 0 else run["text"].rindex(raw))
                value, text = _cell(cut[column], words="table" in run or tables.METRIC_UNITS[run["field"]] == "text")
                self.readings.append(
                    {
                        "observation_id": observation_id,
                        "run_id": run_id,
                        "reading": reading,
                        "value": value,
                        "text": text,
                        "start": start,
                        "end": start + len(raw),
                    }
                )
        return number, end + 1

    def _observe(self, document_id: str, number: int, key: list[str], **rest: Any) -> str:
        table, role, field, category, other = key
        observation_id = f"{document_id}-{number:04d}"
        row: Row = dict.fromkeys(tables.OBSERVATIONS.column_names())
        row.update(
            observation_id=observation_id,
            document_id=document_id,
            table=table,
            role_id=role,
            field=field,
            category=category,
            other_role_id=other,
            unit=tables.METRIC_UNITS.get(field, ""),
            alternatives=[],
            derived_from=[],
            line=1,
        )
        row.update(rest)
        self.observations.append(row)
        return observation_id

    def add_duty(self, page: str, role: str, rank: int, text: str) -> None:
        """Add a responsibility, with its place in its list, to a page that is there."""
        document_id = page.rjust(32, "0")
        key = ["responsibilities", role, "responsibility", "", ""]
        number = 5_000 + len(self.observations)
        rest: Row = {"method": "stated", "confidence": 1.0, "start": 0, "end": len(text), "raw": text}
        self._observe(document_id, number, key, text=text, rank=rank, **rest)

    def arrow(self) -> tuple[pa.Table, pa.Table, pa.Table]:
        """The three tables, in the order in which `pipeline.resolve.resolve` takes them."""
        return (
            pa.Table.from_pylist(self.documents, schema=tables.DOCUMENTS.to_arrow()),
            pa.Table.from_pylist(self.observations, schema=tables.OBSERVATIONS.to_arrow()),
            pa.Table.from_pylist(self.readings, schema=tables.READINGS.to_arrow()),
        )


def _fact(line: str) -> list[Any]:
    """A fact in short: role, field, value, category."""
    role, field, value, *category = shlex.split(line)
    try:
        number, text = float(value.replace(",", "")), ""
    except ValueError:
        return ["metrics", role, field, "".join(category), "", "", "" if value == "-" else value]
    return ["metrics", role, field, "".join(category), "", number, text]


def _cell(cell: str, *, words: bool) -> tuple[float | None, str | None]:
    """What one cell says under one reading."""
    if cell == "-":
        return None, None
    if "|" in cell:
        text, _, number = cell.partition("|")
        return float(number), text
    return (None, cell) if words else (float(cell.replace(",", "")), None)


def load(name: str, what: str = "page") -> list[Row]:
    """The pages, or whatever else it has, of one fixture file."""
    return list(tomllib.loads((FOLDER / name).read_text("utf-8"))[what])


def dump(pages: list[Row]) -> Dump:
    """A dump of pages."""
    result = Dump()
    for page in pages:
        result.add(page)
    return result
