"""Months and ages as arithmetic on dates. A month is the date of its first day; a range ends before its `valid_to`.

A birthday that a year lacks (29 February) falls on that month's last day, as PostgreSQL's `date + interval`
and Civil Code article 202 have it, so that Python and SQL agree on every person.
"""

from calendar import monthrange
from datetime import date

MONTHS_PER_YEAR = 12


def first_of_month(day: date) -> date:
    """Return the month of a day."""
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(month: date, count: int) -> date:
    """Return the month `count` months later, or earlier when negative; any day of the month may be given."""
    index = month.year * MONTHS_PER_YEAR + month.month - 1 + count
    return date(index // MONTHS_PER_YEAR, index % MONTHS_PER_YEAR + 1, 1)


def months_between(first: date, last: date) -> int:
    """Count the months from the month of `first` to the month of `last`; the same month is 0."""
    return (last.year - first.year) * MONTHS_PER_YEAR + last.month - first.month


def birthday_at(birth_date: date, age_years: int) -> date:
    """Return the day on which a person reaches an age."""
    year = birth_date.year + age_years
    return date(year, birth_date.month, min(birth_date.day, monthrange(year, birth_date.month)[1]))


def age_years(birth_date: date, on: date) -> int:
    """Return the completed years of life on a day; negative before birth."""
    years = on.year - birth_date.year
    return years if birthday_at(birth_date, years) <= on else years - 1


def month_of_age(birth_date: date, age_years: int) -> date:
    """Return the month in which a person reaches an age (60: pension, 16: enrolment)."""
    return first_of_month(birthday_at(birth_date, age_years))


def benefit_start_month(birth_date: date, benefit_age_years: int) -> date:
    """Return the first month a pension is due: the month after reaching the age, tested by months only.

    Source: docs/rules.md R16, 从符合待遇领取条件的次月起. 1958-12-15 starts 2019-01; 1960-02-29 starts 2020-03.
    """
    return add_months(month_of_age(birth_date, benefit_age_years), 1)


def parse_month(text: str) -> date:
    """Read "2018-12" or "201812" as a month.

    Errors: ValueError for any other text.
    """
    digits = text.strip().replace("-", "")
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        raise ValueError(f"not a month like 2018-12: {text!r}")
    return date(int(digits[:4]), int(digits[4:]), 1)


def format_month(month: date) -> str:
    """Write a month as "2018-12"."""
    return f"{month.year:04d}-{month.month:02d}"
