"""Telephones by which households of two departments are recognised as one: the blind index of the number, never the number.

Written by applying a poor persons' file; read when rows without a right number are identified.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class HouseholdPhone(models.Model):
    """That a delivery states a telephone for a household, a household being the sender's own key without the person's part."""

    delivery = models.ForeignKey("registry.Delivery", models.PROTECT, related_name="+")
    household = models.CharField(max_length=64)
    blind = models.BinaryField(max_length=16)

    class Meta:
        verbose_name = _("telephone of a household")
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(name="householdphone_once", fields=["delivery", "household", "blind"]),
        ]

    def __str__(self) -> str:
        return f"telephone {self.pk}"
