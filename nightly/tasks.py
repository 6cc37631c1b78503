"""The night's tasks: run one, wake those that wait, ask for those whose hour has come. Each may run twice or never."""

from __future__ import annotations

from celery import shared_task

from foundation.jobs.attempts import MOST_FAILURES
from foundation.jobs.long_work import OPEN_STATES
from foundation.jobs.waking import wake
from foundation.primitives import clock
from nightly.models import NightRun
from nightly.retention import remove_old_snapshots
from nightly.services import clear_left_folders, request_due_nights, run_night


@shared_task(name="nightly.tasks.run_night_task")
def run_night_task(run_id: int) -> None:
    """Run one night from its first unfinished step; nothing happens when a living worker has it.

    The folder of a night that is over is removed: a cancelled one may have had no process to do it.
    """
    if run_night(run_id, attempts=MOST_FAILURES) is None:
        clear_left_folders()


@shared_task(name="nightly.tasks.wake_waiting_nights")
def wake_waiting_nights() -> int:
    """Wake a worker for every night that waits or whose worker may have died; return how many were sent.

    Folders of ended nights are removed: decrypted numbers must not remain until the next night.
    """
    clear_left_folders()
    waiting = NightRun.objects.filter(state__in=OPEN_STATES).order_by("id")
    return sum(wake(run_night_task, run_id) for run_id in waiting.values_list("id", flat=True))


@shared_task(name="nightly.tasks.request_due_nights")
def request_due_nights_task() -> int:
    """Ask for the night of every county whose hour has come and that has none since; return how many."""
    runs = request_due_nights(at=clock.now())
    return sum(wake(run_night_task, run.pk) for run in runs)


@shared_task(name="nightly.tasks.remove_old_snapshots")
def remove_old_snapshots_task() -> int:
    """Remove prepared rolls that nothing needs any longer; return how many."""
    return remove_old_snapshots(at=clock.now())
