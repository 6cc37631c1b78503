"""Clerks' decisions on possible matches, with the evidence as known then: the labels of the matching, applied by every later night.

Rows are superseded when a match is decided anew or the decision undone, never changed otherwise and never deleted.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coverage.constants import LinkRule, PairDecision, PatternState
from foundation.primitives.as_known import AsKnownQuerySet
from foundation.primitives.personal_texts import shown_roll_no
from registry.constants import Scheme


class PatternDecision(models.Model):
    """One decision for the possible matches of an agreement pattern: proposed by one person, signed by another, undone as a whole.

    `links` names the matches as proposed; one that has changed or was decided meanwhile is left out.
    """

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=16, choices=Scheme.choices)
    rule = models.CharField(max_length=32, choices=LinkRule.choices)
    comparison_vector = models.CharField(max_length=200)
    decision = models.CharField(max_length=16, choices=PairDecision.choices)
    note = models.CharField(max_length=1000, blank=True)
    links = models.JSONField(help_text=_("IDs of the links reviewed."))
    state = models.CharField(max_length=16, choices=PatternState.choices, default=PatternState.PROPOSED)
    proposed_by = models.CharField(max_length=150)
    people_behind = models.JSONField(default=list, help_text=_("IDs of the users who proposed it."))
    proposed_at = models.DateTimeField()
    ended_by = models.CharField(max_length=150, blank=True, help_text=_("Who approved or withdrew it."))
    ended_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("batch decision on possible matches")
        triggers = [
            pgtrigger.ReadOnly(name="end_only", exclude=["state", "ended_by", "ended_at", "undone_by", "undone_at"]),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(name="patterndecision_decision", condition=Q(decision__in=PairDecision.values)),
            models.CheckConstraint(
                name="patterndecision_ended_has_who",
                condition=Q(state=PatternState.PROPOSED, ended_at__isnull=True, ended_by="")
                | ~Q(state=PatternState.PROPOSED) & Q(ended_at__isnull=False, ended_by__gt=""),
            ),
            models.CheckConstraint(
                name="patterndecision_undone_has_who",
                condition=Q(state=PatternState.UNDONE, undone_at__isnull=False, undone_by__gt="")
                | ~Q(state=PatternState.UNDONE) & Q(undone_at__isnull=True, undone_by=""),
            ),
            models.UniqueConstraint(
                name="patterndecision_one_waiting",
                fields=["county", "scheme", "rule", "comparison_vector"],
                condition=Q(state=PatternState.PROPOSED),
            ),
        ]

    def __str__(self) -> str:
        return f"decision of a pattern {self.pk} {self.decision}"


class MatchDecision(models.Model):
    """One decision on a person and a roll line, identified by its roll number or, where it has none, by its place.

    Numbers are stored here by the ids of their ciphertexts only.
    """

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="decisions")
    link = models.ForeignKey("coverage.Link", models.PROTECT, related_name="decisions")
    pattern = models.ForeignKey(PatternDecision, models.PROTECT, null=True, related_name="decisions")
    question = models.ForeignKey(
        "casework.Question", models.PROTECT, null=True, related_name="+", help_text=_("What the village was asked.")
    )
    decision = models.CharField(max_length=16, choices=PairDecision.choices)
    note = models.CharField(max_length=1000, blank=True)
    decided_by = models.CharField(max_length=150)
    decided_role = models.CharField(max_length=32)

    scheme = models.CharField(max_length=16, choices=Scheme.choices)
    roll_no = models.CharField(max_length=40, blank=True)
    delivery = models.ForeignKey("registry.Delivery", models.PROTECT, related_name="+")
    part = models.CharField(max_length=200, blank=True)
    line = models.PositiveIntegerField()
    rule = models.CharField(max_length=32, choices=LinkRule.choices)
    comparison_vector = models.CharField(max_length=200)
    score = models.FloatField(null=True)
    model_version = models.PositiveSmallIntegerField()
    roll_name = models.CharField(max_length=100)
    roll_birth = models.DateField(null=True)
    roll_unit_code = models.CharField(max_length=40, blank=True)
    roll_status = models.CharField(max_length=40, blank=True)
    roll_number = models.ForeignKey("registry.IdentityNumber", models.PROTECT, null=True, related_name="+")
    person_names = models.JSONField(help_text=_("All names given in the files."))
    person_numbers = models.JSONField(help_text=_("Identifiers of the ID numbers given in the files."))
    files = models.JSONField(help_text=_("Feed, delivery, sheet and line of each file that lists the person."))

    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True)

    objects = AsKnownQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a possible match")
        triggers = [
            pgtrigger.ReadOnly(name="superseded_only", exclude=["superseded_at", "undone_by", "undone_at"]),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(name="matchdecision_decision", condition=Q(decision__in=PairDecision.values)),
            models.CheckConstraint(
                name="matchdecision_undone_has_who",
                condition=Q(undone_at__isnull=True, undone_by="")
                | Q(undone_at__isnull=False, superseded_at=F("undone_at"), undone_by__gt=""),
            ),
            models.UniqueConstraint(
                name="matchdecision_one_per_pair",
                fields=["person", "scheme", "roll_no"],
                condition=Q(superseded_at__isnull=True, roll_no__gt=""),
            ),
            models.UniqueConstraint(
                name="matchdecision_one_per_line",
                fields=["person", "delivery", "part", "line"],
                condition=Q(superseded_at__isnull=True, roll_no=""),
            ),
        ]
        indexes = [
            models.Index(
                name="matchdecision_in_force", fields=["county", "person"], condition=Q(superseded_at__isnull=True)
            ),
            models.Index(name="matchdecision_newest", fields=["county", "-recorded_at"]),
        ]

    @property
    def shown_roll_no(self) -> str:
        """The roll number, masked where it reads as an identity number."""
        return shown_roll_no(self.roll_no)

    def __str__(self) -> str:
        return f"decision {self.pk} {self.decision}"
