"""The calendar of working days, copied into the table: the years chinesecalendar knows, and with precedence calendar/<year>.yaml.

chinesecalendar follows the State Council's notices; a file is for a year it has not yet, or one a later notice changed. The
country's rows are brought in line with these at every start; a region's own rows (add_working_days takes the nearest) remain as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import chinese_calendar
import yaml
from django.db import transaction

from foundation.policy.models import WorkingDay
from foundation.policy.services.reading import ParameterFileError

CALENDAR = Path(__file__).resolve().parents[1] / "calendar"
KEYS = {"year", "source", "free_days", "worked_weekend_days"}
FRIDAY = 4
FIRST_YEAR = 2017
"""Of the joint opinion on social insurance for the poor; nothing here is due before it."""


@dataclass(frozen=True)
class AnnouncedYear:
    """One file: the weekdays that are free and the weekend days that are worked."""

    year: int
    source: str
    free_days: frozenset[date]
    worked_weekend_days: frozenset[date]

    def days(self) -> Iterator[tuple[date, bool]]:
        """Yield every day of the year and whether it is worked."""
        day = date(self.year, 1, 1)
        while day.year == self.year:
            is_worked = day in self.worked_weekend_days if day.weekday() > FRIDAY else day not in self.free_days
            yield day, is_worked
            day += timedelta(days=1)


@transaction.atomic
def load_calendar(folder: Path = CALENDAR) -> int:
    """Bring the country's rows in line with the files; return how many days changed.

    Effects: adds and changes rows of WorkingDay without a region; safe to run again, one query when nothing changed.
    Errors: ParameterFileError for a file against the format.
    """
    years = [*known_years(), *read_calendar(folder)]
    wanted = {day: (is_worked, each.source) for each in years for day, is_worked in each.days()}
    rows = {row.day: row for row in WorkingDay.objects.filter(region__isnull=True)}
    fresh = [
        WorkingDay(day=day, is_working=is_worked, source=source)
        for day, (is_worked, source) in wanted.items()
        if day not in rows
    ]
    changed = [row for day, row in rows.items() if day in wanted and (row.is_working, row.source) != wanted[day]]
    for row in changed:
        row.is_working, row.source = wanted[row.day]
    WorkingDay.objects.bulk_create(fresh)
    WorkingDay.objects.bulk_update(changed, ["is_working", "source"])
    return len(fresh) + len(changed)


def known_years() -> list[AnnouncedYear]:
    """List the years chinesecalendar knows, as files would state them."""
    announced = {day.year for day in chinese_calendar.holidays if day.year >= FIRST_YEAR}
    return [_known_year(year) for year in sorted(announced)]


def _known_year(year: int) -> AnnouncedYear:
    free = frozenset(day for day in chinese_calendar.holidays if day.year == year and day.weekday() <= FRIDAY)
    worked = frozenset(day for day in chinese_calendar.workdays if day.year == year and day.weekday() > FRIDAY)
    source = f"国务院办公厅关于{year}年部分节假日安排的通知 (chinesecalendar {version('chinesecalendar')})"
    return AnnouncedYear(year, source, free, worked)


def read_calendar(folder: Path = CALENDAR) -> list[AnnouncedYear]:
    """Read all years of a folder.

    Errors: ParameterFileError naming the file, when a free day is no weekday, a worked one no weekend day, or of another year.
    """
    return [_read_year(file) for file in sorted(folder.glob("*.yaml"))]


def _read_year(file: Path) -> AnnouncedYear:
    content = yaml.safe_load(file.read_text("utf-8"))
    if not isinstance(content, dict) or content.keys() != KEYS:
        raise ParameterFileError(f"{file}: needs exactly {sorted(KEYS)}.")
    free, worked = frozenset(content["free_days"]), frozenset(content["worked_weekend_days"])
    wrong = [day for day in free if day.weekday() > FRIDAY] + [day for day in worked if day.weekday() <= FRIDAY]
    wrong += [day for day in free | worked if day.year != content["year"]]
    if wrong:
        raise ParameterFileError(f"{file}: {', '.join(sorted(map(str, wrong)))} cannot stand there.")
    return AnnouncedYear(content["year"], content["source"], free, worked)
