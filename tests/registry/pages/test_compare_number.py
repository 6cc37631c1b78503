"""The number on a card: the same or not, never a digit; misses are counted, lock the field, and the last is a reveal."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from foundation.audit.models import AuditEvent
from foundation.primitives.errors import Conflict
from registry.models import Person
from registry.services.comparing_numbers import compare_number
from tests.named_world import NOW, right_number

NUMBER = right_number("99010119500101002")
OTHERS = [right_number(f"990101195001010{serial:02}") for serial in range(30, 40)]


@pytest.fixture
def person(world):
    return world.person("张三", NUMBER)


def ask(client: Client, person: Person, number: str = NUMBER, **headers: str) -> Any:
    return client.post(f"/persons/{person.pk}/number/card/", {"number": number}, headers=headers)


def events(verb: str) -> list[dict[str, object]]:
    return list(AuditEvent.objects.filter(verb=verb).order_by("pk").values_list("detail", flat=True))


@pytest.mark.parametrize("typed", [NUMBER, f" {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]} ", NUMBER.lower()])
def test_the_number_on_the_card_is_the_persons(person, signed_in, typed):
    answer = ask(signed_in("clerk_a"), person, typed)
    page = answer.content.decode()
    assert "The same number" in page
    assert NUMBER not in page
    assert "no-store" in answer.headers["Cache-Control"]
    assert events("compare_number") == [{"same": True}]
    assert events("show_number") == []


def test_an_old_number_of_fifteen_digits_is_the_same(world, signed_in):
    number = right_number("99010119650101003")
    person = world.person("李四", number)
    assert "The same number" in ask(signed_in("clerk_a"), person, number[:6] + number[8:17]).content.decode()


def test_another_number_is_not_the_same_and_nothing_of_either_is_kept(person, signed_in):
    page = ask(signed_in("clerk_a"), person, OTHERS[0], **{"HX-Request": "true"}).content.decode()
    assert "Not the same number" in page
    assert "<html" not in page
    assert NUMBER not in page
    assert events("compare_number") == [{"same": False}]
    kept = str(list(AuditEvent.objects.values()))
    assert NUMBER not in kept
    assert OTHERS[0] not in kept


@pytest.mark.parametrize(
    "typed", ["", "123", OTHERS[0][:17] + ("1" if OTHERS[0][17] != "1" else "2"), "张三", "9" * 500]
)
def test_a_slip_in_typing_is_said_and_is_no_miss(person, signed_in, typed):
    assert ask(signed_in("clerk_a"), person, typed).status_code == 400
    assert events("compare_number") == []


def test_three_misses_are_a_reveal_and_lock_the_field_for_everybody(person, world, signed_in):
    client = signed_in("clerk_a")
    assert [ask(client, person, OTHERS[place]).status_code for place in range(3)] == [200, 200, 200]
    assert len(events("show_number")) == 1
    assert ask(client, person).status_code == 409
    assert ask(signed_in("colleague_a"), person).status_code == 409
    assert len(events("compare_number")) == 3
    another = world.person("李四", OTHERS[9])
    assert "The same number" in ask(client, another, OTHERS[9]).content.decode()


def test_a_right_number_begins_the_count_again(person, signed_in):
    client = signed_in("clerk_a")
    for typed in (*OTHERS[:2], NUMBER, *OTHERS[2:4]):
        assert ask(client, person, typed).status_code == 200
    assert events("show_number") == []


@pytest.mark.parametrize(("hours_ago", "is_locked"), [(23, True), (25, False)])
def test_the_lock_ends_after_its_days(person, world, hours_ago, is_locked):
    """The log is dated by real time, and so is the lock: business time may be another."""

    def compare(typed: str) -> bool:
        return compare_number(actor=world.actor("clerk_a"), person_id=person.pk, typed=typed, at=NOW)

    assert compare(OTHERS[0]) is False
    miss = AuditEvent.objects.get(verb="compare_number")
    for _more in range(3):
        miss.pk, miss.at = None, timezone.now() - timedelta(hours=hours_ago)
        miss.save(force_insert=True)
    if is_locked:
        with pytest.raises(Conflict):
            compare(NUMBER)
    else:
        assert compare(NUMBER)


def test_at_the_hours_limit_the_last_miss_is_refused_and_not_answered(person, world, signed_in):
    client = signed_in("clerk_a")
    for _ in range(2):
        client.post(f"/persons/{person.pk}/number/", {"purpose": "counter"})
    answers = [ask(client, person, typed).status_code for typed in OTHERS[:3]]
    assert answers == [200, 200, 409]
    assert ask(client, person).status_code == 200


@pytest.mark.parametrize("name", ["village", "supervisor", "sysadmin", "finance"])
def test_who_may_not_see_numbers_may_not_try_them(person, signed_in, name):
    assert ask(signed_in(name), person).status_code == 403


def test_another_countys_person_is_404(person, signed_in):
    assert ask(signed_in("clerk_b"), person).status_code == 404


def test_it_is_never_asked_by_an_address_and_decrypts_nothing(person, signed_in, monkeypatch):
    client = signed_in("clerk_a")
    assert client.get(f"/persons/{person.pk}/number/card/?number={NUMBER}").status_code == 405
    monkeypatch.setattr("foundation.primitives.ciphertext.Cipher.decrypt", lambda *_: pytest.fail("decrypted"))
    assert ask(client, person, **{"HX-Request": "true"}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_are_answered_than_the_limit(person, world):
    """Without the lock of the person every one of them would count the same misses."""

    def compare(typed: str) -> str:
        try:
            compare_number(actor=actor, person_id=person.pk, typed=typed, at=timezone.now())
        except Conflict as refusal:
            return refusal.code
        finally:
            connection.close()
        return "answered"

    actor = world.actor("clerk_a")
    with ThreadPoolExecutor(6) as clerks:
        answers = list(clerks.map(compare, OTHERS[:6]))
    assert sorted(answers) == ["answered"] * 3 + ["number_field_locked"] * 3
