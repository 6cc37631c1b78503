"""The folder of one long calculation: the tables its steps exchange, as Parquet files, and the DuckDB connection that reads them.

The files may contain decrypted numbers: they are under DATA_DIR (mode 0700) and removed when the work is over. A file under its
final name is complete; a killed step leaves at most an unfinished one. Independent of any table: callers name them.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from foundation.jobs.duckdb_connections import open_duckdb


@dataclass(frozen=True)
class Workspace:
    """A folder of tables; `variables` are values that statements read by getvariable('name')."""

    folder: Path
    variables: Mapping[str, date | int | str | None]

    def path(self, name: str) -> Path:
        """Return the path of a table."""
        return self.folder / f"{name}.parquet"

    def write(self, name: str, rows: pa.Table) -> int:
        """Write a table under a temporary name and rename it. Return the count of rows."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = self.path(name).with_suffix(".unfinished")
        pq.write_table(rows, unfinished)
        unfinished.replace(self.path(name))
        return int(rows.num_rows)

    def read(self, name: str) -> pa.Table:
        """Read a table whole."""
        return pq.read_table(self.path(name))

    def connect(self, *names: str) -> duckdb.DuckDBPyConnection:
        """Open a connection with the named tables as views and the variables set."""
        database = open_duckdb()
        for name in names:
            database.register(name, self.read(name))
        for variable, value in self.variables.items():
            database.execute(f"SET VARIABLE {variable} = $value", {"value": value})
        return database


def remove_folder(folder: Path) -> None:
    """Remove a workspace's folder; it may not exist any more."""
    shutil.rmtree(folder, ignore_errors=True)
