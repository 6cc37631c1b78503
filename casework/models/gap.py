"""Something that should be otherwise about one person or one line of a roll; opened and closed by the night, keeping its age."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.constants import Desk, GapKind
from casework.models.leading import leading_gap_triggers
from casework.models.work_change import work_change_triggers
from foundation.primitives.personal_texts import shown_roll_no
from registry.constants import Scheme


class GapQuerySet(models.QuerySet["Gap"]):
    def open(self) -> GapQuerySet:
        return self.filter(closed_at__isnull=True)


def one_subject() -> Q:
    """A person, or a line of a roll by its number; never both."""
    return Q(person__isnull=False, scheme="", roll_no="") | Q(person__isnull=True, scheme__gt="", roll_no__gt="")


@pghistory.track(
    pghistory.UpdateEvent(), model_name="GapHistory", fields=["reason", "evidence_class", "closed_at", "closed_on"]
)
class Gap(models.Model):
    """One open or closed gap. The subject's name and unit are copied: strangers of rolls are in no other table."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("regions.Unit", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="gaps")
    scheme = models.CharField(max_length=16, blank=True, choices=Scheme.choices)
    roll_no = models.CharField(max_length=40, blank=True)
    subject_name = models.CharField(max_length=100)
    subject_pinyin = models.CharField(max_length=200, db_collation="C")
    kind = models.CharField(max_length=32, choices=GapKind.choices)
    reason = models.CharField(max_length=48, blank=True)
    rank = models.PositiveSmallIntegerField()
    evidence_class = models.CharField(max_length=1, blank=True)
    evidence = models.JSONField(default=list)
    desk = models.CharField(max_length=12, blank=True, db_default="", choices=Desk.choices)
    due_on = models.DateField(null=True, help_text=_("Counted in working days; empty where no calendar is available."))
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    kept_open_by_feeds = models.CharField(
        max_length=160,
        blank=True,
        db_default="",
        help_text=_(
            "Out-of-date or withdrawn feeds: the run no longer finds the gap, but it stays open because of them."
        ),
    )
    closed_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    is_leading = models.BooleanField(
        db_default=True,
        editable=False,
        help_text=_("No more serious gap of this subject is open; maintained by the database."),
    )

    objects = GapQuerySet.as_manager()

    class Meta:
        verbose_name = _("gap")
        triggers = [
            *leading_gap_triggers(),
            *work_change_triggers(pgtrigger.Insert, pgtrigger.Update, pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(name="gap_kind", condition=Q(kind__in=GapKind.values)),
            models.CheckConstraint(name="gap_desk", condition=Q(desk__in=["", *Desk.values])),
            models.CheckConstraint(name="gap_one_subject", condition=one_subject()),
            models.CheckConstraint(
                name="gap_closed_together",
                condition=Q(closed_at__isnull=True, closed_on__isnull=True)
                | Q(closed_at__isnull=False, closed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="gap_closed_after_opened", condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at"))
            ),
            models.UniqueConstraint(
                name="gap_open_once_per_person",
                fields=["person", "kind"],
                condition=Q(closed_at__isnull=True, person__isnull=False),
            ),
            models.UniqueConstraint(
                name="gap_open_once_per_roll_line",
                fields=["county", "scheme", "roll_no", "kind"],
                condition=Q(closed_at__isnull=True, person__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                name="gap_open_in_order",
                fields=["county", "rank", "opened_at", "id"],
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                name="gap_leading_in_order",
                fields=["county", "rank", "opened_at", "id"],
                include=["person"],
                condition=Q(closed_at__isnull=True, is_leading=True),
            ),
            models.Index(
                name="gap_open_of_desk",
                fields=["county", "desk", "rank", "opened_at", "id"],
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                name="gap_open_of_unit",
                fields=["unit", "rank", "opened_at", "id"],
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                name="gap_open_by_pinyin",
                fields=["county", "subject_pinyin", "id"],
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                name="gap_open_by_age", fields=["county", "opened_at", "id"], condition=Q(closed_at__isnull=True)
            ),
            models.Index(
                name="gap_open_by_due", fields=["county", "due_on", "id"], condition=Q(closed_at__isnull=True)
            ),
            models.Index(name="gap_open_by_kind", fields=["county", "kind"], condition=Q(closed_at__isnull=True)),
            models.Index(name="gap_of_person", fields=["person"], condition=Q(person__isnull=False)),
            models.Index(
                name="gap_of_roll_line",
                fields=["county", "scheme", "roll_no"],
                condition=Q(closed_at__isnull=True, person__isnull=True),
            ),
        ]

    @property
    def shown_roll_no(self) -> str:
        """The roll number, masked where it reads as an identity number."""
        return shown_roll_no(self.roll_no)

    def __str__(self) -> str:
        return f"gap {self.pk} {self.kind}"
