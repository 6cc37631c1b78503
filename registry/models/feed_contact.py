"""Whom to call when a department's file does not come."""

from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.constants import Feed


@pghistory.track()
class FeedContact(models.Model):
    """One person in charge of one feed of one county; earlier ones are in the history."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    feed = models.CharField(max_length=16, choices=Feed.choices)
    department = models.CharField(max_length=100)
    name = models.CharField(max_length=50)
    office_phone = models.CharField(max_length=30, help_text=_("Office number, never a private one."))

    class Meta:
        verbose_name = _("feed contact")
        constraints = [
            models.UniqueConstraint(name="feedcontact_one_per_feed", fields=["county", "feed"]),
            models.CheckConstraint(name="feedcontact_known_feed", condition=models.Q(feed__in=Feed.values)),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk} {self.feed}"
