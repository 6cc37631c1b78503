"""The context of a log line: the actor's id and the task's id, beside the request number.

Context variables set by the middleware and by Celery's signals, read by the log formatter; empty outside both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from foundation.primitives.request_number import current_request_number, remember_request_number

_actor: ContextVar[str] = ContextVar("log_actor", default="")
_task: ContextVar[str] = ContextVar("log_task", default="")


@contextmanager
def acting(actor: str) -> Iterator[None]:
    """Mark the lines of a block with the actor ("user 7", "client 3"): an id, never a name."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def begin_task(task_id: str, request_number: str) -> None:
    """Mark the lines that follow with a task and with the request that started it."""
    _task.set(task_id)
    remember_request_number(request_number)


def end_task() -> None:
    """Clear both."""
    _task.set("")
    remember_request_number("")


def log_context() -> dict[str, str]:
    """Return what is known: request, actor, task; only what is not empty."""
    known = {"request": current_request_number(), "actor": _actor.get(), "task": _task.get()}
    return {name: value for name, value in known.items() if value}
