"""Closing a case by a person: the reason, what it rests on, and what the case was before, so that it can be undone."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import DateField, F, Func, Q
from django.utils.translation import gettext_lazy as _

from casework.constants import (
    ABOUT_THE_PERSON,
    BY_APPLICATION,
    LEAST_NOTE,
    NAMED_EVIDENCE,
    REFUTING_REASONS,
    WORKING_STATES,
    CaseState,
    CloseReason,
    EvidenceKind,
)
from casework.models.case import Case

_CLOSED_ON = Func(
    F("closed_at"), template="(%(expressions)s AT TIME ZONE 'Asia/Shanghai')::date", output_field=DateField()
)


class CaseClosing(models.Model):
    """One act of closing one case. The evidence is whole or absent; a reason about the person cannot be without it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="closings")
    unit = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+", help_text=_("Office where it was done."))
    reason = models.CharField(max_length=24, choices=CloseReason.choices)
    note = models.CharField(max_length=2000)
    evidence_kind = models.CharField(max_length=16, blank=True, choices=EvidenceKind.choices)
    evidence_date = models.DateField(null=True)
    evidence_reference = models.CharField(max_length=200, blank=True)
    document_name = models.CharField(max_length=255, blank=True, help_text=_("The document attached as evidence."))
    document_type = models.CharField(max_length=50, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    document_path = models.CharField(max_length=255, blank=True, help_text=_("Below DATA_DIR."))
    application_id = models.BigIntegerField(null=True, help_text=_("The decided application that closed the case."))
    state_before = models.CharField(max_length=24, choices=CaseState.choices)
    owner_before = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    undone_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("case closing")
        triggers = [
            pgtrigger.ReadOnly(name="undone_only", exclude=["undone_by", "undone_at"]),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(name="caseclosing_reason", condition=Q(reason__in=CloseReason.values)),
            models.CheckConstraint(name="caseclosing_has_note", condition=Q(note__regex=rf"(\S\s*){{{LEAST_NOTE}}}")),
            models.CheckConstraint(name="caseclosing_state_before", condition=Q(state_before__in=WORKING_STATES)),
            models.CheckConstraint(
                name="caseclosing_evidence_whole",
                condition=Q(evidence_kind="", evidence_date__isnull=True, evidence_reference="")
                | Q(evidence_kind__in=EvidenceKind.values, evidence_date__isnull=False),
            ),
            models.CheckConstraint(
                name="caseclosing_about_the_person_has_evidence",
                condition=~Q(reason__in=ABOUT_THE_PERSON) | Q(evidence_kind__gt=""),
            ),
            models.CheckConstraint(
                name="caseclosing_evidence_named",
                condition=~Q(evidence_kind__in=NAMED_EVIDENCE) | Q(evidence_reference__gt=""),
            ),
            models.CheckConstraint(
                name="caseclosing_document_whole",
                condition=Q(document_name="", document_type="", document_sha256="", document_path="")
                | Q(document_name__gt="", document_type__gt="", document_sha256__gt="", document_path__gt=""),
            ),
            models.CheckConstraint(
                name="caseclosing_payment_refuted_by_document",
                condition=~Q(reason__in=REFUTING_REASONS) | Q(evidence_kind__in=NAMED_EVIDENCE, document_sha256__gt=""),
            ),
            models.CheckConstraint(
                name="caseclosing_by_application",
                condition=Q(reason__in=BY_APPLICATION, application_id__isnull=False)
                | ~Q(reason__in=BY_APPLICATION) & Q(application_id__isnull=True),
            ),
            models.CheckConstraint(
                name="caseclosing_evidence_before_it",
                condition=Q(evidence_date__isnull=True) | Q(evidence_date__lte=_CLOSED_ON),
            ),
            models.CheckConstraint(
                name="caseclosing_undone_has_who",
                condition=Q(undone_at__isnull=True, undone_by="") | Q(undone_at__isnull=False, undone_by__gt=""),
            ),
        ]
        indexes = [models.Index(name="caseclosing_newest", fields=["unit", "-closed_at"])]

    def __str__(self) -> str:
        return f"closing {self.pk}"
