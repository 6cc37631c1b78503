"""What every long work has in common as rows: its state, who asked, the worker's last sign of life, how it ended.

The rows are the queue: a message only wakes a worker that looks here. Whoever adds a long work inherits `LongWork`, works it
off in steps that may run again, and shows it with `progress.py` and the component `components/progress.html`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


OPEN_STATES = (RunState.WAITING, RunState.RUNNING)
AGAIN_STATES = (RunState.FAILED, RunState.CANCELLED)
"""Ended without a result: it may be asked for again."""


class LongWork(models.Model):
    """One piece of long work; what is over has a `finished_at`, and what waits or runs is the queue."""

    state = models.CharField(max_length=16, choices=RunState.choices, default=RunState.WAITING)
    error = models.CharField(max_length=300, blank=True)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField()
    alive_at = models.DateTimeField(null=True, help_text=_("The worker's last sign of life."))
    finished_at = models.DateTimeField(null=True)

    class Meta:
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
