"""Our own enrolments as the night reads them: whom, as known when, how many rolls have come since."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from coverage.findings.tables import PORTAL_COLUMNS
from enrollment.models import Enrollment
from enrollment.selectors.portal_roll import read_portal_roll
from foundation.regions.models import Unit
from tests.enrollment.conftest import rule
from tests.named_world import AS_OF, NOW, World, days_later, right_number

BORN = date(1980, 5, 5)


@pytest.fixture
def enrolled(desk, office):
    """Return a person enrolled on 2 January."""
    rule("books_kept_by", "portal")
    person = office.person("阿妹", right_number("32069719800505002"))
    person.birth_date = BORN
    person.save()
    desk.step(desk.bring(desk.begin(person), "approval"), "grant", "approver_a")
    return person


def read(
    world: World, day: date = AS_OF, known_at: datetime = NOW, county: Unit | None = None
) -> list[tuple[int, bool, int]]:
    table = read_portal_roll(county=county or world.county_a, day=day, known_at=known_at)
    assert table.schema == PORTAL_COLUMNS
    return [(row["person_id"], row["draws"], row["rolls_since"]) for row in table.to_pylist()]


def test_an_enrolment_counts_from_the_next_night_on_although_the_data_are_older(office, enrolled):
    assert read(office) == [(enrolled.pk, False, 0)], "the night's data are of the year before"
    assert read(office, known_at=NOW - timedelta(minutes=1)) == []
    assert read(office, county=office.county_b) == []


def test_rolls_of_later_days_are_counted_once_a_day_and_not_the_withdrawn(office, enrolled):
    for number, (day, values) in enumerate(
        [
            (AS_OF, {}),
            (NOW.date(), {}),
            (date(2019, 1, 31), {}),
            (date(2019, 1, 31), {}),
            (date(2019, 2, 28), {"superseded_at": days_later(60)}),
        ]
    ):
        office.delivery("resident", as_of_date=day, file_name=f"{number}.txt", applied_at=days_later(58), **values)
    assert read(office, date(2019, 2, 28), days_later(59)) == [(enrolled.pk, False, 2)]
    assert read(office, date(2019, 2, 28), days_later(61)) == [(enrolled.pk, False, 1)]
    assert read(office, date(2019, 1, 31), days_later(59)) == [(enrolled.pk, False, 1)]


def test_who_draws_leads_and_what_is_superseded_is_not_read(office, enrolled):
    first = Enrollment.objects.get()
    Enrollment.objects.filter(pk=first.pk).update(superseded_at=days_later(1))
    first.pk, first.draws, first.recorded_at = None, True, days_later(1)
    first.save(force_insert=True)
    assert read(office, known_at=days_later(2)) == [(enrolled.pk, True, 0)]
    assert read(office) == [(enrolled.pk, False, 0)], "as it was known before"
