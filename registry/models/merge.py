"""Possible duplicates and the decision to merge them. Nothing is rewritten, so a wrong merge can be undone completely.

A merge makes one person an alias of another; statements over persons join the function `person_alias_at` and continue with
the person kept. What departments sent remains with the person it was assigned to.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PersonMerge(models.Model):
    """The decision that `absorbed` is `kept`, until it is undone."""

    kept = models.ForeignKey("registry.Person", models.PROTECT, related_name="absorbed_merges")
    absorbed = models.ForeignKey("registry.Person", models.PROTECT, related_name="merges")
    reason = models.CharField(max_length=300)
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField()
    undone_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("merge of persons")
        triggers = [
            pgtrigger.ReadOnly(name="undone_only", exclude=["undone_by", "undone_at"]),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.UniqueConstraint(
                name="personmerge_alias_of_one", fields=["absorbed"], condition=Q(undone_at__isnull=True)
            ),
            models.CheckConstraint(name="personmerge_two_persons", condition=~Q(kept=F("absorbed"))),
            models.CheckConstraint(
                name="personmerge_undone_has_who",
                condition=Q(undone_at__isnull=True, undone_by="") | Q(undone_at__isnull=False) & ~Q(undone_by=""),
            ),
        ]
        indexes = [models.Index(name="personmerge_kept", fields=["kept"], condition=Q(undone_at__isnull=True))]

    def __str__(self) -> str:
        return f"merge {self.pk}"


class ProposalState(models.TextChoices):
    OPEN = "open", _("To be decided")
    MERGED = "merged", _("Same person")
    DIFFERENT = "different", _("Different persons")
    WITHDRAWN = "withdrawn", _("No longer suspected")


class MergeReason(models.TextChoices):
    SAME_NUMBER = "same_number_other_name", _("Same number, different name")
    SAME_NAME_AND_VILLAGE = "same_name_and_village", _("Same name in the same village")


class MergeProposal(models.Model):
    """Two persons who may be one, found again by every file of poor persons; person_a was recorded first."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    person_a = models.ForeignKey("registry.Person", models.PROTECT, related_name="+")
    person_b = models.ForeignKey("registry.Person", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=32, choices=MergeReason.choices)
    state = models.CharField(max_length=16, choices=ProposalState.choices, default=ProposalState.OPEN)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("possible duplicate")
        constraints = [
            models.UniqueConstraint(name="mergeproposal_pair_once", fields=["person_a", "person_b"]),
            models.CheckConstraint(name="mergeproposal_ordered", condition=Q(person_a__lt=F("person_b"))),
            models.CheckConstraint(name="mergeproposal_state", condition=Q(state__in=ProposalState.values)),
            models.CheckConstraint(name="mergeproposal_reason", condition=Q(reason__in=MergeReason.values)),
            models.CheckConstraint(
                name="mergeproposal_decided_has_moment",
                condition=Q(decided_at__isnull=False) | ~Q(state__in=[ProposalState.MERGED, ProposalState.DIFFERENT]),
            ),
        ]
        indexes = [models.Index(name="mergeproposal_open", fields=["county", "id"], condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"possible duplicate {self.pk}"
