"""The workspace of a night: its tables, its day and dated parameters as variables, the pinned rolls, the prepared subjects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from coverage.matching.rolls import Roll
from coverage.matching.subjects import Subjects
from foundation.jobs.workspace import Workspace


@dataclass(frozen=True)
class NightWorkspace(Workspace):
    """One night's folder with its rolls."""

    rolls: Sequence[Roll]

    @property
    def as_of(self) -> date:
        """The day the night describes."""
        day = self.variables["as_of"]
        assert isinstance(day, date)
        return day

    def write_subjects(self, subjects: Subjects) -> None:
        """Keep the persons prepared for matching: person_variant and person_repair."""
        self.write("person_variant", subjects.variants)
        self.write("person_repair", subjects.repairs)

    def read_subjects(self) -> Subjects:
        """Read the persons prepared for matching."""
        return Subjects(self.read("person_variant"), self.read("person_repair"))

    def connect(self, *names: str) -> duckdb.DuckDBPyConnection:
        """Open a connection as every workspace does, with due_month(birth) as a macro: the first month of the benefit."""
        database = super().connect(*names)
        database.execute(
            "CREATE TEMP MACRO due_month(birth) AS (date_trunc('month', birth) "
            "+ to_years(getvariable('benefit_age')::INTEGER) + INTERVAL 1 MONTH)::DATE"
        )
        return database
