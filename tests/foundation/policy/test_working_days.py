"""Deadlines over weekends, holidays and moved working days of the years that were announced."""

from collections import Counter
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from foundation.policy.models import WorkingDay
from foundation.policy.services.calendar import known_years, load_calendar, read_calendar
from foundation.policy.services.reading import ParameterFileError
from foundation.policy.working_days import CalendarMissing, add_working_days

YEAR = "year: 2027\nsource: notice\nfree_days: [{free}]\nworked_weekend_days: [{worked}]\n"


@pytest.fixture
def calendar(county):
    load_calendar()
    return county


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        (date(2018, 12, 3), 5, date(2018, 12, 10)),  # a plain week
        (date(2018, 12, 28), 1, date(2018, 12, 29)),  # a worked Saturday before New Year
        (date(2018, 12, 29), 1, date(2019, 1, 2)),  # over the turn of the year
        (date(2019, 2, 1), 3, date(2019, 2, 11)),  # two worked weekend days, then the Spring Festival
        (date(2020, 1, 23), 1, date(2020, 2, 3)),  # the holiday that was made longer
        (date(2019, 4, 30), 1, date(2019, 5, 5)),  # Labour Day as changed in March 2019
        (date(2020, 9, 30), 1, date(2020, 10, 9)),
        (date(2018, 6, 1), 20, date(2018, 7, 2)),
        (date(2021, 9, 30), 1, date(2021, 10, 8)),
        (date(2025, 1, 26), 1, date(2025, 1, 27)),  # a worked Sunday, then the Monday before the Spring Festival
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2026, 11, 20), 20, date(2026, 12, 18)),
    ],
)
def test_the_nth_working_day(calendar, django_assert_num_queries, day, number, expected):
    with django_assert_num_queries(1):
        assert add_working_days(day, number, region=calendar) == expected


def test_each_year_has_the_working_days_it_is_known_to_have():
    worked = Counter(day.year for year in read_calendar() for day, is_worked in year.days() if is_worked)
    assert worked == {
        2018: 250,
        2019: 250,
        2020: 249,
    }  # 104 or so weekend days and 11 holidays; 2020 lost two to the epidemic


def test_files_and_library_say_the_same_of_the_years_both_know():
    known = {each.year: each for each in known_years()}
    assert min(known) == 2017
    for year in read_calendar():
        assert dict(known[year.year].days()) == dict(year.days())
        assert "国务院" in known[year.year].source


def test_a_year_not_announced_is_an_error_with_a_message(calendar):
    last = max(each.year for each in known_years())
    with pytest.raises(CalendarMissing, match="如皋市") as refusal:
        add_working_days(date(last, 12, 30), 5, region=calendar)
    assert refusal.value.ids == ("320682000000", str(last + 1))
    with pytest.raises(CalendarMissing, match="2016"):
        add_working_days(date(2016, 12, 20), 20, region=calendar)


def test_a_region_s_own_holiday_counts_there_only(calendar):
    WorkingDay.objects.create(day=date(2018, 12, 4), region=calendar, is_working=False, source="a local order")
    assert add_working_days(date(2018, 12, 3), 1, region=calendar) == date(2018, 12, 5)
    assert add_working_days(date(2018, 12, 3), 1, region=calendar.parent) == date(2018, 12, 4)


def test_no_days_is_no_deadline(calendar):
    with pytest.raises(ValueError, match="0"):
        add_working_days(date(2018, 12, 3), 0, region=calendar)


def test_loading_again_changes_nothing_and_a_file_comes_before_the_library(calendar, tmp_path):
    assert load_calendar() == 0
    last = max(each.year for each in known_years())
    days = WorkingDay.objects.filter(region=None)
    assert days.count() == (date(last, 12, 31) - date(2016, 12, 31)).days
    (tmp_path / "next.yaml").write_text(YEAR.format(free="2027-01-01", worked="2027-02-07"), "utf-8")
    assert days.filter(day__year=2027).exists() == (last >= 2027)
    load_calendar(tmp_path)
    assert set(days.filter(day__year=2027).values_list("source", flat=True)) == {"notice"}
    (tmp_path / "next.yaml").write_text(YEAR.format(free="2027-01-04", worked="2027-02-07"), "utf-8")
    assert load_calendar(tmp_path) == 2


@pytest.mark.parametrize(("free", "worked"), [("2027-01-02", ""), ("", "2027-01-04"), ("2028-01-03", "")])
def test_a_wrong_day_is_named(tmp_path, free, worked):
    (tmp_path / "2021.yaml").write_text(YEAR.format(free=free, worked=worked), "utf-8")
    with pytest.raises(ParameterFileError, match=free or worked):
        read_calendar(tmp_path)


def test_a_day_is_listed_once(calendar):
    with pytest.raises(IntegrityError, match="workingday_once_for_a_region"), transaction.atomic():
        WorkingDay.objects.create(day=date(2018, 12, 3), is_working=True, source="again")
