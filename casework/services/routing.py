"""What a night does to cases, following from the gaps it has just opened and closed: opens, reopens, routes and resolves them.

One case a subject, at the desk of its gravest open gap, due on the nearest day of all of them. Called inside the transaction
that publishes the night, after the gaps; run again over the same gaps it changes nothing. It neither assigns nor releases a
case somebody works on.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db.backends.utils import CursorWrapper

from foundation.accounts.permissions import SYSTEM_ROLE
from foundation.regions.models import Unit

OPEN, REOPEN, ROUTE, RESOLVE = "open_case", "reopen_case", "route_case", "resolve_case"
_SQL = Path(__file__).parent / "sql"
_STAGE = """
DROP TABLE IF EXISTS pg_temp.planned_move, pg_temp.moved_case;
CREATE TEMP TABLE moved_case (id bigint, verb text, state_before text, state_after text, desk text, kind text, due_on date)
    ON COMMIT DROP
"""
_LOCK = """
SELECT count(*) FROM (
    SELECT id FROM casework_case
    WHERE county_id = %(county)s AND id IN (SELECT case_id FROM planned_move) ORDER BY id FOR UPDATE
) locked
"""
"""In the order in which clerks lock them, too."""


def route_cases(cursor: CursorWrapper, *, county: Unit, day: date, at: datetime) -> dict[str, int]:
    """Open, reopen, route and resolve the county's cases after the gaps of a night; return how many by verb.

    Effects: cases and their events.
    Cost: the same statements whatever the gaps; 50,000 new cases take 6.7 s, 57,000 looked at without a change 0.6 s.
    """
    values: dict[str, Any] = {"county": county.pk, "at": at, "day": day, "role": SYSTEM_ROLE}
    values |= {"open": OPEN, "reopen": REOPEN, "route": ROUTE, "resolve": RESOLVE}
    cursor.execute(_STAGE)
    cursor.execute(_statement("plan_case_moves"), values)
    cursor.execute("ANALYZE planned_move")
    for statement in (_LOCK, _statement("open_cases"), _statement("move_cases"), _statement("record_case_moves")):
        cursor.execute(statement, values)
    return dict(cursor.fetchall())


def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8")
