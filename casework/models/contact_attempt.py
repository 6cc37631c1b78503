"""Attempts to reach a person, one after another: what a case that ends with "not found" rests on."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.constants import ContactMeans
from casework.models.case import Case


class ContactAttempt(models.Model):
    """One attempt: on which day, how, and whether the person was reached. One that came with a village's report names it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="contact_attempts")
    report = models.ForeignKey("registry.FieldReport", models.PROTECT, null=True, related_name="+")
    tried_on = models.DateField()
    means = models.CharField(max_length=12, choices=ContactMeans.choices)
    is_reached = models.BooleanField()
    note = models.CharField(max_length=1000, blank=True)
    tried_by = models.CharField(max_length=150)
    tried_role = models.CharField(max_length=32)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("contact attempt")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [models.CheckConstraint(name="contactattempt_means", condition=Q(means__in=ContactMeans.values))]
        indexes = [models.Index(name="contactattempt_of_case", fields=["case", "tried_on", "id"])]

    def __str__(self) -> str:
        return f"contact attempt {self.pk}"
