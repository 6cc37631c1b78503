"""A file being uploaded in pieces: the row states how much of it was received, the bytes are under DATA_DIR/incoming."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class UploadState(models.TextChoices):
    OPEN = "open", _("Uploading")
    DONE = "done", _("Received")
    CANCELLED = "cancelled", _("Cancelled")


class Upload(models.Model):
    """One file one user sends for one day. Rows are temporary: a task deletes them after a day."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=255)
    file_bytes = models.BigIntegerField()
    modified_ms = models.BigIntegerField(help_text=_("Last modified time of the file, as reported by the browser."))
    as_of_date = models.DateField(help_text=_("Date of the data."))
    at_once = models.BooleanField(default=False, help_text=_("Apply without a preview."))
    received_bytes = models.BigIntegerField(default=0)
    state = models.CharField(max_length=16, choices=UploadState.choices, default=UploadState.OPEN)
    delivery = models.ForeignKey("registry.Delivery", models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        verbose_name = _("upload")
        constraints = [
            models.UniqueConstraint(
                name="upload_same_file_once",
                fields=["county", "user", "file_name", "file_bytes", "modified_ms", "as_of_date"],
                condition=Q(state=UploadState.OPEN),
            ),
            models.CheckConstraint(name="upload_known_state", condition=Q(state__in=UploadState.values)),
            models.CheckConstraint(name="upload_not_too_much", condition=Q(received_bytes__range=(0, F("file_bytes")))),
        ]
        # the uploads the cleanup task deletes
        indexes = [models.Index(name="upload_touched", fields=["touched_at"])]

    def __str__(self) -> str:
        return f"upload {self.pk} {self.state}"

    @property
    def path(self) -> Path:
        """The path of its bytes."""
        return settings.DATA_DIR / "incoming" / f"upload-{self.pk}"

    @property
    def percent(self) -> int:
        """How much of it was received, in whole percent."""
        return self.received_bytes * 100 // self.file_bytes
