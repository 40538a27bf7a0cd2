"""A run made by hand: one page about two roles, its copy, and a page that could not be read.

`python tests/small_run.py OUT VARIANT` publishes it; variants differ in one salary, and so in their run id.
"""

import sys
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.store import InputFile, Origin, RunInfo, publish
from pipeline.tables import TABLES, Table

PAGE = "a" * 32
BROKEN = "b" * 32

_LINES = {"char_count": 100, "line_count": 6, "lines_extracted": 2, "lines_boilerplate": 1, "lines_unparsed": 2}
_NO_LINES = dict.fromkeys(_LINES, 0)
_METRIC = {"method": "stated", "confidence": 1.0, "observation_count": 1, "agreeing_count": 1, "document_count": 1}
_SKILL = {"skill": "Math", "skill_id": "math", "observation_count": 1, "document_count": 1, "confidence": 1.0}
_DOCUMENT = {"page_kind": "comparison", "text_form": "bulleted", "encoding": "utf-8"}
_OBSERVATION = {
    "document_id": PAGE,
    "category": "",
    "other_role_id": "",
    "method": "stated",
    "confidence": 1.0,
    "alternatives": [],
    "derived_from": [],
}


def rows_by_table(salary: float = 54_494.0) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table; what a row leaves out is empty."""
    return {
        "documents": [
            _DOCUMENT | _LINES | {"document_id": PAGE, "source": "1.txt", "status": "parsed"},
            _DOCUMENT | _LINES | {"document_id": PAGE, "source": "2.txt", "status": "duplicate", "reason": "of 1.txt"},
            _DOCUMENT | _NO_LINES | {"document_id": BROKEN, "source": "3.txt", "status": "quarantined"},
        ],
        "roles": [
            {"role_id": "clerk", "name": "Clerk", "aliases": ["Clerks"], "document_count": 1},
            {"role_id": "cook", "name": "Cook", "aliases": [], "document_count": 1},
        ],
        "metrics": [
            _metric("clerk", "gender_share", "Female", 60.5, "percent"),
            _metric("clerk", "hiring_company_jobs", "Uline", 8.0, "jobs"),
            _metric("clerk", "most_common_degree", "", 49.0, "percent", "Bachelor's Degree"),
            _metric("clerk", "salary_yearly", "", salary, "USD/year"),
            _metric("cook", "best_paying_company", "", None, "text", "IBM"),
            _metric("cook", "salary_yearly", "", 34_872.0, "USD/year"),
        ],
        "skills": [
            _SKILL | {"role_id": "clerk", "relation": "listed", "other_role_id": "", "share": 12.5, "rank": 1},
            _SKILL | {"role_id": "clerk", "relation": "shared", "other_role_id": "cook"},
        ],
        "responsibilities": [],
        "comparisons": [],
        "observations": [
            _OBSERVATION | _observation(0, "clerk", salary),
            _OBSERVATION | _observation(1, "cook", 34_872.0),
        ],
        "checks": [],
        "unparsed": [_unparsed(3, 40), _unparsed(3, 50), _unparsed(5, 80)],
    }


def _metric(role: str, metric: str, category: str, value: float | None, unit: str, text: str = "") -> dict[str, Any]:
    words = {"text": text} if text else {}
    return (
        _METRIC
        | words
        | {"role_id": role, "metric": metric, "category": category, "value": value, "unit": unit, "flags": []}
    )


def _observation(number: int, role: str, value: float) -> dict[str, Any]:
    return {
        "observation_id": f"{PAGE}-{number:04}",
        "table": "metrics",
        "role_id": role,
        "field": "salary_yearly",
        "value": value,
        "unit": "USD/year",
    }


def _unparsed(line: int, start: int) -> dict[str, Any]:
    end = start + 3
    return {
        "document_id": PAGE,
        "line": line,
        "start": start,
        "end": end,
        "text": "abc",
        "reason": "r",
        "skeleton": "abc",
    }


def to_arrow(table: Table, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of the contract's types."""
    full = [{name: row.get(name) for name in table.column_names()} for row in rows]
    return pa.Table.from_pylist(full, schema=table.to_arrow())


def arrow_tables(salary: float = 54_494.0) -> dict[str, pa.Table]:
    """The run as Arrow tables."""
    rows = rows_by_table(salary)
    return {table.name: to_arrow(table, rows[table.name]) for table in TABLES}


ORIGIN = Origin(seen=3, rules_version="test", inputs=(InputFile("1.txt", 100, "00" * 32),))


def publish_variant(out: Path, variant: int = 0, **options: Any) -> RunInfo:
    """Publishes the run with one salary raised by `variant`."""
    return publish(arrow_tables(54_494.0 + variant), out, ORIGIN, **options)


if __name__ == "__main__":
    print(publish_variant(Path(sys.argv[1]), int(sys.argv[2]), symlinks=sys.argv[3:] != ["--no-symlinks"]).run_id)
