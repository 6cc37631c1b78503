"""Deadlines in working days: the nearest region's calendar counts; a year that was not announced is an error, never a guess."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from foundation.primitives.errors import DomainError
from foundation.regions.models import Unit

_SQL = Path(__file__).parent / "sql"
NTH_WORKING_DAY = (_SQL / "nth_working_day.sql").read_text("utf-8")
WORKING_DAYS_SINCE = (_SQL / "working_days_since.sql").read_text("utf-8")
DAYS_PER_WORKING_DAY, LONGEST_HOLIDAY_DAYS = 2, 30


class CalendarMissing(DomainError):
    """No calendar covers the days asked for."""

    code = "calendar_missing"


def add_working_days(day: date, number: int, *, region: Unit) -> date:
    """Return the day that is `number` working days after `day`; the first working day after it counts one.

    Errors: CalendarMissing naming region and year; ValueError for a number below one. Cost: one query.
    """
    if number < 1:
        raise ValueError(f"{number} is no number of working days to wait")
    values: dict[str, date | int | list[str]] = {
        "start": day,
        "number": number,
        "horizon": number * DAYS_PER_WORKING_DAY + LONGEST_HOLIDAY_DAYS,
        "codes": region.path.rstrip("/").split("/"),
    }
    with connection.cursor() as cursor:
        cursor.execute(NTH_WORKING_DAY, values)
        found = cursor.fetchone()
        if found is not None and found[1] == (found[0] - day).days:
            return found[0]
        cursor.execute(
            "SELECT min(d)::date FROM generate_series(%(start)s::date + 1, %(start)s::date + %(horizon)s, '1 day') d"
            " WHERE NOT EXISTS (SELECT FROM policy_workingday w WHERE w.day = d AND w.region_id IS NULL)",
            values,
        )
        (gap,) = cursor.fetchone()
    raise CalendarMissing(
        _("The working-day calendar has no year %(year)s for %(region)s.")
        % {"year": (gap or day).year, "region": region.full_name or region.name},
        what_to_do=_("Request the calendar file for that year, based on the State Council notice."),
        ids=[region.code, (gap or day).year],
    )


def count_working_days(starts: Iterable[date], end: date, *, region: Unit) -> dict[date, int | None]:
    """Count the working days after each start up to `end`; None where the calendar does not cover them all. One query."""
    values: dict[str, list[date] | list[str] | date] = {
        "starts": sorted(set(starts)),
        "end": end,
        "codes": region.path.rstrip("/").split("/"),
    }
    with connection.cursor() as cursor:
        cursor.execute(WORKING_DAYS_SINCE, values)
        return {start: int(working) if known == (end - start).days else None for start, working, known in cursor}
