"""Cases: taking, giving back, notes, closing; who may, what the loser of a race is told, what the books say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.constants import CaseState, CloseReason, GapKind
from casework.models import Case, CaseEvent
from casework.selectors.subjects import SubjectKey, key_of
from casework.services.cases import add_note, release_case, take_case, take_cases
from casework.services.closing import close_case
from foundation.audit.models import AuditEvent
from foundation.primitives.errors import BadInput, Conflict, NotAllowed, NotFound
from tests.named_world import NOW, days_later


def owner_of(case: Case) -> str:
    return case.owner.username if case.owner else ""


@pytest.fixture
def key(world):
    person = world.person("张三")
    world.gap(person, GapKind.UNINSURED, "never_enrolled")
    return SubjectKey(person_id=person.pk)


def test_taking_a_case_sets_its_owner_and_records_event_and_audit(world, key):
    case = take_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    case.refresh_from_db()
    assert (case.state, owner_of(case), case.unit) == (CaseState.ASSIGNED, "clerk_a", world.village)
    assert CaseEvent.objects.get().verb == "take_case"
    event = AuditEvent.objects.get(verb="take_case")
    assert (event.object_id, event.detail) == (str(case.pk), {"from": "open", "to": "assigned"})


def test_taking_ones_own_case_again_changes_nothing(world, key):
    take_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    take_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    assert CaseEvent.objects.count() == 1


def test_the_second_clerk_sees_who_took_it_and_when(world, key):
    take_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    with pytest.raises(Conflict, match=r"clerk_a.*2019-01-02 08:30"):
        take_case(actor=world.actor("colleague_a"), key=key, at=days_later(1))
    assert owner_of(Case.objects.get()) == "clerk_a"


def test_a_roll_line_is_taken_by_its_number(world):
    gap = world.gap(None, GapKind.DUPLICATE_BENEFIT, roll_no="320600001")
    case = take_case(actor=world.actor("clerk_a"), key=key_of(gap), at=NOW)
    assert (case.person_id, case.scheme, case.roll_no) == (None, "resident", "320600001")


def test_many_are_taken_with_the_statements_of_one(world):
    def statements(names: list[str]) -> int:
        people = [world.person(name) for name in names]
        for person in people:
            world.gap(person, GapKind.UNINSURED)
        keys = [SubjectKey(person_id=person.pk) for person in people]
        with CaptureQueriesContext(connection) as captured:
            assert len(take_cases(actor=world.actor("clerk_a"), keys=keys, at=NOW).cases) == len(names)
        return len(captured)

    one, twenty = statements(["一"]), statements([f"李{position}" for position in range(20)])
    assert one == twenty


def test_taking_many_leaves_others_theirs(world, key):
    other = world.person("李四")
    world.gap(other, GapKind.UNINSURED)
    take_case(actor=world.actor("colleague_a"), key=key, at=NOW)
    taken = take_cases(actor=world.actor("clerk_a"), keys=[key, SubjectKey(person_id=other.pk)], at=NOW)
    assert [case.person_id for case in taken.cases] == [other.pk]
    assert len(taken.refused) == 1
    assert "colleague_a" in taken.refused[0]


@pytest.mark.parametrize("name", ["village", "supervisor"])
def test_who_may_not_take(world, key, name):
    with pytest.raises(NotAllowed):
        take_case(actor=world.actor(name), key=key, at=NOW)


def test_another_countys_subject_is_not_found(world, key):
    with pytest.raises(NotFound):
        take_case(actor=world.actor("clerk_b"), key=key, at=NOW)
    assert not Case.objects.exists()


def test_a_township_takes_its_own_and_not_the_neighbours(world, key):
    take_case(actor=world.actor("township"), key=key, at=NOW)
    neighbour = world.person("王五", unit=world.other_township)
    with pytest.raises(NotFound):
        take_case(actor=world.actor("township"), key=SubjectKey(person_id=neighbour.pk), at=NOW)


def test_closing_needs_reason_and_note(world, key):
    actor = world.actor("clerk_a")
    with pytest.raises(BadInput):
        close_case(actor=actor, key=key, reason="", note="called", at=NOW)
    with pytest.raises(BadInput):
        close_case(actor=actor, key=key, reason=CloseReason.DATA_WRONG, note="  ", at=NOW)
    assert not Case.objects.exists()


def test_closing_keeps_reason_and_note(world, key):
    close_case(actor=world.actor("clerk_a"), key=key, reason=CloseReason.DATA_WRONG, note="told them", at=NOW)
    case = Case.objects.get()
    assert (case.state, case.close_reason, case.closed_at) == ("closed_with_reason", "data_wrong", NOW)
    assert CaseEvent.objects.get().note == "data_wrong: told them"


def test_closing_a_colleagues_case_is_a_conflict_for_a_clerk(world, key):
    take_case(actor=world.actor("colleague_a"), key=key, at=NOW)
    with pytest.raises(Conflict, match="colleague_a"):
        close_case(actor=world.actor("clerk_a"), key=key, reason=CloseReason.DATA_WRONG, note="note", at=NOW)


def test_closing_twice_is_a_conflict_that_names_the_reason(world, key):
    close_case(actor=world.actor("clerk_a"), key=key, reason=CloseReason.DATA_WRONG, note="note", at=NOW)
    with pytest.raises(Conflict, match=str(CloseReason.DATA_WRONG.label)):
        close_case(actor=world.actor("clerk_a"), key=key, reason=CloseReason.NO_ACTION_NEEDED, note="note", at=NOW)


def test_taking_a_closed_case_opens_it_again(world, key):
    close_case(actor=world.actor("clerk_a"), key=key, reason=CloseReason.DATA_WRONG, note="note", at=NOW)
    case = take_case(actor=world.actor("colleague_a"), key=key, at=days_later(1))
    case.refresh_from_db()
    assert (case.state, case.closed_at, case.close_reason) == ("assigned", None, "")
    assert list(case.case_events.order_by("id").values_list("verb", flat=True)) == [
        "close_case",
        "reopen_case",
        "take_case",
    ]
    assert Case.objects.count() == 1


def test_giving_back_leaves_it_to_everybody(world, key):
    take_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    release_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    case = Case.objects.get()
    assert (case.state, case.owner) == ("open", None)
    take_case(actor=world.actor("colleague_a"), key=key, at=NOW)


def test_only_who_has_it_gives_it_back(world, key):
    take_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    with pytest.raises(Conflict, match="clerk_a"):
        release_case(actor=world.actor("colleague_a"), key=key, at=NOW)


def test_a_note_opens_the_case_and_moves_it_only_for_who_has_it(world, key):
    add_note(actor=world.actor("colleague_a"), key=key, note="rang twice", at=NOW)
    assert Case.objects.get().state == "open"
    take_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    add_note(actor=world.actor("clerk_a"), key=key, note="asked the police", state="waiting_outside", at=NOW)
    assert Case.objects.get().state == "waiting_outside"
    with pytest.raises(Conflict, match="clerk_a"):
        add_note(actor=world.actor("colleague_a"), key=key, note="x", state="in_progress", at=NOW)


def test_a_note_cannot_jump_over_a_state(world, key):
    with pytest.raises(Conflict, match=r"Open|待"):
        add_note(actor=world.actor("clerk_a"), key=key, note="x", state="in_progress", at=NOW)
