"""One-stop batches: many people enrolled by one reviewed and approved act, without an application of their own (docs/rules.md R51)."""

from __future__ import annotations

from pathlib import Path

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enrollment.constants import ONE_STOP_KINDS, BatchState, Outcome
from foundation.signatures.models.signature import HASH_FORM

_SQL = Path(__file__).parent / "sql"
BATCH_MOVES = [
    ("draft", "reviewed"),
    ("draft", "cancelled"),
    ("reviewed", "approved"),
    ("reviewed", "cancelled"),
    ("approved", "effective"),
    ("approved", "cancelled"),
]


@pghistory.track(pghistory.UpdateEvent(), model_name="OneStopBatchHistory")
class OneStopBatch(models.Model):
    """One act about many people: compared when it was made, signed, effective with the next night. Its content never changes."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+", help_text=_("Office that made it."))
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.DRAFT)
    day = models.DateField(help_text=_("Day on which the conditions were tested."))
    eligible = models.PositiveIntegerField()
    excluded = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    note = models.CharField(max_length=1000, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("one-stop batch")
        triggers = [
            pgtrigger.FSM(name="batch_moves", field="state", transitions=BATCH_MOVES),
            pgtrigger.ReadOnly(name="content_stays", exclude=["state", "approved_by", "approved_at", "ended_at"]),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="approved_when_signed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.state IN ('reviewed', 'approved', 'effective')"),
                func=(_SQL / "batch_approved_when_signed.sql").read_text("utf-8"),
            ),
        ]
        constraints = [
            models.CheckConstraint(name="onestopbatch_state", condition=Q(state__in=BatchState.values)),
            models.CheckConstraint(name="onestopbatch_hash_is_sha256", condition=Q(content_hash__regex=HASH_FORM)),
            models.CheckConstraint(
                name="onestopbatch_approved_has_who",
                condition=Q(
                    state__in=[BatchState.APPROVED, BatchState.EFFECTIVE],
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                )
                | Q(
                    state__in=[BatchState.DRAFT, BatchState.REVIEWED],
                    approved_at__isnull=True,
                    approved_by__isnull=True,
                )
                | Q(state=BatchState.CANCELLED),
            ),
        ]
        indexes = [models.Index(name="onestopbatch_newest", fields=["county", "-made_at"])]

    def __str__(self) -> str:
        return f"one-stop batch {self.pk} {self.state}"


class OneStopLine(models.Model):
    """One person of a batch, with what the comparison came to. `left_out` is why a line approved was not put into effect."""

    batch = models.ForeignKey(OneStopBatch, models.PROTECT, related_name="lines")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=[(each.value, each.label) for each in ONE_STOP_KINDS])
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reasons = models.JSONField(default=list)
    application = models.ForeignKey("enrollment.Application", models.PROTECT, null=True, related_name="+")
    left_out = models.JSONField(default=list)

    class Meta:
        verbose_name = _("line of a one-stop batch")
        triggers = [
            pgtrigger.ReadOnly(name="effect_only", exclude=["application", "left_out"]),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.UniqueConstraint(name="onestopline_once", fields=["batch", "person"]),
            models.CheckConstraint(name="onestopline_outcome", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(name="onestopline_kind", condition=Q(kind__in=ONE_STOP_KINDS)),
            models.CheckConstraint(
                name="onestopline_excluded_has_reasons",
                condition=Q(outcome=Outcome.ELIGIBLE, reasons=[]) | ~Q(outcome=Outcome.ELIGIBLE) & ~Q(reasons=[]),
            ),
            models.CheckConstraint(
                name="onestopline_effect_of_the_eligible",
                condition=Q(application__isnull=True) | Q(outcome=Outcome.ELIGIBLE, left_out=[]),
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"
