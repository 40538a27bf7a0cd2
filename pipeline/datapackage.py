"""The tables for data catalogs: datapackage.json, a Data Package whose descriptions are those of :mod:`pipeline.tables`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from pipeline.tables import CONTRACT_VERSION, TABLES, Column, Table

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
