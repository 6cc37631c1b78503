"""Rows dated by belief: `recorded_at` when we began to believe them, `superseded_at` when we stopped, null while we do."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q


def as_known_at(known: datetime | None = None, prefix: str = "") -> Q:
    """Return the condition for rows believed at a moment, now when it is None; `prefix` leads to the model."""
    if known is None:
        return Q(**{f"{prefix}superseded_at__isnull": True})
    still = Q(**{f"{prefix}superseded_at__isnull": True}) | Q(**{f"{prefix}superseded_at__gt": known})
    return Q(**{f"{prefix}recorded_at__lte": known}) & still


class AsKnownQuerySet(models.QuerySet):
    """Rows dated by belief."""

    def believed(self, known: datetime | None = None) -> AsKnownQuerySet:
        return self.filter(as_known_at(known))
