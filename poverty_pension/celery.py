"""Celery's app and the whole timetable in one table. Messages are hints: the rows of deliveries and nights are the queue."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poverty_pension.settings.production")

app = Celery("poverty_pension")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["registry", "poverty_pension.nightly"])

app.conf.beat_schedule = {
    "deliveries that wait": {"task": "registry.tasks.wake_waiting_deliveries", "schedule": 60.0},
    "nights that wait": {"task": "nightly.tasks.wake_waiting_nights", "schedule": 60.0},
    "nights whose hour has come": {"task": "nightly.tasks.request_due_nights", "schedule": crontab(minute="*/15")},
}
