"""What applying a list changes, line by line: shown before the approval, stored with the delivery afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.constants import ChangeKind
from registry.models.delivery import Delivery


class DeliveryChange(models.Model):
    """One thing that applying a list of the poor changes, or changed, on one line of it; replaced with every preview.

    `before` and `after` are values of the file, names, places, or for a number its NumberState, never the number itself.
    """

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=24, choices=ChangeKind.choices)
    person = models.ForeignKey(
        "registry.Person",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Empty until a new person is applied."),
    )
    name = models.CharField(max_length=100)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    unit = models.ForeignKey("regions.Unit", models.PROTECT, null=True, related_name="+")
    record_key = models.CharField(max_length=64, blank=True)
    line_in = models.ForeignKey(
        Delivery,
        models.PROTECT,
        related_name="+",
        help_text=_("File with the line; for removed lines, the previous file."),
    )
    sheet = models.CharField(max_length=64, blank=True)
    row = models.PositiveIntegerField()
    member = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("change")
        constraints = [
            models.CheckConstraint(name="deliverychange_known_kind", condition=Q(kind__in=ChangeKind.values)),
        ]
        indexes = [
            # counts by kind, and the pages of one kind in the order of the file
            models.Index(name="deliverychange_of_kind", fields=["delivery", "kind", "sheet", "row", "member"]),
        ]

    def __str__(self) -> str:
        return f"change {self.pk} {self.kind}"
