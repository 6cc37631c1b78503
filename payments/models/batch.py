"""Batches of money: one core for every kind. A batch is drafted, frozen with its rows, signed by different people, and funded."""

from __future__ import annotations

from pathlib import Path

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.audit.models.append_only import append_only_triggers
from foundation.signatures.models.signature import HASH_FORM
from payments.constants import BATCH_MOVES, BatchKind, BatchState, Category, Level

_SQL = Path(__file__).parent / "sql"
UNHASHED = (BatchState.DRAFT, BatchState.CANCELLED)


def batch_guard(name: str, when: str) -> pgtrigger.Trigger:
    """Return a trigger of the batch from models/sql, asked for the states named."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Condition(when),
        func=(_SQL / f"{name}.sql").read_text("utf-8"),
    )


@pghistory.track(pghistory.UpdateEvent(), model_name="BatchHistory")
class Batch(models.Model):
    """Money for many people that moves as one. Frozen, its rows, totals and hash never change; only its state does.

    `period` is the year ("2018") or month ("2018-12") it is for. `reverses`: the batch whose lines this one takes back.
    """

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=BatchKind.choices)
    period = models.CharField(max_length=7)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversed_by")
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.DRAFT)
    header = models.JSONField(
        default=dict, help_text=_("What was hashed with the rows: parameters by id, the moment known.")
    )
    line_count = models.PositiveIntegerField(default=0)
    total_fen = models.BigIntegerField(default=0)
    content_hash = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    credited_on = models.DateField(null=True, help_text=_("Day on which the accounts were credited."))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("batch of money")
        triggers = [
            pgtrigger.FSM(name="batch_moves", field="state", transitions=BATCH_MOVES),
            pgtrigger.ReadOnly(
                name="identity_stays", fields=["county", "kind", "period", "reverses", "made_by", "made_at"]
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="frozen_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'draft' AND (OLD.content_hash, OLD.header, OLD.line_count, OLD.total_fen, OLD.frozen_at)"
                    " IS DISTINCT FROM (NEW.content_hash, NEW.header, NEW.line_count, NEW.total_fen, NEW.frozen_at)"
                ),
            ),
            pgtrigger.Protect(
                name="begins_as_draft",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.state <> 'draft'"),
            ),
            batch_guard("totals_meet", "NEW.state = 'frozen'"),
            batch_guard(
                "moves_when_signed",
                "NEW.state IN ('reviewed', 'approved', 'requested', 'funded', 'credited', 'closed')",
            ),
        ]
        constraints = [
            models.CheckConstraint(name="batch_kind", condition=Q(kind__in=BatchKind.values)),
            models.CheckConstraint(name="batch_state", condition=Q(state__in=BatchState.values)),
            models.CheckConstraint(
                name="batch_frozen_has_hash",
                condition=Q(state__in=UNHASHED, content_hash="", frozen_at__isnull=True)
                | ~Q(state__in=UNHASHED) & Q(content_hash__regex=HASH_FORM, frozen_at__isnull=False, line_count__gt=0),
            ),
            models.CheckConstraint(
                name="batch_credited_has_day",
                condition=Q(credited_on__isnull=True) ^ Q(state__in=[BatchState.CREDITED, BatchState.CLOSED]),
            ),
            models.CheckConstraint(
                name="batch_period",
                condition=Q(period__regex=r"^[0-9]{4}(-[0-9]{2})?$"),
            ),
        ]
        indexes = [models.Index(name="batch_newest", fields=["county", "kind", "period", "-made_at"])]

    def __str__(self) -> str:
        return f"batch {self.pk} {self.kind} {self.period} {self.state}"


class ListCertificate(models.Model):
    """That a department certified its list for a batch (主管部门审定名单): which list, of which day, how many people."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="certificates")
    category = models.CharField(max_length=12, choices=Category.choices)
    office = models.CharField(max_length=100, help_text=_("Department that certified the list."))
    certified_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("certificate of a list")
        triggers = append_only_triggers()
        constraints = [
            models.UniqueConstraint(name="listcertificate_once", fields=["batch", "category"]),
            models.CheckConstraint(name="listcertificate_category", condition=Q(category__in=Category.values)),
            models.CheckConstraint(name="listcertificate_office", condition=Q(office__gt="")),
        ]

    def __str__(self) -> str:
        return f"certificate {self.pk}"


class TownshipCheck(models.Model):
    """That a township has checked its people of a draft (乡镇复核): the content it saw; another content needs another check."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="checks")
    unit = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    people = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()
    content_hash = models.CharField(max_length=64)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("check of a township")
        triggers = append_only_triggers()
        constraints = [
            models.UniqueConstraint(name="townshipcheck_once", fields=["batch", "unit", "content_hash"]),
            models.CheckConstraint(name="townshipcheck_hash", condition=Q(content_hash__regex=HASH_FORM)),
        ]

    def __str__(self) -> str:
        return f"check {self.pk}"


class BatchFunding(models.Model):
    """Money of one level of government that came for a batch: amount, day, voucher. Negative: money given back."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="funding")
    level = models.CharField(max_length=10, choices=Level.choices)
    amount_fen = models.BigIntegerField()
    received_on = models.DateField()
    voucher = models.CharField(max_length=60)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("funding of a batch")
        triggers = append_only_triggers()
        constraints = [
            models.UniqueConstraint(name="batchfunding_voucher_once", fields=["batch", "level", "voucher"]),
            models.CheckConstraint(name="batchfunding_level", condition=Q(level__in=Level.values)),
            models.CheckConstraint(name="batchfunding_amount", condition=~Q(amount_fen=0)),
            models.CheckConstraint(name="batchfunding_voucher", condition=Q(voucher__gt="")),
        ]

    def __str__(self) -> str:
        return f"funding {self.pk}"
