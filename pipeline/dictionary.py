"""The data dictionary for people, docs/tables.md: tables, columns, metrics, consistency rules, and reasons for quarantine.

`python -m pipeline.dictionary > docs/tables.md` writes it; a test holds it against what it is made of.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import pyarrow as pa

from pipeline.errors import REASONS
from pipeline.resolve.rules import RULES
from pipeline.tables import CONTRACT_VERSION, METRIC_UNITS, TABLES, Column, Table

METRIC_MEANINGS: dict[str, str] = {
    "salary_yearly": "Average pay of a year: the salary tables, or the sentence on the salary.",
    "salary_hourly": "Average pay of an hour.",
    "salary_low": 'Lower end of the salary range ("Between $38,000 And $78,000").',
    "salary_high": "Upper end of the salary range.",
    "job_growth": "Projected growth of the number of jobs, over the period that the page names.",
    "job_count": "Open positions; not people at work.",
    "job_satisfaction": "Job satisfaction, from 0 to 5.",
    "most_common_degree": "The most common degree in `text`, its share in `value`.",
    "age": "Average age.",
    "experience_years": "The page's number as it stands; on some pages it means months, which the flag `experience_in_months` says.",
    "highest_paying_city": "City that pays best.",
    "highest_paying_state": "State that pays best.",
    "best_paying_company": "Company that pays best.",
    "best_paying_industry": "Industry that pays best.",
    "most_common_major": "Most common field of study.",
    "most_common_college": "Most common college.",
    "gender_share": "Share of the people with the role; category: the gender.",
    "race_share": "Share of the people with the role; category: the group, in the page's words.",
    "lgbt_share": "Share of the people with the role.",
    "time_to_become_low": "Lower end of the time that it takes to become one; years count as 12 months.",
    "time_to_become_high": "Upper end of that time.",
    "industry_salary": "Average pay of a year in one industry; category: the industry.",
    "hiring_company_jobs": "Open positions at one company; category: the company.",
}
"""What each metric of :data:`pipeline.tables.METRIC_UNITS` means, and where pages show it."""

_INTRODUCTION = f"""\
# The tables

*Generated from `pipeline/tables.py` by `python -m pipeline.dictionary > docs/tables.md`; a test fails when they differ.*

A run writes {len(TABLES)} tables to the output folder, each a Parquet file. They belong together: all carry the same `run_id` in their
metadata, and `pipeline.open_tables` never mixes two runs. Their names, columns, types, keys and order of rows are a contract,
version {CONTRACT_VERSION} (`contract_version` in every file's metadata): columns may be added at the end, none changes or goes without a new
version. The same descriptions stand in each file's Arrow field metadata, and in `datapackage.json` beside the files
([Data Package](https://datapackage.org), version 2), which catalogs read.

Rows are unique by their key and sorted by it. A `?` behind a type means that a cell may be empty: the page has no value, or
leaves it open. Ids of roles and skills are slugs of their names: lower case, apostrophes dropped, `&` read as `and`, `+` as
`plus`, `#` as `sharp` ("C", "C++" and "C#" are three skills), any other run of characters but letters and digits, of whatever
alphabet, one `-`. Shares are as on the page: 49 means 49 %.
"""


def write_markdown() -> str:
    """The data dictionary, docs/tables.md."""
    parts = [_INTRODUCTION, _overview(), *map(_describe_table, TABLES), _metrics(), _rules(), _reasons(), _example()]
    return "\n".join(parts)


def _overview() -> str:
    rows = [f"| [{table.name}](#{table.name}) | {_cell(table.description)} | {_key(table)} |" for table in TABLES]
    return "\n".join(["| table | rows | key |", "| --- | --- | --- |", *rows, ""])


def _describe_table(table: Table) -> str:
    rows = [
        f"| {f'**{column.name}**' if column.name in table.key else column.name} "
        f"| {_short_type(column)} | {_cell(column.unit)} | {_cell(column.description)} |"
        for column in table.columns
    ]
    heading = [f"## {table.name}", "", f"{table.description} Key: {_key(table)}. File: `{table.name}.parquet`.", ""]
    return "\n".join([*heading, "| column | type | unit | meaning |", "| --- | --- | --- | --- |", *rows, ""])


def _metrics() -> str:
    rows = [(name, unit, METRIC_MEANINGS[name]) for name, unit in METRIC_UNITS.items()]
    about = "What `metrics.metric` and, for rows of `metrics`, `observations.field` can be."
    return _list("The metrics", about, ("metric", "unit of value", "meaning"), rows)


def _rules() -> str:
    about = "What `checks.rule` and the names in `metrics.flags` can be. A value that fails a rule stays, is flagged, and is worth a look."
    return _list("The rules", about, ("rule", "why"), [(rule.name, rule.why) for rule in RULES])


def _reasons() -> str:
    about = (
        "What `documents.reason` begins with where `status` is `quarantined`; behind the code and a colon it says more. No facts are\n"
        "read from such a document; the manifest holds the limits that decided."
    )
    return _list("Why a document is in quarantine", about, ("code", "meaning"), REASONS.items())


def _list(title: str, about: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(columns)
    lines = [names, ["---"] * len(names), *(map(_cell, row) for row in rows)]
    return "\n".join([f"## {title}", "", about, "", *(f"| {' | '.join(line)} |" for line in lines), ""])


def _example() -> str:
    return """\
## From a value to its characters

```sql
select o.raw, d.source, o.line, o.start, o."end"
from 'out/observations.parquet' o join 'out/documents.parquet' d using (document_id)
where o.role_id = 'collector' and o.field = 'salary_yearly' and d.status = 'parsed'
```
"""


def _key(table: Table) -> str:
    return ", ".join(f"`{name}`" for name in table.key)


def _short_type(column: Column) -> str:
    name = "list of string" if pa.types.is_list(column.type) else str(column.type)
    name = {"timestamp[us, tz=UTC]": "timestamp (UTC)", "date32[day]": "date", "double": "float64"}.get(name, name)
    return f"{name}?" if column.nullable else name


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(write_markdown())
