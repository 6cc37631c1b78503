"""What was disclosed: one answer to another department, or one export, with recipient, purpose and legal basis."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from foundation.audit.models.append_only import append_only_triggers
from foundation.audit.models.event import ActorKind


class Disclosure(models.Model):
    """Grain: one answer or one file. Kept at least three years.

    Source: 网络数据安全管理条例 article 12 (recipient, purpose, fields; record kept 3 years), in force 2025-01-01.
    """

    at = models.DateTimeField(db_default=Now())
    actor_kind = models.CharField(max_length=10, choices=ActorKind)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    role = models.CharField(max_length=30, blank=True)
    unit_code = models.CharField(max_length=12, blank=True)
    deputy_for_id = models.BigIntegerField(null=True)  # the absent colleague a deputy acted for
    deputy_for_name = models.CharField(max_length=150, blank=True, db_default="")
    recipient = models.CharField(max_length=200)
    purpose = models.TextField()
    legal_basis = models.CharField(max_length=300)
    fields = ArrayField(models.CharField(max_length=60))
    row_count = models.PositiveBigIntegerField()
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        triggers = append_only_triggers()
        constraints = [
            models.CheckConstraint(condition=~models.Q(recipient=""), name="disclosure_names_its_recipient"),
            models.CheckConstraint(condition=~models.Q(purpose=""), name="disclosure_names_its_purpose"),
            models.CheckConstraint(condition=~models.Q(legal_basis=""), name="disclosure_names_its_legal_basis"),
            models.CheckConstraint(condition=models.Q(fields__len__gt=0), name="disclosure_names_its_fields"),
        ]
        indexes = [
            # The register of disclosures, newest first, and what one recipient was given.
            models.Index(fields=["-at"], name="disclosure_by_time"),
            models.Index(fields=["recipient", "-at"], name="disclosure_by_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.recipient}: {self.row_count} rows"
