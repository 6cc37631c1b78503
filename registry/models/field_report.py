"""What somebody who was there states of a person: dated, named, never changed. What follows from it is another app's.

A report about somebody on no list has no person; it describes whom it is about. Called found, dead or moved by two reports that
differ, a person has both: which counts is a rule of whoever reads them.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.constants import FIRST_HAND, NumberState, ReportKind, ReportSource, WrongDetail


class FieldReport(models.Model):
    """One report. `uuid` is made by whoever sends it, so that a report sent twice is one."""

    uuid = models.UUIDField()
    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("regions.Unit", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="field_reports")
    kind = models.CharField(max_length=16, choices=ReportKind.choices)
    source = models.CharField(max_length=12, blank=True, choices=ReportSource.choices)
    observed_on = models.DateField(help_text=_("Day on which it was seen or heard."))
    died_on = models.DateField(null=True)
    place_text = models.CharField(max_length=200, blank=True, help_text=_("Where the person is now, in words."))
    contact = models.ForeignKey("registry.ContactPoint", models.PROTECT, null=True, related_name="+")
    wrong_details = ArrayField(models.CharField(max_length=16, choices=WrongDetail.choices), default=list, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    name = models.CharField(max_length=100, blank=True, help_text=_("Of somebody not on the list."))
    sex = models.PositiveSmallIntegerField(default=0)
    birth_date = models.DateField(null=True)
    age_years = models.PositiveSmallIntegerField(null=True)
    household_text = models.CharField(max_length=100, blank=True)
    number = models.ForeignKey("registry.IdentityNumber", models.PROTECT, null=True, related_name="+")
    number_state = models.CharField(max_length=16, blank=True, choices=NumberState.choices)
    photo_sha256 = models.CharField(max_length=64, blank=True)
    photo_path = models.CharField(max_length=255, blank=True, help_text=_("Below DATA_DIR."))
    photo_bytes = models.PositiveIntegerField(default=0)
    reporter_id = models.BigIntegerField()
    reported_by = models.CharField(max_length=150)
    reported_role = models.CharField(max_length=32)
    reported_unit_code = models.CharField(max_length=12)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("village report")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(name="fieldreport_once", fields=["uuid"]),
            models.CheckConstraint(name="fieldreport_kind", condition=Q(kind__in=ReportKind.values)),
            models.CheckConstraint(name="fieldreport_source", condition=Q(source__in=["", *ReportSource.values])),
            models.CheckConstraint(name="fieldreport_sex", condition=Q(sex__in=[0, 1, 2, 9])),
            models.CheckConstraint(
                name="fieldreport_whom",
                condition=Q(kind=ReportKind.NOT_LISTED, person__isnull=True, name__gt="")
                | ~Q(kind=ReportKind.NOT_LISTED) & Q(person__isnull=False, name="", number__isnull=True),
            ),
            models.CheckConstraint(
                name="fieldreport_death_has_source",
                condition=Q(kind=ReportKind.DIED, source__gt="") | ~Q(kind=ReportKind.DIED) & Q(died_on__isnull=True),
            ),
            models.CheckConstraint(
                name="fieldreport_moved_has_place", condition=~Q(kind=ReportKind.MOVED_AWAY) | Q(place_text__gt="")
            ),
            models.CheckConstraint(
                name="fieldreport_work_has_contact",
                condition=~Q(kind=ReportKind.WORKS_ELSEWHERE) | Q(place_text__gt="") | Q(contact__isnull=False),
            ),
            models.CheckConstraint(
                name="fieldreport_wrong_says_what",
                condition=Q(kind=ReportKind.DETAILS_WRONG, wrong_details__len__gt=0)
                | ~Q(kind=ReportKind.DETAILS_WRONG) & Q(wrong_details__len=0),
            ),
            models.CheckConstraint(
                name="fieldreport_other_has_words", condition=~Q(kind=ReportKind.OTHER) | Q(note__gt="")
            ),
            models.CheckConstraint(
                name="fieldreport_photo_whole",
                condition=Q(photo_sha256="", photo_path="", photo_bytes=0)
                | Q(photo_sha256__gt="", photo_path__gt="", photo_bytes__gt=0),
            ),
            models.CheckConstraint(
                name="fieldreport_number_has_state",
                condition=Q(number__isnull=True, number_state="") | Q(number__isnull=False, number_state__gt=""),
            ),
        ]
        indexes = [
            # the reports of one person, newest first
            models.Index(name="fieldreport_of_person", fields=["person", "-observed_on", "-id"]),
            # what a reporter sent last
            models.Index(name="fieldreport_of_reporter", fields=["reporter_id", "-received_at"]),
        ]

    @property
    def is_first_hand(self) -> bool:
        """Whether the reporter verified it."""
        return self.source in FIRST_HAND

    def __str__(self) -> str:
        return f"field report {self.pk} {self.kind}"
