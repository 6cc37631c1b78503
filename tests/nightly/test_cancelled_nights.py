"""Cancelling a night: waiting, in a step, at its end; what is left of it, and asking for it again."""

from datetime import date

import pytest
from django.conf import settings

from foundation.audit.models import AuditEvent
from foundation.jobs.long_work import RunState
from foundation.primitives.clock import now
from foundation.primitives.errors import Conflict
from foundation.regions.models import Unit
from nightly.models import NightRun, NightStep
from nightly.services import cancel_night, request_night, run_night
from nightly.tasks import run_night_task, wake_waiting_nights
from tests.named_world import NOW
from tests.nightly.failures import is_clear

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nights")]

DAY = date(2018, 12, 31)


@pytest.fixture
def county(december: Unit, db: None) -> Unit:
    return december


@pytest.fixture
def asked(county, as_system):
    return request_night(actor=as_system, county=county, as_of=DAY)


def test_a_running_night_stops_before_its_next_step(asked, as_system):
    def cancel(step: NightStep) -> None:
        if step.name == "find_on_rolls":
            cancel_night(actor=as_system, run_id=asked.pk, at=now())

    assert run_night(asked.pk, on_step=cancel) is not None
    assert is_clear(asked)
    states = dict(asked.steps.values_list("name", "state"))
    assert (states["find_on_rolls"], states["find_on_persons"]) == (RunState.DONE, RunState.WAITING)
    assert run_night(asked.pk) is None


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


def test_a_night_that_is_over_cannot_be_cancelled(unfinished_night, as_system):
    asked = unfinished_night.finish()
    with pytest.raises(Conflict) as refusal:
        cancel_night(actor=as_system, run_id=asked.pk, at=NOW)
    assert refusal.value.ids == (str(asked.pk),)
    assert NightRun.objects.get().state == RunState.DONE


def test_the_sweeper_removes_what_a_night_killed_at_its_very_end_left(unfinished_night, county, as_system, monkeypatch):
    ended = unfinished_night.finish()
    waiting = request_night(actor=as_system, county=county, as_of=DAY)
    left, needed = (settings.DATA_DIR / "nights" / str(run.pk) for run in (ended, waiting))
    for folder in (left, needed):
        folder.mkdir(parents=True)
    monkeypatch.setattr("nightly.tasks.wake", lambda _task, _run: True)
    assert wake_waiting_nights() == 1
    assert not left.exists()
    assert needed.exists()
