"""The subjects of the matching: poor persons and lines of fact feeds, prepared as tables of names, numbers, births and villages.

A subject may have several variants of name and number; a number is stated, former (the police changed it) or repaired. The
caller supplies the variants; findings/inputs.py reads them from the register, findings/links.py from facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from coverage.matching.rolls import register
from coverage.matching.tables import POLICE_CHANGE, VARIANT, VARIANT_REPAIR
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
_SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Subjects:
    """Subjects prepared once for every step that reads them, as rolls are.

    Shape: variants one row per subject and variant: subject_id, name, plain, phonetic_key, number, key, number_birth, stated_birth,
    village (texts as columns.py cleans them), is_only_variant (its subject has no other); repairs one row per damaged number
    and right number a digit error away: subject_id, phonetic_key, key.
    """

    variants: pa.Table
    repairs: pa.Table

    def __add__(self, others: Subjects) -> Subjects:
        return Subjects(
            pa.concat_tables([self.variants, others.variants]), pa.concat_tables([self.repairs, others.repairs])
        )


def prepare_subjects(variants: pa.Table) -> Subjects:
    """Clean the names and numbers of variants.

    Shape: as IDENTITY_VARIANTS, one row per subject, name, number and village; empty text where one is missing.
    """
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
    """Make the relations of sql/05_load_subjects.sql from prepared subjects.

    Shape: changes as CHANGES, one row per line of the police list that changes a name or a number.
    """
    register(database, VARIANT, subjects.variants)
    register(database, VARIANT_REPAIR, subjects.repairs)
    _load_changes(database, changes)
    database.execute((_SQL / "05_load_subjects.sql").read_text("utf-8"))


def _load_changes(database: duckdb.DuckDBPyConnection, changes: pa.Table) -> None:
    database.register(
        POLICE_CHANGE,
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
