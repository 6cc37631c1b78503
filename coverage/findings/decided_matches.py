"""What clerks decided about candidate pairs, as the night sees and respects it: their word wins over a re-run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
from django.db import connection

from coverage.constants import MODEL_VERSION
from coverage.findings.workspace import NightWorkspace
from coverage.matching.rolls import load_rolls
from foundation.primitives.bulk import copy_out
from foundation.regions.models import Unit

_SQL = Path(__file__).parent / "sql" / "respect_decisions.sql"
_PLACE = "CASE WHEN d.roll_no = '' THEN (d.delivery_id, d.part, d.line)::text END"
_DECISIONS = f"""
    SELECT DISTINCT ON (coalesce(a.canonical_id, d.person_id), d.scheme, d.roll_no, {_PLACE})
        coalesce(a.canonical_id, d.person_id) AS person_id, d.scheme, d.roll_no, d.delivery_id, d.part, d.line, d.decision,
        d.rule, d.comparison_vector, d.score, d.model_version, d.roll_name, d.roll_birth, d.roll_unit_code,
        d.person_names::text AS person_names
    FROM coverage_matchdecision d
    LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = d.person_id
    WHERE d.county_id = %(county)s AND d.decision IN ('same', 'not_same')
      AND d.recorded_at <= %(known)s AND (d.superseded_at IS NULL OR d.superseded_at > %(known)s)
    ORDER BY coalesce(a.canonical_id, d.person_id), d.scheme, d.roll_no, {_PLACE}, d.recorded_at DESC
"""
DECISIONS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("scheme", pa.string()),
        ("roll_no", pa.string()),
        ("delivery_id", pa.int64()),
        ("part", pa.string()),
        ("line", pa.int32()),
        ("decision", pa.string()),
        ("rule", pa.string()),
        ("comparison_vector", pa.string()),
        ("score", pa.float64()),
        ("model_version", pa.int16()),
        ("roll_name", pa.string()),
        ("roll_birth", pa.date32()),
        ("roll_unit_code", pa.string()),
        ("person_names", pa.string()),
    ]
)


def read_decisions(county: Unit, known_at: datetime) -> pa.Table:
    """Read what stood at a moment and binds a night: same and not the same; of merged persons the latest word."""
    with connection.cursor() as cursor:
        return copy_out(cursor, _DECISIONS, DECISIONS, {"county": county.pk, "known": known_at})


def respect_decisions(workspace: NightWorkspace, found: pa.Table) -> pa.Table:
    """Return the links of a night with the clerks' word on them; the rule stands in respect_decisions.sql.

    Shape: as `match`, with `changed`. Cost: one pass over the roll numbers; nothing where nobody has decided.
    """
    if workspace.read("decision").num_rows == 0:
        return found.append_column("changed", pa.array([""] * found.num_rows, pa.string()))
    with workspace.connect("decision", "person_variant") as database:
        load_rolls(database, workspace.rolls)
        database.register("found", found)
        database.execute(f"SET VARIABLE model_version = {MODEL_VERSION}")
        return database.sql(_SQL.read_text("utf-8")).to_arrow_table()
