"""Months and ages: the worked examples of the rules, and properties that hold for every date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.primitives import periods

DAYS = st.dates(min_value=date(1880, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("birth_date", "start"),
    [
        (date(1958, 12, 15), date(2019, 1, 1)),
        (date(1960, 12, 20), date(2021, 1, 1)),
        (date(1961, 1, 1), date(2021, 2, 1)),
        (date(1960, 2, 29), date(2020, 3, 1)),
    ],
)
def test_benefit_starts_the_month_after_sixty(birth_date, start):
    assert periods.benefit_start_month(birth_date, 60) == start


def test_sixteen_is_reached_on_the_birthday_itself():
    birth_date = date(2002, 12, 31)
    assert periods.age_years(birth_date, date(2018, 12, 30)) == 15
    assert periods.age_years(birth_date, date(2018, 12, 31)) == 16


def test_a_leap_day_birthday_falls_on_the_last_of_february():
    assert periods.age_years(date(2004, 2, 29), date(2019, 2, 28)) == 15
    assert periods.birthday_at(date(2004, 2, 29), 15) == date(2019, 2, 28)


@given(DAYS, st.integers(min_value=-600, max_value=600))
def test_adding_months_is_undone_by_taking_them_away(day, count):
    month = periods.first_of_month(day)
    moved = periods.add_months(month, count)
    assert periods.add_months(moved, -count) == month
    assert periods.months_between(month, moved) == count


@given(DAYS, DAYS)
def test_age_grows_by_one_exactly_on_the_birthday(birth_date, on):
    age = periods.age_years(birth_date, on)
    assert periods.birthday_at(birth_date, age) <= on < periods.birthday_at(birth_date, age + 1)


@given(DAYS)
def test_month_text_goes_round(day):
    month = periods.first_of_month(day)
    assert periods.parse_month(periods.format_month(month)) == month
    assert month <= day <= periods.last_of_month(day)


@pytest.mark.parametrize("text", ["2018", "2018-13", "18-12", "2018/12", "", "２０１８１２"])
def test_other_text_is_no_month(text):
    with pytest.raises(ValueError, match=r"month"):
        periods.parse_month(text)
