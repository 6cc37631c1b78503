"""Who is looked for: poor persons and the lines of fact feeds, as tables of names, right numbers, births and villages.

One subject may have several names and numbers; a number may be stated, former (the police changed it) or repaired.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from poverty_pension.primitives.columns import clean_names, clean_numbers
from poverty_pension.primitives.number_repair import repair_candidates

FORMS = pa.schema(
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
STATED, FORMER, REPAIRED = "1 stated", "2 former", "3 repaired"  # the least is the best


@dataclass(frozen=True)
class Subjects:
    """Subjects prepared once for all that reads them, as rolls are.

    Shape: forms one row per form: subject_id, name, plain, sound, number, key, number_birth, sex, stated_birth, village (the texts as
    columns.py cleans them); repairs one row per damaged number and right one a slip away: subject_id, sound, key.
    """

    forms: pa.Table
    repairs: pa.Table

    def __add__(self, others: Subjects) -> Subjects:
        return Subjects(pa.concat_tables([self.forms, others.forms]), pa.concat_tables([self.repairs, others.repairs]))


def prepare_subjects(forms: pa.Table) -> Subjects:
    """Clean names and numbers of forms (FORMS: a row per subject x name x number x village, empty text where there is none)."""
    numbers, names = clean_numbers(forms["number"]), clean_names(forms["name"])
    cleaned = pa.table(
        {
            "subject_id": forms["subject_id"],
            "sound": names.sound,
            "plain": names.plain,
            "name": names.name,
            "number": numbers.number,
            "key": numbers.key,
            "number_birth": numbers.birth,
            "sex": pa.array(numbers.sex),
            "stated_birth": forms["stated_birth"],
            "village": forms["village"],
        }
    )
    found = repair_candidates(pc.if_else(pc.is_valid(numbers.key), "", numbers.number))
    at = {name: cleaned[name].combine_chunks().take(found["row"]) for name in ("subject_id", "sound")}
    return Subjects(cleaned, pa.table({**at, "key": found["key"]}))


def load_subjects(database: duckdb.DuckDBPyConnection, subjects: Subjects, changes: pa.Table) -> None:
    """Make subject_name, subject_key, subject_birth, subject_place and name_change from prepared subjects.

    Shape: changes as CHANGES, one row per line of the police list that changes a name or a number.
    """
    database.register("prepared_form", subjects.forms)
    database.register("form_repair", subjects.repairs)
    database.execute("CREATE TEMP TABLE form AS SELECT * FROM prepared_form")
    _load_changes(database, changes)
    database.execute(
        f"""
        CREATE TEMP TABLE subject_name AS SELECT DISTINCT subject_id, sound, plain, name FROM form WHERE sound <> '';
        CREATE TEMP TABLE subject_key AS
            SELECT subject_id, key, min(how) AS how FROM (
                SELECT subject_id, key, '{STATED}' AS how FROM form WHERE key IS NOT NULL
                UNION ALL
                SELECT form.subject_id, changed.old_key, '{FORMER}' FROM form
                JOIN number_change changed ON changed.new_key = form.key AND changed.sound = form.sound
                UNION ALL
                SELECT subject_id, key, '{REPAIRED}' FROM form_repair
            ) GROUP BY ALL;
        CREATE TEMP TABLE subject_birth AS
            SELECT DISTINCT subject_id, stated_birth FROM form WHERE stated_birth IS NOT NULL;
        CREATE TEMP TABLE subject_place AS
            SELECT DISTINCT form.subject_id, form.village, form.sex,
                coalesce(CASE WHEN form.key IS NOT NULL THEN form.number_birth END, form.stated_birth, form.number_birth) AS birth,
                right_one.subject_id IS NOT NULL AS has_right_number
            FROM form LEFT JOIN (SELECT DISTINCT subject_id FROM form WHERE key IS NOT NULL) right_one USING (subject_id);
        """
    )


def _load_changes(database: duckdb.DuckDBPyConnection, changes: pa.Table) -> None:
    database.register(
        "police_change",
        pa.table(
            {
                "key": clean_numbers(changes["number"]).key,
                "sound": clean_names(changes["name"]).sound,
                "before_sound": clean_names(changes["before_name"]).sound,
                "after_sound": clean_names(changes["after_name"]).sound,
                "old_key": clean_numbers(changes["old_number"]).key,
                "new_key": clean_numbers(changes["new_number"]).key,
            }
        ),
    )
    database.execute(
        """
        CREATE TEMP TABLE name_change AS
            SELECT DISTINCT key, before_sound, after_sound FROM police_change WHERE before_sound <> '' AND after_sound <> '';
        CREATE TEMP TABLE number_change AS
            SELECT DISTINCT old_key, new_key, sound FROM police_change WHERE old_key IS NOT NULL AND new_key IS NOT NULL;
        """
    )
