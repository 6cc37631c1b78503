"""Nights on pages: the list, one night's steps and board, running one now; scope, roles, progress."""

from datetime import date, timedelta

import pytest

from foundation.jobs.long_work import RunState
from nightly.models import NightRun, NightStep
from tests.named_world import AS_OF, NOW

URL = "/nights/"
BOARD = {
    "verdicts": {"GAP": 3, "1-011": 5},
    "changed": [],
    "opened": {"UNINSURED": 3},
    "closed": {},
    "open": {"UNINSURED": 3},
}


@pytest.fixture
def run(world):
    run = NightRun.objects.create(
        county=world.county_a, as_of_date=AS_OF, state=RunState.DONE, requested_by="clerk_a", requested_at=NOW,
        finished_at=NOW, board=BOARD, inputs={"poverty": [{"delivery": 7, "as_of": "2018-12-31", "rows": 12575}]},
    )  # fmt: skip
    for position, name in enumerate(("pin_inputs", "publish"), 1):
        NightStep.objects.create(run=run, position=position, name=name, state=RunState.DONE, rows=8, seconds=1.5)
    return run


def test_one_night_shows_steps_inputs_and_board(run, signed_in):
    page = signed_in("clerk_a").get(f"{URL}{run.pk}/").content.decode()
    for words in ("Select the lists", "3.00", "12,575", "Poverty file", "+3", "Uninsured", "Insured here"):
        assert words in page
    assert "hx-trigger" not in page


def test_a_running_night_asks_again_and_answers_a_part(run, signed_in):
    NightRun.objects.update(state=RunState.RUNNING, finished_at=None, board={})
    client = signed_in("clerk_a")
    assert 'hx-trigger="every 1s"' in client.get(f"{URL}{run.pk}/").content.decode()
    assert 'hx-trigger="every 2s"' in client.get(URL).content.decode()
    part = client.get(f"{URL}{run.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "<progress" in part
    assert f'href="{URL}{run.pk}/cancel/"' in part


def test_a_failed_night_shows_why(run, signed_in):
    NightRun.objects.update(state=RunState.FAILED, error="no_resident_roll", board={})
    for address in (URL, f"{URL}{run.pk}/"):
        assert "No resident roll for this county" in signed_in("clerk_a").get(address).content.decode()


def test_scope_and_roles(run, signed_in):
    assert signed_in("clerk_b").get(f"{URL}{run.pk}/").status_code == 404
    assert len(signed_in("clerk_b").get(URL).context["rows"]) == 0
    for name in ("township", "supervisor", "sysadmin"):
        assert signed_in(name).get(f"{URL}{run.pk}/").status_code == 200
    for name in ("village", "finance"):
        assert signed_in(name).get(URL).status_code == 403


def test_run_now_asks_for_a_night_of_ones_county(world, signed_in):
    answer = signed_in("clerk_a").post(f"{URL}run/", {"as_of": "2018-12-31"})
    run = NightRun.objects.get()
    assert answer.headers["Location"] == f"{URL}{run.pk}/"
    assert (run.county, run.as_of_date, run.requested_by, run.state) == (world.county_a, AS_OF, "clerk_a", "waiting")


def test_a_second_request_shows_the_night_that_waits(world, signed_in):
    client = signed_in("clerk_a")
    client.post(f"{URL}run/", {"as_of": "2018-12-31"})
    page = client.post(f"{URL}run/", {"as_of": "2019-01-31"}, follow=True).content.decode()
    assert NightRun.objects.count() == 1
    assert "A nightly run as of 2018-12-31 is already queued or running" in page


def test_a_request_without_a_day_is_explained(world, signed_in):
    assert signed_in("clerk_a").post(f"{URL}run/", {}).status_code == 422
    assert not NightRun.objects.exists()


@pytest.mark.parametrize("name", ["village", "township", "supervisor", "sysadmin"])
def test_who_may_not_run_a_night(world, signed_in, name):
    assert signed_in(name).post(f"{URL}run/", {"as_of": "2018-12-31"}).status_code == 403
    assert f"{URL}run/" not in signed_in(name).get(URL).content.decode()


def test_the_queries_do_not_grow(world, run, signed_in, queries_within):
    for number in range(40):
        other = NightRun.objects.create(
            county=world.county_a,
            as_of_date=AS_OF,
            state=RunState.DONE,
            requested_by="x",
            requested_at=NOW,
            finished_at=NOW,
        )
        NightStep.objects.create(run=other, position=1, name=f"step {number}")
    client = signed_in("clerk_a")
    with queries_within():
        assert len(client.get(URL).context["rows"]) == 30
    with queries_within():
        client.get(f"{URL}{run.pk}/")


def test_a_night_is_offered_where_files_were_applied_since_the_last_one(world, signed_in):
    client = signed_in("clerk_a")

    def offer() -> str:
        return client.get("/nights/offer/").content.decode()

    assert "Run the night now" not in offer(), "nothing was applied yet"
    world.delivery()
    world.delivery("resident", as_of_date=date(2019, 1, 31))
    assert "2 files applied since the last nightly run" in offer()
    assert 'name="as_of" value="2019-01-31"' in offer()
    run = NightRun.objects.create(
        county=world.county_a, as_of_date=AS_OF, state="done", requested_by="x", requested_at=NOW,
        known_at=NOW + timedelta(minutes=1), finished_at=NOW + timedelta(minutes=2),
    )  # fmt: skip
    assert "Run the night now" not in offer(), "the last night has them"
    NightRun.objects.filter(pk=run.pk).update(known_at=NOW - timedelta(minutes=1))
    assert "2 files applied since" in offer()
    assert "Run the night now" not in signed_in("clerk_b").get("/nights/offer/").content.decode()
    client.post("/nights/run/", {"as_of": "2019-01-31"})
    assert "Run the night now" not in offer(), "it waits already"
    assert signed_in("township").get("/nights/offer/").status_code == 403
    assert "night-offer-place" in client.get("/deliveries/").content.decode()
    assert "night-offer-place" not in signed_in("township").get("/deliveries/").content.decode()
