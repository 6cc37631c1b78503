"""Celery's app and the whole timetable in one table. The rows of deliveries and nights are the queue; a message only wakes a worker."""

import logging.config
import os
from typing import Any

from celery import Celery, signals
from celery.schedules import crontab
from django.conf import settings

from foundation.jobs.limits import limit_memory
from foundation.jobs.log_context import begin_task, end_task
from foundation.primitives.request_number import current_request_number

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poverty_pension.settings.production")

app = Celery("poverty_pension")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["registry", "foundation.audit", "nightly"])

app.conf.beat_schedule = {
    "wake waiting deliveries": {"task": "registry.tasks.wake_waiting_deliveries", "schedule": 60.0},
    "wipe unfinished uploads": {"task": "registry.tasks.wipe_forgotten_uploads", "schedule": crontab(minute=40)},
    "seal the audit log": {"task": "audit.tasks.seal_audit", "schedule": crontab(minute=10)},
    "wake waiting nights": {"task": "nightly.tasks.wake_waiting_nights", "schedule": 60.0},
    "remove old snapshots": {"task": "nightly.tasks.remove_old_snapshots", "schedule": crontab(hour=12, minute=20)},
    "request due nights": {"task": "nightly.tasks.request_due_nights", "schedule": crontab(minute="*/15")},
}
REQUEST_HEADER = "request_number"


@signals.setup_logging.connect
def log_as_django_does(**_: Any) -> None:
    """Keep Celery from setting up its own logs."""
    logging.config.dictConfig(settings.LOGGING)


@signals.worker_process_init.connect
def limit_memory_of_child(**_: Any) -> None:
    """Limit what each child may allocate, before its first task."""
    limit_memory(settings.WORKER_MOST_BYTES)


@signals.before_task_publish.connect
def send_request_number(headers: dict[str, Any], **_: Any) -> None:
    """Send the number of the request, or of the task, along with the message."""
    headers[REQUEST_HEADER] = current_request_number()


@signals.task_prerun.connect
def begin_log_of_task(task_id: str, task: Any, **_: Any) -> None:
    begin_task(task_id, getattr(task.request, REQUEST_HEADER, None) or "")


@signals.task_postrun.connect
def end_log_of_task(**_: Any) -> None:
    end_task()
