"""The common fields of long work: its state, who requested it, the worker's last sign of life, how it ended.

The rows are the queue: a message only makes a worker look here. A new kind of long work inherits `LongWork`, runs
in steps that may be repeated, and is shown with `progress.py` and the component `components/progress.html`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.jobs.attempts import Attempted


class RunState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


OPEN_STATES = (RunState.WAITING, RunState.RUNNING)
AGAIN_STATES = (RunState.FAILED, RunState.CANCELLED)
"""Ended without a result: it may be requested again."""


class LongWork(Attempted):
    """One piece of long work; ended work has a `finished_at`, waiting and running work is the queue."""

    state = models.CharField(max_length=16, choices=RunState.choices, default=RunState.WAITING)
    error = models.CharField(max_length=300, blank=True)
    requested_by = models.CharField(max_length=150)
    requested_by_system = models.BooleanField(
        default=True, help_text=_("Not by a user: by the timetable or an operator.")
    )
    requested_at = models.DateTimeField()
    alive_at = models.DateTimeField(null=True, help_text=_("Last heartbeat of the worker."))
    finished_at = models.DateTimeField(null=True)

    class Meta(Attempted.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_state", condition=Q(state__in=RunState.values)),
            models.CheckConstraint(
                name="%(class)s_finished_has_moment",
                condition=Q(finished_at__isnull=False) | Q(state__in=[RunState.WAITING, RunState.RUNNING]),
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Answer whether it waits or runs."""
        return self.state in OPEN_STATES
