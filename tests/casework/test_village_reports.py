"""What follows from a village's report: the office's step, contact attempts, the case; who ends it, once, and what the loser is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import Error, connection, transaction

from casework.constants import CaseState, CloseReason, GapKind, ReviewState
from casework.models import Case, CaseEvent, ContactAttempt, Gap, Question, ReportReview
from casework.selectors.report_reviews import count_reviews, list_reviews
from casework.selectors.subjects import SubjectKey
from casework.services.cases import take_case
from casework.services.closing import Evidence, close_case
from casework.services.questions import answer_question, ask_back
from casework.services.village_reports import handle_report, log_contact, report_from_village
from coverage.findings.statements import read_statement
from foundation.audit.models import AuditEvent
from foundation.policy.models import ParameterValue
from foundation.primitives.errors import BadInput, Conflict, NotAllowed, NotFound
from registry.models import FieldReport, Person
from registry.services.field_reports import Observation, Unlisted
from tests.named_world import AS_OF, NOW, World, days_later, right_number


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def person(world):
    return world.person("张三")


def report(
    world: World, person: Person | None, kind: str, who: str = "village", uuid: UUID | None = None, **given: Any
):
    unlisted = Unlisted(name="阿妹") if person is None else None
    source = {"source": "seen"} if kind == "died" else {}
    return report_from_village(
        actor=world.actor(who),
        uuid=uuid or uuid4(),
        observation=Observation(kind=kind, **(source | given)),
        person_id=person.pk if person else None,
        unlisted=unlisted,
        at=NOW,
    )


def handle(world: World, filed: FieldReport, outcome: str, who: str = "township", note: str = "", **given: Any):
    return handle_report(actor=world.actor(who), report_id=filed.pk, outcome=outcome, note=note, at=NOW, **given)


def test_a_death_is_a_step_for_the_township_at_once_with_a_day_and_a_case(world, person):
    filed = report(world, person, "died", died_on=date(2018, 12, 20))
    review = ReportReview.objects.get(report=filed)
    assert (review.state, review.due_on) == (ReviewState.OPEN, date(2019, 1, 7)), (
        "five days where no calendar is loaded"
    )
    case = Case.objects.get(person=person)
    assert (case.state, case.desk, case.due_on) == (CaseState.OPEN, "township", review.due_on)
    event = case.case_events.get()
    assert (event.verb, event.detail) == ("village_report", {"report": filed.pk, "reported": "died"})
    assert list(list_reviews(world.actor("township"))) == [review]
    assert count_reviews(world.actor("township"), today=date(2019, 1, 8)).late == 1
    assert not Gap.objects.exists(), "gaps are the night's"


def test_who_cannot_be_found_has_contact_attempts_and_found_is_one_that_reached(world, person):
    report(world, person, "cannot_be_found", note="门锁着", source="neighbours")
    report(world, person, "found")
    assert list(ContactAttempt.objects.order_by("id").values_list("means", "is_reached", "note", "tried_by")) == [
        ("neighbours", False, "门锁着", "village"),
        ("visit", True, "", "village"),
    ]
    assert Case.objects.count() == 1


@pytest.mark.parametrize("kind", ["moved_away", "works_elsewhere", "declines", "details_wrong", "other"])
def test_other_reports_are_a_step_and_open_no_case_but_are_events_of_an_open_one(world, person, kind):
    given: dict[str, Any] = {"place": "苏州", "note": "x", "wrong_details": ["name"]}
    report(world, person, kind, **given)
    assert (ReportReview.objects.count(), Case.objects.count()) == (1, 0)
    take_case(actor=world.actor("clerk_a"), key=SubjectKey(person_id=person.pk), at=NOW)
    report(world, person, kind, **given)
    assert CaseEvent.objects.filter(verb="village_report").count() == 1


def test_seen_and_not_looked_for_is_a_record_only(world, person):
    report(world, person, "found")
    assert not ReportReview.objects.exists()
    report(world, person, "cannot_be_found")
    report(world, person, "found")
    assert ReportReview.objects.count() == 2
    dead = world.person("王五")
    report(world, dead, "died", source="family")
    report(world, dead, "found")
    assert ReportReview.objects.filter(report__person=dead).count() == 2, (
        "that somebody reported dead was seen is a step"
    )
    drawing = world.person("赵六")
    world.gap(drawing, GapKind.DRAWING_AFTER_DEATH, "2018-10-05")
    report(world, drawing, "found")
    assert ReportReview.objects.filter(report__person=drawing).count() == 1
    other = world.person("李四")
    world.gap(other, GapKind.NOT_FOUND)
    report(world, other, "found")
    assert ReportReview.objects.filter(report__person=other).exists()


def test_somebody_not_listed_is_a_step_and_no_person_no_case(world):
    report(world, None, "not_listed")
    assert ReportReview.objects.get().unit == world.village
    assert not Person.objects.exists()
    assert not Case.objects.exists()


def test_sent_again_nothing_follows_again(world, person):
    uuid = uuid4()
    for _twice in range(2):
        report(world, person, "cannot_be_found", uuid=uuid)
    counts = [model.objects.count() for model in (FieldReport, ReportReview, ContactAttempt, CaseEvent)]
    assert counts == [1, 1, 1, 1]


@pytest.mark.parametrize(("reason", "kind", "after"), [
    (CloseReason.NO_ACTION_NEEDED, "died", CaseState.REOPENED),
    (CloseReason.DEAD, "died", CaseState.CLOSED_WITH_REASON),
    (CloseReason.DEAD, "cannot_be_found", CaseState.REOPENED),
    (CloseReason.NOT_FOUND, "cannot_be_found", CaseState.CLOSED_WITH_REASON),
])  # fmt: skip
def test_a_closed_case_is_opened_again_unless_it_says_the_same_already(world, person, reason, kind, after):
    world.gap(person, GapKind.UNINSURED)
    evidence = Evidence("visit", NOW.date(), "张家")
    key = SubjectKey(person_id=person.pk)
    close_case(actor=world.actor("reviewer_a"), key=key, reason=reason, note="已核实过", evidence=evidence, at=NOW)
    report(world, person, kind)
    assert Case.objects.get().state == after


def test_the_calendar_counts_where_there_is_one_and_a_kind_without_days_has_none(world, person):
    ParameterValue.objects.filter(name="field_report_working_days").update(value={"died": 5})
    report(world, person, "cannot_be_found")
    assert ReportReview.objects.get().due_on is None


def test_an_outcome_is_given_once_and_the_second_clerk_sees_who_was_first(world, person):
    filed = report(world, person, "moved_away", place="苏州")
    review = handle(world, filed, "accepted", note="户口未迁")
    assert (review.state, review.ended_by, review.note) == ("accepted", "township", "户口未迁")
    assert AuditEvent.objects.get(verb="handle_report").detail == {"report": filed.pk, "outcome": "accepted"}
    with pytest.raises(Conflict, match="township") as refusal:
        handle(world, filed, "declined", who="clerk_a", note="不实")
    assert refusal.value.code == "report_ended"
    with pytest.raises(Error, match="reportreview"), transaction.atomic():
        ReportReview.objects.update(note="another")


def test_who_may_end_a_step(world, person):
    filed = report(world, person, "other", note="x")
    for who in ("village", "supervisor"):
        with pytest.raises(NotAllowed):
            handle(world, filed, "accepted", who=who)
    with pytest.raises(NotFound):
        handle(world, filed, "accepted", who="clerk_b")
    for who in ("township", "clerk_a", "reviewer_a"):
        handle(world, report(world, person, "other", note="x"), "accepted", who=who)


@pytest.mark.parametrize(("outcome", "code"), [
    ("", "outcome_missing"), ("open", "outcome_missing"), ("known", "outcome_missing"), ("declined", "note_missing"),
])  # fmt: skip
def test_an_outcome_that_cannot_be_is_refused(world, person, outcome, code):
    filed = report(world, person, "other", note="x")
    with pytest.raises(BadInput) as refusal:
        handle(world, filed, outcome)
    assert refusal.value.code == code


def test_somebody_not_listed_may_be_known_already_and_names_who(world, person):
    filed = report(world, None, "not_listed")
    with pytest.raises(BadInput):
        handle(world, filed, "known")
    elsewhere = world.person("李四", county=world.county_b, unit=world.county_b)
    with pytest.raises(NotFound):
        handle(world, filed, "known", known_person_id=elsewhere.pk)
    assert handle(world, filed, "known", known_person_id=person.pk).known_person == person


def test_somebody_not_listed_and_accepted_is_a_person_with_the_report_as_source_and_a_case(world):
    number = right_number("32069719570615002")
    filed = report_from_village(
        actor=world.actor("village"),
        uuid=uuid4(),
        observation=Observation(kind="not_listed"),
        unlisted=Unlisted(name="阿妹", number=number),
        at=NOW,
    )
    review = handle(world, filed, "accepted")
    amei = Person.objects.get(name="阿妹")
    assert (review.known_person, amei.unit, amei.birth_date) == (amei, world.village, date(1957, 6, 15))
    designation = amei.designations.get()
    assert (designation.kind, designation.report, designation.row, designation.valid_from) == (
        "reported", filed, None, NOW.date(),
    )  # fmt: skip
    assert Case.objects.get().person == amei
    with pytest.raises(Conflict):
        handle(world, filed, "accepted")
    assert Person.objects.filter(name="阿妹").count() == 1


def test_whom_a_village_reported_is_read_by_the_next_night_and_is_on_no_list(world):
    """Read as the night reads it: the data are of 31 December, the report was accepted on 2 January."""
    handle(world, report(world, None, "not_listed"), "accepted")
    amei = Person.objects.get(name="阿妹")
    values = {"county": world.county_a.pk, "day": AS_OF, "known": NOW, "last_days": "[]"}
    with connection.cursor() as cursor:
        cursor.execute(read_statement("register/read_persons"), values)
        names = [column.name for column in cursor.description or []]
        (row,) = (dict(zip(names, found, strict=True)) for found in cursor.fetchall())
        cursor.execute(read_statement("register/read_variants"), values)
        variants = cursor.fetchall()
        cursor.execute(read_statement("register/read_persons"), values | {"known": NOW - timedelta(days=1)})
        assert cursor.fetchall() == []
    assert (row["person_id"], row["categories"], row["newly_poor"]) == (amei.pk, "", False)
    assert (row["in_poverty_file"], row["in_three_categories"]) == (False, False)
    assert [(variant[0], variant[1]) for variant in variants] == [(amei.pk, "阿妹")]


def test_a_report_not_accepted_ends_the_case_only_it_opened(world, person):
    handle(world, report(world, person, "died"), "declined", note="本人在家")
    assert Case.objects.get().state == CaseState.RESOLVED
    other = world.person("李四")
    world.gap(other, GapKind.UNINSURED)
    handle(world, report(world, other, "died"), "declined", note="本人在家")
    assert Case.objects.get(person=other).state == CaseState.OPEN, "a gap is open"


def test_the_village_is_asked_back_and_its_answer_opens_the_step_again(world, person):
    filed = report(world, person, "died")
    question = ask_back(actor=world.actor("township"), report_id=filed.pk, text="谁告诉你的？", at=NOW)
    assert (question.unit, question.person, question.state) == (world.village, person, "open")
    assert {"term": "report", "text": "died"} in question.evidence
    assert ReportReview.objects.get().state == ReviewState.ASKED
    answer_question(
        actor=world.actor("village"), question_id=question.pk, uuid=uuid4(), value="yes", note="女儿", at=NOW
    )
    assert ReportReview.objects.get().state == ReviewState.OPEN
    assert Case.objects.get().state == CaseState.OPEN, "the case never waited"
    handle(world, filed, "accepted")
    with pytest.raises(Conflict) as refusal:
        ask_back(actor=world.actor("township"), report_id=filed.pk, text="再问", at=NOW)
    assert refusal.value.code == "report_ended"


def test_what_was_asked_back_is_withdrawn_when_the_step_ends(world):
    filed = report(world, None, "not_listed")
    ask_back(actor=world.actor("township"), report_id=filed.pk, text="几岁？", at=NOW)
    handle(world, filed, "accepted")
    assert Question.objects.get().state == "withdrawn"
    assert ReportReview.objects.get().state == "accepted"


def test_an_attempt_is_logged_in_the_case(world, person):
    key = SubjectKey(person_id=person.pk)
    log = {"actor": world.actor("township"), "key": key, "is_reached": False, "note": "无人接听", "at": NOW}
    log_contact(**log, tried_on=NOW.date(), means="telephone")
    assert Case.objects.get().case_events.get().detail["means"] == "telephone"
    for tried_on, means, code in ((days_later(1).date(), "visit", "tried_day"), (NOW.date(), "dream", "means_missing")):
        with pytest.raises(BadInput) as refusal:
            log_contact(**log, tried_on=tried_on, means=means)
        assert refusal.value.code == code
    with pytest.raises(NotAllowed):
        log_contact(**(log | {"actor": world.actor("village")}), tried_on=NOW.date(), means="visit")
    with pytest.raises(Error, match="contactattempt"), transaction.atomic():
        ContactAttempt.objects.update(is_reached=True)
