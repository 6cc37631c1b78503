"""What was found out, kind by kind: on lines of the resident roll and on poor persons. Each kind is one statement in sql/."""

from __future__ import annotations

from pathlib import Path

import duckdb

from coverage.findings.workspace import NightWorkspace
from coverage.matching.rolls import load_rolls

_SQL = Path(__file__).parent / "sql"
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


_HITS = """
    CREATE TEMP TABLE hit AS
    SELECT fact_id, person_id, rule, action FROM person_hit
    UNION
    SELECT -told.subject_id, own.person_id, 'same_number', 'auto'
    FROM link told
    JOIN person_link own ON own.delivery_id = told.snapshot AND own.position = told.position
    WHERE told.subject_id < 0 AND told.action = 'auto' AND told.rule IN ('same_number', 'same_number_close_name')
      AND own.action = 'auto'
"""
"""Facts found for a person by their own numbers, and those of the right number and name of the roll line confirmed to be theirs."""


def find_on_rolls(workspace: NightWorkspace) -> int:
    """Run every roll finder. Writes `roll_finding`: one row a resident line and kind, with the line's own words.

    Cost: 2 s for 650 thousand lines on two cores.
    """
    with workspace.connect("link", "fact") as database:
        _prepare_rolls(database, workspace)
        found = " UNION ALL ".join(f"({statement(name)})" for name in ROLL_FINDERS)
        rows = database.sql(
            f"""
            SELECT r.scheme, r.roll_no, r.snapshot AS delivery_id, r.part, r.line, r.name, r.unit_code, r.status, f.kind,
                min(f.reason) AS reason, min(f.evidence_class) AS evidence_class,
                list_sort(list_distinct(flatten(list(f.facts)))) AS facts,
                coalesce(min(f.other_line), '') AS other_line, min(owner.person_id) AS person_id
            FROM ({found}) f
            JOIN (SELECT scheme, snapshot, position, roll_no, part, line, name, unit_code, status FROM roll) r USING (snapshot, position)
            LEFT JOIN (SELECT snapshot, position, min(subject_id) AS person_id FROM link
                       WHERE subject_id > 0 AND action = 'auto' GROUP BY ALL) owner USING (snapshot, position)
            GROUP BY ALL ORDER BY r.roll_no, f.kind
            """
        ).to_arrow_table()
    return workspace.write("roll_finding", rows)


def find_on_persons(workspace: NightWorkspace) -> int:
    """Write `person_link` (the persons' own links) and `person_finding`: one row a person, kind and value."""
    with workspace.connect("link", "fact", "person_hit") as database:
        database.execute(
            "CREATE TEMP TABLE person_link AS SELECT subject_id AS person_id, * EXCLUDE (subject_id, snapshot), snapshot AS "
            "delivery_id FROM link WHERE subject_id > 0"
        )
        database.execute(_HITS)
        links = database.sql(
            "SELECT * FROM person_link ORDER BY person_id, scheme, delivery_id, position"
        ).to_arrow_table()
        rows = database.sql(
            f"SELECT * FROM ({statement('person_findings')}) ORDER BY person_id, kind, value"
        ).to_arrow_table()
    workspace.write("person_link", links)
    return workspace.write("person_finding", rows)


def statement(name: str) -> str:
    """Return a statement of this room by its name."""
    return (_SQL / f"{name}.sql").read_text("utf-8")


def _prepare_rolls(database: duckdb.DuckDBPyConnection, workspace: NightWorkspace) -> None:
    """The relations the finders read: roll_hit, resident, resident_key, other_scheme."""
    load_rolls(database, workspace.rolls)
    database.execute(
        """
        CREATE TEMP TABLE roll_hit AS
            SELECT -subject_id AS fact_id, scheme, snapshot, position, rule, action FROM link WHERE subject_id < 0;
        CREATE TEMP VIEW resident AS SELECT * FROM roll WHERE scheme = 'resident';
        CREATE TEMP VIEW resident_key AS
            WITH every AS (
                SELECT snapshot, position, key, phonetic_key, true AS stated FROM resident WHERE key IS NOT NULL
                UNION ALL SELECT snapshot, position, key, phonetic_key, false FROM roll_repair WHERE scheme = 'resident'
            )
            SELECT * FROM every SEMI JOIN (SELECT key FROM every GROUP BY key HAVING count(*) > 1) shared USING (key);
        CREATE TEMP TABLE other_scheme AS
            WITH here AS (
                SELECT snapshot, position, key, phonetic_key FROM resident WHERE key IS NOT NULL
                UNION ALL SELECT snapshot, position, key, phonetic_key FROM roll_repair WHERE scheme = 'resident'
            ), there AS (
                SELECT scheme, roll_no, status, key, phonetic_key, true AS stated FROM roll WHERE scheme <> 'resident' AND key IS NOT NULL
                UNION ALL SELECT r.scheme, roll.roll_no, roll.status, r.key, r.phonetic_key, false FROM roll_repair r
                    JOIN roll USING (snapshot, position) WHERE r.scheme <> 'resident'
            )
            SELECT DISTINCT here.snapshot, here.position, there.scheme AS other_scheme, there.status AS other_status,
                there.roll_no AS other_roll_no, NULL::BIGINT AS fact_id
            FROM here JOIN there ON there.key = here.key AND there.phonetic_key = here.phonetic_key
            UNION ALL
            SELECT h.snapshot, h.position, 'outprov',
                CASE WHEN f.status IN ('正常待遇', '正常领取') THEN '2' WHEN f.status IN ('正常参保', '正常缴费') THEN '1' ELSE '3' END,
                '', f.fact_id
            FROM roll_hit h JOIN fact f ON f.fact_id = h.fact_id AND f.kind = 'insured_elsewhere'
            WHERE h.action = 'auto' AND h.scheme = 'resident';
        """
    )
