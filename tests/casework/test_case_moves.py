"""The moves of a case keep to one table, whoever makes them: a person through the queryset, a night through its SQL."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from casework.constants import CASE_MOVES, WORKING_STATES, CaseState, CloseReason, GapKind, states_before
from casework.models import Case, CaseEvent, Gap
from casework.models.case import CaseQuerySet
from casework.selectors.subjects import key_of
from casework.services.questions import Asked, ask_village
from casework.services.routing import route_cases
from foundation.accounts.models import User
from tests.named_world import AS_OF, NOW, days_later

OWNED = {CaseState.ASSIGNED, CaseState.IN_PROGRESS, CaseState.WAITING_OUTSIDE}
MOVES: dict[str, tuple[Callable[[CaseQuerySet, User], int], CaseState]] = {
    "reopen": (lambda cases, user: cases.reopen(), CaseState.REOPENED),
    "proceed": (lambda cases, user: cases.proceed(CaseState.IN_PROGRESS), CaseState.IN_PROGRESS),
    "wait": (lambda cases, user: cases.wait(AS_OF), CaseState.WAITING_OUTSIDE),
    "release": (lambda cases, user: cases.proceed(CaseState.OPEN), CaseState.OPEN),
    "close": (lambda cases, user: cases.close(CloseReason.DATA_WRONG, at=NOW), CaseState.CLOSED_WITH_REASON),
}


def make_case(world, state: CaseState, *, opened_at=NOW) -> Case:
    person = world.person("张三")
    world.gap(person, GapKind.UNINSURED)
    Gap.objects.update(opened_at=opened_at)
    closed = state not in WORKING_STATES
    return Case.objects.create(
        county=world.county_a,
        unit=person.unit,
        person=person,
        state=state,
        owner=world.users["clerk_a"] if state in OWNED else None,
        close_reason=CloseReason.DATA_WRONG if state == CaseState.CLOSED_WITH_REASON else "",
        waiting_until=AS_OF if state == CaseState.WAITING_OUTSIDE else None,
        opened_at=NOW,
        closed_at=NOW if closed else None,
    )


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("name", MOVES)
def test_a_move_the_table_does_not_allow_moves_nothing(world, state, name):
    move, after = MOVES[name]
    case = make_case(world, state)
    moved = move(Case.objects.filter(pk=case.pk), world.users["clerk_a"])
    case.refresh_from_db()
    assert moved == (after in CASE_MOVES[state])
    assert case.state == (after if moved else state)


@pytest.mark.parametrize("state", CaseState)
def test_any_case_can_be_assigned_and_a_closed_one_is_reopened_on_the_way(world, state):
    case = make_case(world, state)
    assert Case.objects.filter(pk=case.pk).assign(world.users["clerk_a"].pk) == 1
    case.refresh_from_db()
    assert (case.state, case.owner, case.close_reason, case.closed_at) == (
        CaseState.ASSIGNED,
        world.users["clerk_a"],
        "",
        None,
    )


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("gap", ["open", "newer", "gone"])
def test_a_night_moves_cases_along_the_same_table(world, state, gap):
    at = days_later(1)
    case = make_case(world, state, opened_at=at if gap == "newer" else NOW - timedelta(days=1))
    if gap == "gone":
        Gap.objects.update(closed_at=at, closed_on=AS_OF)
    with connection.cursor() as cursor:
        route_cases(cursor, county=world.county_a, day=AS_OF, at=at)
    case.refresh_from_db()
    assert case.state == state or case.state in CASE_MOVES[state]
    recorded = CaseEvent.objects.filter(case=case).values_list("state_before", "state_after")
    assert all(before == after or after in CASE_MOVES[CaseState(before)] for before, after in recorded)


@pytest.mark.parametrize("state", [state for state in CaseState if state not in WORKING_STATES])
def test_asking_the_village_reopens_a_closed_case(world, state):
    case = make_case(world, state)
    ask_village(actor=world.actor("clerk_a"), asked=[Asked(key_of(case), "是否本人？")], at=days_later(1))
    case.refresh_from_db()
    assert (case.state, case.owner, case.closed_at) == (CaseState.WAITING_OUTSIDE, None, None)


def test_states_before_is_the_table_read_backwards():
    assert {(before, after) for before, allowed in CASE_MOVES.items() for after in allowed} == {
        (before, after) for after in CaseState for before in states_before(after)
    }
