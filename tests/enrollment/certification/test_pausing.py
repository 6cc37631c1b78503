"""A pause for want of certification is a decision of people that rests on a window that ended and an attempt to reach the person."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError

from casework.constants import ContactMeans, GapKind
from casework.selectors.subjects import SubjectKey
from casework.services.village_reports import log_contact, report_from_village
from enrollment.models import Application
from enrollment.services import steps
from enrollment.services.life_evidence import record_life_evidence
from foundation.primitives.errors import Conflict
from registry.models import Person
from registry.services.field_reports import Observation
from tests.enrollment.conftest import Office, rule
from tests.named_world import NOW, World

PAPERS = ("id_card", "form", "proof", "letter", "household_booklet")


def pause(desk: Office, person: Person, reason: str = "not_certified", month: str = "2018-06") -> Application:
    """Bring a pause to the county's check."""
    details = {"reason": reason, "from_month": month}
    application = desk.begin(person, "pause", details=details, papers=desk.papers(person, *PAPERS))
    return desk.bring(application, "county_check")


def try_to_reach(
    world: World, person: Person, day: date = date(2018, 12, 20), means: ContactMeans = ContactMeans.TELEPHONE
) -> None:
    log_contact(
        actor=world.actor("township"), key=SubjectKey(person_id=person.pk), tried_on=day, means=means,
        is_reached=False, note="", at=NOW,
    )  # fmt: skip


def refusal_of_check(desk: Office, application: Application) -> str:
    with pytest.raises(Conflict) as refusal:
        desk.step(application, "check", "reviewer_a")
    assert refusal.value.what_to_do
    return str(refusal.value.code)


def test_after_an_attempt_the_pause_is_checked_and_granted_and_a_notice_is_owed(desk, office, drawing):
    office.gap(drawing, GapKind.CERTIFICATION_DUE, "2018-05-31")
    application = pause(desk, drawing)
    assert refusal_of_check(desk, application) == "no_contact_attempt"
    try_to_reach(office, drawing)
    application = desk.step(desk.bring(application, "approval"), "grant", "approver_a")
    assert application.state == "granted", "effective with the benefit"
    step = application.steps.get(verb="grant")
    assert step.detail == {"window": ["2017-06-01", "2018-05-31"], "attempts": 1, "notice": "paused"}


def test_an_attempt_before_the_window_began_does_not_count_but_a_villages_report_does(desk, office, drawing):
    office.gap(drawing, GapKind.CERTIFICATION_DUE, "2018-05-31")
    application = pause(desk, drawing)
    try_to_reach(office, drawing, date(2017, 5, 31))
    assert refusal_of_check(desk, application) == "no_contact_attempt"
    observation = Observation(kind="cannot_be_found", source="neighbours", observed_on=date(2018, 12, 30))
    report_from_village(
        actor=office.actor("village"), uuid=uuid4(), observation=observation, person_id=drawing.pk, at=NOW
    )
    assert desk.step(application, "check", "reviewer_a").state == "approval"


def test_who_is_visited_at_home_is_not_paused_before_somebody_went_there(desk, office, drawing):
    rule("home_visit", {"from_age_years": 60, "days_before": 60})
    office.gap(drawing, GapKind.CERTIFICATION_DUE, "2018-05-31 visit")
    application = pause(desk, drawing)
    try_to_reach(office, drawing)
    assert refusal_of_check(desk, application) == "no_home_visit"
    try_to_reach(office, drawing, means=ContactMeans.VISIT)
    assert desk.step(application, "check", "reviewer_a").state == "approval"


def test_the_database_refuses_a_pause_nobody_tried_to_reach_the_person_for(desk, office, drawing, monkeypatch):
    application = pause(desk, drawing)
    monkeypatch.setattr(steps, "demand_pause_rests", lambda _application, _at: {})
    application = desk.bring(application, "approval")
    with pytest.raises(DatabaseError, match="without an attempt"):
        desk.step(application, "grant", "approver_a")


def test_evidence_that_comes_before_the_decision_ends_the_ground_for_it(desk, office, drawing):
    office.gap(drawing, GapKind.CERTIFICATION_DUE, "2018-05-31")
    try_to_reach(office, drawing)
    application = desk.bring(pause(desk, drawing), "approval")
    record_life_evidence(
        actor=office.actor("village"), person_id=drawing.pk, seen_on=date(2019, 1, 2), source="visit", at=NOW
    )
    with pytest.raises(Conflict) as refusal:
        desk.step(application, "grant", "approver_a")
    assert refusal.value.code == "window_not_over"
    assert "2020-05-31" in str(refusal.value)


def test_the_month_before_the_windows_end_is_too_early(desk, office, drawing):
    office.gap(drawing, GapKind.CERTIFICATION_DUE, "2018-05-31")
    try_to_reach(office, drawing)
    assert refusal_of_check(desk, pause(desk, drawing, month="2018-05")) == "pause_too_early"


def test_where_nobody_knows_of_certifications_nobody_is_paused_for_want_of_one(desk, office, drawing):
    drawing.birth_date = None
    drawing.save()
    assert refusal_of_check(desk, pause(desk, drawing)) == "certification_unknown"


def test_a_pause_for_another_reason_rests_on_its_conditions_alone(desk, drawing):
    assert desk.step(pause(desk, drawing, "prison"), "check", "reviewer_a").state == "approval"
