"""The step a village's report is for the office above the village: opened with the report, ended by whoever deals with it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.constants import REVIEW_ENDS, ReviewState


class ReportReview(models.Model):
    """One report's step. It waits while the village is asked back, and is open again when the village answered."""

    report = models.OneToOneField("registry.FieldReport", models.PROTECT, related_name="review")
    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("regions.Unit", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=ReviewState.choices, default=ReviewState.OPEN)
    due_on = models.DateField(null=True, help_text=_("Counted in working days; empty where no calendar is available."))
    known_person = models.ForeignKey(
        "registry.Person",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Who it is: listed already, or taken on by this report."),
    )
    note = models.CharField(max_length=1000, blank=True)
    opened_at = models.DateTimeField()
    ended_by = models.CharField(max_length=150, blank=True)
    ended_role = models.CharField(max_length=32, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("village report")
        triggers = [
            pgtrigger.ReadOnly(
                name="outcome_only", exclude=["state", "known_person", "note", "ended_by", "ended_role", "ended_at"]
            ),
            pgtrigger.Protect(
                name="ended_for_good", operation=pgtrigger.Update, condition=pgtrigger.Q(old__ended_at__isnull=False)
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(name="reportreview_state", condition=Q(state__in=ReviewState.values)),
            models.CheckConstraint(
                name="reportreview_ended_has_who",
                condition=Q(state__in=REVIEW_ENDS, ended_at__isnull=False, ended_by__gt="")
                | ~Q(state__in=REVIEW_ENDS) & Q(ended_at__isnull=True, ended_by=""),
            ),
            models.CheckConstraint(
                name="reportreview_known_says_who",
                condition=Q(state=ReviewState.KNOWN, known_person__isnull=False)
                | Q(state=ReviewState.ACCEPTED)
                | ~Q(state__in=[ReviewState.KNOWN, ReviewState.ACCEPTED]) & Q(known_person__isnull=True),
            ),
            models.CheckConstraint(
                name="reportreview_declined_says_why", condition=~Q(state=ReviewState.DECLINED) | Q(note__gt="")
            ),
        ]
        indexes = [
            # the list of an office: what is to be dealt with first
            models.Index(
                name="reportreview_open", fields=["county", "due_on", "id"], condition=Q(ended_at__isnull=True)
            ),
            # what was dealt with, newest first
            models.Index(name="reportreview_newest", fields=["county", "-opened_at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"review {self.pk} {self.state}"
