"""Who is looked for: poor persons and the lines of fact feeds, as tables of names, right numbers, births and villages.

One subject may have several names and numbers; a number may be stated, former (the police changed it) or repaired.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from coverage.matching.rolls import register
from foundation.primitives.columns import clean_names, clean_numbers
from foundation.primitives.number_repair import repair_candidates

IDENTITY_VARIANTS = pa.schema(
    [
        ("subject_id", pa.int64()),
        ("name", pa.string()),
        ("number", pa.string()),
        ("stated_birth", pa.date32()),
        ("village", pa.string()),
    ]
)
CHANGES = pa.schema(
    [
        ("number", pa.string()),
        ("before_name", pa.string()),
        ("after_name", pa.string()),
        ("old_number", pa.string()),
        ("new_number", pa.string()),
        ("name", pa.string()),
    ]
)
HOW = ("stated", "former", "repaired")  # the first is the best


@dataclass(frozen=True)
class Subjects:
    """Subjects prepared once for all that reads them, as rolls are.

    Shape: forms one row per form: subject_id, name, plain, sound, number, key, number_birth, stated_birth, village (the texts as
    columns.py cleans them), alone (its subject has no other); repairs one row per damaged number and right one a slip away:
    subject_id, sound, key.
    """

    variants: pa.Table
    repairs: pa.Table

    def __add__(self, others: Subjects) -> Subjects:
        return Subjects(
            pa.concat_tables([self.variants, others.variants]), pa.concat_tables([self.repairs, others.repairs])
        )


def prepare_subjects(variants: pa.Table) -> Subjects:
    """Clean names and numbers of forms (FORMS: a row per subject x name x number x village, empty text where there is none)."""
    numbers, names = clean_numbers(variants["number"]), clean_names(variants["name"])
    cleaned = pa.table(
        {
            "subject_id": variants["subject_id"],
            "phonetic_key": names.phonetic_key,
            "plain": names.plain,
            "name": names.name,
            "number": numbers.number,
            "key": numbers.key,
            "number_birth": numbers.birth,
            "stated_birth": variants["stated_birth"],
            "village": variants["village"],
            "is_only_variant": _is_only_variant(variants["subject_id"]),
        }
    )
    found = repair_candidates(pc.if_else(pc.is_valid(numbers.key), "", numbers.number))
    at = {name: cleaned[name].combine_chunks().take(found["row"]) for name in ("subject_id", "phonetic_key")}
    return Subjects(cleaned, pa.table({**at, "key": found["key"]}))


def _is_only_variant(subjects: pa.ChunkedArray) -> pa.Array:
    _, place, times = np.unique(subjects.to_numpy(), return_inverse=True, return_counts=True)
    return pa.array(times[place] == 1)


def load_subjects(database: duckdb.DuckDBPyConnection, subjects: Subjects, changes: pa.Table) -> None:
    """Make form, subject_name, subject_key, subject_birth, subject_place and name_change from prepared subjects.

    Shape: changes as CHANGES, one row per line of the police list that changes a name or a number.
    """
    register(database, "variant", subjects.variants)
    register(database, "variant_repair", subjects.repairs)
    _load_changes(database, changes)
    database.execute(
        f"""
        CREATE TEMP VIEW dated_variant AS
            SELECT *, coalesce(CASE WHEN key IS NOT NULL THEN number_birth END, stated_birth, number_birth) AS birth FROM variant;
        CREATE TYPE how AS ENUM {HOW};
        CREATE TEMP TABLE subject_name AS
            SELECT subject_id, phonetic_key, plain, name FROM variant WHERE is_only_variant AND phonetic_key <> ''
            UNION ALL SELECT DISTINCT subject_id, phonetic_key, plain, name FROM variant WHERE NOT is_only_variant AND phonetic_key <> '';
        CREATE TEMP TABLE subject_key AS
            SELECT subject_id, key, min(how) AS how, false AS is_only_variant FROM (
                SELECT subject_id, key, 'stated'::how AS how FROM variant WHERE key IS NOT NULL AND NOT is_only_variant
                UNION ALL
                SELECT variant.subject_id, changed.old_key, 'former'::how FROM variant
                JOIN number_change changed ON changed.new_key = variant.key AND changed.phonetic_key = variant.phonetic_key
                UNION ALL
                SELECT subject_id, key, 'repaired'::how FROM variant_repair
            ) GROUP BY subject_id, key
            UNION ALL SELECT subject_id, key, 'stated', true FROM variant WHERE key IS NOT NULL AND is_only_variant;
        CREATE TEMP TABLE subject_birth AS
            SELECT DISTINCT subject_id, stated_birth FROM variant WHERE stated_birth IS NOT NULL;
        CREATE TEMP TABLE subject_place AS
            SELECT subject_id, village, birth, key IS NOT NULL AS has_right_number FROM dated_variant WHERE is_only_variant
            UNION ALL
            SELECT DISTINCT subject_id, village, birth,
                subject_id IN (SELECT subject_id FROM variant WHERE NOT is_only_variant AND key IS NOT NULL) AS has_right_number
            FROM dated_variant WHERE NOT is_only_variant;
        """
    )


def _load_changes(database: duckdb.DuckDBPyConnection, changes: pa.Table) -> None:
    database.register(
        "police_change",
        pa.table(
            {
                "key": clean_numbers(changes["number"]).key,
                "phonetic_key": clean_names(changes["name"]).phonetic_key,
                "before_phonetic_key": clean_names(changes["before_name"]).phonetic_key,
                "after_phonetic_key": clean_names(changes["after_name"]).phonetic_key,
                "old_key": clean_numbers(changes["old_number"]).key,
                "new_key": clean_numbers(changes["new_number"]).key,
            }
        ),
    )
    database.execute(
        """
        CREATE TEMP TABLE name_change AS
            SELECT DISTINCT key, before_phonetic_key, after_phonetic_key FROM police_change WHERE before_phonetic_key <> '' AND after_phonetic_key <> '';
        CREATE TEMP TABLE number_change AS
            SELECT DISTINCT old_key, new_key, phonetic_key FROM police_change WHERE old_key <> new_key;
        """
    )
