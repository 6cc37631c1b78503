"""Evidence of life as somebody saw it: at home, at the counter, on the telephone. Written once, never changed (docs/rules.md R52)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.constants import LifeSource


class LifeEvidence(models.Model):
    """That a person was seen alive on a day, how, and who says so. The same entered again is the one there is."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("regions.Unit", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="life_evidence")
    seen_on = models.DateField(help_text=_("Day on which the person was seen or heard."))
    source = models.CharField(max_length=12, choices=LifeSource.choices)
    note = models.CharField(max_length=500, blank=True)
    recorded_by = models.CharField(max_length=150)
    recorded_role = models.CharField(max_length=32)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("evidence of life")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(name="lifeevidence_once", fields=["person", "seen_on", "source"]),
            models.CheckConstraint(name="lifeevidence_source", condition=Q(source__in=LifeSource.values)),
        ]

    def __str__(self) -> str:
        return f"evidence of life {self.pk}"
