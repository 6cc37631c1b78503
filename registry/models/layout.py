"""What a user stated of a sender's table: which column is which, which word means what. Used again in later months."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.constants import Feed


class LearnedLayout(models.Model):
    """One answer for one header of one county's senders; the latest counts, earlier ones remain."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    sender = models.CharField(max_length=100, blank=True, help_text=_("Sender of such tables, as entered by a user."))
    feed = models.CharField(max_length=16, choices=Feed.choices)
    fingerprint = models.CharField(max_length=64, help_text=_("Computed from the header, regardless of column order."))
    mapping = models.JSONField(
        help_text=_("Header row, columns by field, terms by field; of headers only a keyed hash.")
    )
    saved_by = models.CharField(max_length=150)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved layout")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(name="learnedlayout_known_feed", condition=models.Q(feed__in=Feed.values)),
        ]
        # the layouts of a county, latest last, read once a delivery
        indexes = [models.Index(name="learnedlayout_of_county", fields=["county", "id"])]

    def __str__(self) -> str:
        return f"layout {self.pk} {self.feed}"
