"""Enrolments decided here: one more book beside the agency's roll, compared with it every night (docs/enrolment.md#the-two-books)."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enrollment.constants import BooksKeeper
from foundation.primitives.as_known import AsKnownQuerySet
from foundation.regions.models.unit import DateRange
from registry.constants import Scheme
from registry.models.person import is_current, superseded_only

NO_OVERLAP = "enrollment_no_overlap"


class Enrollment(models.Model):
    """That a person is enrolled in a scheme from a day on, by which application, and in whose books that is."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="enrollments")
    scheme = models.CharField(max_length=16, choices=Scheme.choices, default=Scheme.RESIDENT)
    application = models.ForeignKey("enrollment.Application", models.PROTECT, related_name="enrollments")
    draws = models.BooleanField(help_text=_("Enrolled as somebody who draws the benefit, not as a contributor."))
    books = models.CharField(max_length=8, choices=BooksKeeper.choices)
    entry_number = models.CharField(max_length=40, blank=True, help_text=_("Number of the entry at the agency."))
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    ended_by = models.ForeignKey(
        "coverage.Finding", models.PROTECT, null=True, related_name="+", help_text=_("Line of the roll that ended it.")
    )
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = AsKnownQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        triggers = [superseded_only(), pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(
                name="enrollment_range", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
            models.CheckConstraint(
                name="enrollment_ended_by_has_day", condition=Q(ended_by__isnull=True) | Q(valid_to__isnull=False)
            ),
            models.CheckConstraint(name="enrollment_books", condition=Q(books__in=BooksKeeper.values)),
            models.CheckConstraint(name="enrollment_scheme", condition=Q(scheme__in=Scheme.values)),
            models.CheckConstraint(
                name="enrollment_agency_entry_has_number",
                condition=Q(books=BooksKeeper.PORTAL) | Q(entry_number__gt=""),
            ),
            ExclusionConstraint(
                name=NO_OVERLAP,
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("scheme"), RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=is_current(),
            ),
        ]
        indexes = [models.Index(name="enrollment_current", fields=["county"], condition=is_current())]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"
