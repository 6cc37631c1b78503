"""Gaps opened, kept and closed after a night, so that the open ones are those its finders returned. A gap that stays keeps its age.

Called inside the transaction that publishes the night, before the cases are routed. Run again with the same rows it changes
nothing.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db.backends.utils import CursorWrapper

from casework.constants import GAP_RANK, Desk, GapKind
from casework.selectors.gap_age import known_on
from foundation.policy.selectors import get_parameters
from foundation.policy.working_days import CalendarMissing, add_working_days
from foundation.primitives.bulk import copy_into
from foundation.regions.models import Unit

_MOVE_GAPS = (Path(__file__).parent / "sql" / "move_gaps.sql").read_text("utf-8")
_STAGE = """
DROP TABLE IF EXISTS pg_temp.found_gap, pg_temp.kept_open, pg_temp.missing_gap;
CREATE TEMP TABLE found_gap (person_id bigint, kind text, reason text, evidence_class text, scheme text, roll_no text,
    evidence text, subject_name text, subject_pinyin text, unit_id bigint, unit_code text) ON COMMIT DROP;
CREATE TEMP TABLE kept_open (gap_id bigint, feeds text) ON COMMIT DROP;
"""
KEPT_OPEN = pa.schema([("gap_id", pa.int64()), ("feeds", pa.string())])
"""A row an open gap that may not close now: the feeds, divided by blanks, that are too old or were taken back."""


def move_gaps(
    cursor: CursorWrapper, *, county: Unit, day: date, at: datetime, found: pa.Table, kept_open: pa.Table
) -> dict[str, dict[str, int]]:
    """Open, keep or close the county's gaps.

    Shape: `found` as casework.finders.FOUND, `kept_open` as KEPT_OPEN. Returns opened, closed and open, each by kind.
    Effects: gaps; each new one goes to the desk and is due on the day that its region's parameters state, counted from the day
    of the data or the day this night ran, whichever is later: nobody is late with what nobody here could know.
    """
    cursor.execute(_STAGE)
    copy_into(cursor, "found_gap", found)
    copy_into(cursor, "kept_open", kept_open)
    cursor.execute("ANALYZE found_gap")
    values: dict[str, Any] = {
        "county": county.pk,
        "at": at,
        "day": day,
        "kinds": json.dumps(_routes(county, day, max(day, known_on(at)))),
    }
    cursor.execute(_MOVE_GAPS, values)
    return _counted(cursor, county, at)


def _routes(county: Unit, day: date, known: date) -> list[dict[str, object]]:
    """Each kind's rank, the desk it goes to and the day it is due, by the region's rules. A missing calendar leaves no day."""
    rules = get_parameters(("gap_desk", "gap_due_working_days"), unit=county, on=day)
    desks, days = rules["gap_desk"].value or {}, rules["gap_due_working_days"].value or {}
    due = {number: _due_on(county, known, number) for number in set(days.values())}
    return [
        {
            "kind": kind.value,
            "rank": GAP_RANK[kind],
            "desk": desks.get(kind, Desk.COUNTY.value),
            "due_on": due.get(days.get(kind)),
        }
        for kind in GapKind
    ]


def _due_on(county: Unit, day: date, working_days: int) -> str | None:
    try:
        return add_working_days(day, working_days, region=county).isoformat()
    except CalendarMissing:  # the night of a year nobody announced yet: the gap is worked without a day
        return None


def _counted(cursor: CursorWrapper, county: Unit, at: datetime) -> dict[str, dict[str, int]]:
    counted = "SELECT kind, count(*) FROM casework_gap WHERE county_id = %s AND {} GROUP BY kind ORDER BY min(rank)"
    conditions: dict[str, tuple[str, list[datetime]]] = {
        "opened": ("opened_at = %s", [at]),
        "closed": ("closed_at = %s", [at]),
        "open": ("closed_at IS NULL", []),
    }
    board = {}
    for name, (condition, values) in conditions.items():
        cursor.execute(counted.format(condition), [county.pk, *values])
        board[name] = dict(cursor.fetchall())
    return board
