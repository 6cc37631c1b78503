"""Signatures: append-only, one row per act and person behind it. The database refuses a second one, and one's own work."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Case, Q, SmallIntegerField, Value, When

from foundation.accounts.constants import Role
from foundation.audit.models.append_only import append_only_triggers
from foundation.signatures.constants import Act

HASH_FORM = r"^[0-9a-f]{64}$"
KIND_FORM = r"^[a-z_]{1,40}$"
IS_PREPARING = Case(When(act=Act.PREPARED, then=Value(1)), default=Value(0), output_field=SmallIntegerField())
"""Rows of one person on one object that differ in this exclude each other."""


class Signature(models.Model):
    """Grain: one act on one content of one object, and one person behind it.

    A deputy's act writes two rows: their own and the absent colleague's, so that neither can sign what the other prepared.
    A person who prepared any version of an object never signs one, and who signed one prepares none: that nobody judges
    their own work holds whatever became of it in between. After a return for correction a reviewer may review the new
    version: its hash is another.

    Source: docs/rules.md R38 and R39.
    """

    object_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    content_hash = models.CharField(max_length=64)
    act = models.CharField(max_length=12, choices=Act)
    role = models.CharField(max_length=30, choices=Role)
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    acted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("regions.Unit", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        triggers = append_only_triggers()
        constraints = [
            models.CheckConstraint(condition=Q(act__in=Act.values), name="signature_act_is_known"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="signature_role_is_known"),
            models.CheckConstraint(condition=Q(content_hash__regex=HASH_FORM), name="signature_hash_is_sha256"),
            models.CheckConstraint(condition=Q(object_type__regex=KIND_FORM), name="signature_object_is_named"),
            models.UniqueConstraint(
                fields=["object_type", "object_id", "content_hash", "person"], name="signature_once_per_person"
            ),
            ExclusionConstraint(
                name="signature_never_on_own_work",
                expressions=[
                    ("object_type", RangeOperators.EQUAL),
                    ("object_id", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (IS_PREPARING, RangeOperators.NOT_EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"signature {self.pk}: {self.act} {self.object_type} {self.object_id}"
