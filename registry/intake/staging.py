"""The temporary tables in which applying a file of poor persons hands its rows from step to step, until the transaction ends."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class StagedTables:
    """The names, for statements that are given them; services/applying.py fills the tables, comparison/lists.py reads them.

    rows: the delivered rows with what they state of their persons; one row a person in a line of the file.
    lines: the same, one row a person and record key (`key`; "row <id>" where the sender gives none).
    ended: the designations the file ends, with `changed` where it states them again otherwise.
    opened: the lines that open a designation.
    """

    rows: str = "staged_row"
    lines: str = "staged_line"
    ended: str = "ended_designation"
    opened: str = "opened_line"

    def put_into(self, statement: str) -> str:
        """Return a statement with the names in the places of {rows}, {lines}, {ended} and {opened}."""
        return statement.format(**asdict(self))


STAGED = StagedTables()
