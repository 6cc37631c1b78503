"""The workspace of a night: its tables, its day and dated parameters as variables, the pinned rolls, the prepared subjects.

Every step of a night receives it; tables.py names the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from coverage.findings.tables import PERSON_REPAIR, PERSON_VARIANT
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
        """Write the persons prepared for matching: person_variant and person_repair."""
        self.write(PERSON_VARIANT, subjects.variants)
        self.write(PERSON_REPAIR, subjects.repairs)

    def read_subjects(self) -> Subjects:
        """Read the persons prepared for matching."""
        return Subjects(self.read(PERSON_VARIANT), self.read(PERSON_REPAIR))

    def connect(self, *names: str) -> duckdb.DuckDBPyConnection:
        """Open a connection as every workspace does, with due_month(birth) as a macro: the first month of the benefit."""
        database = super().connect(*names)
        database.execute(
            "CREATE TEMP MACRO due_month(birth) AS (date_trunc('month', birth) "
            "+ to_years(getvariable('benefit_age')::INTEGER) + INTERVAL 1 MONTH)::DATE"
        )
        return database
