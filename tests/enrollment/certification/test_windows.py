"""The windows of certification as one statement: whose, from when to when, and what evidence does to them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from enrollment.certification.tables import EVIDENCE_COLUMNS, RULE_COLUMNS, SUBJECT_COLUMNS
from enrollment.certification.windows import Window, compute_windows
from foundation.jobs.duckdb_connections import open_duckdb

BORN = date(1950, 6, 15)
RULE: dict[str, Any] = {
    "since": date(2018, 1, 31), "window_kind": "birthday", "cycle_days": 365, "days_ahead": 60, "benefit_age_years": 60,
    "visit_from_age_years": 80, "visit_days_ahead": 60,
}  # fmt: skip
WORKED = date(2019, 1, 10)
"""Certified in the window before, so that the worked example begins with the window 2019-06 to 2020-05."""


def windows(
    on: date, subjects: list[dict[str, Any]], evidence: list[tuple[int, date, str]], **rule: Any
) -> list[Window]:
    given = {
        "subject": pa.Table.from_pylist(subjects, schema=SUBJECT_COLUMNS),
        "evidence": pa.Table.from_pylist(
            [dict(zip(EVIDENCE_COLUMNS.names, row, strict=True)) for row in evidence], schema=EVIDENCE_COLUMNS
        ),
        "rule": pa.Table.from_pylist([{**RULE, "as_of": on, **rule}], schema=RULE_COLUMNS),
    }
    with open_duckdb() as database:
        for name, rows in given.items():
            database.register(name, rows)
        return [Window(**row) for row in compute_windows(database).to_pylist()]


def window(
    on: date, *seen: date, born: date | None = BORN, started: date | None = None, disabled: bool = False, **rule: Any
) -> Window:
    """Compute the window of one person, seen on these days."""
    subject = {"person_id": 1, "birth_date": born, "started_on": started, "is_disabled": disabled}
    return windows(on, [subject], [(1, day, "phone") for day in seen], **rule)[0]


def span(found: Window) -> tuple[date, date]:
    return found.window_first, found.window_last


@pytest.mark.parametrize(
    ("on", "seen", "last", "is_due", "is_over"),
    [
        (date(2020, 3, 31), (), date(2020, 5, 31), False, False),
        (date(2020, 4, 1), (), date(2020, 5, 31), True, False),
        (date(2020, 5, 31), (), date(2020, 5, 31), True, False),
        (date(2020, 6, 1), (), date(2020, 5, 31), True, True),
        (date(2020, 9, 9), (), date(2020, 5, 31), True, True),
        (date(2020, 9, 10), (date(2020, 9, 10),), date(2022, 5, 31), False, False),
        (date(2020, 9, 9), (date(2020, 9, 10),), date(2020, 5, 31), True, True),
        (date(2020, 5, 31), (date(2019, 6, 1),), date(2021, 5, 31), False, False),
        (date(2020, 5, 31), (date(2020, 5, 31),), date(2021, 5, 31), False, False),
        (date(2020, 5, 31), (date(2019, 5, 31),), date(2020, 5, 31), True, False),
    ],
)  # fmt: skip
def test_born_in_june_the_window_runs_from_june_to_may(on, seen, last, is_due, is_over):
    found = window(on, WORKED, *seen)
    assert (found.window_last, found.is_due, found.is_over) == (last, is_due, is_over)
    assert found.window_first == date(last.year - 1, 6, 1)
    assert found.pause_from == date(last.year, 6, 1)


def test_the_latest_evidence_is_named_with_its_source():
    subject = {"person_id": 1, "birth_date": BORN, "started_on": None, "is_disabled": False}
    evidence = [(1, date(2018, 7, 1), "visit"), (1, WORKED, "terminal"), (2, date(2019, 12, 1), "phone")]
    (found,) = windows(date(2020, 4, 1), [subject], evidence)
    assert (found.seen_on, found.source) == (WORKED, "terminal")
    assert found.is_due


@pytest.mark.parametrize(
    ("started", "born", "first"),
    [
        (date(2018, 7, 1), date(1958, 6, 15), date(2019, 6, 1)),
        (None, date(1958, 6, 15), date(2019, 6, 1)),
        (date(2019, 1, 1), date(1958, 12, 3), date(2019, 12, 1)),
        (None, date(1958, 12, 3), date(2019, 12, 1)),
        (date(2019, 6, 1), date(1950, 6, 15), date(2020, 6, 1)),
        (date(2019, 5, 31), date(1950, 6, 15), date(2019, 6, 1)),
        (None, date(1960, 2, 29), date(2021, 2, 1)),
    ],
)
def test_the_first_window_begins_within_a_year_after_the_first_month(started, born, first):
    assert window(date(2018, 3, 1), born=born, started=started).window_first == first


@pytest.mark.parametrize(
    ("on", "is_due", "is_over"), [(date(2020, 2, 29), True, False), (date(2020, 3, 1), True, True)]
)
def test_a_window_may_end_on_the_29th_of_february(on, is_due, is_over):
    found = window(on, date(2018, 12, 1), born=date(1950, 3, 1))
    assert (span(found), found.opens_on) == ((date(2019, 3, 1), date(2020, 2, 29)), date(2019, 12, 31))
    assert (found.is_due, found.is_over) == (is_due, is_over)


def test_born_on_the_29th_of_february_the_window_ends_in_january():
    found = window(date(2020, 2, 1), date(2019, 1, 31), born=date(1948, 2, 29))
    assert (span(found), found.is_over) == ((date(2019, 2, 1), date(2020, 1, 31)), True)


def test_windows_that_ended_before_the_first_list_are_not_looked_at():
    assert span(window(date(2018, 2, 1))) == (date(2017, 6, 1), date(2018, 5, 31)), "the one that was running"
    assert span(window(date(2018, 2, 1), since=date(2018, 6, 1))) == (date(2018, 6, 1), date(2019, 5, 31))
    assert not window(date(2018, 2, 1), date(2010, 1, 1)).is_over


def test_of_several_windows_missed_the_first_is_named():
    assert span(window(date(2021, 8, 1), WORKED)) == (date(2019, 6, 1), date(2020, 5, 31))


@pytest.mark.parametrize(("on", "is_due"), [(date(2019, 10, 31), False), (date(2019, 11, 1), True)])
def test_a_calendar_year_runs_to_december(on, is_due):
    found = window(on, date(2018, 12, 31), window_kind="calendar_year")
    assert (span(found), found.is_due) == ((date(2019, 1, 1), date(2019, 12, 31)), is_due)


@pytest.mark.parametrize(("days", "last"), [(365, date(2020, 1, 10)), (180, date(2019, 7, 9))])
def test_a_rolling_window_counts_days_from_the_last_evidence(days, last):
    before, on = (
        window(last - timedelta(days=number), WORKED, window_kind="rolling", cycle_days=days) for number in (61, 60)
    )
    assert (before.window_last, before.is_due, on.is_due) == (last, False, True)
    after = window(last + timedelta(days=1), WORKED, window_kind="rolling", cycle_days=days)
    assert (after.is_over, window(last, WORKED, window_kind="rolling", cycle_days=days).is_over) == (True, False)
    assert window(last, WORKED, last, window_kind="rolling", cycle_days=days).window_first == last + timedelta(days=1)


def test_without_evidence_a_rolling_window_counts_from_the_first_month_or_list():
    assert window(date(2018, 2, 1), window_kind="rolling").window_last == date(2019, 1, 31)
    assert window(date(2018, 4, 1), started=date(2018, 3, 20), window_kind="rolling").window_last == date(2019, 3, 1)


@pytest.mark.parametrize(
    ("born", "kind", "disabled", "needs_visit"),
    [
        (date(1939, 6, 30), "birthday", False, True),
        (date(1940, 6, 1), "birthday", False, False),
        (date(1950, 6, 1), "birthday", True, True),
        (date(1940, 12, 31), "calendar_year", False, True),
        (date(1941, 1, 1), "calendar_year", False, False),
        (date(1940, 1, 10), "rolling", False, True),
        (date(1940, 1, 11), "rolling", False, False),
    ],
)
def test_who_is_80_when_the_window_ends_and_the_disabled_are_visited(born, kind, disabled, needs_visit):
    rule = {"window_kind": kind, "days_ahead": 30, "visit_days_ahead": 60}
    found = window(date(2019, 12, 1), WORKED, born=born, disabled=disabled, since=date(2018, 12, 31), **rule)
    assert found.needs_visit == needs_visit
    assert found.window_last - found.opens_on == timedelta(days=60 if needs_visit else 30)


def test_where_nobody_is_visited_everybody_is_listed_alike():
    found = window(date(2020, 4, 1), WORKED, disabled=True, visit_from_age_years=None, visit_days_ahead=None)
    assert (found.needs_visit, found.opens_on) == (False, date(2020, 4, 1))


def test_without_a_birth_date_there_is_no_window():
    subject = {"person_id": 1, "birth_date": None, "started_on": None, "is_disabled": False}
    assert windows(date(2020, 4, 1), [subject], []) == []
