"""A night of one county and its steps. The rows are the queue: a message only wakes a worker, which then reads them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.jobs.long_work import LongWork, RunState


class NightRun(LongWork):
    """One night: which county, as of which day, with which inputs pinned."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    as_of_date = models.DateField()
    inputs = models.JSONField(default=dict, help_text=_("Deliveries by feed, fixed by the first step."))
    board = models.JSONField(default=dict, help_text=_("Counts of what was found."))
    known_at = models.DateTimeField(null=True, help_text=_("Input is everything recorded until this moment."))

    class Meta(LongWork.Meta):
        verbose_name = _("nightly run")
        constraints = [
            *LongWork.Meta.constraints,
            models.UniqueConstraint(
                name="nightrun_one_open_per_county",
                fields=["county"],
                condition=Q(state__in=[RunState.WAITING, RunState.RUNNING]),
            ),
        ]
        indexes = [models.Index(name="nightrun_newest", fields=["county", "-id"])]

    def __str__(self) -> str:
        return f"night {self.pk}"


class NightStep(models.Model):
    """One step of a night: done once, its result kept in a file or published; a killed step runs again."""

    run = models.ForeignKey(NightRun, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=RunState.choices, default=RunState.WAITING)
    rows = models.BigIntegerField(null=True)
    seconds = models.FloatField(null=True)

    class Meta:
        verbose_name = _("nightly run step")
        constraints = [
            models.UniqueConstraint(name="nightstep_once", fields=["run", "name"]),
            models.CheckConstraint(name="nightstep_state", condition=Q(state__in=RunState.values)),
        ]

    def __str__(self) -> str:
        return f"step {self.pk} {self.name}"


class MonthFigure(models.Model):
    """One count of one unit in one month, as the month's last night left it: what the lines over months show.

    A unit's count includes the units below it, so a picture of a county, township or village reads its own rows only. Replaced as
    a whole by a later night of the same month; the results themselves stay in coverage and casework, dated.
    """

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    month = models.DateField()
    as_of_date = models.DateField(help_text=_("The day the night described."))
    unit = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    measure = models.CharField(
        max_length=48, help_text=_("What is counted: population and column, or the kind of gap.")
    )
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("figure of a month")
        constraints = [
            # Also what a picture of a unit reads: its rows by measure and month.
            models.UniqueConstraint(name="monthfigure_once", fields=["unit", "measure", "month"]),
            models.CheckConstraint(name="monthfigure_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(name="monthfigure_counts_somebody", condition=Q(count__gt=0)),
        ]
        indexes = [models.Index(name="monthfigure_of_county", fields=["county", "month"])]  # what a night replaces

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.measure}"
