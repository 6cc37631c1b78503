"""Waking a worker: the row states what is to be done, the message is only a hint, so an unreachable broker does no harm.

A broker that does not answer costs one request the time-out of its socket (settings, BROKER_SECONDS): for AWAY_SECONDS after that
this process leaves waking to the sweeper.
"""

from __future__ import annotations

import logging
import time
from typing import Protocol

from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

AWAY_SECONDS = 30.0
_asleep = {"until": 0.0}
"""The moment of the monotonic clock until which the broker is taken to be away."""


class Task(Protocol):
    """The part of a Celery task used here."""

    name: str

    def apply_async(self, args: tuple[object, ...], *, retry: bool) -> object: ...


def wake(task: Task, *ids: int) -> bool:
    """Send a task its ids; return whether the broker took the message. A periodic task wakes what was not."""
    if time.monotonic() < _asleep["until"]:
        return False
    try:
        task.apply_async(ids, retry=False)
    except OperationalError:
        _asleep["until"] = time.monotonic() + AWAY_SECONDS
        log.warning("The broker is away; %s waits for the sweeper.", task.name)
        return False
    return True
