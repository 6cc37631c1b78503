"""A department's token for the API: bound to one unit and to verbs, with an end. Only its hash is stored."""

from datetime import datetime

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class ClientTokenQuerySet(models.QuerySet["ClientToken"]):
    """States of a token."""

    def usable_at(self, moment: datetime) -> "ClientTokenQuerySet":
        """Keep the tokens neither expired nor revoked at a moment."""
        return self.filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=moment), expires_at__gt=moment)


@pghistory.track(exclude=["token_hash"])
class ClientToken(models.Model):
    """Grain: one token issued to one department system."""

    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64)
    unit = models.ForeignKey("regions.Unit", on_delete=models.PROTECT, related_name="+")
    verbs = ArrayField(models.CharField(max_length=40))
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = ClientTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="clienttoken_hash_once"),
            models.CheckConstraint(condition=Q(token_hash__regex="^[0-9a-f]{64}$"), name="clienttoken_hash_is_sha256"),
            models.CheckConstraint(condition=Q(verbs__len__gt=0), name="clienttoken_allows_something"),
        ]

    def __str__(self) -> str:
        return f"client {self.pk} ({self.name})"
