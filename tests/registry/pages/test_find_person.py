"""Finding a person: by number, tails, household, name, pinyin, place; nothing typed is stored, logged or put into an address."""

import logging
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.constants import GapKind
from foundation.audit.models import AuditEvent
from foundation.regions.models import Unit
from registry.models import DeliveredRow, Designation, Person
from tests.named_world import AS_OF, NOW, RULES, World, right_number

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
    if answer.redirect_chain:
        return [answer.context["person"].name]
    return [each.person.name for each in answer.context["rows"]]


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
    assert page.status_code == 409
    assert "within an hour" in page.content.decode()
    assert not page.context["rows"]
    assert found(client, "李四") == ["李四"]
    assert found(signed_in("township"), NUMBER) == ["张三"]


def test_the_list_masks_numbers(people, signed_in):
    page = signed_in("clerk_a").post(URL, {"q": "zs"}, follow=True).content.decode()
    assert NUMBER not in page
    assert f"{NUMBER[0]}{'*' * 16}{NUMBER[-1]}" in page


def test_the_text_stays_in_the_box_of_the_answer_and_only_there(people, signed_in):
    client = signed_in("clerk_a")
    answer = client.post(URL, {"q": "zhang san"})
    assert answer.status_code == 200
    assert 'value="zhang san"' in answer.content.decode()
    again = client.get(URL).content.decode()
    assert "zhang san" not in again
    assert "章叁" in again
    assert "zhang san" not in str([session.get_decoded() for session in Session.objects.all()])
    assert 'value="12345"' in client.post(URL, {"q": "12345"}).content.decode()


def other_digit(number: str, place: int) -> str:
    """Return the number with another digit at a place; its check character is wrong then."""
    return number[:place] + str((int(number[place]) + 3) % 10) + number[place + 1 :]


SLIPS = {
    "a digit": other_digit(NUMBER, 9),
    "the check character": NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1"),
    "two neighbours": NUMBER[:13] + NUMBER[14] + NUMBER[13] + NUMBER[15:] if NUMBER[13] != NUMBER[14] else "",
    "one too few": NUMBER[:11] + NUMBER[12:],
    "one too many": NUMBER[:11] + "7" + NUMBER[11:],
}


@pytest.mark.parametrize("slip", [slip for slip, typed in SLIPS.items() if typed])
def test_a_slip_in_a_number_offers_the_person_meant_and_says_so(people, signed_in, slip):
    answer = signed_in("clerk_a").post(URL, {"q": SLIPS[slip]})
    assert answer.status_code == 200, "a doubtful person is never opened at once"
    assert "张三" in [each.person.name for each in answer.context["rows"]]
    assert "differs by one digit" in answer.context["doubt"]
    said = "check character" if len(SLIPS[slip]) == 18 else "eighteen characters"
    assert said in answer.context["doubt"]


def test_a_right_number_finds_the_person_listed_with_a_damaged_one(world, signed_in):
    world.person("王损", other_digit(NUMBER, 9))
    answer = signed_in("clerk_a").post(URL, {"q": NUMBER})
    assert [each.person.name for each in answer.context["rows"]] == ["王损"]
    assert "check character" not in answer.context["doubt"]


def test_a_wrong_check_character_is_said_also_where_nobody_is_meant(world, signed_in):
    answer = signed_in("clerk_a").post(URL, {"q": SLIPS["the check character"]})
    assert not answer.context["rows"]
    assert "check character of this number is wrong" in answer.content.decode()


def test_similar_numbers_are_offered_in_reach_only_and_so_many_times_an_hour(people, signed_in, caplog):
    typed = SLIPS["a digit"]
    assert not signed_in("clerk_b").post(URL, {"q": typed}).context["rows"]
    client = signed_in("clerk_a")
    with caplog.at_level(logging.DEBUG):
        for _time in range(int(str(RULES["near_number_limit_per_hour"]))):
            assert client.post(URL, {"q": typed}).context["rows"]
    last = client.post(URL, {"q": typed})
    assert not last.context["rows"]
    assert "not offered any more" in last.content.decode()
    assert NUMBER not in caplog.text
    assert typed not in caplog.text
    events = AuditEvent.objects.filter(verb="find_person_near_number", actor_name="clerk_a")
    assert [event.detail for event in events] == [{"found": 1}] * int(str(RULES["near_number_limit_per_hour"]))


def test_similar_numbers_are_one_query(people, signed_in):
    """Some two hundred numbers are one digit away; they are looked up together, among persons and on rolls."""
    client = signed_in("clerk_a")
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(URL, {"q": SLIPS["a digit"]})
    assert answer.status_code == 200
    assert answer.context["rows"]
    lookups = [each["sql"] for each in captured.captured_queries if '"blind_full" IN (' in each["sql"]]
    assert len(lookups) == 1, lookups


@pytest.mark.parametrize(
    "text", ["320682D4525047357", "320682d4525047357", " 320682D 4525047357", "3206654384", "320665438401"]
)
def test_a_household_a_member_and_a_card_of_dibao_are_found_by_their_number(world, signed_in, text):
    for kind, key in (("dibao", "dibao|320682D4525047357|1"), ("poverty", "poverty|3206654384|320665438401")):
        designate(world, world.person("户主"), kind, key)
        designate(world, world.person("外县", county=world.county_b, unit=world.county_b), kind, key)
    assert found(signed_in("clerk_a"), text) == ["户主"]
    assert found(signed_in("township"), text) == ["户主"]


def designate(world: World, person: Person, kind: str, key: str) -> None:
    """Have a list of the poor name the person under a key."""
    delivery = world.delivery(kind, county=person.county, file_name=f"{person.pk}.xlsx")
    row = DeliveredRow.objects.create(
        delivery=delivery,
        row=1,
        person=person,
        name=person.name,
        number_state="missing",
        record_key=key,
        identified_by="new",
    )
    Designation.objects.create(
        person=person,
        county=person.county,
        kind=kind,
        record_key=key,
        status="x",
        valid_from=AS_OF,
        row=row,
        recorded_at=NOW,
    )


@pytest.mark.parametrize("text", ["文著 张三", "文著村张三", "文著村 zhang"])
def test_a_village_and_a_name_find_who_lives_there(world, signed_in, text):
    """One of the same name lives in another town; a word no unit is called by belongs to the name."""
    village = world.village
    Unit.objects.filter(pk=village.pk).update(name="文著居委会")
    world.person("张三")
    world.person("章散")
    world.person("张三", unit=world.other_township)
    there = found(signed_in("clerk_a"), text)
    assert set(there) <= {"张三", "章散"}
    if "zhang" not in text:
        assert there == ["张三", "章散"]


@pytest.mark.parametrize("text", ["張三", "章叁", "张　三", "ZHANG SAN", "zhangsan"])
def test_every_spelling_finds_the_same(people, signed_in, text):
    assert set(found(signed_in("clerk_a"), text)) == {"张三", "章叁"}


def test_the_conclusion_and_the_open_gaps_are_beside_each_hit(people, world, signed_in):
    world.verdict(people[0])
    world.gap(people[0], GapKind.UNINSURED, "never_enrolled")
    rows = signed_in("clerk_a").post(URL, {"q": "zs"}).context["rows"]
    assert [(each.verdict != "", [gap.label for gap in each.gaps]) for each in rows] == [
        (True, ["Uninsured"]),
        (False, []),
    ]


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
