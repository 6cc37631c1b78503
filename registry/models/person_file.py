"""What colleagues add to a person's page: notes and attachments. Neither is deleted; a note may be pinned and unpinned."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonNote(models.Model):
    """A dated note about one person, with or without a case."""

    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="notes")
    text = models.CharField(max_length=1000)
    written_by = models.CharField(max_length=150)
    written_at = models.DateTimeField()
    is_pinned = models.BooleanField(default=False, help_text=_("Pinned to the top."))

    class Meta:
        verbose_name = _("note")
        triggers = [
            pgtrigger.ReadOnly(name="pinned_only", exclude=["is_pinned"]),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
        constraints = [models.CheckConstraint(name="personnote_not_empty", condition=~models.Q(text=""))]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Attachment(models.Model):
    """A paper of one person as a file, stored encrypted under DATA_DIR, named by its hash."""

    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="attachments")
    file_name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    file_bytes = models.PositiveIntegerField()
    file_sha256 = models.CharField(max_length=64)
    stored_path = models.CharField(max_length=255, help_text=_("Below DATA_DIR."))
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("attachment")
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [models.UniqueConstraint(name="attachment_once", fields=["person", "file_sha256"])]

    def __str__(self) -> str:
        return f"attachment {self.pk}"
