"""Rows dated by when they were on record: from `recorded_at` until `superseded_at`, null while they are current."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q


def as_known_at(known: datetime | None = None, prefix: str = "") -> Q:
    """Return the condition for rows on record at a moment, now when it is None; `prefix` leads to the model."""
    if known is None:
        return Q(**{f"{prefix}superseded_at__isnull": True})
    still = Q(**{f"{prefix}superseded_at__isnull": True}) | Q(**{f"{prefix}superseded_at__gt": known})
    return Q(**{f"{prefix}recorded_at__lte": known}) & still


class AsKnownQuerySet(models.QuerySet):
    """Rows dated by `recorded_at` and `superseded_at`."""

    def as_known(self, known: datetime | None = None) -> AsKnownQuerySet:
        """Keep the rows on record at a moment, now when it is None."""
        return self.filter(as_known_at(known))
