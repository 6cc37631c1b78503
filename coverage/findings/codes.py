"""The three codes of every poor person, derived from findings by the priority tables of sql/derive_codes.sql."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from coverage.findings.findings import statement
from coverage.findings.workspace import NightWorkspace

_PERSONS = """
    CREATE TEMP TABLE person AS
    SELECT p.person_id, p.in_poverty_file, p.in_three_categories, p.hukou_outside, p.number_states = '' AS no_number,
        coalesce(right_one.birth, on_roll.birth, stated.birth, damaged.birth) AS birth, p.sex, p.categories, p.file_unit_id,
        young.subject_id IS NOT NULL AND coalesce(right_one.birth, on_roll.birth, stated.birth) IS NULL AS young_however_repaired,
        CASE WHEN p.hukou_stated THEN p.hukou_unit_id ELSE p.file_unit_id END AS hukou_unit_id
    FROM all_persons p
    LEFT JOIN (SELECT subject_id, min(number_birth) AS birth FROM person_variant WHERE key IS NOT NULL GROUP BY 1) right_one
        ON right_one.subject_id = p.person_id
    LEFT JOIN (SELECT subject_id, min(number_birth) AS birth FROM person_variant WHERE key IS NULL GROUP BY 1) damaged
        ON damaged.subject_id = p.person_id
    LEFT JOIN (SELECT subject_id, min(stated_birth) AS birth FROM person_variant GROUP BY 1) stated ON stated.subject_id = p.person_id
    LEFT JOIN (SELECT person_id, min(roll_birth) AS birth FROM person_link WHERE action = 'auto' GROUP BY 1) on_roll
        ON on_roll.person_id = p.person_id
    LEFT JOIN (SELECT subject_id FROM repaired GROUP BY 1
               HAVING bool_and(birth + to_years(getvariable('participation_age')::INTEGER) > getvariable('as_of'))) young
        ON young.subject_id = p.person_id
"""


def derive_codes(workspace: NightWorkspace) -> int:
    """Write `verdict`: one row a person called poor on the day, with the three codes and what the statutory table groups by.

    The birth date is that of a right number, else of a confirmed roll line, else the file's own column, else the one
    still readable in a damaged number.
    Where every right number one slip away from the damaged one is a child's, the person is a child whichever is right.
    """
    with workspace.connect("person_variant", "person_link", "person_finding") as database:
        database.register("all_persons", workspace.read("person"))
        database.register("repaired", _repaired_births(workspace.read("person_repair")))
        database.execute(_PERSONS)
        rows = database.sql(statement("derive_codes")).to_arrow_table()
    return workspace.write("verdict", rows)


def _repaired_births(repairs: pa.Table) -> pa.Table:
    """The births in all right numbers one slip away from each damaged one: subject_id, birth."""
    body = pc.cast(pc.divide(repairs["key"], 11), pa.string())
    birth = pc.strptime(pc.utf8_slice_codeunits(body, 6, 14), format="%Y%m%d", unit="s", error_is_null=True)
    return pa.table({"subject_id": repairs["subject_id"], "birth": birth.cast(pa.date32())})
