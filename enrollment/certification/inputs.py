"""What windows are computed from: the region's rule, evidence of life and the list of the disabled, read from the register.

The night pins them with its first step; for one person they are read when asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
from django.db import connection
from django.db.models import Min, Q

from enrollment.certification.tables import (
    EVIDENCE,
    EVIDENCE_COLUMNS,
    LISTED_DISABLED,
    LISTED_DISABLED_COLUMNS,
    RULE,
    RULE_COLUMNS,
)
from foundation.jobs.workspace import Workspace
from foundation.policy.selectors import get_parameters
from foundation.primitives.bulk import copy_out
from foundation.regions.models import Unit
from registry.constants import Feed
from registry.models import Delivery

_SQL = Path(__file__).parent / "sql"
_EVIDENCE, _DISABLED = ((_SQL / f"read_{name}.sql").read_text("utf-8") for name in ("evidence", "disabled"))
_PARAMETERS = (
    "certification_window",
    "certification_cycle_days",
    "certification_days_ahead",
    "benefit_age_years",
    "home_visit",
)


def pin_certification(*, county: Unit, day: date, known_at: datetime, workspace: Workspace) -> int:
    """Write the tables of tables.py for a night. Three statements; empty where the county has received no list of certifications.

    Returns the number of pieces of evidence. Errors: ParameterMissing.
    """
    rule = read_rule(county=county, day=day, known=known_at)
    evidence, disabled = EVIDENCE_COLUMNS.empty_table(), LISTED_DISABLED_COLUMNS.empty_table()
    if rule.num_rows:
        evidence = read_evidence(county=county, day=day, known=known_at)
        disabled = read_disabled(county=county, known=known_at)
    workspace.write(RULE, rule)
    workspace.write(LISTED_DISABLED, disabled)
    return workspace.write(EVIDENCE, evidence)


def read_rule(*, county: Unit, day: date, known: datetime) -> pa.Table:
    """Read the rule of a county on a day, as RULE_COLUMNS; no row before its first list of certifications. Errors: ParameterMissing."""
    lists = Delivery.objects.filter(
        Q(superseded_at=None) | Q(superseded_at__gt=known),
        county=county,
        feed=Feed.CERTIFICATION,
        applied_at__lte=known,
    )
    since = lists.filter(as_of_date__lte=day).aggregate(first=Min("as_of_date"))["first"]
    if since is None:
        return RULE_COLUMNS.empty_table()
    rules = get_parameters(_PARAMETERS, unit=county, on=day)
    visit = rules["home_visit"].value or {}
    row = {
        "as_of": day,
        "since": since,
        "window_kind": rules["certification_window"].value,
        "cycle_days": int(rules["certification_cycle_days"].value),
        "days_ahead": int(rules["certification_days_ahead"].value),
        "benefit_age_years": int(rules["benefit_age_years"].value),
        "visit_from_age_years": visit.get("from_age_years"),
        "visit_days_ahead": visit.get("days_before"),
    }
    return pa.Table.from_pylist([row], schema=RULE_COLUMNS)


def read_evidence(*, county: Unit, day: date, known: datetime, persons: Sequence[int] | None = None) -> pa.Table:
    """Read the evidence of life of a county's persons, or these of them, up to a day, as EVIDENCE_COLUMNS. One statement."""
    values = {"county": county.pk, "persons": None if persons is None else list(persons), "day": day, "known": known}
    with connection.cursor() as cursor:
        return copy_out(cursor, _EVIDENCE, EVIDENCE_COLUMNS, values)


def read_disabled(*, county: Unit, known: datetime) -> pa.Table:
    """Read who of a county's persons is on the list of the disabled, as LISTED_DISABLED_COLUMNS. One statement."""
    with connection.cursor() as cursor:
        return copy_out(cursor, _DISABLED, LISTED_DISABLED_COLUMNS, {"county": county.pk, "known": known})
