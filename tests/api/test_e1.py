"""GET /api/v1/e1/: the table of the token's unit, by token and verb, without any person."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from foundation.accounts.actors import system_actor
from foundation.accounts.services import issue_client_token
from foundation.jobs.long_work import RunState
from nightly.models import NightRun
from tests.named_world import AS_OF, NOW

URL = "/api/v1/e1/"


@pytest.fixture
def client_of(world):
    """Return a department's client with a token of a unit."""

    def sign_in(unit, verb="read_reports"):
        actor, end = system_actor(unit), timezone.now() + timedelta(days=1)
        _token, text = issue_client_token(actor=actor, name="扶贫办", unit=unit, verbs=[verb], expires_at=end)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}", HTTP_ACCEPT_LANGUAGE="en")
        return client

    return sign_in


@pytest.fixture
def town(world):
    """One uninsured and one insured person of county A, as one night found them."""
    NightRun.objects.create(
        county=world.county_a,
        as_of_date=AS_OF,
        state=RunState.DONE,
        requested_by="system",
        requested_at=NOW,
        finished_at=NOW,
    )
    world.verdict(world.person("张三"))
    world.verdict(world.person("李四"), "1-011", "9_resident", "contributing")
    return world


def test_the_table_of_the_tokens_unit(town, client_of):
    answer = client_of(town.county_a).get(URL)
    assert answer.status_code == 200
    table = answer.json()
    assert (table["as_of"], table["population"], table["basis"]) == ("2018-12-31", "poverty_file", "file")
    assert table["total"]["unit"] == "320682000000"
    assert table["total"]["counts"]["1_registered"] == 2
    assert table["total"]["coverage"] == {"part": 1, "whole": 2, "text": "50.00 %", "goal_met": False}
    assert sum(line["counts"]["16f_other"] for line in table["parts"]) == 1
    assert "张三" not in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?day=2019-01-15&population=all&basis=hukou", 200),
        ("?day=2018-12-30", 404),
        ("?unit=320681000000", 404),
        ("?unit=999999000000", 404),
        ("?unit=32", 400),
        ("?population=nobody", 400),
        ("?day=yesterday", 400),
    ],
)
def test_what_may_be_asked(town, client_of, query, status):
    answer = client_of(town.county_a).get(URL + query)
    assert answer.status_code == status
    if status != 200:
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_token_of_a_township_sees_no_county(town, client_of):
    client = client_of(town.township)
    assert client.get(URL).json()["total"]["unit"] == town.township.code
    assert client.get(f"{URL}?unit={town.county_a.code}").status_code == 404


def test_only_with_the_verb(town, client_of):
    assert client_of(town.county_a, "read_coverage").get(URL).status_code == 403
    assert APIClient().get(URL).status_code == 401
