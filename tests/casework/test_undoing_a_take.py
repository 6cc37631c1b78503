"""Taking a case by mistake is undone at once, one or many: each case is what it was, and what moved on since stays."""

from __future__ import annotations

import re

import pytest

from casework.constants import CloseReason, GapKind
from casework.models import Case, CaseEvent
from casework.selectors.subjects import SubjectKey
from casework.services.assigning import assign_cases
from casework.services.cases import add_note, release_case, take_case, take_cases, undo_take
from casework.services.closing import close_case
from foundation.primitives.errors import Conflict, NotAllowed, NotFound
from tests.named_world import NOW, days_later


@pytest.fixture
def three(world) -> list[SubjectKey]:
    keys = []
    for name in ("张三", "李四", "王五"):
        person = world.person(name)
        world.gap(person, GapKind.UNINSURED)
        keys.append(SubjectKey(person_id=person.pk))
    return keys


def states() -> list[tuple[str | None, str, str]]:
    cases = Case.objects.order_by("person__name_pinyin").select_related("owner")
    return [(case.owner.username if case.owner else None, case.state, case.close_reason) for case in cases]


def test_what_was_taken_together_is_given_back_together_but_what_moved_on(world, three):
    clerk = world.actor("clerk_a")
    close_case(actor=clerk, key=three[0], reason=CloseReason.DATA_WRONG, note="told them", at=NOW)
    taken = take_cases(actor=clerk, keys=three, at=days_later(1))
    add_note(actor=clerk, key=three[1], note="called", at=days_later(1))
    add_note(actor=clerk, key=three[2], note="called", state="in_progress", at=days_later(1))
    given_back, left = undo_take(actor=clerk, case_id=taken.moved[0].pk, at=days_later(2))
    assert ({key.person_id for key in three[:2]}, left) == ({each.person_id for each in given_back}, 1)
    assert sorted(states(), key=str) == sorted(
        [(None, "open", ""), ("clerk_a", "in_progress", ""), (None, "closed_with_reason", "data_wrong")], key=str
    )
    assert Case.objects.get(person=three[0].person_id).closed_at == NOW
    assert CaseEvent.objects.filter(verb="undo_take").count() == 2


def test_a_later_take_of_the_same_case_is_not_undone_by_another(world, three):
    clerk, colleague = world.actor("clerk_a"), world.actor("colleague_a")
    case = take_case(actor=clerk, key=three[0], at=NOW)
    with pytest.raises(Conflict) as refusal:
        undo_take(actor=colleague, case_id=case.pk, at=NOW)
    assert refusal.value.code == "case_moved_on"
    release_case(actor=clerk, key=three[0], at=days_later(1))
    assign_cases(actor=clerk, keys=three[:1], assignee_id=world.users["clerk_a"].pk, at=days_later(1))
    with pytest.raises(Conflict):
        undo_take(actor=clerk, case_id=case.pk, at=days_later(1))
    with pytest.raises(NotFound):
        undo_take(actor=world.actor("clerk_b"), case_id=case.pk, at=NOW)
    with pytest.raises(NotAllowed):
        undo_take(actor=world.actor("village"), case_id=case.pk, at=NOW)


def test_after_a_week_a_take_stays(world, three):
    case = take_case(actor=world.actor("clerk_a"), key=three[0], at=NOW)
    with pytest.raises(Conflict) as refusal:
        undo_take(actor=world.actor("clerk_a"), case_id=case.pk, at=days_later(8))
    assert refusal.value.code == "too_late"


@pytest.mark.parametrize(("address", "back"), [("/work/take/", "person"), ("/work/take-many/", "list")])
def test_the_message_after_taking_has_the_undo(world, three, signed_in, address, back):
    client = signed_in("clerk_a")
    page = client.post(address, {"subject": str(three[0])}, follow=True).content.decode()
    (undo,) = re.findall(r'action="(/work/taken/\d+/undo/)"', page)
    assert 'data-key="z"' in page
    next_url = f"/persons/{three[0].person_id}/" if back == "person" else "/work/"
    answer = client.post(undo, {"next": next_url})
    assert answer.headers["Location"] == next_url
    assert states() == [(None, "open", "")]
    assert client.post(undo).status_code == 409
