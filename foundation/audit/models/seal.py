"""A seal over a stretch of a book: how many rows, their fingerprint, chained to the seal before and signed with our key.

Rows can be changed by whoever owns the database, triggers or not; the signature cannot, because its key is elsewhere.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.audit.models.append_only import append_only_triggers


class Book(models.TextChoices):
    """The two books."""

    EVENTS = "events", _("Events")
    DISCLOSURES = "disclosures", _("Disclosures")


class AuditSeal(models.Model):
    """Grain: one stretch of ids of one book; stretches follow one another without a hole.

    `layout` names the columns the fingerprint covers; `signature` is HMAC-SHA256 over all of it and the signature before.
    """

    book = models.CharField(max_length=20, choices=Book)
    from_id = models.BigIntegerField()
    to_id = models.BigIntegerField()
    row_count = models.PositiveBigIntegerField()
    layout = models.PositiveSmallIntegerField()
    rows_sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        triggers = append_only_triggers()
        constraints = [
            models.CheckConstraint(condition=Q(book__in=Book.values), name="auditseal_known_book"),
            models.CheckConstraint(condition=Q(to_id__gte=F("from_id")), name="auditseal_range_in_order"),
            models.UniqueConstraint(fields=["book", "from_id"], name="auditseal_begins_once"),
            models.UniqueConstraint(fields=["book", "to_id"], name="auditseal_ends_once"),
        ]

    def __str__(self) -> str:
        return f"seal {self.pk}: {self.book} {self.from_id} to {self.to_id}"
