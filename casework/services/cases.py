"""The work on one subject's gaps: take, note, give back. Called by views; questions are questions.py, what the night does routing.py.

A subject has one case for all its life: taking a closed one opens it again. Every move is recorded as an event of the case and in
the audit log, in the same transaction. Rows are locked in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from casework.constants import CASE_MOVES, WORKING_STATES, CaseState
from casework.models import Case, CaseClosing, CaseEvent, Gap
from casework.selectors.subjects import Subject, SubjectKey, find_subjects, get_subject, key_of, of_subjects
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from foundation.audit.services import Event, record_events
from foundation.policy.limits import undo_period
from foundation.policy.selectors import get_parameter
from foundation.policy.working_days import CalendarMissing, add_working_days
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput, Conflict, NotFound
from foundation.regions.models import Unit

MOST_NAMED = 5
"""Of the cases others have, so many are named, each by a query."""
TAKE = "take_case"
HAND_OVERS = (TAKE, "assign_case", "undo_assign", "undo_take")
"""Events after which a case may be another's in the same state."""
CLOSED_BEFORE = "closed_before"
"""In the detail of a take: what a closed case was, so that an undo closes it again."""
NOBODY_HAS_IT: Mapping[str, Any] = {"owner": None, "state": CaseState.OPEN, "close_reason": "", "closed_at": None}
NOTED_STATES = (CaseState.IN_PROGRESS, CaseState.WAITING_OUTSIDE)


@dataclass(frozen=True)
class Taken:
    """What a bulk take came to: the cases now the actor's, those of them that were not before, how many somebody else has, the first
    of them in words."""

    cases: list[Case]
    moved: list[Case]
    refused: list[str]
    refused_count: int


@dataclass(frozen=True)
class Move:
    """An event of a case before it is stored."""

    case: Case
    verb: str
    before: str
    after: str
    note: str = ""
    closing: CaseClosing | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


def take_case(*, actor: Actor, key: SubjectKey, at: datetime) -> Case:
    """Take a subject's case: from now on it is the actor's. Taking one's own again changes nothing.

    Effects: the case, opened or opened again when need be; case event and audit verb take_case.
    Errors: NotAllowed; NotFound outside the unit; Conflict naming who has it since when.
    """
    taken = take_cases(actor=actor, keys=[key], at=at)
    if taken.refused:
        raise Conflict(
            taken.refused[0],
            code="case_taken",
            what_to_do=_("Ask them to release it, or choose another case."),
            ids=[key],
        )
    return taken.cases[0]


@transaction.atomic
def take_cases(*, actor: Actor, keys: Sequence[SubjectKey], at: datetime) -> Taken:
    """Take many subjects' cases at once; those somebody else has are left to them.

    Cost: the same number of statements for one as for fifty. Errors: NotAllowed; NotFound when one lies outside the unit.
    """
    actor.demand(Action.TAKE_CASE)
    subjects = find_subjects(actor, list(dict.fromkeys(keys)))
    if len(subjects) < len(set(keys)):
        raise NotFound(_("There is no such person or record in your unit."))
    cases = lock_cases(subjects, at)
    others = [case for case in cases if case.owner_id not in (None, actor.user_id) and case.state in WORKING_STATES]
    own = [case for case in cases if case.owner_id == actor.user_id and case.state in WORKING_STATES]
    left = {case.pk for case in (*others, *own)}
    free = [case for case in cases if case.pk not in left]
    closed = {case.pk: {CLOSED_BEFORE: as_it_is(case)} for case in free if case.state not in WORKING_STATES}
    moves = [replace(move, detail=closed.get(case.pk, {})) for case in free for move in moves_to_assign(case, TAKE)]
    Case.objects.filter(pk__in=[case.pk for case in free]).assign(actor.user_id)
    for case in free:
        case.owner_id, case.state = actor.user_id, CaseState.ASSIGNED
    record_case_events(actor, moves, at)
    return Taken([*own, *free], free, [_taken_by(case) for case in others[:MOST_NAMED]], len(others))


@transaction.atomic
def undo_take(*, actor: Actor, case_id: int, at: datetime) -> tuple[list[Case], int]:
    """Give back what the actor took in the act that moved this case last; return the cases given back and how many were left.

    A case is what it was before: nobody's, or closed as it was. One that moved on or out of reach since stays as it is.
    Effects: the cases; case event and audit verb undo_take. Errors: NotAllowed; NotFound outside the unit; Conflict when the period
    for undoing is over, the actor did not take it last, or all have moved on.
    """
    actor.demand(Action.TAKE_CASE)
    case = in_scope(Case.objects.filter(pk=case_id), actor).first()
    if case is None:
        raise NotFound(_("There is no such person or record in your unit."), ids=[case_id])
    act = last_moves([case]).get(case.pk)
    if act is None or act.verb != TAKE or act.actor_name != actor.username:
        raise _moved_on([case_id])
    if at - act.at > undo_period(actor, on=at.date()):
        raise Conflict(_("This can no longer be undone."), code="too_late", ids=[case_id])
    taken = CaseEvent.objects.filter(verb=TAKE, actor_name=actor.username, at=act.at)
    there = in_scope(Case.objects.filter(pk__in=taken.values("case")), actor)
    cases = list(_lock([key_of(each) for each in there]).values())
    last = last_moves(cases)
    unchanged = [each for each in cases if (move := last.get(each.pk)) and move.verb == TAKE and move.at == act.at]
    if not unchanged:
        raise _moved_on([case_id])
    moves = []
    for each in unchanged:
        before = each.state
        give_back(each, last[each.pk].detail.get(CLOSED_BEFORE) or NOBODY_HAS_IT)
        moves.append(Move(each, "undo_take", before, each.state))
    Case.objects.bulk_update(unchanged, ["owner", "state", "close_reason", "closed_at"])
    record_case_events(actor, moves, at)
    return unchanged, taken.count() - len(unchanged)


def as_it_is(case: Case) -> dict[str, object]:
    """Return what an undo gives a case back: owner, state, reason and moment of closing."""
    closed_at = case.closed_at.isoformat() if case.closed_at else None
    return {"owner": case.owner_id, "state": case.state, "close_reason": case.close_reason, "closed_at": closed_at}


def give_back(case: Case, before: Mapping[str, Any]) -> None:
    """Make a case what it was, as `as_it_is` returned it; the caller stores it."""
    case.owner_id, case.state, case.close_reason = before["owner"], before["state"], before["close_reason"]
    case.closed_at = parse_datetime(before["closed_at"]) if before["closed_at"] else None


def last_moves(cases: Sequence[Case]) -> dict[int, CaseEvent]:
    """Return case id -> the event that moved the case last: to another state or hand. Notes and the night's routing do not. One query."""
    moves = CaseEvent.objects.filter(~Q(state_before=F("state_after")) | Q(verb__in=HAND_OVERS), case__in=cases)
    return {each.case_id: each for each in moves.order_by("case_id", "-at", "-id").distinct("case_id")}


def _moved_on(ids: list[int]) -> Conflict:
    return Conflict(
        _("The case has changed since you took it and was left as it is."),
        code="case_moved_on",
        what_to_do=_("Open the case to see who has it now."),
        ids=ids,
    )


@transaction.atomic
def add_note(
    *, actor: Actor, key: SubjectKey, note: str, at: datetime, state: str = "", until: date | None = None
) -> Case:
    """Write a note into a subject's case; `state` also moves it: in progress, or waiting outside `until` a day (answer_day if none).

    Effects: the case, opened when nobody acted before; case event and audit verb add_note.
    Errors: NotAllowed; NotFound; BadInput without words or for a day that is past; Conflict when the state cannot follow, or the
    case is another's.
    """
    actor.demand(Action.TAKE_CASE)
    note = checked_note(note)
    case = lock_case(actor, key, at)
    before = case.state
    if state and state != before:
        if state not in NOTED_STATES:
            raise BadInput(_("A note cannot set this state."), code="state_unknown")
        demand_not_anothers(actor, case)
        case.state = next_state(case, CaseState(state))
        if case.state == CaseState.WAITING_OUTSIDE:
            case.waiting_until = _checked_day(until or answer_day(actor, at), at)
            Case.objects.filter(pk=case.pk).wait(case.waiting_until)
        else:
            Case.objects.filter(pk=case.pk).proceed(case.state)
    record_case_events(actor, [Move(case, "add_note", before, case.state, note)], at)
    return case


def answer_day(actor: Actor, at: datetime) -> date:
    """Return the day by which whoever is asked now should answer. Two queries.

    Where no calendar covers the days, they are counted as calendar days: a question is not refused for want of one.
    """
    day, unit = at.astimezone(BUSINESS_ZONE).date(), Unit.objects.get(pk=actor.unit_id)
    days = int(get_parameter("village_answer_working_days", unit=unit, on=day).value)
    try:
        return add_working_days(day, days, region=unit)
    except CalendarMissing:
        return day + timedelta(days=days)


@transaction.atomic
def release_case(*, actor: Actor, key: SubjectKey, at: datetime) -> Case:
    """Give a case back: it is nobody's and open again.

    Effects: the case; case event and audit verb release_case. Errors: NotAllowed; NotFound; Conflict when it is not the actor's.
    """
    actor.demand(Action.TAKE_CASE)
    case = lock_case(actor, key, at)
    if case.owner_id != actor.user_id or case.state not in WORKING_STATES:
        raise Conflict(
            _taken_by(case) if case.owner_id else _("This case is unassigned."), code="case_not_yours", ids=[case.pk]
        )
    before, case.state = case.state, next_state(case, CaseState.OPEN)
    case.owner = None
    Case.objects.filter(pk=case.pk).proceed(CaseState.OPEN)
    record_case_events(actor, [Move(case, "release_case", before, case.state)], at)
    return case


def lock_case(actor: Actor, key: SubjectKey, at: datetime) -> Case:
    """Lock one subject's case, making it when it is missing.

    Errors: NotFound outside the unit.
    """
    return lock_cases([get_subject(actor, key)], at)[0]


def lock_cases(subjects: Sequence[Subject], at: datetime) -> list[Case]:
    """Lock the subjects' cases, making those that are missing; a second clerk waits here for the first."""
    known = _lock([subject.key for subject in subjects])
    missing = [subject for subject in subjects if subject.key not in known]
    if missing:
        Case.objects.bulk_create(_new_cases(missing, at), ignore_conflicts=True)
        known |= _lock([subject.key for subject in missing])
    return [known[subject.key] for subject in subjects]


def _lock(keys: Sequence[SubjectKey]) -> dict[SubjectKey, Case]:
    rows = Case.objects.select_for_update(of=("self",)).select_related("owner").filter(of_subjects(keys)).order_by("id")
    return {key_of(case): case for case in rows}


def _new_cases(subjects: Sequence[Subject], at: datetime) -> list[Case]:
    """Make the cases of subjects no night has routed yet, at the desk of their gravest gap."""
    gaps: dict[SubjectKey, list[Gap]] = {}
    for gap in Gap.objects.open().filter(of_subjects([subject.key for subject in subjects])).order_by("rank", "id"):
        gaps.setdefault(key_of(gap), []).append(gap)
    return [_new_case(subject, gaps.get(subject.key, []), at) for subject in subjects]


def _new_case(subject: Subject, gaps: Sequence[Gap], at: datetime) -> Case:
    key = subject.key
    return Case(
        county_id=subject.county_id,
        unit_id=subject.unit_id,
        person_id=key.person_id,
        scheme=key.scheme,
        roll_no=key.roll_no,
        desk=gaps[0].desk if gaps else "",
        due_on=min((gap.due_on for gap in gaps if gap.due_on), default=None),
        opened_at=at,
    )


def moves_to_assign(case: Case, verb: str, note: str = "") -> list[Move]:
    """Return the lines of giving a case to somebody; a closed one is opened again first."""
    if case.state in WORKING_STATES:
        next_state(case, CaseState.ASSIGNED)
        return [Move(case, verb, case.state, CaseState.ASSIGNED, note)]
    reopened = next_state(case, CaseState.REOPENED)
    return [
        Move(case, "reopen_case", case.state, reopened),
        Move(case, verb, reopened, CaseState.ASSIGNED, note),
    ]


def next_state(case: Case, after: CaseState) -> CaseState:
    """Return the state moved to.

    Errors: Conflict when it cannot follow the present one.
    """
    if after not in CASE_MOVES[CaseState(case.state)]:
        raise Conflict(
            _("The case is “%(now)s” and cannot be changed to “%(after)s”.")
            % {"now": case.get_state_display(), "after": after.label},
            code="case_state",
            what_to_do=_("Reload the page to see the current state."),
            ids=[case.pk],
        )
    return after


def demand_not_anothers(actor: Actor, case: Case) -> None:
    """Refuse an act on a case somebody else has.

    Errors: Conflict naming who has it since when.
    """
    if case.owner_id not in (None, actor.user_id):
        raise Conflict(
            _taken_by(case), code="case_taken", what_to_do=_("Contact them, or add a note instead."), ids=[case.pk]
        )


def _taken_by(case: Case) -> str:
    """State who has a case and since when."""
    last = case.case_events.filter(verb__in=("take_case", "assign_case")).order_by("-at", "-id").first()
    since = f"{last.at.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M}" if last else ""
    name = case.owner.get_full_name() if case.owner else ""
    return _("%(name)s took this case on %(since)s.") % {"name": name, "since": since}


def _checked_day(until: date, at: datetime) -> date:
    if until < at.astimezone(BUSINESS_ZONE).date():
        raise BadInput(_("The day for the answer has passed; enter a later one."), code="day_past")
    return until


def checked_note(note: str) -> str:
    """Return the note without blanks around it.

    Errors: BadInput when nothing is written.
    """
    note = note.strip()
    if not note:
        raise BadInput(_("Enter one sentence that colleagues will understand."), code="note_missing")
    return note


def record_case_events(actor: Actor, moves: Sequence[Move], at: datetime) -> None:
    """Write the events of the cases and the audit log."""
    CaseEvent.objects.bulk_create(
        CaseEvent(
            case=move.case,
            at=at,
            actor_name=actor.username,
            actor_role=actor.role,
            verb=move.verb,
            state_before=move.before,
            state_after=move.after,
            note=move.note,
            closing=move.closing,
            detail=dict(move.detail),
        )
        for move in moves
    )
    record_events(
        actor=actor,
        events=[
            Event(move.verb, "case", move.case.pk, detail={"from": move.before, "to": move.after, **move.detail})
            for move in moves
        ],
    )
