"""Deadlines in working days: the nearest region's calendar wins; a year that was not announced is an error, never a guess."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from foundation.primitives.errors import DomainError
from foundation.regions.models import Unit

NTH_WORKING_DAY = """
WITH nearest AS (
    SELECT DISTINCT ON (w.day) w.day, w.is_working
    FROM policy_workingday w
    LEFT JOIN regions_unit u ON u.id = w.region_id
    WHERE w.day > %(start)s AND w.day < %(start)s + %(horizon)s
      AND (w.region_id IS NULL OR u.code = ANY(%(codes)s))
    ORDER BY w.day, length(u.path) DESC NULLS LAST
)
SELECT day, (SELECT count(*) FROM nearest before WHERE before.day <= worked.day) AS days_known
FROM nearest worked
WHERE is_working
ORDER BY day
OFFSET %(number)s - 1
LIMIT 1
"""
WORKING_DAYS_SINCE = """
WITH nearest AS (
    SELECT DISTINCT ON (w.day) w.day, w.is_working
    FROM policy_workingday w
    LEFT JOIN regions_unit u ON u.id = w.region_id
    WHERE w.day > (SELECT min(start) FROM unnest(%(starts)s::date[]) start) AND w.day <= %(end)s
      AND (w.region_id IS NULL OR u.code = ANY(%(codes)s))
    ORDER BY w.day, length(u.path) DESC NULLS LAST
)
SELECT start, count(*) FILTER (WHERE is_working), count(day)
FROM unnest(%(starts)s::date[]) start LEFT JOIN nearest ON day > start
GROUP BY start
"""
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
    words: dict[str, date | int | list[str]] = {
        "start": day,
        "number": number,
        "horizon": number * DAYS_PER_WORKING_DAY + LONGEST_HOLIDAY_DAYS,
        "codes": region.path.rstrip("/").split("/"),
    }
    with connection.cursor() as cursor:
        cursor.execute(NTH_WORKING_DAY, words)
        found = cursor.fetchone()
        if found is not None and found[1] == (found[0] - day).days:
            return found[0]
        cursor.execute(
            "SELECT min(d)::date FROM generate_series(%(start)s::date + 1, %(start)s::date + %(horizon)s, '1 day') d"
            " WHERE NOT EXISTS (SELECT FROM policy_workingday w WHERE w.day = d AND w.region_id IS NULL)",
            words,
        )
        (gap,) = cursor.fetchone()
    raise CalendarMissing(
        _("The calendar of working days has no year %(year)s for %(region)s.")
        % {"year": (gap or day).year, "region": region.full_name or region.name},
        what_to_do=_("Ask for the file of that year, made from the State Council's notice."),
        ids=[region.code, (gap or day).year],
    )


def count_working_days(starts: Iterable[date], end: date, *, region: Unit) -> dict[date, int | None]:
    """Count the working days after each start up to `end`; None where the calendar does not cover them all. One query."""
    words: dict[str, list[date] | list[str] | date] = {
        "starts": sorted(set(starts)),
        "end": end,
        "codes": region.path.rstrip("/").split("/"),
    }
    with connection.cursor() as cursor:
        cursor.execute(WORKING_DAYS_SINCE, words)
        return {start: int(working) if known == (end - start).days else None for start, working, known in cursor}
