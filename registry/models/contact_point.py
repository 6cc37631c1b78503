"""Telephones to reach a person: ciphertexts, each bound to its row, and a mask for lists. Read: services/contact_points.py."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactPoint(models.Model):
    """One telephone as it was given with one report. Another number is another row."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    ciphertext = models.BinaryField()
    key_id = models.CharField(max_length=16)
    blind_full = models.BinaryField(max_length=16)
    masked = models.CharField(max_length=32)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("telephone")
        constraints = [models.CheckConstraint(condition=~models.Q(masked=""), name="contactpoint_has_a_mask")]
        triggers = [
            pgtrigger.ReadOnly(name="rotated_only", exclude=["ciphertext", "key_id"]),  # by rotate_keys only
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"telephone {self.pk}"
