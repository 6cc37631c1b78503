"""Findings, kind by kind: on lines of the resident roll and on poor persons. Each kind is one statement in sql/.

Two steps of the night (nightly/steps.py); gaps.py and codes.py read what they write.
"""

from __future__ import annotations

import duckdb

from coverage.findings.statements import read_statement, union_statements
from coverage.findings.tables import (
    FACT,
    LINK,
    PERSON,
    PERSON_FINDING,
    PERSON_HIT,
    PERSON_LINK,
    PORTAL,
    REPORT,
    ROLL_FINDING,
)
from coverage.findings.workspace import NightWorkspace
from coverage.matching.rolls import load_rolls

ROLL_FINDERS = (
    "roll_deaths",
    "roll_prison",
    "roll_moved_out",
    "roll_twice",
    "roll_two_schemes",
    "roll_due_not_drawing",
    "roll_drawing_before_60",
    "roll_statuses",
)


def find_on_rolls(workspace: NightWorkspace) -> int:
    """Run every roll finder. Writes `roll_finding`: one row a resident line and kind, with the columns of the line.

    Cost: 2 s for 650 thousand lines on two cores.
    """
    with workspace.connect(LINK, FACT, REPORT, PERSON) as database:
        _prepare_rolls(database, workspace)
        database.execute(f"CREATE TEMP VIEW found AS {union_statements(ROLL_FINDERS)}")
        rows = database.sql(read_statement("gather_roll_findings")).to_arrow_table()
    return workspace.write(ROLL_FINDING, rows)


def find_on_persons(workspace: NightWorkspace) -> int:
    """Write `person_link` (the persons' own links) and `person_finding`: one row a person, kind and value."""
    with workspace.connect(LINK, FACT, REPORT, PERSON, PERSON_HIT, PORTAL) as database:
        database.execute(
            f"CREATE TEMP TABLE {PERSON_LINK} AS SELECT subject_id AS person_id, * EXCLUDE (subject_id, snapshot), snapshot AS "
            "delivery_id FROM link WHERE subject_id > 0"
        )
        load_rolls(database, workspace.rolls)
        database.execute(read_statement("gather_hits"))
        database.execute(read_statement("read_deaths"))
        links = database.sql(
            "SELECT * FROM person_link ORDER BY person_id, scheme, delivery_id, position"
        ).to_arrow_table()
        rows = database.sql(
            f"SELECT * FROM ({read_statement('person_findings')}) ORDER BY person_id, kind, value"
        ).to_arrow_table()
    workspace.write(PERSON_LINK, links)
    return workspace.write(PERSON_FINDING, rows)


def _prepare_rolls(database: duckdb.DuckDBPyConnection, workspace: NightWorkspace) -> None:
    """Make the relations the roll finders read."""
    load_rolls(database, workspace.rolls)
    database.execute(read_statement("prepare_rolls"))
    database.execute(read_statement("read_deaths"))
