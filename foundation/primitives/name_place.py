"""A phonetic key and a village as one integer, so that millions of lines are compared with a list of both as fast as numbers.

Macros, because it is used in statements. From the highest: 12 bits for the surname, 28 for the whole name, 23 for the village. MD5,
because a value must be the same in every version of the engine: prepared rolls store it for years. Equal integers are no proof: the
caller compares the texts afterwards.
"""

from __future__ import annotations

import duckdb

_MACROS = """
    CREATE OR REPLACE TEMP MACRO surname_code(phonetic_key) AS (unicode(phonetic_key) & 4095);
    CREATE OR REPLACE TEMP MACRO name_code(phonetic_key) AS
        ((surname_code(phonetic_key)::BIGINT << 28) | (md5_number(phonetic_key) & 268435455::UHUGEINT)::BIGINT);
    CREATE OR REPLACE TEMP MACRO name_place(phonetic_key, village) AS
        ((name_code(phonetic_key) << 23) | (md5_number(village) & 8388607::UHUGEINT)::BIGINT);
    CREATE OR REPLACE TEMP MACRO name_of(name_place) AS (name_place >> 23);
    CREATE OR REPLACE TEMP MACRO surname_of(name_place) AS (name_place >> 51);
"""


def define_name_place(database: duckdb.DuckDBPyConnection) -> None:
    """Define name_place(phonetic_key, village) BIGINT, surname_code and name_code of a key, surname_of and name_of a name_place."""
    database.execute(_MACROS)
