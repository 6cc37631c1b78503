"""A broker that accepts and never answers costs two seconds once, then nothing: the row is the truth, the sweeper wakes."""

import socket
import subprocess
import sys
import time

import pytest
from celery import Celery
from django.conf import settings

from foundation.jobs import waking
from foundation.jobs.waking import AWAY_SECONDS, wake


@pytest.fixture
def hung_broker():
    """A socket that takes connections and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


def test_a_hung_broker_costs_two_seconds_once(hung_broker, monkeypatch):
    monkeypatch.setitem(waking._asleep, "until", 0.0)
    app = Celery("hung", broker=hung_broker, set_as_current=False)
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS

    @app.task(name="hung.task")
    def task(number: int) -> int:
        return number

    began = time.monotonic()
    assert [wake(task, number) for number in range(14)] == [False] * 14
    assert settings.BROKER_SECONDS <= time.monotonic() - began < 2 * settings.BROKER_SECONDS
    assert waking._asleep["until"] - began > AWAY_SECONDS / 2


def test_a_process_that_loads_no_address_sends_to_our_broker():
    code = "import django; django.setup(); from registry.tasks import process_delivery_task as t; print(t.app.main)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "poverty_pension"
