"""Asking a village about a person, a roll line or a report; its answers; taking a question back.

The case waits outside until the day and moves on with the first answer. Rows are taken in one order everywhere: the case, the
review of a report, the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from casework.constants import WORKING_STATES, AnswerValue, CaseState, QuestionAbout, QuestionState, ReviewState
from casework.models import Answer, Case, CaseEvent, Gap, Question, ReportReview
from casework.selectors.questions import get_question, own_questions
from casework.selectors.subjects import Subject, SubjectKey, find_subjects, key_of, of_subjects
from casework.services.cases import Move, answer_day, lock_cases, next_state, record_case_events
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import Event, record_event, record_events
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput, Conflict, NotFound
from foundation.primitives.personal_texts import hide_numbers
from registry.models import FieldReport
from registry.selectors.field_reports import get_report

ASK, ANSWER, WITHDRAW = "ask_village", "answer_village", "withdraw_question"
LONGEST = 1000
Evidence = list[dict[str, str]]
"""What the village is shown: a term and its text each, both codes or words of a file (presenters/questions.py)."""


@dataclass(frozen=True)
class Asked:
    """One question before it is stored; without evidence it rests on the subject's open gaps. About a match it needs no words."""

    key: SubjectKey
    text: str
    about: QuestionAbout = QuestionAbout.CASE
    evidence: Evidence = field(default_factory=list)
    roll_name: str = ""


@transaction.atomic
def ask_village(*, actor: Actor, asked: Sequence[Asked], at: datetime) -> list[Question]:
    """Ask the villages about subjects, in the order given: each case waits outside for the answer until a day.

    A case with an owner keeps the owner; a closed one is opened again. The day is the region's village_answer_working_days on.
    Effects: questions; cases; case event and audit verb ask_village.
    Cost: the same number of statements for one as for fifty. Errors: NotAllowed; NotFound when one lies outside the unit; BadInput
    without words.
    """
    actor.demand(Action.TAKE_CASE)
    texts = [
        hide_numbers(each.text.strip())[:LONGEST] if each.about == QuestionAbout.MATCH else checked_question(each.text)
        for each in asked
    ]
    keys = list(dict.fromkeys(each.key for each in asked))
    subjects = {subject.key: subject for subject in find_subjects(actor, keys)}
    if len(subjects) < len(keys):
        raise NotFound(_("There is no such person or record in your unit."))
    until = answer_day(actor, at)
    cases = lock_cases(list(subjects.values()), at)
    gaps = _leading_gaps(keys)
    questions = [
        _question(actor, each, text, subjects[each.key], gaps.get(each.key, []), until, at)
        for each, text in zip(asked, texts, strict=True)
    ]
    made = Question.objects.bulk_create(questions)
    _wait(actor, cases, made, until, at)
    return made


@transaction.atomic
def ask_back(*, actor: Actor, report_id: int, text: str, at: datetime) -> Question:
    """Ask whoever reported: the report's step waits for the answer.

    Effects: a question; the review; audit verb ask_back. Errors: NotAllowed; NotFound; BadInput without words; Conflict when the
    report was dealt with.
    """
    actor.demand(Action.HANDLE_REPORT)
    report, text = get_report(actor, report_id), checked_question(text)
    lock_open_review(report)
    question = Question.objects.create(
        about=QuestionAbout.REPORT,
        report=report,
        person=report.person,
        county_id=report.county_id,
        unit_id=report.unit_id,
        subject_name=(report.person.name if report.person else report.name)[:100],
        text=text,
        evidence=_evidence_of_report(report),
        due_on=answer_day(actor, at),
        **_asker(actor, at),
    )
    ReportReview.objects.filter(report=report).update(state=ReviewState.ASKED)
    detail = {"question": question.pk}
    record_event(actor=actor, verb="ask_back", object_type="field_report", object_id=report.pk, detail=detail)
    return question


@transaction.atomic
def answer_question(*, actor: Actor, question_id: int, uuid: UUID, value: str, note: str, at: datetime) -> Answer:
    """Answer a question of the actor's unit; another answer stands beside those there are. Sent again it changes nothing.

    Effects: one Answer; the question is answered and new to whoever asked; a case that waited for it moves on, a report that did is
    to be dealt with again; case event answer_village, audit verb answer_question. Errors: NotAllowed; NotFound outside the unit;
    BadInput for what is no answer; Conflict when it was withdrawn.
    """
    actor.demand(Action.ANSWER_QUESTION)
    question = get_question(actor, question_id)
    if value not in AnswerValue.values:
        raise BadInput(_("Choose an answer."), code="answer_missing")
    note = hide_numbers(note.strip())[:LONGEST]
    known = Answer.objects.filter(uuid=uuid).first()
    if known is not None:
        return _repeated(actor, known, question, value, note)
    cases = _lock_cases_of([question], at)
    _lock_reviews_of([question])
    answerable = Question.objects.filter(pk=question.pk, state__in=(QuestionState.OPEN, QuestionState.ANSWERED))
    if not answerable.update(
        state=QuestionState.ANSWERED, answered_at=Coalesce("answered_at", Value(at)), seen_at=None
    ):
        raise _withdrawn(question)
    try:
        with transaction.atomic():
            answer = _answer(actor, question, uuid, AnswerValue(value), note, at)
    except IntegrityError:  # the same answer sent twice at once: the other one was first
        return _repeated(actor, Answer.objects.get(uuid=uuid), question, value, note)
    detail = {"question": question.pk, "answer": value}
    _move_on(actor, cases, [(question, answer.note, detail)], at)
    _reopen_reviews([question])
    record_event(actor=actor, verb="answer_question", object_type="question", object_id=question.pk, detail=detail)
    return answer


@transaction.atomic
def withdraw_question(*, actor: Actor, question_id: int, at: datetime) -> Question:
    """Take back a question nobody has answered; whoever asked it may, and a reviewer.

    Effects: as withdraw_questions. Errors: NotAllowed; NotFound; Conflict when it is answered or was withdrawn.
    """
    actor.demand(Action.TAKE_CASE)
    question = get_question(actor, question_id)
    if question.asked_by_id != actor.user_id:
        actor.demand(Action.CLOSE_CASE_RESTRICTED)
    if not withdraw_questions(actor=actor, questions=Question.objects.filter(pk=question.pk), at=at):
        raise Conflict(
            _("The question is no longer open."),
            code="question_not_open",
            what_to_do=_("Reload the page to see the answer."),
            ids=[question.pk],
        )
    return question


@transaction.atomic
def withdraw_questions(*, actor: Actor, questions: QuerySet[Question], at: datetime) -> int:
    """Take back those of some questions that are open, in reach or not: what they were asked for was decided. Returns how many.

    Effects: questions; their cases wait no longer; audit verb withdraw_question.
    """
    found = list(questions.filter(state=QuestionState.OPEN).order_by("pk"))
    cases = _lock_cases_of(found, at)
    _lock_reviews_of(found)
    still_open = Question.objects.filter(pk__in=[each.pk for each in found], state=QuestionState.OPEN)
    still_open.update(state=QuestionState.WITHDRAWN, withdrawn_by=actor.username, withdrawn_at=at)
    taken = list(Question.objects.filter(pk__in=[each.pk for each in found], withdrawn_at=at).order_by("pk"))
    _move_on(actor, cases, [(each, "", {"question": each.pk}) for each in taken], at, verb=WITHDRAW)
    _reopen_reviews(taken)
    record_events(actor=actor, events=[Event(WITHDRAW, "question", each.pk) for each in taken])
    return len(taken)


@transaction.atomic
def mark_answers_seen(*, actor: Actor, answer_ids: Iterable[int], at: datetime) -> int:
    """Mark as read the actor's questions all of whose answers are among those shown. Returns how many were new.

    A question with another answer that came after the page was made stays new.
    """
    shown = list(answer_ids)
    new = own_questions(actor).filter(answers__in=shown, state=QuestionState.ANSWERED, seen_at__isnull=True)
    locked = (
        Question.objects.select_for_update().filter(pk__in=new.values("pk")).order_by("id").values_list("pk", flat=True)
    )
    not_shown = Answer.objects.filter(question=OuterRef("pk")).exclude(pk__in=shown)
    return Question.objects.filter(~Exists(not_shown), pk__in=list(locked), seen_at__isnull=True).update(seen_at=at)


def checked_question(text: str) -> str:
    """Return a question's words without numbers of persons. Errors: BadInput when there are none."""
    text = hide_numbers(" ".join(text.split()))[:LONGEST]
    if not text:
        raise BadInput(_("Write what you want to know."), code="question_missing")
    return text


def lock_open_review(report: FieldReport) -> None:
    """Lock the step of a report until the transaction ends: who asks back and who ends it come one after the other.

    Errors: Conflict when somebody dealt with the report, naming who and when, or when it has no step.
    """
    if not _lock_reviews([report.pk]):
        raise report_ended(report)


def report_ended(report: FieldReport) -> Conflict:
    """Return the refusal of a report somebody dealt with, naming who and when."""
    review = ReportReview.objects.filter(report=report).first()
    if review is None or review.ended_at is None:
        return Conflict(_("Nothing is left to do about this report."), code="report_ended", ids=[report.pk])
    return Conflict(
        _("%(who)s dealt with this report on %(when)s: %(what)s.")
        % {
            "who": review.ended_by,
            "when": f"{review.ended_at.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M}",
            "what": review.get_state_display(),
        },
        code="report_ended",
        what_to_do=_("Reload the page to see it."),
        ids=[report.pk],
    )


def _question(
    actor: Actor, asked: Asked, text: str, subject: Subject, gaps: Sequence[Gap], until: date, at: datetime
) -> Question:
    key = asked.key
    return Question(
        about=asked.about,
        person_id=key.person_id,
        scheme=key.scheme,
        roll_no=key.roll_no,
        county_id=subject.county_id,
        unit_id=subject.unit_id,
        gap=gaps[0] if gaps and asked.about == QuestionAbout.CASE else None,
        subject_name=subject.name[:100],
        roll_name=asked.roll_name[:100],
        text=text,
        evidence=asked.evidence or [{"term": "gap", "text": gap.kind, "reason": gap.reason} for gap in gaps],
        due_on=until,
        **_asker(actor, at),
    )


def _asker(actor: Actor, at: datetime) -> dict[str, object]:
    return {
        "asked_by_id": actor.user_id,
        "asked_by_name": actor.username,
        "asked_role": actor.role,
        "asked_unit_code": actor.unit_code,
        "asked_at": at,
    }


def _leading_gaps(keys: Sequence[SubjectKey]) -> dict[SubjectKey, list[Gap]]:
    found: dict[SubjectKey, list[Gap]] = {}
    for gap in Gap.objects.open().filter(of_subjects(keys)).order_by("rank", "id"):
        found.setdefault(key_of(gap), []).append(gap)
    return found


def _wait(actor: Actor, cases: Sequence[Case], made: Sequence[Question], until: date, at: datetime) -> None:
    """Let the cases, locked by the caller, wait for the answers; closed ones are opened again first."""
    asked: dict[SubjectKey, list[Question]] = {}
    for question in made:
        asked.setdefault(key_of(question), []).append(question)
    closed = [case.pk for case in cases if case.state not in WORKING_STATES]
    Case.objects.filter(pk__in=closed).reopen()
    moves = []
    for case in cases:
        before = case.state
        if case.pk in closed:
            case.state = next_state(case, CaseState.REOPENED)
            case.owner, case.close_reason, case.closed_at = None, "", None
        case.state, case.waiting_until = next_state(case, CaseState.WAITING_OUTSIDE), until
        theirs = asked[key_of(case)]
        detail = {"questions": [question.pk for question in theirs]}
        moves.append(Move(case, ASK, before, case.state, " · ".join(map(_line, theirs)), detail=detail))
    Case.objects.filter(pk__in=[case.pk for case in cases]).wait(until)
    record_case_events(actor, moves, at)


def _line(question: Question) -> str:
    """Return a question as the case's timeline shows it: what names the roll line, then the words."""
    stated = {each["term"]: each["text"] for each in question.evidence} | {"roll_name": question.roll_name}
    named = (stated.get(term, "") for term in ("roll_no", "roll_name", "birth_date"))
    return " ".join(part for part in (*named, question.text) if part)


def _answer(actor: Actor, question: Question, uuid: UUID, value: AnswerValue, note: str, at: datetime) -> Answer:
    return Answer.objects.create(
        question=question,
        uuid=uuid,
        value=value,
        note=note,
        answerer_id=actor.user_id or 0,
        answered_by=actor.username,
        answered_role=actor.role,
        answered_unit_code=actor.unit_code,
        answered_at=at,
    )


def _repeated(actor: Actor, known: Answer, question: Question, value: str, note: str) -> Answer:
    sent = (question.pk, actor.user_id or 0, value, note)
    if sent != (known.question_id, known.answerer_id, known.value, known.note):
        raise Conflict(
            _("Another answer was sent from this form already."),
            code="answer_id_taken",
            what_to_do=_("Open the page again and send the answer once more."),
        )
    return known


def _lock_cases_of(questions: Sequence[Question], at: datetime) -> dict[SubjectKey, Case]:
    """Lock the cases of the questions' subjects; somebody on no list has none, and being asked back opens none."""
    about = {
        key_of(each): Subject(key_of(each), each.county_id, each.unit_id, each.subject_name)
        for each in questions
        if each.person_id or each.roll_no
    }
    only_reported = {key_of(each) for each in questions if each.about == QuestionAbout.REPORT and each.person_id}
    if only_reported:
        held = {key_of(case) for case in Case.objects.filter(of_subjects(list(only_reported)))}
        others = {key_of(each) for each in questions if each.about != QuestionAbout.REPORT}
        about = {key: each for key, each in about.items() if key in others or key in held}
    return {key_of(case): case for case in lock_cases(list(about.values()), at)} if about else {}


def _move_on(
    actor: Actor,
    cases: dict[SubjectKey, Case],
    ended: Sequence[tuple[Question, str, dict[str, object]]],
    at: datetime,
    *,
    verb: str = ANSWER,
) -> None:
    """Record in the cases what came of questions; one that waits for no other is worked again. Four queries whatever their number."""
    waiting = [case for case in cases.values() if case.state == CaseState.WAITING_OUTSIDE]
    free = _wait_no_longer(waiting)
    moves = []
    for question, note, detail in ended:
        case = cases.get(key_of(question)) if question.person_id or question.roll_no else None
        if case is None:
            continue
        before = case.state
        if case.pk in free and before == CaseState.WAITING_OUTSIDE:
            case.state = next_state(case, CaseState.IN_PROGRESS if case.owner_id else CaseState.OPEN)
        moves.append(Move(case, verb, before, case.state, note, detail=detail))
    for state in (CaseState.IN_PROGRESS, CaseState.OPEN):
        moved = [case.pk for case in waiting if case.pk in free and case.state == state]
        if moved:
            Case.objects.filter(pk__in=moved).proceed(state)
    record_case_events(actor, moves, at)


def _wait_no_longer(waiting: Sequence[Case]) -> set[int]:
    """Return which waiting cases waited for a village, not for somebody else, and have no open question left."""
    if not waiting:
        return set()
    keys = [key_of(case) for case in waiting]
    open_ones = Question.objects.filter(of_subjects(keys), state=QuestionState.OPEN)
    asked = {key_of(each) for each in open_ones.exclude(about=QuestionAbout.REPORT)}
    let_wait = Q(verb=ASK) | ~Q(state_before=CaseState.WAITING_OUTSIDE)
    events = CaseEvent.objects.filter(let_wait, case__in=waiting, state_after=CaseState.WAITING_OUTSIDE)
    last = {each.case_id: each.verb for each in events.order_by("case_id", "-at", "-id").distinct("case_id")}
    return {case.pk for case in waiting if last.get(case.pk) == ASK and key_of(case) not in asked}


def _lock_reviews_of(questions: Sequence[Question]) -> None:
    """Lock the steps of the reports that questions are about."""
    reports = [each.report_id for each in questions if each.report_id]
    if reports:
        _lock_reviews(reports)


def _lock_reviews(reports: Sequence[int]) -> list[ReportReview]:
    """Lock the steps of reports that nobody has ended, in the order of their ids."""
    rows = ReportReview.objects.select_for_update().filter(report__in=reports, ended_at__isnull=True)
    return list(rows.order_by("id"))


def _reopen_reviews(questions: Sequence[Question]) -> None:
    """Let reports whose villages were asked back be dealt with again, where no other question about them is open."""
    reports = {each.report_id for each in questions if each.report_id}
    if reports:
        others = Question.objects.filter(report=OuterRef("report"), state=QuestionState.OPEN)
        asked = ReportReview.objects.filter(report__in=reports, state=ReviewState.ASKED)
        asked.exclude(Exists(others)).update(state=ReviewState.OPEN)


def _withdrawn(question: Question) -> Conflict:
    return Conflict(
        _("This question was withdrawn: no answer is needed any more."),
        code="question_withdrawn",
        ids=[question.pk],
    )


def _evidence_of_report(report: FieldReport) -> Evidence:
    """Copy what the village reported."""
    facts = [("report", report.kind), ("observed_on", report.observed_on.isoformat())]
    facts += [("died_on", report.died_on.isoformat())] if report.died_on else []
    facts += [("source", report.source), ("place", report.place_text), ("note", report.note)]
    return [{"term": term, "text": text} for term, text in facts if text]
