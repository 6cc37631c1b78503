"""Cancelling a night and asking for it again: waiting, in a step, while it publishes; who may, and what the pages show."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from casework.models import Gap
from coverage.models import CoverageVerdict
from coverage.services.publishing import publish_results
from foundation.audit.models import AuditEvent
from foundation.jobs.long_work import RunState
from foundation.primitives.clock import now
from foundation.primitives.errors import Conflict, NotAllowed, NotFound
from nightly import steps
from nightly.models import NightRun, NightStep
from nightly.services import cancel_night, request_night, run_night
from nightly.tasks import run_night_task, wake_waiting_nights
from tests.named_world import AS_OF, NOW
from tests.plugins.month import send_december

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nights")]

DAY = date(2018, 12, 31)


@pytest.fixture
def asked(county, take_in, tmp_path, as_system):
    send_december(tmp_path, take_in)
    return request_night(actor=as_system, county=county, as_of=DAY)


def is_clear(run: NightRun) -> bool:
    """Answer whether a night ended cancelled and left nothing."""
    run.refresh_from_db()
    left = (settings.DATA_DIR / "nights" / str(run.pk)).exists()
    ended = (run.state, run.error, run.finished_at is not None) == (RunState.CANCELLED, "cancelled", True)
    return ended and not left and not CoverageVerdict.objects.exists() and not Gap.objects.exists()


def test_a_running_night_stops_before_its_next_step(asked, as_system):
    def cancel(step: NightStep) -> None:
        if step.name == "find_on_rolls":
            cancel_night(actor=as_system, run_id=asked.pk, at=now())

    assert run_night(asked.pk, on_step=cancel) is not None
    assert is_clear(asked)
    states = dict(asked.steps.values_list("name", "state"))
    assert (states["find_on_rolls"], states["find_on_persons"]) == (RunState.DONE, RunState.WAITING)
    assert run_night(asked.pk) is None


@pytest.mark.django_db(transaction=True)
def test_a_night_cancelled_while_it_publishes_takes_everything_back(asked, as_system, monkeypatch):
    def cancel() -> None:
        cancel_night(actor=as_system, run_id=asked.pk, at=now())
        connection.close()

    def publish_and_be_cancelled(*night: Any) -> dict[str, Any]:
        board = publish_results(*night)
        with ThreadPoolExecutor(1) as another:  # a thread has a connection of its own, as the web server has
            another.submit(cancel).result(timeout=20)
        return board

    monkeypatch.setattr(steps, "publish_results", publish_and_be_cancelled)
    run_night(asked.pk)
    assert is_clear(asked)


def test_a_waiting_night_is_over_at_once_and_its_folder_goes_with_the_next_message(asked, as_system):
    folder = settings.DATA_DIR / "nights" / str(asked.pk)
    folder.mkdir(parents=True)
    cancel_night(actor=as_system, run_id=asked.pk, at=NOW)
    run_night_task(asked.pk)
    assert is_clear(asked)
    assert asked.finished_at == NOW


def test_a_cancelled_night_can_be_asked_for_again(asked, as_system, county):
    cancel_night(actor=as_system, run_id=asked.pk, at=NOW)
    again = request_night(actor=as_system, county=county, as_of=DAY)
    assert again != asked
    run = run_night(again.pk)
    assert run is not None
    assert run.state == RunState.DONE


def test_cancelling_is_written_down(asked, as_system):
    cancel_night(actor=as_system, run_id=asked.pk, at=NOW)
    event = AuditEvent.objects.get(verb="night_cancelled")
    assert (event.object_type, event.object_id) == ("nightrun", str(asked.pk))


def test_a_night_that_is_over_cannot_be_cancelled(asked, as_system):
    run_night(asked.pk)
    with pytest.raises(Conflict) as refusal:
        cancel_night(actor=as_system, run_id=asked.pk, at=NOW)
    assert refusal.value.ids == (str(asked.pk),)
    assert NightRun.objects.get().state == RunState.DONE


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


def test_the_sweeper_removes_what_a_night_killed_at_its_very_end_left(asked, county, as_system, monkeypatch):
    assert run_night(asked.pk) is not None
    waiting = request_night(actor=as_system, county=county, as_of=DAY)
    left, needed = (settings.DATA_DIR / "nights" / str(run.pk) for run in (asked, waiting))
    for folder in (left, needed):
        folder.mkdir(parents=True)
    monkeypatch.setattr("nightly.tasks.wake", lambda _task, _run: True)
    assert wake_waiting_nights() == 1
    assert not left.exists()
    assert needed.exists()
