"""Years of contributions as they are known: entered from a document now, from the accounts later (docs/rules.md R48)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.person import superseded_only


class ContributionYears(models.Model):
    """How many years a person has paid for, as of a day, and who says so. No row: the years are not known."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="contribution_years")
    years = models.PositiveSmallIntegerField(help_text=_("Years paid for, make-up years included."))
    as_of_date = models.DateField()
    source = models.CharField(max_length=200, help_text=_("The document, or the account, the years are counted from."))
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("years of contributions")
        triggers = [superseded_only(), pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(
                name="contributionyears_once", fields=["person"], condition=Q(superseded_at__isnull=True)
            ),
            models.CheckConstraint(name="contributionyears_plausible", condition=Q(years__lte=60)),
            models.CheckConstraint(name="contributionyears_has_source", condition=Q(source__gt="")),
        ]

    def __str__(self) -> str:
        return f"years {self.pk}"
