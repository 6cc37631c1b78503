"""A night cancelled by another process while it publishes: for real, on two connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection

from coverage.services.publishing import publish_results
from foundation.primitives.clock import now
from nightly import steps
from nightly.services import cancel_night, request_night, run_night
from tests.nightly.failures import is_clear
from tests.plugins.month import send_december

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("nights")]


def test_a_night_cancelled_while_it_publishes_takes_everything_back(county, take_in, tmp_path, as_system, monkeypatch):
    send_december(tmp_path, take_in)
    asked = request_night(actor=as_system, county=county, as_of=date(2018, 12, 31))

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
