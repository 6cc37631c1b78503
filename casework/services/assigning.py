"""Giving cases to a colleague, one or many, with a preview before and an undo for seven days after. Called by views.

A case somebody else works on changes hands only by its owner or by a reviewer; the others are named and left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casework.constants import WORKING_STATES, CaseState
from casework.models import Assignment, Case, CaseEvent
from casework.selectors.subjects import Subject, SubjectKey, find_subjects, key_of, of_subjects
from casework.selectors.takers import before_again, covers, paths_of_takers, paths_of_users, takers_within
from casework.services.cases import (
    Move,
    as_it_is,
    give_back,
    last_moves,
    lock_cases,
    moves_to_assign,
    record_case_events,
)
from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from foundation.audit.services import record_event
from foundation.policy.limits import undo_period
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput, Conflict, NotFound
from foundation.regions.models import Unit

ASSIGNMENT = "assignment"
"""In the detail of an event: the assignment it is part of."""


@dataclass(frozen=True)
class Proposed:
    """One line of the preview: whose case, who has it now, whether it would change hands, or lies outside the assignee's unit."""

    subject: Subject
    owner: User | None
    state: str
    may_move: bool
    is_outside: bool = False


@dataclass(frozen=True)
class Undone:
    """What an undo came to: cases given back to what they were, those that moved on or out of reach meanwhile, and of the
    former those without an owner now, because whoever had them may no longer take them."""

    restored: int
    left: int
    without_owner: int = 0


def list_colleagues(actor: Actor, *, on: date) -> list[User]:
    """List those who may be given a case: active members at or below the actor's unit who may take one, by name. One query."""
    return list(
        User.objects.filter(pk__in=takers_within(actor.unit_path, on=on).values("user")).order_by(
            "display_name", "username"
        )
    )


@dataclass(frozen=True)
class Candidate:
    """A colleague to whom cases may be given, and how many of the chosen ones lie within their unit."""

    user: User
    count: int


def list_candidates(actor: Actor, keys: Sequence[SubjectKey], *, on: date) -> list[Candidate]:
    """List the colleagues whose unit covers at least one of the chosen cases, by name. Four queries at most."""
    places = _places(_subjects(actor, keys))
    paths = paths_of_takers(actor.unit_path, on=on)
    users = User.objects.filter(pk__in=paths).order_by("display_name", "username")
    found = [Candidate(user, sum(covers(paths[user.pk], place) for place in places.values())) for user in users]
    return [each for each in found if each.count]


def _places(subjects: Sequence[Subject]) -> dict[SubjectKey, str]:
    """Return each subject's place: the path of its unit, or of its county. One query."""
    ids = {subject.unit_id or subject.county_id for subject in subjects}
    paths = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "path"))
    return {subject.key: paths[subject.unit_id or subject.county_id] for subject in subjects}


def propose_assignment(*, actor: Actor, keys: Sequence[SubjectKey], assignee_id: int = 0, on: date) -> list[Proposed]:
    """Show what an assignment, to a colleague where one is chosen, would change; nothing is written.

    Errors: NotAllowed; BadInput without a subject; NotFound when one lies outside the unit.
    """
    actor.demand(Action.TAKE_CASE)
    subjects = _subjects(actor, keys)
    cases = {key_of(case): case for case in Case.objects.select_related("owner").filter(of_subjects(list(keys)))}
    proposed = []
    places, paths = _places(subjects), paths_of_takers(actor.unit_path, on=on).get(assignee_id) if assignee_id else None
    for subject in subjects:
        case = cases.get(subject.key)
        worked = case is not None and case.state in WORKING_STATES
        owner = case.owner if case is not None and worked else None
        state = case.get_state_display() if case is not None else ""
        is_outside = paths is not None and not covers(paths, places[subject.key])
        proposed.append(Proposed(subject, owner, state, _may_move(actor, case) and not is_outside, is_outside))
    return proposed


@transaction.atomic
def assign_cases(*, actor: Actor, keys: Sequence[SubjectKey], assignee_id: int, at: datetime) -> tuple[Assignment, int]:
    """Give many subjects' cases to a colleague at once; return the act and how many were left as they are.

    Left are those others work on, and those outside the colleague's unit: who cannot see a case never gets it.

    Effects: the cases, opened or opened again when need be; one Assignment; case event and audit verb assign_case.
    Errors: NotAllowed; BadInput without a subject or for somebody who may not take a case; NotFound outside the unit;
    Conflict when none may change hands or none lies in the colleague's unit. Cost: the same number of statements for one as for fifty.
    """
    actor.demand(Action.TAKE_CASE)
    subjects = _subjects(actor, keys)
    assignee = _assignee(actor, assignee_id, at)
    places, paths = (
        _places(subjects),
        paths_of_takers(actor.unit_path, on=at.astimezone(BUSINESS_ZONE).date())[assignee.pk],
    )
    within = [subject for subject in subjects if covers(paths, places[subject.key])]
    if not within:
        raise Conflict(
            _("None of these cases lies within the unit of %(name)s.") % {"name": assignee.get_full_name()},
            code="outside_unit",
        )
    cases = lock_cases(within, at)
    free = [case for case in cases if _may_move(actor, case)]
    if not free:
        raise Conflict(
            _("All of these cases are being handled by others."), code="case_taken", ids=[c.pk for c in cases]
        )
    before = {str(case.pk): as_it_is(case) for case in free}
    act = Assignment.objects.create(
        unit_id=actor.unit_id, assignee=assignee, assigned_by_id=actor.user_id or 0, assigned_at=at, before=before
    )
    detail = {ASSIGNMENT: act.pk}
    moves = [
        replace(move, detail=detail)
        for case in free
        for move in moves_to_assign(case, "assign_case", assignee.get_full_name())
    ]
    Case.objects.filter(pk__in=[case.pk for case in free]).assign(assignee.pk)
    record_case_events(actor, moves, at)
    return act, len(subjects) - len(free)


@transaction.atomic
def undo_assignment(*, actor: Actor, assignment_id: int, at: datetime) -> Undone:
    """Give the cases of an assignment back to what they were; one that moved on or out of reach meanwhile stays as it is.

    Moved on has also a case that was released, taken or assigned again since, though its owner and state are the same. A case
    goes back to whoever had it only while they may still take it; else it is open with no owner.
    Effects: the cases; the Assignment's undone_by and undone_at; case event and audit verbs undo_assign, assignment_undone.
    Errors: NotAllowed; NotFound; Conflict when it was undone, the period for undoing is over, or all of its cases moved on.
    """
    actor.demand(Action.TAKE_CASE)
    act = list_assignments(actor).select_for_update(of=("self",)).filter(pk=assignment_id).first()
    if act is None:
        raise NotFound(_("There is no such assignment in your unit."), ids=[assignment_id])
    if act.undone_at is not None or at - act.assigned_at > undo_period(actor, on=at.date()):
        raise Conflict(
            _("This assignment has already been undone, or can no longer be undone."),
            code="too_late",
            ids=[assignment_id],
        )
    rows = in_scope(Case.objects.filter(pk__in=map(int, act.before)), actor).select_related("unit", "county")
    cases = list(rows.select_for_update(of=("self",)).order_by("id"))
    last = last_moves(cases)
    unchanged = [
        case
        for case in cases
        if case.owner_id == act.assignee_id and case.state == CaseState.ASSIGNED and _is_part_of(last.get(case.pk), act)
    ]
    if not unchanged:
        raise Conflict(
            _("All of these cases have changed since they were assigned and were left as they are."),
            code="case_moved_on",
            what_to_do=_("Open the cases to see who has them now."),
            ids=[assignment_id],
        )
    able = paths_of_users((was["owner"] for was in act.before.values()), on=at.astimezone(BUSINESS_ZONE).date())
    moves, without_owner = [], 0
    for case in unchanged:
        was = act.before[str(case.pk)]
        owner_id, state = before_again(case, was["owner"], was["state"], able=able)
        without_owner += owner_id != was["owner"]
        moves.append(Move(case, "undo_assign", case.state, state))
        give_back(case, {**was, "owner": owner_id, "state": state})
    Case.objects.bulk_update(unchanged, ["owner", "state", "close_reason", "closed_at"])
    record_case_events(actor, moves, at)
    Assignment.objects.filter(pk=act.pk).update(undone_by=actor.username, undone_at=at)
    record_event(actor=actor, verb="assignment_undone", object_type="assignment", object_id=act.pk)
    return Undone(len(unchanged), len(act.before) - len(unchanged), without_owner)


def _is_part_of(move: CaseEvent | None, act: Assignment) -> bool:
    return move is not None and move.detail.get(ASSIGNMENT) == act.pk


def list_assignments(actor: Actor) -> QuerySet[Assignment]:
    """List what was assigned at the actor's desk, newest first; a reviewer sees all, others what they gave or were given."""
    rows = Assignment.objects.filter(unit_id=actor.unit_id)
    if not actor.may(Action.CLOSE_CASE_RESTRICTED):
        rows = rows.filter(assigned_by=actor.user_id)
    return rows.select_related("assignee", "assigned_by").order_by("-assigned_at", "-id")


def _subjects(actor: Actor, keys: Sequence[SubjectKey]) -> list[Subject]:
    if not keys:
        raise BadInput(_("No rows selected."), code="nothing_selected")
    subjects = find_subjects(actor, list(dict.fromkeys(keys)))
    if len(subjects) < len(set(keys)):
        raise NotFound(_("There is no such person or record in your unit."))
    return subjects


def _assignee(actor: Actor, user_id: int, at: datetime) -> User:
    for user in list_colleagues(actor, on=at.astimezone(BUSINESS_ZONE).date()):
        if user.pk == user_id:
            return user
    raise BadInput(_("Choose a colleague."), code="assignee_missing")


def _may_move(actor: Actor, case: Case | None) -> bool:
    if case is None or case.state not in WORKING_STATES or case.owner_id in (None, actor.user_id):
        return True
    return actor.may(Action.CLOSE_CASE_RESTRICTED)
