"""The schemas of :mod:`pipeline.tables` for people (docs/tables.md) and for data catalogs (datapackage.json).

`python -m pipeline.describe > docs/tables.md` writes the data dictionary; a test holds it against the schemas.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

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

*Generated from `pipeline/tables.py` by `python -m pipeline.describe > docs/tables.md`; a test fails when they differ.*

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

_TYPES: dict[pa.DataType, tuple[str, dict[str, Any]]] = {
    pa.string(): ("string", {}),
    pa.float64(): ("number", {}),
    pa.int32(): ("integer", {}),
    pa.int64(): ("integer", {}),
    pa.date32(): ("date", {}),
    pa.timestamp("us", tz="UTC"): ("datetime", {}),
    pa.list_(pa.field("item", pa.string(), nullable=False)): ("list", {"itemType": "string"}),
}
"""Arrow type -> type in a table schema, and what else the schema says about it."""


def write_markdown() -> str:
    """The data dictionary, docs/tables.md."""
    parts = [_INTRODUCTION, _overview(), *map(_describe_table, TABLES), _metrics(), _example()]
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
    rows = [f"| {name} | {unit} | {_cell(METRIC_MEANINGS[name])} |" for name, unit in METRIC_UNITS.items()]
    heading = [
        "## The metrics",
        "",
        "What `metrics.metric` and, for rows of `metrics`, `observations.field` can be.",
        "",
    ]
    return "\n".join([*heading, "| metric | unit of value | meaning |", "| --- | --- | --- |", *rows, ""])


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


def write_datapackage(files: Mapping[str, int] | None = None) -> dict[str, Any]:
    """The descriptor of the tables for catalogs: a Data Package, version 2.

    Args:
        files: sizes in bytes by the names of the tables, where the files are there already.
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "rolepages",
        "title": "Roles, pay, skills and demographics from career pages",
        "description": "Every value leads back to the document, line and characters that it was read from.",
        "version": CONTRACT_VERSION,
        "resources": [_resource(table, (files or {}).get(table.name)) for table in TABLES],
    }


def _resource(table: Table, size: int | None) -> dict[str, Any]:
    return {
        "name": table.name,
        "type": "table",
        "path": f"{table.name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": table.description,
        **({} if size is None else {"bytes": size}),
        "schema": {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fields": [_field(column) for column in table.columns],
            **_keys(table),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    kind, more = _TYPES[column.type]
    return {
        "name": column.name,
        "type": kind,
        **more,
        "description": column.description,
        **({"unit": column.unit} if column.unit else {}),
        "constraints": {"required": not column.nullable},
    }


def _keys(table: Table) -> dict[str, Any]:
    """Primary and foreign keys as the standard has them.

    The fields of a primary key may not be empty; where one may, the key is a unique key, of which that is not asked. Tables
    that list roles point at `roles`; `other_role_id` does not, because it may be "", which is no role.
    """
    nullable = {column.name for column in table.columns if column.nullable}
    keys: dict[str, Any] = {"uniqueKeys": [[*table.key]]} if nullable & {*table.key} else {"primaryKey": [*table.key]}
    if table.name != "roles" and "role_id" in table.column_names():
        keys["foreignKeys"] = [{"fields": ["role_id"], "reference": {"resource": "roles", "fields": ["role_id"]}}]
    return keys


if __name__ == "__main__":
    if sys.argv[1:] == ["--datapackage"]:
        sys.stdout.write(json.dumps(write_datapackage(), indent=2) + "\n")
    else:
        sys.stdout.write(write_markdown())
