"""Finding a person: by number, tails, name, pinyin; nothing typed is stored, logged or put into an address."""

import logging
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from foundation.audit.models import AuditEvent
from tests.named_world import RULES, right_number

URL = "/persons/find/"
NUMBER = right_number("99010119500101002")


@pytest.fixture
def people(world):
    return [
        world.person("张三", NUMBER),
        world.person("章叁", right_number("99010119500101004")),
        world.person("李四", right_number("99010119500202006"), unit=world.other_township),
    ]


def found(client: Client, text: str) -> list[str]:
    answer: Any = client.post(URL, {"q": text}, follow=True)
    if answer.redirect_chain[-1][0] != URL:
        return [answer.context["person"].name]
    return [person.name for person, _number in answer.context["rows"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NUMBER, ["张三"]),
        (f" {NUMBER[:6]} {NUMBER[6:]} ", ["张三"]),
        (NUMBER[-6:], ["张三"]),
        (NUMBER[-4:], ["张三"]),
        ("张三", ["张三", "章叁"]),
        ("李", ["李四"]),
        ("zhangsan", ["张三", "章叁"]),
        ("zhang san", ["张三", "章叁"]),
        ("zhangs", ["张三", "章叁"]),
        ("zs", ["张三", "章叁"]),
        ("ls", ["李四"]),
        ("赵六", []),
    ],
)
def test_what_a_clerk_types_finds_persons(people, signed_in, text, expected):
    assert found(signed_in("clerk_a"), text) == expected


def test_a_number_of_another_county_finds_no_one(people, signed_in):
    assert found(signed_in("clerk_b"), NUMBER) == []
    assert found(signed_in("township"), "李四") == []


@pytest.mark.parametrize("text", ["12345", "", "   ", "--"])
def test_what_cannot_be_looked_up_is_explained(people, signed_in, text):
    page = signed_in("clerk_a").post(URL, {"q": text}, follow=True).content.decode()
    assert "Enter" in page


def test_what_was_typed_is_kept_nowhere(people, signed_in, caplog):
    client = signed_in("clerk_a")
    with caplog.at_level(logging.DEBUG):
        answer = client.post(URL, {"q": NUMBER[-6:]})
    assert NUMBER[-6:] not in answer.headers["Location"]
    assert NUMBER[-6:] not in caplog.text
    assert NUMBER[-6:] not in str([session.get_decoded() for session in Session.objects.all()])
    event = AuditEvent.objects.get(verb="find_person_by_number")
    assert event.detail == {"by": "last6", "found": 1}


def test_who_tries_all_last_digits_is_stopped_and_names_are_found_all_the_same(people, signed_in):
    """Ten thousand searches by four digits would read the number behind every mask of the unit."""
    client = signed_in("clerk_a")
    for tried in range(int(str(RULES["number_search_limit_per_hour"]))):
        client.post(URL, {"q": f"{tried:04}"})
    page = client.post(URL, {"q": NUMBER[-4:]}, follow=True)
    assert page.redirect_chain[-1][0] == URL
    assert "within an hour" in page.content.decode()
    assert not page.context["rows"]
    assert found(client, "李四") == ["李四"]
    assert found(signed_in("township"), NUMBER) == ["张三"]


def test_the_list_masks_numbers(people, signed_in):
    page = signed_in("clerk_a").post(URL, {"q": "zs"}, follow=True).content.decode()
    assert NUMBER not in page
    assert f"{NUMBER[0]}{'*' * 16}{NUMBER[-1]}" in page


@pytest.mark.parametrize("name", ["sysadmin", "finance"])
def test_roles_without_cases_may_not_search(world, signed_in, name):
    assert signed_in(name).post(URL, {"q": "zs"}).status_code == 403


def test_the_queries_do_not_grow_with_the_hits(world, signed_in, queries_within):
    for position in range(40):
        world.person("张三", right_number(f"99010119500101{position:03d}"))
    client = signed_in("clerk_a")
    client.post(URL, {"q": "张三"})
    with queries_within():
        assert len(client.get(URL).context["rows"]) == 40
