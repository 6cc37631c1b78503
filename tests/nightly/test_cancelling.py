"""Cancelling a night and asking for it again on the pages: who may, and what they show."""

import pytest

from foundation.jobs.long_work import RunState
from foundation.primitives.clock import now
from foundation.primitives.errors import NotAllowed, NotFound
from nightly.models import NightRun, NightStep
from nightly.services import cancel_night
from tests.named_world import AS_OF, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(world):
    run = NightRun.objects.create(
        county=world.county_a, as_of_date=AS_OF, requested_by="clerk_a", requested_at=NOW, state=RunState.WAITING
    )
    NightStep.objects.create(run=run, position=1, name="pin_inputs")
    NightStep.objects.create(run=run, position=2, name="publish")
    return run


def test_the_page_asks_once_more_and_then_cancels(night, signed_in):
    client = signed_in("clerk_a")
    address = f"/nights/{night.pk}/cancel/"
    assert f'href="{address}"' in client.get(f"/nights/{night.pk}/").content.decode()
    assert f'action="{address}"' in client.get(address).content.decode()
    night.refresh_from_db()
    assert night.state == RunState.WAITING
    page = client.post(address, follow=True).content.decode()
    assert "The nightly run was cancelled; nothing was published." in page
    assert f'action="/nights/{night.pk}/again/"' in page
    assert "hx-trigger" not in page


def test_asking_again_on_the_page_is_a_new_night_of_the_same_day(night, signed_in):
    client = signed_in("clerk_a")
    client.post(f"/nights/{night.pk}/cancel/")
    answer = client.post(f"/nights/{night.pk}/again/")
    again = NightRun.objects.exclude(pk=night.pk).get()
    assert answer.headers["Location"] == f"/nights/{again.pk}/"
    assert (again.county, again.as_of_date, again.requested_by) == (night.county, AS_OF, "clerk_a")
    assert client.post(f"/nights/{night.pk}/again/").headers["Location"] == f"/nights/{again.pk}/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_cancelling_an_ended_night_is_a_conflict_page(night, signed_in, method):
    client = signed_in("clerk_a")
    client.post(f"/nights/{night.pk}/cancel/")
    answer = getattr(client, method)(f"/nights/{night.pk}/cancel/")
    assert answer.status_code == 409
    assert "This nightly run has ended: Cancelled." in answer.content.decode()


@pytest.mark.parametrize("what", ["cancel", "again"])
def test_another_county_and_other_roles(world, night, signed_in, what):
    assert signed_in("clerk_b").post(f"/nights/{night.pk}/{what}/").status_code == 404
    for name in ("village", "township", "supervisor", "sysadmin", "finance"):
        assert signed_in(name).post(f"/nights/{night.pk}/{what}/").status_code == 403
    assert f"/nights/{night.pk}/cancel/" not in signed_in("supervisor").get(f"/nights/{night.pk}/").content.decode()
    night.refresh_from_db()
    assert night.state == RunState.WAITING


def test_the_service_itself_asks_role_and_unit(world, night):
    with pytest.raises(NotAllowed):
        cancel_night(actor=world.actor("township"), run_id=night.pk, at=NOW)
    with pytest.raises(NotFound):
        cancel_night(actor=world.actor("clerk_b"), run_id=night.pk, at=NOW)


def test_the_time_left_comes_from_the_countys_last_finished_night(world, night, signed_in):
    last = NightRun.objects.create(
        county=world.county_a,
        as_of_date=AS_OF,
        requested_by="x",
        requested_at=NOW,
        state=RunState.DONE,
        finished_at=NOW,
    )
    for position, (name, seconds) in enumerate((("pin_inputs", 40.0), ("publish", 50.0)), 1):
        NightStep.objects.create(run=last, position=position, name=name, state=RunState.DONE, seconds=seconds)
    client = signed_in("clerk_a")
    assert "about 90 seconds left" in client.get(f"/nights/{night.pk}/").content.decode()
    NightRun.objects.filter(pk=night.pk).update(state=RunState.RUNNING, alive_at=now())
    night.steps.filter(name="pin_inputs").update(state=RunState.DONE, seconds=31)
    night.steps.filter(name="publish").update(state=RunState.RUNNING)
    page = client.get(f"/nights/{night.pk}/").content.decode()
    assert "about 50 seconds left" in page
    assert 'value="44" max="100"' in page
