"""Whose row is it? The rows of one poor persons' file found among the persons known, and the rest made new persons.

One natural person over all feeds and months by the same rules as the matching's first three steps (DESIGN.md 8). What
they cannot decide becomes a person of its own: two that are one can be merged later, one that is two has been paid wrongly.
The steps stand in sql/; each sees what the earlier ones found, and only the rows they left.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from foundation.primitives.number_repair import repair_candidates

STEPS = (
    "10_same_record",
    "20_same_number",
    "30_same_damaged_number",
    "40_repaired_number",
    "50_name_birth_village",
    "60_same_household",
    "20_same_number",  # once more: a person may just have got the number of a row that waits
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


HOUSEHOLDS = pa.schema([("person_id", pa.int64()), ("household", pa.string())])
PHONES = pa.schema([("household", pa.string()), ("phone", pa.string())])
_ONE_PHONE = """
    CREATE TEMP TABLE one_phone AS
    SELECT * FROM (SELECT DISTINCT phone, household, split_part(household, '|', 1) AS list FROM phones_stated
                   WHERE phone <> '' AND household <> '')
    QUALIFY count(*) OVER (PARTITION BY phone, list) = 1
"""
"""A telephone that one list gives to several households, as a village office's, says nothing."""
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
    database = duckdb.connect()
    database.register("all_rows", rows)
    database.register("known_before", known)
    database.register("households_before", HOUSEHOLDS.empty_table() if households is None else households)
    database.register("phones_stated", PHONES.empty_table() if phones is None else phones)
    database.execute(HOUSEHOLD_OF)
    database.execute(_ONE_PHONE)
    database.execute("CREATE TEMP TABLE assigned (row_id BIGINT, person_id BIGINT, step VARCHAR)")
    _extend_known(database)
    for part in ("key IS NOT NULL", "key IS NULL"):
        where = f"duplicate_of IS NULL AND {part}"
        _assign_known(database, where)
        _assign_new(database, where)
    database.execute(
        "INSERT INTO assigned SELECT r.row_id, a.person_id, 'duplicate' FROM all_rows r "
        "JOIN assigned a ON a.row_id = r.duplicate_of WHERE r.duplicate_of IS NOT NULL"
    )
    return database.sql("SELECT row_id, person_id, step FROM assigned ORDER BY row_id").to_arrow_table()


def _assign_known(database: duckdb.DuckDBPyConnection, where: str) -> None:
    for step in STEPS:
        database.execute(
            f"CREATE OR REPLACE TEMP TABLE unassigned AS SELECT * FROM all_rows WHERE {where} "
            "AND row_id NOT IN (SELECT row_id FROM assigned)"
        )
        if step == "40_repaired_number":
            _register_repairs(database, "unassigned", "row_id")
            _register_repairs(database, "known", "person_id")
        statement = (_SQL / f"{step}.sql").read_text("utf-8")
        database.execute(f"INSERT INTO assigned SELECT row_id, person_id, '{step[3:]}' FROM ({statement})")
        _extend_known(database)


def _assign_new(database: duckdb.DuckDBPyConnection, where: str) -> None:
    """The rest are new people: rows of one right number and one name together, others with the same damaged one."""
    database.execute(
        f"""
        INSERT INTO assigned
        SELECT row_id, -min(row_id) OVER (PARTITION BY phonetic_key, coalesce(key::VARCHAR,
                   CASE WHEN length(number) >= 10 THEN number ELSE 'row ' || row_id END)), 'new'
        FROM all_rows WHERE {where} AND row_id NOT IN (SELECT row_id FROM assigned)
        """
    )
    _extend_known(database)


def _extend_known(database: duckdb.DuckDBPyConnection) -> None:
    """What a row just told of a person helps to find the person's other rows."""
    database.execute(
        "CREATE OR REPLACE TEMP TABLE known AS SELECT * FROM known_before UNION ALL SELECT a.person_id, r.record_key, "
        "r.phonetic_key, r.number, r.key, r.birth, r.unit_id FROM assigned a JOIN all_rows r USING (row_id)"
    )
    database.execute(
        "CREATE OR REPLACE TEMP TABLE known_household AS SELECT DISTINCT person_id, household FROM households_before "
        "WHERE household <> '' UNION SELECT a.person_id, household_of(r.record_key) FROM assigned a JOIN all_rows r "
        "USING (row_id) WHERE r.record_key <> ''"
    )


def _register_repairs(database: duckdb.DuckDBPyConnection, table: str, owner: str) -> None:
    damaged = database.sql(f"SELECT {owner}, number FROM {table} WHERE key IS NULL AND number <> ''").to_arrow_table()
    candidates = repair_candidates(damaged["number"].combine_chunks().cast(pa.string()))
    owners = damaged[owner].combine_chunks().take(candidates["row"])
    repairs = pa.table({owner: owners, "key": candidates["key"]})
    database.register("repairs_found", repairs)
    database.execute(f"CREATE OR REPLACE TEMP TABLE {table}_repairs AS SELECT DISTINCT * FROM repairs_found")
    database.unregister("repairs_found")
