"""A sounding name and a village as one integer, so that millions of lines are compared with a list of both like numbers.

Macros, because it is used in statements. From above: 12 bits stand for the surname, 28 for the whole name, 23 for the village. MD5,
because a value must be the same in every version of the engine: prepared rolls keep it for years. Equal integers are no proof: who
asks compares the texts after.
"""

from __future__ import annotations

import duckdb

_MACROS = """
    CREATE OR REPLACE TEMP MACRO surname_code(sound) AS (unicode(sound) & 4095);
    CREATE OR REPLACE TEMP MACRO name_code(sound) AS
        ((surname_code(sound)::BIGINT << 28) | (md5_number(sound) & 268435455::UHUGEINT)::BIGINT);
    CREATE OR REPLACE TEMP MACRO name_place(sound, village) AS
        ((name_code(sound) << 23) | (md5_number(village) & 8388607::UHUGEINT)::BIGINT);
    CREATE OR REPLACE TEMP MACRO name_of(name_place) AS (name_place >> 23);
    CREATE OR REPLACE TEMP MACRO surname_of(name_place) AS (name_place >> 51);
"""


def define_name_place(database: duckdb.DuckDBPyConnection) -> None:
    """Define name_place(sound, village) BIGINT, surname_code and name_code of a sound, surname_of and name_of a name_place."""
    database.execute(_MACROS)
