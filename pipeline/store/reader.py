"""Reads the published tables, all of one run, into the library of one's choice."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import UsageError
from pipeline.store.layout import find_run, literal, table_file
from pipeline.store.manifest import read_manifest
from pipeline.tables import METRIC_UNITS, TABLES

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd
    import polars as pl
    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

_TABLES = {table.name: table for table in TABLES}


class Tables:
    """The tables of one run. They belong together, also when another run is published meanwhile.

    >>> tables = open_tables("out")  # doctest: +SKIP
    >>> tables.pandas("roles")  # doctest: +SKIP
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        """The run folder, which never changes."""
        self.manifest: dict[str, Any] = read_manifest(folder)
        """What manifest.json says."""

    @property
    def run_id(self) -> str:
        """The id of the run, as it stands in every file's metadata."""
        return str(self.manifest["run_id"])

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tables."""
        return tuple(_TABLES)

    def path(self, name: str) -> Path:
        """The Parquet file of a table, or the folder of its parts where a cluster wrote it.

        Raises:
            UsageError: there is no such table.
        """
        if name not in _TABLES:
            raise UsageError(f"no table {name!r}", hint=f"the tables are {', '.join(_TABLES)}")
        return self.folder / table_file(name)

    def files(self, name: str) -> list[Path]:
        """The Parquet files of a table, in the order of its rows."""
        path = self.path(name)
        parts = next((file.get("parts") for file in self.manifest["files"] if file["name"] == path.name), None)
        return [path] if parts is None else [path / part["name"] for part in parts]

    def arrow(self, name: str) -> pa.Table:
        """The table in Arrow's types, with descriptions and units in the fields' metadata."""
        from pipeline.store.contract import conform
        from pipeline.store.parquet import read_table

        files = self.files(name)
        if files == [self.path(name)]:
            return read_table(files[0])
        return conform(_TABLES[name], read_table(files))

    def pandas(self, name: str) -> pd.DataFrame:
        """The table as a DataFrame; `attrs["units"]` maps columns to units, `attrs["descriptions"]` to their meaning.

        Whole numbers stay whole where cells are empty, dates are datetime64.
        """
        import pandas as pd
        import pyarrow as pa

        rows = self.arrow(name)
        columns = _TABLES[name].columns
        frame = rows.to_pandas(date_as_object=False)
        whole = {pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype()}
        for column in columns:
            if column.nullable and column.type in whole:
                frame[column.name] = rows.column(column.name).to_pandas(types_mapper=whole.get)
        frame.attrs["units"] = {column.name: column.unit for column in columns if column.unit}
        frame.attrs["descriptions"] = {column.name: column.description for column in columns}
        return frame

    def polars(self, name: str) -> pl.DataFrame:
        """The table as a Polars DataFrame; needs the extra `polars`."""
        files = self.files(name)
        try:
            import polars as pl
        except ImportError as error:
            raise UsageError("Polars is not installed", hint="pip install 'rolepages[polars]'") from error
        return pl.read_parquet(files, glob=False)

    def duckdb(self, name: str) -> DuckDBPyRelation:
        """The table as a DuckDB relation, read as it is used; all relations of one object share a connection."""
        return self._connection.read_parquet([literal(file) for file in self.files(name)])

    def roles_wide(self, *, companies: bool = False) -> pd.DataFrame:
        """One row per role, one column per metric, or per metric and category (`gender_share/Female`).

        The index is role_id; the first column is the role's name. A metric with both a number and words has a second column
        (`most_common_degree/text`). `attrs["units"]` maps columns to units.

        Args:
            companies: also one column for each hiring company; there may be thousands.
        """
        from pipeline.store.wide import widen

        skipped: Collection[str] = () if companies else ("hiring_company_jobs",)
        return widen(self.pandas("roles"), self.pandas("metrics"), METRIC_UNITS, skipped)

    @cached_property
    def _connection(self) -> DuckDBPyConnection:
        import duckdb

        return duckdb.connect()


def open_tables(out: str | Path) -> Tables:
    """The tables that are published in an output folder now.

    Raises:
        UsageError: nothing is published there.
    """
    folder = find_run(Path(out))
    if folder is None:
        raise UsageError(f"{out}: no tables are published there", hint=f"make them: rolepages extract RAW --out {out}")
    return Tables(folder)
