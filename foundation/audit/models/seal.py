"""A seal over a range of rows of an audit log: their count and fingerprint, chained to the seal before and signed with our key.

Rows can be changed by the owner of the database, triggers or not; the signature cannot, because its key is elsewhere.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.audit.models.append_only import append_only_triggers


class SealedLog(models.TextChoices):
    """The logs that are sealed."""

    EVENTS = "events", _("Events")
    DISCLOSURES = "disclosures", _("Disclosures")
    CONTEXTS = "contexts", _("History contexts")
    SIGN_INS = "sign_ins", _("Sign-ins")
    FAILED_SIGN_INS = "failed_sign_ins", _("Failed sign-ins")


class AuditSeal(models.Model):
    """Grain: one range of ids of one log; ranges follow one another without a gap.

    `layout` names the columns the fingerprint covers; `signature` is HMAC-SHA256 over all of it and the signature before.
    """

    log = models.CharField(max_length=20, choices=SealedLog)
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
            models.CheckConstraint(condition=Q(log__in=SealedLog.values), name="auditseal_known_log"),
            models.CheckConstraint(condition=Q(to_id__gte=F("from_id")), name="auditseal_range_in_order"),
            models.UniqueConstraint(fields=["log", "from_id"], name="auditseal_begins_once"),
            models.UniqueConstraint(fields=["log", "to_id"], name="auditseal_ends_once"),
        ]

    def __str__(self) -> str:
        return f"seal {self.pk}: {self.log} {self.from_id} to {self.to_id}"
