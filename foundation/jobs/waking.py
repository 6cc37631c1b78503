"""Waking a worker: the row states what is to be done, the message is only a hint, so an unreachable broker does no harm."""

from __future__ import annotations

import logging
from typing import Protocol

from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


class Task(Protocol):
    """The part of a Celery task used here."""

    name: str

    def apply_async(self, args: tuple[object, ...], *, retry: bool) -> object: ...


def wake(task: Task, *ids: int) -> bool:
    """Send a task its ids; return whether the broker took the message. A periodic task wakes what was not."""
    try:
        task.apply_async(ids, retry=False)
    except OperationalError:
        log.warning("The broker is away; %s waits for the sweeper.", task.name)
        return False
    return True
