"""Waiting outside: a case asked about waits until a day, in working days of the region; after it the answer is called late."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from casework.constants import CaseState, CloseReason, GapKind
from casework.models import Case
from casework.selectors.subjects import SubjectKey
from casework.services.cases import add_note, take_case
from casework.services.closing import close_case
from casework.services.questions import Asked, ask_village
from foundation.primitives.errors import BadInput
from tests.named_world import NOW


@pytest.fixture
def key(world):
    person = world.person("张三")
    world.gap(person, GapKind.UNINSURED, "never_enrolled")
    return SubjectKey(person_id=person.pk)


def test_the_village_is_asked_and_the_case_waits_with_a_day(world, key):
    ask_village(actor=world.actor("clerk_a"), asked=[Asked(key, "是本人吗")], at=NOW)
    case = Case.objects.get()
    assert (case.state, case.owner) == (CaseState.WAITING_OUTSIDE, None)
    assert case.waiting_until
    assert case.waiting_until > NOW.date()
    assert list(case.case_events.values_list("state_before", "state_after")) == [("open", "waiting_outside")]


def test_an_owner_keeps_the_case_and_a_closed_one_is_opened_again(world, key):
    take_case(actor=world.actor("clerk_a"), key=key, at=NOW)
    ask_village(actor=world.actor("clerk_a"), asked=[Asked(key, "是本人吗")], at=NOW)
    assert Case.objects.get().owner == world.users["clerk_a"]
    close_case(actor=world.actor("clerk_a"), key=key, reason=CloseReason.DATA_WRONG, note="note", at=NOW)
    ask_village(actor=world.actor("clerk_a"), asked=[Asked(key, "再问")], at=NOW)
    case = Case.objects.get()
    assert (case.state, case.owner, case.closed_at) == (CaseState.WAITING_OUTSIDE, None, None)


def test_a_note_moves_it_with_a_day_that_is_not_past(world, key):
    actor = world.actor("clerk_a")
    take_case(actor=actor, key=key, at=NOW)
    with pytest.raises(BadInput) as refusal:
        add_note(actor=actor, key=key, note="去函", at=NOW, state="waiting_outside", until=date(2018, 1, 1))
    assert refusal.value.code == "day_past"
    add_note(actor=actor, key=key, note="去函", at=NOW, state="waiting_outside", until=date(2019, 2, 1))
    assert Case.objects.get().waiting_until == date(2019, 2, 1)


def test_the_page_and_the_list_show_the_day_and_that_it_is_late(world, key, signed_in):
    ask_village(actor=world.actor("clerk_a"), asked=[Asked(key, "是本人吗")], at=NOW)
    Case.objects.update(waiting_until=date(2019, 1, 20))
    client = signed_in("clerk_a")
    assert (
        '<strong class="late">answer by 2019-01-20</strong>'
        in client.get(f"/persons/{key.person_id}/").content.decode()
    )
    assert "Waiting outside until 2019-01-20" in client.get("/work/").content.decode()


def test_the_form_takes_the_day(world, key, signed_in):
    client = signed_in("clerk_a")
    form = {"subject": str(key), "note": "去函问询", "state": "waiting_outside", "until": "2199-02-30"}
    assert client.post("/work/note/", form).status_code == 400
    client.post("/work/note/", form | {"until": "2199-02-01"})
    assert Case.objects.get().waiting_until == date(2199, 2, 1)


def test_the_database_demands_a_day(world, key):
    with pytest.raises(IntegrityError, match="case_waiting_has_day"), transaction.atomic():
        Case.objects.create(person_id=key.person_id, county=world.county_a, state="waiting_outside", opened_at=NOW)
