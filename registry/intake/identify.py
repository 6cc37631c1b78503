"""Whose row is it? The rows of one poor persons' file found among the persons known, and the rest made new persons.

One natural person over all feeds and months by the same rules as the matching's first three steps (docs/matching.md#steps). What
they cannot decide becomes a person of its own: two that are one can be merged later, one that is two has been paid wrongly.
The steps are in sql/; each sees what the earlier ones found, and only the rows they left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

from foundation.jobs.duckdb_connections import open_duckdb
from foundation.primitives.number_repair import repair_candidates

STEPS = (
    "10_same_record",
    "20_same_number",
    "25_same_number_lost_character",
    "30_same_damaged_number",
    "40_repaired_number",
    "50_name_birth_village",
    "60_same_household",
    "20_same_number",  # once more: an earlier step may have given a person the number of a row left
)
_SQL = Path(__file__).parent / "sql"

ROWS = pa.schema(
    [
        ("row_id", pa.int64()),
        ("record_key", pa.string()),
        ("phonetic_key", pa.string()),
        ("number", pa.string()),
        ("key", pa.int64()),
        ("birth", pa.date32()),
        ("unit_id", pa.int64()),
        ("duplicate_of", pa.int64()),
    ]
)
KNOWN = pa.schema([("person_id", pa.int64()), *[f for f in ROWS if f.name not in ("row_id", "duplicate_of")]])


@dataclass(frozen=True)
class WorkingTables:
    """The temporary tables of one identification, in a DuckDB database of its own; the statements of sql/ read them.

    all_rows: the file's rows (ROWS). assigned: row_id, person_id, step; what the steps found so far. unassigned: the rows left.
    known_before: persons known before (KNOWN); known: those and what the assigned rows add to them.
    households_before, known_household: the same for person_id and household. phones_stated: household and phone; one_phone: those
    that one list states for one household only. repairs: the suffix of the tables of right numbers near damaged ones.
    """

    all_rows: str = "all_rows"
    assigned: str = "assigned"
    unassigned: str = "unassigned"
    known_before: str = "known_before"
    known: str = "known"
    households_before: str = "households_before"
    known_household: str = "known_household"
    phones_stated: str = "phones_stated"
    one_phone: str = "one_phone"
    repairs: str = "_repairs"


TABLES = WorkingTables()
HOUSEHOLDS = pa.schema([("person_id", pa.int64()), ("household", pa.string())])
PHONES = pa.schema([("household", pa.string()), ("phone", pa.string())])
_ONE_PHONE = f"""
    CREATE TEMP TABLE {TABLES.one_phone} AS
    SELECT * FROM (SELECT DISTINCT phone, household, split_part(household, '|', 1) AS list FROM {TABLES.phones_stated}
                   WHERE phone <> '' AND household <> '')
    QUALIFY count(*) OVER (PARTITION BY phone, list) = 1
"""
"""A telephone that one list states for several households, as a village office's, is no evidence."""
HOUSEHOLD_OF = r"CREATE TEMP MACRO household_of(record_key) AS (regexp_replace(record_key, '\|[^|]*$', ''))"


def identify_rows(
    rows: pa.Table, known: pa.Table, households: pa.Table | None = None, phones: pa.Table | None = None
) -> pa.Table:
    """Assign every row a person: an id known before (positive) or a new person's number (negative, one per new person).

    Shape: rows as ROWS with row_id from 1, `duplicate_of` another row_id or null; known as KNOWN, one row per person x name x number;
    households (person_id, household) of other feeds, a household being a record key without its last part; phones
    (household, phone) of this file and of others, as any text that is equal for equal telephones.
    Result: row_id, person_id, step. Two passes: rows with a right number first, so that a damaged one finds them whatever
    the order of the lines.
    """
    with open_duckdb() as database:
        _load(database, rows, known, households, phones)
        for part in ("key IS NOT NULL", "key IS NULL"):
            where = f"duplicate_of IS NULL AND {part}"
            if _select_unassigned(database, where):
                _extend_known(database)
                _assign_known(database, where)
                _assign_new(database)
        database.execute(
            f"INSERT INTO {TABLES.assigned} SELECT r.row_id, a.person_id, 'duplicate' FROM {TABLES.all_rows} r "
            f"JOIN {TABLES.assigned} a ON a.row_id = r.duplicate_of WHERE r.duplicate_of IS NOT NULL"
        )
        return database.sql(f"SELECT row_id, person_id, step FROM {TABLES.assigned} ORDER BY row_id").to_arrow_table()


def _load(
    database: duckdb.DuckDBPyConnection,
    rows: pa.Table,
    known: pa.Table,
    households: pa.Table | None,
    phones: pa.Table | None,
) -> None:
    database.register(TABLES.all_rows, rows)
    database.register(TABLES.known_before, known)
    database.register(TABLES.households_before, HOUSEHOLDS.empty_table() if households is None else households)
    database.register(TABLES.phones_stated, PHONES.empty_table() if phones is None else phones)
    database.execute(HOUSEHOLD_OF)
    database.execute(_ONE_PHONE)
    database.execute(f"CREATE TEMP TABLE {TABLES.assigned} (row_id BIGINT, person_id BIGINT, step VARCHAR)")


def _select_unassigned(database: duckdb.DuckDBPyConnection, where: str) -> int:
    """Put the rows that have no person yet into a table; return their count."""
    return _count(
        database,
        f"CREATE OR REPLACE TEMP TABLE {TABLES.unassigned} AS SELECT * FROM {TABLES.all_rows} WHERE {where} "
        f"AND row_id NOT IN (SELECT row_id FROM {TABLES.assigned})",
    )


def _assign_known(database: duckdb.DuckDBPyConnection, where: str) -> None:
    for step in STEPS:
        if step == "40_repaired_number":
            _register_repairs(database, TABLES.unassigned, "row_id")
            _register_repairs(database, TABLES.known, "person_id")
        insert = f"INSERT INTO {TABLES.assigned} SELECT row_id, person_id, '{step[3:]}' FROM ({_statement(step)})"
        if _count(database, insert):
            if not _select_unassigned(database, where):
                return
            _extend_known(database)


@cache
def _statement(step: str) -> str:
    return (_SQL / f"{step}.sql").read_text("utf-8")


def _assign_new(database: duckdb.DuckDBPyConnection) -> None:
    """Make new persons of the rest: one of all rows with one right number and one name, or with the same damaged number."""
    database.execute(
        f"""
        INSERT INTO {TABLES.assigned}
        SELECT row_id, -min(row_id) OVER (PARTITION BY phonetic_key, coalesce(key::VARCHAR,
                   CASE WHEN length(number) >= 10 THEN number ELSE 'row ' || row_id END)), 'new'
        FROM {TABLES.unassigned}
        """
    )


def _count(database: duckdb.DuckDBPyConnection, statement: str) -> int:
    """Run a statement that fills a table; return its count of rows."""
    row = database.execute(statement).fetchone()
    return int(row[0]) if row else 0


def _extend_known(database: duckdb.DuckDBPyConnection) -> None:
    """Add what the assigned rows state of their persons, by which the persons' other rows are found."""
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE {TABLES.known} AS SELECT * FROM {TABLES.known_before} UNION ALL SELECT a.person_id, "
        "r.record_key, r.phonetic_key, r.number, r.key, r.birth, r.unit_id "
        f"FROM {TABLES.assigned} a JOIN {TABLES.all_rows} r USING (row_id)"
    )
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE {TABLES.known_household} AS SELECT DISTINCT person_id, household "
        f"FROM {TABLES.households_before} WHERE household <> '' UNION SELECT a.person_id, household_of(r.record_key) "
        f"FROM {TABLES.assigned} a JOIN {TABLES.all_rows} r USING (row_id) WHERE r.record_key <> ''"
    )


def _register_repairs(database: duckdb.DuckDBPyConnection, table: str, owner: str) -> None:
    damaged = database.sql(f"SELECT {owner}, number FROM {table} WHERE key IS NULL AND number <> ''").to_arrow_table()
    possible = repair_candidates(damaged["number"].combine_chunks().cast(pa.string()))
    owners = damaged[owner].combine_chunks().take(possible["row"])
    repairs = pa.table({owner: owners, "key": possible["key"]})
    database.register("repairs_found", repairs)
    database.execute(f"CREATE OR REPLACE TEMP TABLE {table}{TABLES.repairs} AS SELECT DISTINCT * FROM repairs_found")
    database.unregister("repairs_found")
