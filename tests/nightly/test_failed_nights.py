"""Nights that cannot be run: a clear sentence each, nothing published, no decrypted number left behind."""

import errno
import os
from datetime import date, timedelta

import duckdb
import pytest
from django.conf import settings

from casework.models import Gap
from foundation.accounts.actors import system_actor
from foundation.jobs.attempts import MOST_BEGUN, MOST_FAILURES
from foundation.jobs.long_work import RunState
from foundation.primitives import clock
from foundation.regions.models import Unit
from nightly import services, steps
from nightly.models import NightRun
from nightly.sentences import sentence
from nightly.steps import STEPS
from nightly.tasks import run_night_task
from registry.models import RollSnapshot
from tests.nightly.failures import failure_of
from tests.plugins.month import DECEMBER, ENROLLED, JANUARY, LINES, send_month

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nights")]


@pytest.fixture
def county(december: Unit, db: None) -> Unit:
    return december


def test_when_a_roll_is_missing_on_disk(own_files, run_county_night):
    (settings.DATA_DIR / RollSnapshot.objects.get().path).unlink()
    assert failure_of(run_county_night()) == "file_missing"


def test_when_a_roll_is_damaged_on_disk(own_files, run_county_night):
    (settings.DATA_DIR / RollSnapshot.objects.get().path).write_bytes(b"PAR1 no parquet")
    assert failure_of(run_county_night()) == "file_missing"


def test_when_the_engine_runs_out_of_memory(run_county_night, monkeypatch):
    def give_up(workspace: object) -> int:
        raise duckdb.OutOfMemoryException("no more")

    monkeypatch.setattr(services, "STEPS", {**STEPS, "link_rolls": give_up})
    assert failure_of(run_county_night()) == "engine_failed"


@pytest.mark.parametrize(
    "failure",
    [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), duckdb.IOException("Could not write: No space left on device")],
)
def test_when_the_disk_is_full(run_county_night, monkeypatch, failure):
    def give_up(workspace: object) -> int:
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(services, "STEPS", {**STEPS, "link_rolls": give_up})
        assert failure_of(run_county_night()) == "disk_full"
    assert run_county_night().state == RunState.DONE


def test_an_unforeseen_error_ends_it_with_a_number_after_as_many_attempts_as_a_worker_has(
    run_county_night, monkeypatch
):
    def give_up(night: object) -> int:
        raise ZeroDivisionError("张三")

    with monkeypatch.context() as patched:
        patched.setattr(services, "STEPS", {**STEPS, "link_rolls": give_up})
        run = run_county_night()
        assert failure_of(run) == "unforeseen"
        assert run.failure_number in sentence(run.error, run.failure_number)
        waiting = services.request_night(actor=system_actor(run.county), county=run.county, as_of=run.as_of_date)
        states = []
        for _ in range(MOST_FAILURES):
            run_night_task(waiting.pk)
            states.append(NightRun.objects.get(pk=waiting.pk).state)
        assert states == [RunState.RUNNING] * (MOST_FAILURES - 1) + [RunState.FAILED]
    assert run_county_night().state == RunState.DONE


def test_a_night_that_kills_its_worker_ends_too(county):
    run = services.request_night(actor=system_actor(county), county=county, as_of=date.fromisoformat(DECEMBER))
    NightRun.objects.update(attempts=MOST_BEGUN)
    run_night_task(run.pk)
    run.refresh_from_db()
    assert failure_of(run) == "unforeseen"


def test_a_clock_put_back_before_and_during_a_night_ends_well(
    unfinished_night, run_county_night, tmp_path, take_in, monkeypatch
):
    first = unfinished_night.finish()
    send_month(tmp_path, take_in, JANUARY, [*LINES, ENROLLED])  # closes a gap of the first night
    later = iter(clock.now() - timedelta(days=days) for days in range(1, 9))
    monkeypatch.setattr(steps, "now", lambda: next(later))
    second = run_county_night(JANUARY)
    assert second.state == RunState.DONE
    assert first.finished_at < second.known_at < second.finished_at
    assert Gap.objects.filter(closed_at__isnull=False).exists()


def test_a_failed_night_blocks_no_other(own_files, run_county_night):
    path = settings.DATA_DIR / RollSnapshot.objects.get().path
    whole = path.read_bytes()
    path.unlink()
    run_county_night()
    path.write_bytes(whole)
    assert run_county_night().state == RunState.DONE
