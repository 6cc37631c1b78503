"""A calendar of working days for the days a test runs in: the nights of tests are recorded now, in years nobody announced yet."""

from datetime import date, timedelta

from foundation.policy.models import WorkingDay

LENGTH = 120
"""Days from the first on: more than the longest limit of a gap needs."""


def announce_weeks(first: date) -> None:
    """Make Monday to Friday working days for a while from a day on, everywhere."""
    days = [first + timedelta(days=number) for number in range(LENGTH)]
    WorkingDay.objects.filter(day__gte=first).delete()
    WorkingDay.objects.bulk_create(
        WorkingDay(day=day, is_working=day.isoweekday() < 6, source="announced by a test") for day in days
    )


def weekdays_after(day: date, number: int) -> date:
    """Return the day that is so many weekdays after another."""
    while number:
        day += timedelta(days=1)
        number -= day.isoweekday() < 6
    return day
