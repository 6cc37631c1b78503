"""The ledger of individual accounts (个人账户): append-only entries; a balance is their sum, a mistake is put right by a counter-entry."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.audit.models.append_only import append_only_triggers
from payments.constants import Credit, EntryKind, Level


class AccountEntry(models.Model):
    """One amount posted to a person's account, in fen, with the row it follows from; that row posts it once.

    `posted_on` decides the month from which it earns interest; `year` is the year of the contribution or of the interest.
    """

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="account_entries", db_constraint=False)
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    credit = models.CharField(max_length=10, choices=Credit.choices)
    level = models.CharField(max_length=10, blank=True, choices=Level.choices, help_text=_("Who bears a subsidy."))
    amount_fen = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    posted_on = models.DateField()
    source_type = models.CharField(max_length=24)
    source_id = models.BigIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("entry of an account")
        triggers = append_only_triggers()
        constraints = [
            models.UniqueConstraint(
                name="accountentry_once",
                fields=["county", "source_type", "source_id", "person", "kind", "credit", "level"],
            ),
            models.CheckConstraint(name="accountentry_kind", condition=Q(kind__in=EntryKind.values)),
            models.CheckConstraint(name="accountentry_credit", condition=Q(credit__in=Credit.values)),
            models.CheckConstraint(name="accountentry_amount", condition=~Q(amount_fen=0)),
            models.CheckConstraint(
                name="accountentry_interest", condition=~Q(kind=EntryKind.INTEREST) | Q(credit=Credit.INTEREST)
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class InterestPosting(models.Model):
    """That a year's interest was posted to the accounts of a county: the rate, how it was rounded, how many accounts and how much."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    rate = models.DecimalField(max_digits=8, decimal_places=6)
    parameters = models.JSONField()
    accounts = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()
    posted_by = models.CharField(max_length=150)
    posted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("posting of interest")
        triggers = append_only_triggers()
        constraints = [models.UniqueConstraint(name="interestposting_once", fields=["county", "year"])]

    def __str__(self) -> str:
        return f"interest {self.year}"
