"""A village's report and what follows from it at once: a step for the office above, contact attempts, the person's case.

What the night makes of a report is coverage's (findings/sql/register/read_reports.sql). Rows are taken in the order of questions.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from casework.constants import (
    CONTRADICTED_BY_SIGHT,
    REPORTED_ALREADY,
    REVIEW_ENDS,
    WORKING_STATES,
    CaseState,
    ContactMeans,
    Desk,
    QuestionState,
    ReviewState,
)
from casework.models import Case, ContactAttempt, Gap, Question, ReportReview
from casework.selectors.subjects import Subject, SubjectKey, get_subject
from casework.selectors.worklist import find_case
from casework.services.cases import Move, lock_cases, next_state, record_case_events
from casework.services.questions import lock_open_review, withdraw_questions
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.policy.selectors import get_parameter
from foundation.policy.working_days import CalendarMissing, add_working_days
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput, Conflict
from foundation.primitives.personal_texts import hide_numbers
from registry.constants import WHEREABOUTS, ReportKind, ReportSource
from registry.models import FieldReport, Person, PersonIdentifier
from registry.selectors.field_reports import get_report
from registry.selectors.persons import get_person
from registry.services.field_reports import Observation, Unlisted, file_report
from registry.services.reported_persons import take_on

REPORT, HANDLE = "village_report", "handle_report"
LONGEST = 1000
MEANS = {
    ReportSource.FAMILY: ContactMeans.FAMILY,
    ReportSource.NEIGHBOURS: ContactMeans.NEIGHBOURS,
}
"""How somebody was looked for, by how the reporter knows; otherwise by a visit."""


@transaction.atomic
def report_from_village(
    *,
    actor: Actor,
    uuid: UUID,
    observation: Observation,
    at: datetime,
    person_id: int | None = None,
    unlisted: Unlisted | None = None,
) -> FieldReport:
    """File a report and begin what follows from it.

    Effects: as registry.services.field_reports.file_report; the office's step; for a death or somebody who cannot be found the case,
    opened or opened again, at the township's desk; a contact attempt; case event village_report. Sent again it changes nothing.
    Errors: as file_report.
    """
    filed = file_report(actor=actor, uuid=uuid, observation=observation, person_id=person_id, unlisted=unlisted, at=at)
    report = filed.report
    if filed.is_repeated:
        return report
    due_on = _due_on(report, at)
    case = _case_for(actor, report, due_on, at) if report.person else None
    if case is not None and report.kind in (ReportKind.CANNOT_BE_FOUND, ReportKind.FOUND):
        _record_attempt(actor, case, report, at)
    if _needs_review(report):
        ReportReview.objects.create(
            report=report, county_id=report.county_id, unit_id=report.unit_id, due_on=due_on, opened_at=at
        )
    return report


@transaction.atomic
def handle_report(
    *, actor: Actor, report_id: int, outcome: str, note: str, at: datetime, known_person_id: int | None = None
) -> ReportReview:
    """End the step of a report: accepted, already on the list (who), or not accepted (why).

    Effects: the review; of an accepted report about somebody not listed a person and their case; questions about the report still
    open are withdrawn; a case this report opened ends with it when it was not accepted and nothing else is open; case event and audit
    verb handle_report. A report of a death or of somebody who cannot be found that was not accepted counts no more from the next night
    on. Errors: NotAllowed; NotFound outside the unit; BadInput; Conflict naming who was first.
    """
    actor.demand(Action.HANDLE_REPORT)
    report, note = get_report(actor, report_id), hide_numbers(note.strip())[:LONGEST]
    ended = _checked_outcome(report, outcome, note)
    known = _known_person(actor, known_person_id) if ended == ReviewState.KNOWN else None
    if ended == ReviewState.ACCEPTED and report.kind == ReportKind.NOT_LISTED:
        known = _take_on(report, at)
    case = _existing_case(report, at)
    lock_open_review(report)
    withdraw_questions(actor=actor, questions=Question.objects.filter(report=report, state=QuestionState.OPEN), at=at)
    ReportReview.objects.filter(report=report).update(
        state=ended, note=note, known_person=known, ended_by=actor.username, ended_role=actor.role, ended_at=at
    )
    detail: dict[str, object] = {"report": report.pk, "outcome": ended}
    record_event(actor=actor, verb=HANDLE, object_type="field_report", object_id=report.pk, detail=detail)
    if case is not None:
        _settle(actor, case, report, ended, note, detail, at)
    return ReportReview.objects.get(report=report)


@transaction.atomic
def log_contact(
    *, actor: Actor, key: SubjectKey, tried_on: date, means: str, is_reached: bool, note: str, at: datetime
) -> ContactAttempt:
    """Record that somebody tried to reach a person.

    Effects: the case, opened when nobody acted before; one ContactAttempt; case event and audit verb log_contact. Errors: NotAllowed;
    NotFound outside the unit; BadInput for a way or a day that cannot be.
    """
    actor.demand(Action.TAKE_CASE)
    if means not in ContactMeans.values:
        raise BadInput(_("Choose how you tried."), code="means_missing")
    if tried_on > at.astimezone(BUSINESS_ZONE).date():
        raise BadInput(_("The day you tried cannot be in the future."), code="tried_day")
    case = lock_cases([get_subject(actor, key)], at)[0]
    attempt = ContactAttempt.objects.create(
        case=case,
        tried_on=tried_on,
        means=means,
        is_reached=is_reached,
        note=hide_numbers(note.strip())[:LONGEST],
        tried_by=actor.username,
        tried_role=actor.role,
        recorded_at=at,
    )
    detail: dict[str, object] = {"means": means, "reached": is_reached, "tried_on": tried_on.isoformat()}
    record_case_events(actor, [Move(case, "log_contact", case.state, case.state, attempt.note, detail=detail)], at)
    return attempt


def _due_on(report: FieldReport, at: datetime) -> date | None:
    day = at.astimezone(BUSINESS_ZONE).date()
    days: Mapping[str, int] = get_parameter("field_report_working_days", unit=report.county, on=day).value or {}
    if report.kind not in days:
        return None
    try:
        return add_working_days(day, int(days[report.kind]), region=report.county)
    except CalendarMissing:
        return day + timedelta(days=int(days[report.kind]))


def _needs_review(report: FieldReport) -> bool:
    """Answer whether the office has something to do. That somebody was seen is only a record, unless they were looked for or held dead."""
    if report.kind != ReportKind.FOUND:
        return True
    if Gap.objects.open().filter(person=report.person_id, kind__in=CONTRADICTED_BY_SIGHT).exists():
        return True
    if FieldReport.objects.filter(person=report.person_id, kind=ReportKind.DIED).exists():
        return True
    before = FieldReport.objects.filter(person=report.person_id, kind__in=WHEREABOUTS).exclude(pk=report.pk)
    last = before.order_by("-observed_on", "-id").first()
    return last is not None and last.kind == ReportKind.CANNOT_BE_FOUND


def _case_for(actor: Actor, report: FieldReport, due_on: date | None, at: datetime) -> Case | None:
    """Record the report in the person's case; a death, or somebody who cannot be found, opens it when nobody works on it."""
    opens = report.kind in REPORTED_ALREADY
    if not opens and find_case(SubjectKey(person_id=report.person_id)) is None:
        return None
    case = lock_cases([_subject(report.person, report)], at)[0]
    before = case.state
    is_new = opens and not case.desk and case.opened_at == at
    if opens and before not in WORKING_STATES and case.close_reason != REPORTED_ALREADY[ReportKind(report.kind)]:
        case.state = next_state(case, CaseState.REOPENED)
        Case.objects.filter(pk=case.pk).reopen()
        case.owner, case.close_reason, case.closed_at = None, "", None
    if is_new:
        Case.objects.filter(pk=case.pk).update(desk=Desk.TOWNSHIP, due_on=due_on)
    detail: dict[str, object] = {"report": report.pk, "reported": report.kind}
    record_case_events(actor, [Move(case, REPORT, before, case.state, report.note, detail=detail)], at)
    return case


def _subject(person: Person | None, report: FieldReport) -> Subject:
    name = person.name if person else report.name
    return Subject(SubjectKey(person_id=report.person_id), report.county_id, report.unit_id, name)


def _existing_case(report: FieldReport, at: datetime) -> Case | None:
    if report.person_id is None or find_case(SubjectKey(person_id=report.person_id)) is None:
        return None
    return lock_cases([_subject(report.person, report)], at)[0]


def _record_attempt(actor: Actor, case: Case, report: FieldReport, at: datetime) -> None:
    ContactAttempt.objects.create(
        case=case,
        report=report,
        tried_on=report.observed_on,
        means=MEANS.get(ReportSource(report.source), ContactMeans.VISIT) if report.source else ContactMeans.VISIT,
        is_reached=report.kind == ReportKind.FOUND,
        note=report.note,
        tried_by=actor.username,
        tried_role=actor.role,
        recorded_at=at,
    )


def _checked_outcome(report: FieldReport, outcome: str, note: str) -> ReviewState:
    if outcome not in REVIEW_ENDS:
        raise BadInput(_("Choose what becomes of the report."), code="outcome_missing")
    if outcome == ReviewState.KNOWN and report.person_id is not None:
        raise BadInput(_("This report is about somebody on the list already."), code="outcome_missing")
    if outcome == ReviewState.DECLINED and not note:
        raise BadInput(_("Write why the report is not accepted; the village reads it."), code="note_missing")
    return ReviewState(outcome)


def _take_on(report: FieldReport, at: datetime) -> Person:
    """Make a person of somebody not listed, and the case of the township. Errors: Conflict when the report was dealt with meanwhile."""
    lock_open_review(report)
    if report.number_id and PersonIdentifier.objects.as_known().filter(number=report.number_id).exists():
        raise Conflict(
            _("Somebody in the register has this number already."),
            code="number_known",
            what_to_do=_("Choose “already on the list” and the person it is."),
            ids=[report.pk],
        )
    person = take_on(report, at=at)
    lock_cases([Subject(SubjectKey(person_id=person.pk), report.county_id, report.unit_id, person.name)], at)
    return person


def _known_person(actor: Actor, person_id: int | None) -> Person:
    if person_id is None:
        raise BadInput(_("Choose the person it is."), code="person_missing")
    return get_person(actor, person_id)


def _settle(
    actor: Actor,
    case: Case,
    report: FieldReport,
    ended: ReviewState,
    note: str,
    detail: dict[str, object],
    at: datetime,
) -> None:
    """Record the outcome in the case. One that only this report opened ends when the report was not accepted."""
    before = case.state
    only_this = not case.case_events.exclude(detail__report=report.pk).exists()
    nothing_open = not Gap.objects.open().filter(person=report.person_id).exists()
    if ended == ReviewState.DECLINED and before == CaseState.OPEN and only_this and nothing_open:
        case.state = next_state(case, CaseState.RESOLVED)
        Case.objects.filter(pk=case.pk).resolve(at=at)
    record_case_events(actor, [Move(case, HANDLE, before, case.state, note, detail=detail)], at)
