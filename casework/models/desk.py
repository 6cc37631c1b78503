"""What belongs to the desk, not to the work itself: saved filters, assignments that can be undone, who has which subject open."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """A filter of the work list under a name; `query` is the query string of its address; nothing in it is personal."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    unit = models.ForeignKey(
        "regions.Unit", models.PROTECT, related_name="+", help_text=_("Unit whose staff may share it.")
    )
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved filter")
        constraints = [
            models.UniqueConstraint(name="savedfilter_name_once", fields=["user", "name"]),
            models.CheckConstraint(name="savedfilter_has_name", condition=~Q(name="")),
        ]
        indexes = [models.Index(name="savedfilter_of_unit", fields=["unit"], condition=Q(is_shared=True))]

    def __str__(self) -> str:
        return f"saved filter {self.pk}"


class Assignment(models.Model):
    """One act of giving cases to somebody: what each was before, so that it can be taken back whole within seven days."""

    unit = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+", help_text=_("Office where it was done."))
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    before = models.JSONField(help_text=_("Case ID -> previous owner, state, closing reason and closing time."))
    undone_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("assignment")
        triggers = [
            pgtrigger.ReadOnly(name="undone_only", exclude=["undone_by", "undone_at"]),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(
                name="assignment_undone_has_who",
                condition=Q(undone_at__isnull=True, undone_by="") | Q(undone_at__isnull=False, undone_by__gt=""),
            )
        ]
        indexes = [models.Index(name="assignment_newest", fields=["unit", "-assigned_at"])]

    def __str__(self) -> str:
        return f"assignment {self.pk}"


class Presence(models.Model):
    """That somebody has a subject's page open: the key of the subject and when the page last said so. Expires by itself."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    subject = models.CharField(max_length=80)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("presence")
        constraints = [models.UniqueConstraint(name="presence_once", fields=["subject", "user"])]

    def __str__(self) -> str:
        return f"presence {self.pk}"
