"""Places in the API's lists: beyond the end, before the beginning, of another list or county, and more rows than a page has."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from casework.constants import GapKind

LISTS = (
    "/api/v1/gaps/",
    "/api/v1/possible-matches/",
    "/api/v1/deliveries/",
    "/api/v1/applications/",
    "/api/v1/applications/changes/",
)


@pytest.mark.parametrize("address", LISTS)
def test_an_api_list_begins_anywhere_and_ends(world, api, address):
    person = world.person("张三")
    world.gap(person, GapKind.UNINSURED)
    client = api(world.county_a)
    for after in ("9223372036854775807", "1000000000"):
        answer = client.get(address, {"after": after})
        newest_first = "deliveries" in address
        assert answer.status_code == 200
        assert answer.json()["next"] is None
        assert newest_first or not next(each for each in answer.json().values() if isinstance(each, list))
    refused = [("after", value) for value in ("-1", "x", "1e9", "9223372036854775808", "9" * 400, "1.5", "null", "[1]")]
    refused += [("limit", value) for value in ("0", "-1", "201", "1000000000", "x", "")]
    refused += [(name, "1") for name in ("page", "offset", "cursor", "per_page")]
    for name, value in refused:
        answer = client.get(f"{address}?{urlencode({name: value})}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json"), (name, value)
        assert name in answer.content.decode(), (name, value)


def test_the_place_in_one_list_opens_nothing_of_another_county(world, api):
    """A `next` is an id and no key: taken from county A's list it leads through county B's own rows only."""
    for county in (world.county_a, world.county_b) * 3:
        world.gap(world.person("张三", county=county, unit=county), GapKind.UNINSURED)
    first = api(world.county_a).get(LISTS[0], {"limit": 1}).json()
    theirs = api(world.county_b).get(LISTS[0], {"after": first["next"]}).json()["gaps"]
    own = api(world.county_b).get(LISTS[0]).json()["gaps"]
    assert [gap["id"] for gap in theirs] == [gap["id"] for gap in own if gap["id"] > first["next"]]
    assert len(own) == 3
