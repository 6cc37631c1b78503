"""The results of nights for each person, dated by when they were current: links, findings, codes.

Rows are written by nightly publishing only, superseded by the next night whose result differs, never updated or deleted.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.constants import GapKind
from casework.models.work_change import work_change_triggers
from coverage.constants import MODEL_VERSION, DeskReason, E1Column, FindingKind, LinkAction, LinkRule, Verdict
from foundation.primitives.as_known import AsKnownQuerySet
from foundation.primitives.personal_texts import shown_roll_no
from registry.constants import Scheme


class NightResult(models.Model):
    """Common to all: the county, the night that first found it, when it was superseded."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    night_id = models.BigIntegerField(help_text=_("Nightly run that first found it."))
    as_of_date = models.DateField()
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = AsKnownQuerySet.as_manager()

    class Meta:
        abstract = True


def supersede_only_triggers() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.ReadOnly(name="superseded_only", exclude=["superseded_at"]),
        pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
    ]


class Link(NightResult):
    """A line of a roll that is, or may be, this person: by which rule, with the comparison vector."""

    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="links")
    scheme = models.CharField(max_length=16, choices=Scheme.choices)
    roll_no = models.CharField(max_length=40, blank=True)
    delivery = models.ForeignKey("registry.Delivery", models.PROTECT, related_name="+")
    part = models.CharField(max_length=200, blank=True)
    line = models.PositiveIntegerField()
    rule = models.CharField(max_length=32, choices=LinkRule.choices)
    action = models.CharField(max_length=8, choices=LinkAction.choices)
    score = models.FloatField(
        null=True,
        help_text=_("Sum of the field comparison weights; used only to order possible matches, never to confirm one."),
    )
    comparison_vector = models.CharField(max_length=200)
    model_version = models.PositiveSmallIntegerField(
        default=MODEL_VERSION, db_default=MODEL_VERSION, help_text=_("Version of the weights used; never recomputed.")
    )
    changed = models.CharField(
        max_length=80,
        blank=True,
        db_default="",
        help_text=_("What has changed since this possible match was last decided."),
    )
    status = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("link")
        triggers = supersede_only_triggers()
        constraints = [
            models.UniqueConstraint(
                name="link_once",
                fields=["person", "scheme", "delivery", "part", "line"],
                condition=Q(superseded_at__isnull=True),
            ),
            models.CheckConstraint(name="link_action", condition=Q(action__in=LinkAction.values)),
            models.CheckConstraint(name="link_rule", condition=Q(rule__in=LinkRule.values)),
        ]
        indexes = [
            models.Index(name="link_current", fields=["county", "person"], condition=Q(superseded_at__isnull=True)),
            models.Index(
                name="link_undecided",
                fields=["county", "person"],
                condition=Q(superseded_at__isnull=True, action=LinkAction.REVIEW),
            ),
            models.Index(
                name="link_of_line", fields=["county", "scheme", "roll_no"], condition=Q(superseded_at__isnull=True)
            ),
        ]

    @property
    def shown_roll_no(self) -> str:
        """The roll number, masked where it reads as an identity number."""
        return shown_roll_no(self.roll_no)

    def __str__(self) -> str:
        return f"link {self.pk}"


class Finding(NightResult):
    """One finding on a person or, for people who are not registered poor, on a line of a roll; with its evidence.

    `kind` is a FindingKind for persons and a GapKind for lines of rolls. `evidence` names deliveries, sheets and lines.
    """

    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="findings")
    scheme = models.CharField(max_length=16, blank=True, choices=Scheme.choices)
    roll_no = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=32)
    evidence_class = models.CharField(max_length=1, blank=True, help_text=_("Evidence level for deaths: A, B or C."))
    evidence = models.JSONField(default=list)

    class Meta:
        verbose_name = _("finding")
        triggers = supersede_only_triggers()
        constraints = [
            models.CheckConstraint(
                name="finding_one_subject",
                condition=Q(person__isnull=False) | Q(person__isnull=True, roll_no__gt="", scheme__gt=""),
            ),
            models.CheckConstraint(name="finding_kind", condition=Q(kind__in=[*FindingKind.values, *GapKind.values])),
            models.CheckConstraint(name="finding_class", condition=Q(evidence_class__in=["", "A", "B", "C"])),
        ]
        indexes = [
            models.Index(
                name="finding_of_person",
                fields=["person"],
                condition=Q(superseded_at__isnull=True, person__isnull=False),
            ),
            models.Index(name="finding_current", fields=["county", "kind"], condition=Q(superseded_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"finding {self.pk} {self.kind}"


class CoverageVerdict(NightResult):
    """The three codes of a person: the survey code, the column of the statutory table, the desk reason.

    With them everything the statutory table and the counts of that night group by, so that a past day never changes.
    """

    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="verdicts")
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    e1_column = models.CharField(max_length=24, choices=E1Column.choices)
    desk_reason = models.CharField(max_length=32, choices=DeskReason.choices)
    in_poverty_file = models.BooleanField()
    in_three_categories = models.BooleanField()
    due_to_draw = models.BooleanField()
    drawing = models.BooleanField()
    pay_target = models.BooleanField(default=False, help_text=_("Government pays the contribution."))
    out_of_province = models.BooleanField(default=False, help_text=_("Insured only in another province."))
    by_portal = models.BooleanField(
        default=False,
        db_default=False,
        help_text=_("Insured by an enrolment of this portal that the roll does not show yet."),
    )
    file_unit = models.ForeignKey("regions.Unit", models.PROTECT, null=True, related_name="+")
    hukou_unit = models.ForeignKey(
        "regions.Unit", models.PROTECT, null=True, related_name="+", help_text=_("Empty: outside the county.")
    )
    categories = models.CharField(max_length=80, blank=True, help_text=_("Lists that include the person."))
    birth_date = models.DateField(null=True)
    sex = models.PositiveSmallIntegerField(default=0)
    oldest_feed_date = models.DateField(help_text=_("Oldest date of the data used."))

    class Meta:
        verbose_name = _("person's code")
        triggers = [*supersede_only_triggers(), *work_change_triggers(pgtrigger.Insert, pgtrigger.Update)]
        constraints = [
            models.UniqueConstraint(
                name="coverageverdict_once", fields=["person"], condition=Q(superseded_at__isnull=True)
            ),
            models.CheckConstraint(name="coverageverdict_verdict", condition=Q(verdict__in=Verdict.values)),
            models.CheckConstraint(name="coverageverdict_e1", condition=Q(e1_column__in=E1Column.values)),
            models.CheckConstraint(name="coverageverdict_desk", condition=Q(desk_reason__in=DeskReason.values)),
        ]
        indexes = [
            models.Index(
                name="coverageverdict_current",
                fields=["county", "verdict"],
                condition=Q(superseded_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"verdict {self.pk} {self.verdict}"
