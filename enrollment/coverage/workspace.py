"""The night's folder: what its steps hand on, as Parquet files, and the DuckDB connection that reads them.

The files hold decrypted numbers: they lie under DATA_DIR (mode 0700) and go when the night is over. A file under its final
name is whole; a killed step left at most an unfinished one.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from enrollment.matching.rolls import Roll
from enrollment.matching.subjects import Subjects


@dataclass(frozen=True)
class NightValues:
    """What the statements may know beside the tables: the day, the county, the dated parameters."""

    as_of: date
    county_name: str
    benefit_age_years: int
    participation_age_years: int
    survey_answer_limit_days: int
    turning_60_months_ahead: int
    turning_16_months_ahead: int


@dataclass(frozen=True)
class Workspace:
    """One night's folder with its rolls and values."""

    folder: Path
    rolls: Sequence[Roll]
    values: NightValues

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def write(self, name: str, rows: pa.Table) -> int:
        """Write a table beside its place and rename it there. Returns the rows."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = self.path(name).with_suffix(".unfinished")
        pq.write_table(rows, unfinished)
        unfinished.replace(self.path(name))
        return int(rows.num_rows)

    def read(self, name: str) -> pa.Table:
        return pq.read_table(self.path(name))

    def write_subjects(self, subjects: Subjects) -> None:
        self.write("person_form", subjects.forms)
        self.write("person_repair", subjects.repairs)

    def read_subjects(self) -> Subjects:
        return Subjects(self.read("person_form"), self.read("person_repair"))

    def connect(self, *names: str) -> duckdb.DuckDBPyConnection:
        """Open a connection with the named tables as views, the values as variables, due_month() as a macro."""
        database = duckdb.connect()
        for name in names:
            database.register(name, self.read(name))
        for variable, value in (
            ("as_of", self.values.as_of),
            ("as_of_month", self.values.as_of.replace(day=1)),
            ("county_name", self.values.county_name),
            ("participation_age", self.values.participation_age_years),
            ("survey_days", self.values.survey_answer_limit_days),
            ("months_to_60", self.values.turning_60_months_ahead),
            ("months_to_16", self.values.turning_16_months_ahead),
        ):
            database.execute(f"SET VARIABLE {variable} = $value", {"value": value})
        database.execute(
            "CREATE TEMP MACRO due_month(birth) AS (date_trunc('month', birth) + to_years("
            f"{int(self.values.benefit_age_years)}) + INTERVAL 1 MONTH)::DATE"
        )
        return database


def remove_folder(folder: Path) -> None:
    """Remove a night's folder; it may be gone already."""
    shutil.rmtree(folder, ignore_errors=True)
