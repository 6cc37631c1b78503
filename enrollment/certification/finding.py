"""The gap CERTIFICATION_DUE: who draws here and has a window that ends soon, or ended, without evidence of life.

Registered with casework (apps.py), which alone opens and closes gaps.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
from django.utils.translation import gettext as _

from casework.finders import FOUND
from coverage.findings.tables import FACT, PERSON, PERSON_FINDING, PERSON_HIT, PORTAL, VERDICT
from coverage.findings.workspace import NightWorkspace
from enrollment.certification.tables import EVIDENCE, LISTED_DISABLED, RULE
from enrollment.certification.windows import compute_windows
from enrollment.constants import HOME_VISIT
from registry.constants import Scheme

_SQL = Path(__file__).parent / "sql"
_GATHER, _GAPS = ((_SQL / name).read_text("utf-8") for name in ("gather_night.sql", "gather_gaps.sql"))


def find_certification_due(workspace: NightWorkspace) -> pa.Table:
    """Return one row a person whose life is to be certified now, as FOUND; none before the county's first list of certifications."""
    rule = workspace.read(RULE) if workspace.path(RULE).exists() else None
    if rule is None or not rule.num_rows:
        return FOUND.empty_table()
    with workspace.connect(
        VERDICT, PERSON, PERSON_FINDING, PERSON_HIT, FACT, PORTAL, EVIDENCE, LISTED_DISABLED
    ) as database:
        database.register("rule", rule)
        rolls = [(roll.snapshot, str(roll.path)) for roll in workspace.rolls if roll.scheme == Scheme.RESIDENT]
        database.execute("CREATE TEMP TABLE line (delivery BIGINT, roll_no VARCHAR, started_on DATE)")
        for delivery, path in rolls:
            database.execute(
                "INSERT INTO line SELECT $delivery, roll_no, min(benefit_start_month) FROM read_parquet($path) "
                "WHERE benefit_start_month IS NOT NULL GROUP BY roll_no",
                {"delivery": delivery, "path": path},
            )
        database.execute(_GATHER)
        database.register("window_found", compute_windows(database))
        return database.sql(_GAPS, params={"visit": HOME_VISIT}).to_arrow_table().select(FOUND.names).cast(FOUND)


def certification_reason(_kind: str, reason: str) -> str:
    """Render the reason of a gap: the last day of the window, and whether the person is to be visited at home."""
    day, needs_visit = read_reason(reason)
    words = _("home visit, to be certified by %(day)s") if needs_visit else _("to be certified by %(day)s")
    return words % {"day": day}


def read_reason(reason: str) -> tuple[date, bool]:
    """Read a gap's reason: the last day of the window, and whether the person is to be visited at home."""
    day, _blank, visit = reason.partition(" ")
    return date.fromisoformat(day), visit == HOME_VISIT
