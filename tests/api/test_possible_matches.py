"""/api/v1/possible-matches/: the pairs of the token's unit without a name or number, and a clerk's decision relayed once."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from coverage.models import Link, MatchDecision
from foundation.audit.models import AuditEvent, Disclosure
from tests.possible_matches import NUMBER, pairs

__all__ = ["pairs"]
URL = "/api/v1/possible-matches/"


@pytest.fixture
def pair(world, pairs):
    return pairs.link(world.person("王强", NUMBER), "R40")


def decide(client: APIClient, link: Link, decision: str | None = "not_same", key: str = "k1", **body: str) -> Any:
    address = f"{URL}{link.pk}/decision/"
    return client.post(address, {"decision": decision, **body}, format="json", HTTP_IDEMPOTENCY_KEY=key)


def test_pairs_of_the_unit_disclose_no_name(world, pair, api):
    answer = api(world.county_a).get(URL)
    [body] = answer.json()["possible_matches"]
    assert body["comparison_vector"] == {"number": "same", "name": "same surname", "birth": "same", "village": "same"}
    assert (body["id"], body["person_id"], body["band"], body["current_decision"]) == (
        pair.pk,
        pair.person_id,
        "strong",
        None,
    )
    assert not any(secret in answer.content.decode() for secret in ("王强", "王芳", NUMBER))
    assert Disclosure.objects.get().row_count == 1
    assert AuditEvent.objects.get(verb="disclose_possible_matches").detail == {"pairs": 1}


def test_another_units_pairs_are_not_there(world, pair, api):
    client = api(world.county_b)
    assert client.get(URL).json()["possible_matches"] == []
    assert decide(client, pair).status_code == 404
    assert not MatchDecision.objects.exists()


def test_a_decision_is_recorded_once(world, pair, api):
    client = api(world.county_a)
    first, again = (decide(client, pair, note="王经办: 两个人") for _try in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    row = MatchDecision.objects.get()
    assert (row.decision, row.decided_by, row.decided_role, row.note) == (
        "not_same",
        "民政局",
        "client",
        "王经办: 两个人",
    )
    assert client.get(URL).json()["possible_matches"] == []
    late = decide(client, pair, "same", key="k2")
    assert (late.status_code, late.json()["type"]) == (409, "urn:poverty-pension:already_decided")


@pytest.mark.parametrize("word", ["ask_village", "perhaps", "", None])
def test_other_decisions_are_refused(world, pair, api, word):
    assert decide(api(world.county_a), pair, word).status_code == 400


def test_each_verb_allows_its_own_operation(world, pair, api):
    reader, other = api(world.county_a, ["read_matches"]), api(world.county_a, ["read_gaps"])
    assert reader.get(URL).status_code == 200
    assert decide(reader, pair).status_code == 403
    assert other.get(URL).status_code == 403


def test_pages_ask_no_more_for_more(world, pairs, api, queries_within):
    client = api(world.county_a)
    pairs.many(30)
    with queries_within():
        page = client.get(URL, {"limit": 20}).json()
    assert len(page["possible_matches"]) == 20
    assert len(client.get(URL, {"after": page["next"]}).json()["possible_matches"]) == 10
