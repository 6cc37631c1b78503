"""The three codes of every poor person, derived from findings by the priority tables of sql/derive_codes.sql.

Reads the night's tables of persons, links and findings, and writes `verdict`; a step of the night (nightly/steps.py).
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from coverage.findings.statements import read_statement
from coverage.findings.tables import PERSON, PERSON_FINDING, PERSON_LINK, PERSON_REPAIR, PERSON_VARIANT, VERDICT
from coverage.findings.workspace import NightWorkspace


def derive_codes(workspace: NightWorkspace) -> int:
    """Write `verdict`: one row a person called poor on the day, with the three codes and what the statutory table groups by."""
    with workspace.connect(PERSON_VARIANT, PERSON_LINK, PERSON_FINDING) as database:
        database.register("all_persons", workspace.read(PERSON))
        database.register("repaired_birth", _repaired_births(workspace.read(PERSON_REPAIR)))
        database.execute(read_statement("gather_persons"))
        rows = database.sql(read_statement("derive_codes")).to_arrow_table()
    return workspace.write(VERDICT, rows)


def _repaired_births(repairs: pa.Table) -> pa.Table:
    """Return the birth dates in all right numbers a digit error away from each damaged one: subject_id, birth."""
    body = pc.cast(pc.divide(repairs["key"], 11), pa.string())
    birth = pc.strptime(pc.utf8_slice_codeunits(body, 6, 14), format="%Y%m%d", unit="s", error_is_null=True)
    return pa.table({"subject_id": repairs["subject_id"], "birth": birth.cast(pa.date32())})
