"""Every page that lists people writes one row of the audit log: which list, how it was filtered, how many, never who."""

import re
from typing import Any

import pytest
from django.http import QueryDict
from django.urls import reverse

from casework.constants import GapKind
from foundation.audit.models import AuditEvent
from registry.models import MergeProposal, MergeReason
from tests.named_world import NOW, right_number

PERSON_LINK = re.compile(r'href="/persons/\d+/(?:\?[^"]*)?"')
LISTS = {
    "find_person": "/persons/find/",
    "work_list": "/work/?kind=UNINSURED",
    "possible_duplicates": "/persons/duplicates/?state=open",
    "report_people": "/reports/people/?column=1_registered",
}


@pytest.fixture
def people(world):
    persons = [world.person("张三", right_number(f"990101195001010{place:02}")) for place in (1, 2)]
    for person in persons:
        world.gap(person, GapKind.UNINSURED)
        world.verdict(person)
    pair = {"county": world.county_a, "person_a": persons[0], "person_b": persons[1], "proposed_at": NOW}
    MergeProposal.objects.create(reason=MergeReason.SAME_NAME_AND_VILLAGE, **pair)
    return persons


def read_rows() -> list[tuple[str, str, dict[str, Any]]]:
    rows = AuditEvent.objects.filter(outcome="read").order_by("pk")
    return list(rows.values_list("verb", "object_id", "detail"))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_one_row_with_filter_and_count(people, signed_in, name):
    client = signed_in("clerk_a")
    if name == "find_person":
        client.post("/persons/find/", {"q": "张三"})
    before = len(read_rows())
    page = client.get(LISTS[name]).content.decode()
    (row,) = read_rows()[before:]
    verb, recorded, detail = row
    assert (verb, recorded) == ("read_list", name)
    people_shown = len(set(PERSON_LINK.findall(page)))
    assert detail["count"] == (1 if name == "possible_duplicates" else people_shown)
    assert people_shown == (0 if name == "report_people" else 2), "no night has run: the report has nobody"
    assert "张三" not in str(row)
    asked = QueryDict(LISTS[name].partition("?")[2]).dict()
    assert asked.items() <= detail["filter"].items()


def test_a_name_filtered_by_is_recorded_as_given_only(people, signed_in):
    client = signed_in("clerk_a")
    client.post(reverse("work_name"), {"name": "张三"}, follow=True)
    _verb, _name, detail = read_rows()[-1]
    assert detail["filter"] == {"name": "given"}


@pytest.mark.parametrize(
    ("address", "verb"), [("file", "read_person_file"), ("timeline", "read_timeline"), ("next", "read_next_facts")]
)
def test_file_and_story_of_a_person_are_recorded_as_that_persons(people, signed_in, address, verb):
    signed_in("clerk_a").get(f"/persons/{people[0].pk}/{address}/")
    ((recorded, person_id, _detail),) = read_rows()
    assert (recorded, person_id) == (verb, str(people[0].pk))


def test_decided_matches_and_closings_are_recorded_although_empty(people, signed_in):
    client = signed_in("clerk_a")
    client.get(reverse("possible_matches_decided"))
    client.get(reverse("case_closings"))
    assert [(name, detail["count"]) for _verb, name, detail in read_rows()] == [
        ("decided_matches", 0), ("case_closings", 0),
    ]  # fmt: skip


def test_no_page_with_a_link_to_a_person_goes_unrecorded(people, signed_in):
    """Walks what a clerk can reach: whoever adds a page with people finds it here."""
    client, waiting, unrecorded = signed_in("clerk_a"), ["/"], []
    seen: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        if address in seen or not address.startswith("/") or "logout" in address or len(seen) > 120:
            continue
        seen.add(address)
        before = len(read_rows())
        answer = client.get(address)
        if answer.status_code != 200 or "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        body = answer.content.decode()
        if PERSON_LINK.search(body) and len(read_rows()) == before:
            unrecorded.append(address)
        waiting += [link.replace("&amp;", "&").partition("#")[0] for link in re.findall(r'href="([^"]+)"', body)]
    assert any("/persons/" in address for address in seen)
    assert unrecorded == []
