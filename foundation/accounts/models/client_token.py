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
    """Grain: one token issued to one department system.

    `first_token` is the system's first one: what it sent under an earlier token is found by that id, never by its name.
    """

    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64)
    unit = models.ForeignKey("regions.Unit", on_delete=models.PROTECT, related_name="+")
    first_token = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
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

    @property
    def system_id(self) -> int:
        """The id all tokens of one department system have in common: that of its first token."""
        return self.first_token_id or self.pk
