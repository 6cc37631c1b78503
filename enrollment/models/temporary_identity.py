"""Temporary identities of people without a number: T, county, day, serial; never a number that passes the check (docs/rules.md R46)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

NUMBER_FORM = r"^T[0-9]{6}[0-9]{8}[0-9]{5}$"


class TemporaryIdentity(models.Model):
    """One temporary number of one person, from its issue until a real number replaces it. Rows of the person stay with the person."""

    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="temporary_identities")
    number = models.CharField(max_length=20)
    application = models.ForeignKey("enrollment.Application", models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    replaced_by = models.ForeignKey("enrollment.Application", models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("temporary identity")
        triggers = [
            pgtrigger.ReadOnly(name="replaced_only", exclude=["replaced_by", "replaced_at"]),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.UniqueConstraint(name="temporaryidentity_number_once", fields=["number"]),
            models.UniqueConstraint(
                name="temporaryidentity_one_of_a_person", fields=["person"], condition=Q(replaced_at__isnull=True)
            ),
            models.CheckConstraint(name="temporaryidentity_form", condition=Q(number__regex=NUMBER_FORM)),
            models.CheckConstraint(
                name="temporaryidentity_replaced_whole",
                condition=Q(replaced_by__isnull=True, replaced_at__isnull=True)
                | Q(replaced_by__isnull=False, replaced_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"temporary identity {self.pk}"
