import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.datapackage import write_datapackage
from pipeline.dictionary import METRIC_MEANINGS, write_markdown
from pipeline.errors import REASONS
from pipeline.resolve.rules import RULES
from pipeline.tables import METRIC_UNITS, TABLES

DICTIONARY = Path(__file__).parent.parent / "docs" / "tables.md"
_ARROW_TYPES = {
    "string": pa.types.is_string,
    "number": pa.types.is_floating,
    "integer": pa.types.is_integer,
    "date": pa.types.is_date,
    "datetime": pa.types.is_timestamp,
    "list": pa.types.is_list,
}


def test_the_data_dictionary_is_that_of_the_schemas() -> None:
    assert DICTIONARY.read_text("utf-8") == write_markdown(), "run: python -m pipeline.dictionary > docs/tables.md"


def test_every_column_and_metric_stands_in_the_data_dictionary() -> None:
    sections = {part.partition("\n")[0]: part for part in DICTIONARY.read_text("utf-8").split("\n## ")}
    for table in TABLES:
        for column in table.columns:
            assert f"{column.name}" in sections[table.name]
            assert column.description.replace("|", "\\|") in sections[table.name]
    assert METRIC_MEANINGS.keys() == METRIC_UNITS.keys()


def test_every_rule_and_reason_stands_in_the_data_dictionary() -> None:
    sections = {part.partition("\n")[0]: part for part in DICTIONARY.read_text("utf-8").split("\n## ")}
    assert [rule.name for rule in RULES] == _first_cells(sections["The rules"])
    assert list(REASONS) == _first_cells(sections["Why a document is in quarantine"])


def _first_cells(section: str) -> list[str]:
    rows = [line for line in section.split("\n") if line.startswith("| ")]
    return [row.split("|")[1].strip() for row in rows[2:]]


def test_the_rows_of_a_table_have_its_columns() -> None:
    width = 0
    for line in DICTIONARY.read_text("utf-8").split("\n"):
        bars = line.replace("\\|", "").count("|") if line.startswith("|") else 0
        assert not bars or bars == (width or bars), line
        width = bars


@pytest.mark.parametrize("number", range(len(TABLES)), ids=[table.name for table in TABLES])
def test_the_descriptor_says_what_the_schema_says(number: int) -> None:
    table, resource = TABLES[number], write_datapackage()["resources"][number]
    assert resource["name"] == table.name
    assert resource["path"] == f"{table.name}.parquet"
    fields = resource["schema"]["fields"]
    assert [field["name"] for field in fields] == table.column_names()
    for column, field in zip(table.columns, fields, strict=True):
        assert _ARROW_TYPES[field["type"]](column.type)
        assert field["description"] == column.description
        assert field.get("unit", "") == column.unit
        assert field["constraints"]["required"] is not column.nullable


def test_keys_of_the_descriptor_follow_the_standard() -> None:
    resources = {resource["name"]: resource["schema"] for resource in write_datapackage()["resources"]}
    for table in TABLES:
        schema = resources[table.name]
        required = {field["name"] for field in schema["fields"] if field["constraints"]["required"]}
        if "primaryKey" in schema:
            assert tuple(schema["primaryKey"]) == table.key
            assert required.issuperset(schema["primaryKey"])
        else:
            assert schema["uniqueKeys"] == [list(table.key)]
            assert not required.issuperset(table.key)
        for key in schema.get("foreignKeys", []):
            target = resources[key["reference"]["resource"]]
            assert target["primaryKey"] == key["reference"]["fields"]


def test_sizes_are_those_of_the_files() -> None:
    sizes = [resource.get("bytes") for resource in write_datapackage({"roles": 12})["resources"]]
    assert sizes == [12 if table.name == "roles" else None for table in TABLES]


@pytest.mark.slow
def test_the_module_writes_the_dictionary() -> None:
    call = [sys.executable, "-m", "pipeline.dictionary"]
    assert subprocess.run(call, capture_output=True, check=True, text=True).stdout == write_markdown()
