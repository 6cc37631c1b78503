"""Nights that cannot be run: a clear sentence each, nothing published, no decrypted number left behind."""

import errno
import os
import re
from datetime import date

import duckdb
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from coverage.models import CoverageVerdict
from foundation.jobs.long_work import RunState
from nightly import services
from nightly.models import NightRun
from nightly.sentences import SENTENCES, sentence
from nightly.steps import STEPS
from registry.models import RollSnapshot
from tests import senders
from tests.plugins.month import DECEMBER, LINES, PEOPLE, send_december

pytestmark = pytest.mark.django_db


def failure_of(run: NightRun) -> str:
    assert run.state == RunState.FAILED
    assert run.finished_at is not None
    assert not CoverageVerdict.objects.exists()
    assert not (settings.DATA_DIR / "nights" / str(run.pk)).exists()
    assert sentence(run.error) == str(SENTENCES[run.error])
    return run.error


def test_without_a_resident_roll(run_county_night, tmp_path, take_in):
    take_in(senders.poverty(tmp_path / "建档立卡.xlsx", PEOPLE))
    assert failure_of(run_county_night()) == "no_resident_roll"


def test_without_a_poor_persons_file(run_county_night, tmp_path, take_in):
    take_in(senders.resident(tmp_path / "居保.zip", LINES))
    assert failure_of(run_county_night()) == "no_poor_persons"


def test_with_nothing_at_all(run_county_night):
    assert failure_of(run_county_night()) == "no_resident_roll"


def test_when_a_roll_is_missing_on_disk(run_county_night, tmp_path, take_in):
    send_december(tmp_path, take_in)
    (settings.DATA_DIR / RollSnapshot.objects.get().path).unlink()
    assert failure_of(run_county_night()) == "file_missing"


def test_when_a_roll_is_damaged_on_disk(run_county_night, tmp_path, take_in):
    send_december(tmp_path, take_in)
    (settings.DATA_DIR / RollSnapshot.objects.get().path).write_bytes(b"PAR1 no parquet")
    assert failure_of(run_county_night()) == "file_missing"


def test_when_the_engine_runs_out_of_memory(run_county_night, tmp_path, take_in, monkeypatch):
    def give_up(workspace: object) -> int:
        raise duckdb.OutOfMemoryException("no more")

    send_december(tmp_path, take_in)
    monkeypatch.setattr(services, "STEPS", {**STEPS, "link_rolls": give_up})
    assert failure_of(run_county_night()) == "engine_failed"


@pytest.mark.parametrize(
    "failure",
    [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), duckdb.IOException("Could not write: No space left on device")],
)
def test_when_the_disk_is_full(run_county_night, tmp_path, take_in, monkeypatch, failure):
    def give_up(workspace: object) -> int:
        raise failure

    send_december(tmp_path, take_in)
    with monkeypatch.context() as patched:
        patched.setattr(services, "STEPS", {**STEPS, "link_rolls": give_up})
        assert failure_of(run_county_night()) == "disk_full"
    assert run_county_night().state == RunState.DONE


def test_a_failed_night_blocks_no_other(run_county_night, tmp_path, take_in):
    send_december(tmp_path, take_in)
    path = settings.DATA_DIR / RollSnapshot.objects.get().path
    whole = path.read_bytes()
    path.unlink()
    run_county_night()
    path.write_bytes(whole)
    assert run_county_night().state == RunState.DONE


def test_the_command_prints_why_it_failed(county):
    with pytest.raises(CommandError, match=re.escape(str(SENTENCES["no_resident_roll"]))):
        call_command("nightly", county="320682", as_of=date.fromisoformat(DECEMBER))
