"""Reports of a village over nights: counted from the next one on, no more once not accepted, and found closes what not found opened."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from casework.models import Gap
from casework.services.village_reports import handle_report, report_from_village
from coverage.models import Finding
from coverage.selectors.evidence import read_evidence
from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.primitives.clock import now, today
from nightly.models import NightRun
from registry.models import FieldReport, Person
from registry.services.field_reports import Observation
from tests.plugins.month import DECEMBER, RunNight

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nights")]


@pytest.fixture
def county(december, db):
    return december


@pytest.fixture
def clerk(county) -> Actor:
    user = User.objects.create(username="clerk", display_name="王经办")
    Membership.objects.create(user=user, role=Role.COUNTY_CLERK, unit=county, valid_from=date(2018, 1, 1))
    return user_actor(Membership.objects.select_related("user", "unit").get(user=user))


@pytest.fixture
def person(county):
    return Person.objects.get(name="王强")


def report(clerk: Actor, person: Person, kind: str) -> FieldReport:
    """Report something seen today."""
    given = Observation(kind=kind, source="family")
    return report_from_village(actor=clerk, uuid=uuid4(), observation=given, person_id=person.pk, at=now())


def kinds(person: Person) -> set[str]:
    return set(Gap.objects.open().filter(person=person).values_list("kind", flat=True))


def night_of_today(run_county_night: RunNight) -> NightRun:
    return run_county_night(today().isoformat())


def test_a_death_counts_from_the_next_night_and_no_more_once_not_accepted(county, clerk, person, run_county_night):
    run_county_night(DECEMBER)
    assert "UNINSURED" in kinds(person)
    filed = report(clerk, person, "died")
    night_of_today(run_county_night)
    assert kinds(person) & {"UNINSURED", "DEATH_TO_VERIFY"} == {"DEATH_TO_VERIFY"}
    finding = Finding.objects.get(person=person, kind="death", superseded_at=None)
    assert finding.evidence_class == "B"
    assert read_evidence([finding.evidence], county.pk)[0].reports == [filed]
    handle_report(actor=clerk, report_id=filed.pk, outcome="declined", note="本人在家", at=now())
    night_of_today(run_county_night)
    assert not Finding.objects.filter(person=person, kind="death", superseded_at=None).exists()
    assert "UNINSURED" in kinds(person)


def test_found_closes_what_not_found_opened_although_no_survey_is_fresh(county, clerk, person, run_county_night):
    run_county_night(DECEMBER)
    report(clerk, person, "cannot_be_found")
    night_of_today(run_county_night)
    assert "NOT_FOUND" in kinds(person)
    report(clerk, person, "found")
    night_of_today(run_county_night)
    assert "NOT_FOUND" not in kinds(person)


def test_a_night_of_an_earlier_day_knows_nothing_of_it(clerk, person, run_county_night):
    report(clerk, person, "died")
    run_county_night(DECEMBER)
    assert not Finding.objects.filter(person=person, kind="death").exists()
    assert today() - date.fromisoformat(DECEMBER) > timedelta(days=1)
