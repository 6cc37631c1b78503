"""POST /api/v1/coverage: by number and name, in the token's unit, recorded in the register of disclosures."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from casework.constants import GapKind
from foundation.accounts.actors import system_actor
from foundation.accounts.services import issue_client_token
from foundation.audit.models import AuditEvent, Disclosure
from tests.named_world import right_number

URL = "/api/v1/coverage"
NUMBER = right_number("99010119500101002")


@pytest.fixture
def client_of(world):
    """Return a department's client with a token of a unit."""

    def sign_in(unit, verbs=("read_coverage",)):
        expires_at = timezone.now() + timedelta(days=1)
        actor = system_actor(unit)
        _token, text = issue_client_token(
            actor=actor, name="民政局", unit=unit, verbs=list(verbs), expires_at=expires_at
        )
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}", HTTP_ACCEPT_LANGUAGE="en")
        return client

    return sign_in


@pytest.fixture
def person(world):
    person = world.person("张三", NUMBER)
    world.verdict(person)
    world.gap(person, GapKind.UNINSURED, "never_enrolled")
    return person


def ask(client: APIClient, *persons: tuple[str, str]) -> Any:
    return client.post(URL, {"persons": [{"number": number, "name": name} for number, name in persons]}, format="json")


def test_answers_come_in_the_order_of_the_question(world, person, client_of):
    answer = ask(client_of(world.county_a), ("990101195001010000", "张三"), (NUMBER, "张三"))
    assert answer.status_code == 200
    nobody, found = answer.json()["persons"]
    assert (nobody["found"], nobody["verdict"]) == (False, None)
    assert found == {
        "found": True, "person_id": person.pk, "verdict": "GAP", "e1_column": "16f_other", "desk_reason": "never_enrolled",
        "gaps": ["UNINSURED"], "as_of": "2018-12-31", "oldest_feed_date": "2018-12-31",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "found"), [("张三", True), ("章三", True), ("张 三", True), ("李四", False), ("？", False)]
)
def test_the_name_must_have_the_same_phonetic_key(world, person, client_of, name, found):
    assert ask(client_of(world.county_a), (NUMBER, name)).json()["persons"][0]["found"] is found


def test_an_old_number_of_fifteen_digits_is_understood(world, client_of):
    person = world.person("赵六", right_number("99010119500101006"))
    world.verdict(person)
    assert ask(client_of(world.county_a), ("990101500101006", "赵六")).json()["persons"][0]["person_id"] == person.pk


def test_somebody_outside_the_tokens_unit_is_not_found(world, person, client_of):
    for unit in (world.county_b, world.other_township):
        assert ask(client_of(unit), (NUMBER, "张三")).json()["persons"][0]["found"] is False
    assert ask(client_of(world.village), (NUMBER, "张三")).json()["persons"][0]["found"] is True


def test_every_answer_is_a_disclosure(world, person, client_of):
    ask(client_of(world.county_a), (NUMBER, "张三"), (NUMBER, "李四"))
    disclosure = Disclosure.objects.get()
    assert (disclosure.recipient, disclosure.row_count) == ("民政局", 1)
    assert "verdict" in disclosure.fields
    assert AuditEvent.objects.get(verb="answer_coverage").detail == {"asked": 2, "found": 1}


@pytest.mark.parametrize(
    "body",
    [{}, {"persons": []}, {"persons": [{"number": "1"}]}, {"persons": [{"number": NUMBER, "name": "张三"}] * 1001}],
    ids=["nothing", "nobody", "no name", "too many"],
)
def test_a_wrong_question_is_a_problem(world, client_of, body):
    answer = client_of(world.county_a).post(URL, body, format="json")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["type"].endswith("bad_input")
    assert NUMBER not in answer.content.decode()


def test_without_a_token_nothing_is_answered(db):
    answer = APIClient().post(URL, {"persons": []}, format="json")
    assert answer.status_code in (401, 403)
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_numbers_are_never_asked_for_by_an_address(world, client_of):
    assert client_of(world.county_a).get(URL).status_code == 405


def test_a_thousand_cost_the_queries_of_one(world, person, client_of, queries_within):
    for position in range(60):
        other = world.person(f"王{position}", right_number(f"99010119510101{position:03d}"))
        world.verdict(other)
    client = client_of(world.county_a)
    asked = [(right_number(f"99010119510101{position:03d}"), f"王{position}") for position in range(60)]
    with queries_within():
        answer = ask(client, *asked * 16)
    assert all(each["found"] for each in answer.json()["persons"])
