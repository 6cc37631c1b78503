"""Clerks' decisions on possible matches, as known to the night: a decision takes precedence over what the matching finds again.

Decisions are recorded by services/decisions.py; here they are read and applied to the links of a night.
"""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
from django.db import connection

from coverage.constants import MODEL_VERSION
from coverage.findings.statements import read_statement
from coverage.findings.tables import DECISION, DECISION_COLUMNS, PERSON_VARIANT
from coverage.findings.workspace import NightWorkspace
from coverage.matching.rolls import load_rolls
from foundation.primitives.bulk import copy_out
from foundation.regions.models import Unit


def read_decisions(county: Unit, known_at: datetime) -> pa.Table:
    """Read the decisions current at a moment that bind a night: same and not the same; of merged persons the latest."""
    values = {"county": county.pk, "known": known_at}
    with connection.cursor() as cursor:
        return copy_out(cursor, read_statement("register/read_decisions"), DECISION_COLUMNS, values)


def respect_decisions(workspace: NightWorkspace, found: pa.Table) -> pa.Table:
    """Return the links of a night with the clerks' decisions applied; respect_decisions.sql states the rule.

    Shape: as `match`, with `changed`. Cost: one pass over the roll numbers; nothing where nobody has decided.
    """
    if workspace.read(DECISION).num_rows == 0:
        return found.append_column("changed", pa.array([""] * found.num_rows, pa.string()))
    with workspace.connect(DECISION, PERSON_VARIANT) as database:
        load_rolls(database, workspace.rolls)
        database.register("found", found)
        database.execute(f"SET VARIABLE model_version = {MODEL_VERSION}")
        return database.sql(read_statement("respect_decisions")).to_arrow_table()
