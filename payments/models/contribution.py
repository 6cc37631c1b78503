"""The plan of a year, who is paid for and who is not and why, and the lines of frozen batches that follow from it."""

from __future__ import annotations

from pathlib import Path

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.audit.models.append_only import append_only_triggers
from foundation.primitives.as_known import AsKnownQuerySet
from payments.constants import Category, Exclusion, Payer, PlanOutcome
from payments.models.batch import Batch
from registry.models.person import is_current, superseded_only

_SQL = Path(__file__).parent / "sql"
SHARES = ("central_fen", "province_fen", "prefecture_fen", "county_fen")


def _shares_meet(prefix: str) -> models.CheckConstraint:
    total = F("central_fen") + F("province_fen") + F("prefecture_fen") + F("county_fen")
    return models.CheckConstraint(name=f"{prefix}_shares_meet", condition=Q(amount_fen=total))


class ContributionPlan(models.Model):
    """One computation of the plan of a county and year: what it rests on, what it came to, what changed since the one before."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    computed_at = models.DateTimeField()
    as_of_date = models.DateField(help_text=_("Day of the night's codes."))
    tested_on = models.DateField(help_text=_("Day on which ages were tested: that day, or the last of the year."))
    parameters = models.JSONField(help_text=_("Rule -> id of the value applied."))
    lists = models.JSONField(help_text=_("The lists that say who counts: feed and day."))
    paid_for = models.PositiveIntegerField()
    excluded = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()
    added = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    changed = models.PositiveIntegerField(help_text=_("Paid for before and now, with another category or amount."))

    class Meta:
        verbose_name = _("plan of contributions")
        triggers = append_only_triggers()
        constraints = [
            models.CheckConstraint(name="contributionplan_counts", condition=Q(paid_for__gte=F("added") + F("changed")))
        ]
        indexes = [models.Index(name="contributionplan_newest", fields=["county", "year", "-computed_at"])]

    def __str__(self) -> str:
        return f"plan {self.pk} {self.year}"


class ContributionPlanLine(models.Model):
    """What the plan says of a person and year, dated by when it said so: paid for, with amount and shares by level; or excluded."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    year = models.PositiveSmallIntegerField()
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    unit = models.ForeignKey(
        "regions.Unit", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    outcome = models.CharField(max_length=8, choices=PlanOutcome.choices)
    category = models.CharField(max_length=12, blank=True, choices=Category.choices)
    reason = models.CharField(max_length=20, blank=True, choices=Exclusion.choices)
    amount_fen = models.PositiveIntegerField(default=0)
    central_fen = models.PositiveIntegerField(default=0)
    province_fen = models.PositiveIntegerField(default=0)
    prefecture_fen = models.PositiveIntegerField(default=0)
    county_fen = models.PositiveIntegerField(default=0)
    verdict = models.ForeignKey(
        "coverage.CoverageVerdict", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    designations = ArrayField(
        models.BigIntegerField(), default=list, help_text=_("Lines of lists that name the category, by id.")
    )
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = AsKnownQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the plan")
        triggers = [superseded_only(), pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(
                name="contributionplanline_once", fields=["county", "year", "person"], condition=is_current()
            ),
            models.CheckConstraint(
                name="contributionplanline_paid_or_reason",
                condition=Q(outcome=PlanOutcome.PAID_FOR, reason="", amount_fen__gt=0, category__gt="")
                | Q(outcome=PlanOutcome.EXCLUDED, reason__gt="", amount_fen=0),
            ),
            _shares_meet("contributionplanline"),
        ]

    def __str__(self) -> str:
        return f"plan line {self.pk}"


class ContributionLine(models.Model):
    """One contribution of a frozen batch. A line that takes back another names it and has its amounts, negative."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="contributions", db_index=False)
    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    person = models.ForeignKey(
        "registry.Person", models.PROTECT, related_name="contributions", db_constraint=False, db_index=False
    )
    unit = models.ForeignKey(
        "regions.Unit", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    year = models.PositiveSmallIntegerField()
    payer = models.CharField(max_length=10, choices=Payer.choices)
    attempt = models.PositiveSmallIntegerField(default=1)
    category = models.CharField(max_length=12, blank=True, choices=Category.choices)
    amount_fen = models.IntegerField()
    central_fen = models.IntegerField(default=0)
    province_fen = models.IntegerField(default=0)
    prefecture_fen = models.IntegerField(default=0)
    county_fen = models.IntegerField(default=0)
    plan_line = models.ForeignKey(
        ContributionPlanLine, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    contra_of = models.OneToOneField("self", models.PROTECT, null=True, related_name="contra", db_constraint=False)

    class Meta:
        verbose_name = _("contribution")
        triggers = [
            *append_only_triggers(),
            pgtrigger.Trigger(
                name="lines_follow_rules",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
                func=(_SQL / "lines_follow_rules.sql").read_text("utf-8"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="contributionline_once",
                fields=["county", "person", "year", "payer", "attempt"],
                condition=Q(contra_of__isnull=True),
            ),
            models.CheckConstraint(
                name="contributionline_sign",
                condition=Q(contra_of__isnull=True, amount_fen__gt=0) | Q(contra_of__isnull=False, amount_fen__lt=0),
            ),
            models.CheckConstraint(name="contributionline_payer", condition=Q(payer__in=Payer.values)),
            _shares_meet("contributionline"),
        ]
        indexes = [models.Index(name="contributionline_of_batch", fields=["batch", "person"])]

    def __str__(self) -> str:
        return f"contribution {self.pk}"
