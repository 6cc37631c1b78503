"""Bank accounts and cards of persons: ciphertexts, each bound to its row, and a mask for pages. Read: services/bank_accounts.py."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.person import is_current

CHANGING = ("ciphertext", "key_id", "current_from", "superseded_at")
"""The first two by rotate_keys only; a row is given each of the others once."""


class BankAccount(models.Model):
    """One account of a person as it was stated. It counts from `current_from` until the next one does."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="bank_accounts")
    bank = models.CharField(max_length=200)
    holder = models.CharField(max_length=200)
    ciphertext = models.BinaryField()
    key_id = models.CharField(max_length=16)
    blind_full = models.BinaryField(max_length=16)
    masked = models.CharField(max_length=32)
    recorded_at = models.DateTimeField()
    current_from = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("bank account")
        constraints = [
            models.CheckConstraint(condition=~Q(masked=""), name="bankaccount_has_a_mask"),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(current_from__isnull=False),
                name="bankaccount_superseded_was_current",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=is_current() & Q(current_from__isnull=False),
                name="bankaccount_one_current_of_a_person",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="rotated_or_dated_only", exclude=list(CHANGING)),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"bank account {self.pk}"
