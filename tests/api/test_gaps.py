"""GET /api/v1/gaps/: the gaps of the token's unit, open or changed since, page by page, without anybody's name or number."""

from datetime import timedelta

import pytest

from casework.constants import FEED_SUBJECT, GapKind
from casework.models import Gap
from foundation.audit.models import Disclosure
from tests.named_world import AS_OF, NOW, days_later, right_number

URL = "/api/v1/gaps/"
NUMBER = right_number("99010119500101002")


@pytest.fixture
def gaps(world) -> dict[str, Gap]:
    """One of a person, one of a roll line elsewhere in the county, one of a feed, one closed, one of another county."""
    person = world.person("张三", NUMBER)
    stranger = world.person("赵六", county=world.county_b, unit=world.county_b)
    return {
        "person": world.gap(person, GapKind.UNINSURED, "never_enrolled"),
        "line": world.gap(
            None, GapKind.STOP_DUE, "police", roll_no="R7", unit=world.other_township, evidence_class="A"
        ),
        "feed": world.gap(
            None, GapKind.DATA_STALE, "stale", scheme=FEED_SUBJECT, roll_no="deaths", unit=world.county_a
        ),
        "closed": world.gap(person, GapKind.LAPSED, closed_on=AS_OF, closed_at=days_later(3)),
        "elsewhere": world.gap(stranger, GapKind.UNINSURED),
    }


def asked(client, **query: object) -> list[int]:
    answer = client.get(URL, query)
    assert answer.status_code == 200, answer.content
    return [gap["id"] for gap in answer.json()["gaps"]]


def ids(gaps: dict[str, Gap], *names: str) -> list[int]:
    return [gaps[name].pk for name in names]


def test_open_gaps_of_the_unit_say_whose_they_are_and_nobodys_name(world, gaps, api):
    answer = api(world.county_a).get(URL)
    person, line, feed = answer.json()["gaps"]
    assert person == {
        "id": gaps["person"].pk, "kind": "UNINSURED", "reason": "never_enrolled", "evidence_class": "", "subject": "person",
        "person_id": gaps["person"].person_id, "scheme": None, "roll_no": None, "feed": None, "unit": "320682111201",
        "opened_on": "2018-12-31", "closed_on": None,
    }  # fmt: skip
    assert (line["subject"], line["scheme"], line["roll_no"], line["person_id"]) == (
        "roll_line",
        "resident",
        "R7",
        None,
    )
    assert (feed["subject"], feed["feed"], feed["roll_no"]) == ("feed", "deaths", None)
    assert not any(secret in answer.content.decode() for secret in ("张三", "甲", NUMBER))


def test_a_token_reaches_its_own_unit_only(world, gaps, api):
    assert asked(api(world.village)) == ids(gaps, "person")
    assert asked(api(world.other_township)) == ids(gaps, "line")
    assert asked(api(world.county_b)) == ids(gaps, "elsewhere")
    assert api(world.village).get(URL, {"unit": world.county_a.code}).status_code == 404
    assert api(world.county_a).get(URL, {"unit": "990000000000"}).status_code == 404


def test_another_verb_or_no_token_opens_nothing(world, gaps, api, client):
    assert api(world.county_a, ["read_coverage"]).get(URL).status_code == 403
    assert client.get(URL).status_code == 401


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "STOP_DUE"}, ["line"]),
        ({"kind": "LAPSED"}, []),
        ({"reason": "never_enrolled"}, ["person"]),
        ({"unit": "320682111000"}, ["person"]),
        ({"kind": "STOP_DUE", "unit": "320682111000"}, []),
    ],
)
def test_filters(world, gaps, api, query, found):
    assert asked(api(world.county_a), **query) == ids(gaps, *found)


def test_changed_since_brings_what_was_opened_closed_or_explained_otherwise(world, gaps, api):
    client = api(world.county_a)
    assert asked(client, changed_since=NOW.isoformat()) == ids(gaps, "person", "line", "feed", "closed")
    later = (NOW + timedelta(days=1)).isoformat()
    assert asked(client, changed_since=later) == ids(gaps, "closed")
    Gap.objects.filter(pk=gaps["line"].pk).update(reason="funeral_home")
    assert asked(client, changed_since=later) == ids(gaps, "line", "closed")
    since = client.get(URL).json()["ask_again_since"]
    assert asked(client, changed_since=since) == ids(gaps, "line"), "the history has the moment of the test itself"


def test_pages_go_on_behind_the_last_and_each_is_a_disclosure(world, gaps, api):
    client, found, after = api(world.county_a), [], 0
    while after is not None:
        page = client.get(URL, {"limit": 2, "after": after}).json()
        found += [gap["id"] for gap in page["gaps"]]
        after = page["next"]
    assert found == ids(gaps, "person", "line", "feed")
    assert sorted(Disclosure.objects.values_list("row_count", flat=True)) == [1, 2]
    assert "name" not in Disclosure.objects.first().fields


@pytest.mark.parametrize(
    "query",
    [{"kind": "NOTHING"}, {"unit": "32"}, {"changed_since": "soon"}, {"limit": 201}, {"after": 2**63}, {"after": "x"}],
)
def test_a_wrong_question_is_a_problem_that_names_the_field(world, api, query):
    answer = api(world.county_a).get(URL, query)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == list(query)


def test_two_hundred_gaps_cost_the_queries_of_one(world, api, queries_within):
    for number in range(200):
        world.gap(None, GapKind.STOP_DUE, roll_no=f"R{number}")
    client = api(world.county_a)
    with queries_within(8):
        assert len(asked(client, limit=200)) == 200
