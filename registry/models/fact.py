"""What another department states of a person, of the register or not: death, hukou move, prison, study ... Sources may disagree.

A fact contains a name and a number; whom it concerns is found by the night's matching, so files may come in any order.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.primitives.as_known import AsKnownQuerySet
from registry.constants import DatePrecision, FactKind, NumberState
from registry.models.person import is_current, superseded_only


class Fact(models.Model):
    """One line of a fact feed. `detail` contains what rules read of its other values, as codes; the rest is in the file only."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=32, choices=FactKind.choices)
    delivery = models.ForeignKey("registry.Delivery", models.PROTECT, related_name="facts")
    sheet = models.CharField(max_length=64, blank=True)
    row = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    number = models.ForeignKey("registry.IdentityNumber", models.PROTECT, null=True, related_name="+")
    number_state = models.CharField(max_length=16, choices=NumberState.choices)
    birth_date = models.DateField(null=True, help_text=_("As the list states it beside the number."))
    sex = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text=_("As the list states it beside the number: 1 man, 2 woman, 0 not stated.")
    )
    name_before = models.CharField(max_length=100, blank=True, db_default="", help_text=_("Of a change of name."))
    name_after = models.CharField(max_length=100, blank=True, db_default="", help_text=_("Of a change of name."))
    old_number = models.ForeignKey("registry.IdentityNumber", models.PROTECT, null=True, related_name="+")
    new_number = models.ForeignKey("registry.IdentityNumber", models.PROTECT, null=True, related_name="+")
    event_date = models.DateField(
        null=True, help_text=_("The day, the first day of the month, or the last of the year.")
    )
    event_precision = models.CharField(max_length=8, choices=DatePrecision.choices, default=DatePrecision.DAY)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=32, blank=True)
    detail = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = AsKnownQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        triggers = [superseded_only(), pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(
                name="fact_once", fields=["delivery", "sheet", "row", "kind"], condition=is_current()
            ),
            models.CheckConstraint(name="fact_kind", condition=Q(kind__in=FactKind.values)),
            models.CheckConstraint(
                name="fact_range",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]
        indexes = [models.Index(name="fact_current", fields=["county", "kind"], condition=is_current())]

    def __str__(self) -> str:
        return f"fact {self.pk} {self.kind}"
