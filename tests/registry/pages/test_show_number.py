"""Showing a whole number: for a purpose, a few an hour, each in the audit log; never without asking, never cached."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from foundation.audit.models import AuditEvent
from foundation.primitives import clock
from registry.models import Person
from tests.named_world import right_number

NUMBER = right_number("99010119500101002")


@pytest.fixture
def person(world):
    return world.person("张三", NUMBER)


def ask(client: Client, person: Person, purpose: str = "pension card", **headers: str) -> Any:
    return client.post(f"/persons/{person.pk}/number/", {"purpose": purpose}, headers=headers)


def test_the_number_is_shown_and_the_purpose_kept(person, signed_in):
    answer = ask(signed_in("clerk_a"), person)
    assert NUMBER in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    event = AuditEvent.objects.get(verb="show_number")
    assert (event.object_id, event.purpose, event.actor_name) == (str(person.pk), "pension card", "clerk_a")


def test_with_htmx_only_the_number_is_answered(person, signed_in):
    page = ask(signed_in("clerk_a"), person, **{"HX-Request": "true"}).content.decode()
    assert NUMBER in page
    assert "<html" not in page


def test_without_a_purpose_nothing_is_shown(person, signed_in):
    answer = ask(signed_in("clerk_a"), person, purpose=" ")
    assert answer.status_code == 400
    assert NUMBER not in answer.content.decode()
    assert not AuditEvent.objects.filter(verb="show_number").exists()


def test_above_the_hours_limit_it_is_a_conflict(person, signed_in):
    client = signed_in("clerk_a")
    assert [ask(client, person).status_code for _look in range(3)] == [200, 200, 409]
    assert ask(signed_in("colleague_a"), person).status_code == 200


def test_an_hour_later_the_number_is_shown_again_whatever_the_business_day(person, signed_in, monkeypatch):
    """The log is dated by real time: in a demonstration of another month the hour ends, too."""
    monkeypatch.setattr(clock, "_shift", lambda: -timedelta(days=2_800))
    client = signed_in("clerk_a")
    assert ask(client, person).status_code == 200
    shown = AuditEvent.objects.get(verb="show_number")
    for _more in range(5):
        shown.pk, shown.at = None, timezone.now() - timedelta(minutes=61)
        shown.save(force_insert=True)
    assert ask(client, person).status_code == 200
    assert ask(client, person).status_code == 409


@pytest.mark.parametrize("name", ["village", "supervisor", "sysadmin", "finance"])
def test_who_may_not_see_whole_numbers(person, signed_in, name):
    assert ask(signed_in(name), person).status_code == 403


def test_another_countys_person_is_404(person, signed_in):
    assert ask(signed_in("clerk_b"), person).status_code == 404


def test_the_number_is_never_asked_for_by_an_address(person, signed_in):
    assert signed_in("clerk_a").get(f"/persons/{person.pk}/number/").status_code == 405
