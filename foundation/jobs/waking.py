"""Waking a worker: the row says what is to be done, the message is only a hint, so a broker that is away harms nothing."""

from __future__ import annotations

import logging
from typing import Protocol

from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


class Task(Protocol):
    """What of a Celery task is used here."""

    name: str

    def apply_async(self, args: tuple[object, ...], *, retry: bool) -> object: ...


def wake(task: Task, *ids: int) -> bool:
    """Send a task its ids; say whether the broker took the message. The sweeper wakes what nobody woke."""
    try:
        task.apply_async(ids, retry=False)
    except OperationalError:
        log.warning("The broker is away; %s waits for the sweeper.", task.name)
        return False
    return True
