"""Notices handed out: which one, by whom and when. The sheet itself is made anew from the application (docs/enrolment.md)."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enrollment.constants import InformedWay, NoticeKind


class Notice(models.Model):
    """One sheet printed to be handed out: of an application, or of a person nobody applied for yet."""

    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="notices")
    application = models.ForeignKey("enrollment.Application", models.PROTECT, null=True, related_name="notices")
    kind = models.CharField(max_length=16, choices=NoticeKind.choices)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("notice")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [models.CheckConstraint(name="notice_kind", condition=Q(kind__in=NoticeKind.values))]
        indexes = [models.Index(name="notice_of_person", fields=["person", "-made_at"])]

    def __str__(self) -> str:
        return f"notice {self.pk} {self.kind}"


class InformedContact(models.Model):
    """That a person was told of the scheme: the day, the way, in which language (docs/enrolment.md)."""

    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="informed_contacts")
    informed_on = models.DateField()
    way = models.CharField(max_length=10, choices=InformedWay.choices)
    language = models.CharField(max_length=50)
    note = models.CharField(max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("informed contact")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(name="informedcontact_way", condition=Q(way__in=InformedWay.values)),
            models.CheckConstraint(name="informedcontact_has_language", condition=Q(language__gt="")),
        ]
        indexes = [models.Index(name="informedcontact_of_person", fields=["person", "-informed_on"])]

    def __str__(self) -> str:
        return f"informed contact {self.pk}"
