"""An enrolment of ours whose line the agency's roll shows as ended: it ends by that line, and the person is enrolled anew."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from coverage.models import Finding
from enrollment.models import Application, Enrollment
from enrollment.selectors.portal_roll import read_portal_roll
from enrollment.services.ending import end_by_roll
from foundation.accounts.actors import system_actor
from foundation.audit.models import AuditEvent
from registry.models import Person, PersonMerge
from tests.enrollment.conftest import Office, rule
from tests.named_world import NOW, World, days_later, right_number

NIGHT, ROLL_DAY = days_later(60), date(2019, 2, 28)


@pytest.fixture
def enrolled(desk: Office, office: World) -> Person:
    """Somebody this portal enrolled on 2 January."""
    rule("books_kept_by", "portal")
    person = office.person("阿妹", right_number("32069719800505002"))
    person.birth_date = date(1980, 5, 5)
    person.save()
    grant(desk, person, NOW)
    return person


def grant(desk: Office, person: Person, at: datetime) -> Application:
    return desk.step(desk.bring(desk.begin(person, at=at), "approval", at), "grant", "approver_a", at)


def found(
    world: World, person: Person, kind: str = "resident", value: str = "4/3", roll_day: date = ROLL_DAY
) -> Finding:
    roll = world.delivery("resident", as_of_date=roll_day, file_name=f"{Finding.objects.count()}.txt")
    line = {"scheme": "resident", "roll_no": "1", "delivery": roll.pk, "part": "", "line": 2, "status": value}
    return Finding.objects.create(
        county=world.county_a, night_id=2, as_of_date=ROLL_DAY, recorded_at=NIGHT, person=person, kind=kind,
        evidence={"value": value, "facts": [], "reports": [], "lines": [line]},
    )  # fmt: skip


def end(world: World, **given: Any) -> int:
    moments = {"known": NIGHT, "at": NIGHT} | given
    return end_by_roll(actor=system_actor(world.county_a), county=world.county_a, night_id=2, **moments)


def test_the_line_that_ended_ends_it_on_the_day_of_the_roll_and_stays_named(office, enrolled):
    finding = found(office, enrolled)
    assert end(office) == 1
    old, new = Enrollment.objects.order_by("pk")
    assert (old.superseded_at, old.valid_to) == (NIGHT, None)
    assert (new.valid_from, new.valid_to, new.ended_by, new.superseded_at) == (NOW.date(), ROLL_DAY, finding, None)
    assert AuditEvent.objects.get(verb="end_enrolments").detail == {"ended": 1}
    assert end(office) == 0, "run again it does nothing more"
    roll = {"county": office.county_a, "day": ROLL_DAY}
    assert read_portal_roll(**roll, known_at=NIGHT).num_rows == 0
    assert read_portal_roll(**roll, known_at=NIGHT - timedelta(minutes=1)).num_rows == 1, "as it was known before"


def test_the_person_is_enrolled_anew_after_it(desk, office, enrolled):
    found(office, enrolled)
    end(office)
    anew = grant(desk, enrolled, days_later(61))
    assert anew.state == "effective"
    current = Enrollment.objects.get(person=enrolled, superseded_at=None, valid_to=None)
    assert (current.application, current.valid_from) == (anew, days_later(61).date())


@pytest.mark.parametrize(
    "given",
    [
        {"value": "1/1"},
        {"value": "2/2"},
        {"value": "1/3"},
        {"value": "2/3"},
        {"roll_day": NOW.date()},
        {"roll_day": date(2018, 12, 31)},
        {"kind": "employee"},
    ],
)
def test_nothing_ends_it_but_an_ended_line_of_a_later_resident_roll(office, enrolled, given):
    found(office, enrolled, **given)
    assert end(office) == 0


@pytest.mark.parametrize(("kind", "value"), [("portal", "1/1"), ("not_on_roll", "1/1"), ("resident", "1/1")])
def test_while_it_counts_or_another_line_insures_it_stays(office, enrolled, kind, value):
    found(office, enrolled)
    found(office, enrolled, kind, value)
    assert end(office) == 0


def test_an_enrolment_the_night_did_not_read_stays(office, enrolled):
    found(office, enrolled)
    assert end(office, known=NOW - timedelta(minutes=1)) == 0


def test_a_finding_of_the_person_kept_ends_the_enrolment_of_the_one_merged(office, enrolled):
    kept = office.person("阿妹甲")
    PersonMerge.objects.create(kept=kept, absorbed=enrolled, reason="same", decided_by="reviewer_a", decided_at=NOW)
    found(office, kept)
    assert end(office) == 1
