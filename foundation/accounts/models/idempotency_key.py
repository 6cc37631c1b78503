"""A client's statement that a request is the same as before: its key, the request and the answer."""

from django.db import models


class IdempotencyKey(models.Model):
    """Grain: one key of one client. Stored for a day, so that a client that received no answer may send the request again."""

    client = models.ForeignKey("accounts.ClientToken", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="idempotencykey_once")]
        # the answers the cleanup task deletes
        indexes = [models.Index(fields=["created_at"], name="idempotencykey_created")]

    def __str__(self) -> str:
        return f"key {self.pk} of client {self.client_id}"
