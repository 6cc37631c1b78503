"""What the conditions of a kind of application come to for everybody with an open gap the kind answers, line by delivered line."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from enrollment.constants import ApplicationKind
from enrollment.eligibility.conditions import GAPS_ANSWERED
from enrollment.eligibility.testing import find_eligibility
from foundation.jobs.long_work import RunState
from foundation.primitives.clock import now
from foundation.primitives.errors import NotFound
from foundation.regions.models import Unit
from nightly.models import NightRun
from portal.exports.nights import list_deliveries

_LINES = (Path(__file__).parent / "sql" / "lines_with_gaps.sql").read_text("utf-8")
TESTED_COLUMNS = ("feed", "file", "sheet", "row", "member", "person_id", "outcome", "reasons")


def list_tested_lines(*, county: Unit, kind: ApplicationKind, day: date) -> list[tuple[object, ...]]:
    """List the lines: feed, file, sheet, row, member, person, outcome, reasons with semicolons between them.

    Reasons are the conditions not met; where none is, those that cannot be told. Errors: NotFound without a night as of the day
    or before; ParameterMissing.
    """
    night, known = _night_on(county, day)
    values: dict[str, Any] = {
        "county": county.pk,
        "at": known,
        "deliveries": list_deliveries(night),
        "kinds": [gap.value for gap in GAPS_ANSWERED[kind]],
    }
    with connection.cursor() as cursor:
        cursor.execute(_LINES, values)
        lines = cursor.fetchall()
    persons = sorted({line[-1] for line in lines})
    tested = {
        each.person_id: (each.outcome.value, ";".join(each.not_met or each.unknown))
        for each in find_eligibility(county=county, kind=kind, day=day, known=known, persons=persons)
    }
    return [(*line, *tested[line[-1]]) for line in lines]


def _night_on(county: Unit, day: date) -> tuple[NightRun, datetime]:
    """Return the last night as of the day or before, and the moment up to which rows count: now, unless a later night is there."""
    nights = NightRun.objects.filter(county=county, state=RunState.DONE).order_by("-finished_at")
    night = nights.filter(as_of_date__lte=day).first()
    if night is None or night.finished_at is None:
        raise NotFound(f"No finished night of {county.code[:6]} as of {day} or before; run one first.", code="no_night")
    return night, now() if night == nights.first() else night.finished_at
