"""Natural persons of the register: their names, their numbers, and which files designate them as poor.

A number is stored once, as ciphertext, in IdentityNumber; everything else refers to its id. Dated rows are superseded, never
updated: `valid_*` states when it held, `recorded_at` and `superseded_at` from when to when it was on record.
"""

from __future__ import annotations

from pathlib import Path

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from foundation.primitives.as_known import AsKnownQuerySet
from foundation.primitives.references import references_exist, refuse_deletion
from foundation.regions.models.unit import DateRange
from registry.constants import DesignationKind, NumberState


def superseded_only(name: str = "superseded_only") -> pgtrigger.Trigger:
    """A dated row may only ever be given its superseded_at, once; it is never deleted or changed otherwise."""
    return pgtrigger.ReadOnly(name=name, exclude=["superseded_at"])


def is_current() -> Q:
    return Q(superseded_at__isnull=True)


_OPEN_AFTER_CLOSED = (Path(__file__).parent / "sql" / "open_after_closed.sql").read_text("utf-8")
_PLACES = {"county_id": "regions_unit", "unit_id": "regions_unit"}


class Person(models.Model):
    """A natural person of a county's poor. Their places and names are in dated rows of other tables."""

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    unit = models.ForeignKey(
        "regions.Unit", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    name = models.CharField(max_length=100, help_text=_("Displayed name: the latest valid name."))
    name_pinyin = models.CharField(max_length=200, db_collation="C")
    birth_date = models.DateField(null=True)
    sex = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("person")
        triggers = [
            references_exist(**_PLACES),
            references_exist(pgtrigger.Update, "changed_references_exist", **_PLACES),
            refuse_deletion(),
        ]
        constraints = [models.CheckConstraint(name="person_sex", condition=Q(sex__in=[0, 1, 2, 9]))]
        indexes = [
            models.Index(name="person_by_county_pinyin", fields=["county", "name_pinyin", "id"]),
            models.Index(name="person_by_unit", fields=["unit"]),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"


class IdentityNumber(models.Model):
    """One number, right or damaged: ciphertext, blind indexes, and what can be read from it."""

    ciphertext = models.BinaryField()
    key_id = models.CharField(max_length=16)
    blind_full = models.BinaryField(max_length=16)
    blind_last6 = models.BinaryField(max_length=16)
    blind_last4 = models.BinaryField(max_length=16)
    valid = models.BooleanField()
    birth_date = models.DateField(null=True)
    sex = models.PositiveSmallIntegerField(default=0)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("identity number")
        triggers = [
            pgtrigger.ReadOnly(name="rotated_only", exclude=["ciphertext", "key_id"]),  # by rotate_keys only
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
        constraints = [models.UniqueConstraint(name="identitynumber_once", fields=["blind_full"])]
        indexes = [
            models.Index(name="identitynumber_last6", fields=["blind_last6"]),
            models.Index(name="identitynumber_last4", fields=["blind_last4"]),
        ]

    def __str__(self) -> str:
        return f"number {self.pk}"


class PersonIdentifier(models.Model):
    """A number a department's file gives a person, right or damaged, and how it was obtained."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="identifiers", db_constraint=False)
    number = models.ForeignKey(
        IdentityNumber, models.PROTECT, related_name="holders", db_constraint=False, db_index=False
    )
    state = models.CharField(max_length=16, choices=NumberState.choices)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = AsKnownQuerySet.as_manager()

    class Meta:
        verbose_name = _("identifier")
        triggers = [
            superseded_only(),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            references_exist(person_id="registry_person", number_id="registry_identitynumber"),
        ]
        constraints = [
            models.UniqueConstraint(name="personidentifier_once", fields=["person", "number"], condition=is_current())
        ]
        indexes = [models.Index(name="personidentifier_by_number", fields=["number"], condition=is_current())]

    def __str__(self) -> str:
        return f"identifier {self.pk}"


class PersonName(models.Model):
    """A name a department's file gives a person."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="names", db_constraint=False)
    name = models.CharField(max_length=100)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = AsKnownQuerySet.as_manager()

    class Meta:
        verbose_name = _("name")
        triggers = [
            superseded_only(),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            references_exist(person_id="registry_person"),
        ]
        constraints = [
            models.UniqueConstraint(name="personname_once", fields=["person", "name"], condition=is_current())
        ]

    def __str__(self) -> str:
        return f"name {self.pk}"


def line_hash() -> Func:
    """The list and the sender's key of a line as one number: an index over the texts themselves takes three times as long."""
    key = Func(  # in the order in which migrations write them: otherwise each is seen as another constraint
        "kind", "record_key", arg_joiner=" || ' ' || ", output_field=models.TextField(), template="(%(expressions)s)"
    )
    return Func(key, "county", function="hashtextextended", output_field=models.BigIntegerField())


def open_after_closed() -> pgtrigger.Trigger:
    """Return the trigger by which a designation without an end begins after the ended ones of its line.

    No two current designations of a line may overlap; two constraints check ended against ended and open against open, this
    trigger the rest, once a statement: one exclusion constraint over all takes half a minute more for a million lines. Writers
    hold the county's lock.
    """
    return pgtrigger.Trigger(
        name="open_after_closed",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
        declare=[("overlapping", "bigint")],
        func=_OPEN_AFTER_CLOSED,
    )


def part_of_key(part: int) -> Func:
    """Return one part of a record's key: the household's number is the second, the member's the third."""
    return Func(
        F("record_key"), models.Value("|"), models.Value(part), function="split_part", output_field=models.TextField()
    )


class Designation(models.Model):
    """That a department's file calls the person poor: which file, under which key, with which status, from when to when.

    Or that a village reported somebody on no list and the office accepted the report: until a department lists the person.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="designations", db_constraint=False)
    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    kind = models.CharField(max_length=16, choices=DesignationKind.choices)
    record_key = models.CharField(max_length=64, help_text=_("The sender's own key for the line."))
    status = models.CharField(max_length=32, help_text=_("Poverty status; full or partial amount; or form of support."))
    settlement = models.CharField(max_length=16, blank=True, help_text=_("Urban or rural, if given in the file."))
    file_unit = models.ForeignKey(
        "regions.Unit", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    hukou_unit = models.ForeignKey(
        "regions.Unit", models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    hukou_text = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    row = models.ForeignKey(
        "registry.DeliveredRow",
        models.PROTECT,
        null=True,
        related_name="designations",
        db_constraint=False,
        db_index=False,
    )
    report = models.ForeignKey("registry.FieldReport", models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects = AsKnownQuerySet.as_manager()

    class Meta:
        verbose_name = _("designation")
        triggers = [
            superseded_only(),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            references_exist(
                person_id="registry_person",
                county_id="regions_unit",
                file_unit_id="regions_unit",
                hukou_unit_id="regions_unit",
                row_id="registry_deliveredrow",
            ),
            open_after_closed(),
        ]
        constraints = [
            models.CheckConstraint(name="designation_kind", condition=Q(kind__in=DesignationKind.values)),
            models.CheckConstraint(
                name="designation_has_its_source",
                condition=Q(kind=DesignationKind.REPORTED, report__isnull=False, row__isnull=True)
                | ~Q(kind=DesignationKind.REPORTED) & Q(report__isnull=True, row__isnull=False),
            ),
            models.CheckConstraint(
                name="designation_range", condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from"))
            ),
            models.UniqueConstraint(
                name="designation_open_once",
                fields=["person", "kind", "record_key"],
                condition=is_current() & Q(valid_to__isnull=True),
            ),
            ExclusionConstraint(
                name="designation_closed_no_overlap",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (line_hash(), RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_to"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=is_current() & Q(valid_to__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="designation_current", fields=["county", "kind"], condition=is_current()),
            # Both serve the search by the number of a household or of its member.
            models.Index(part_of_key(2), name="designation_by_household", condition=is_current()),
            models.Index(part_of_key(3), name="designation_by_member", condition=is_current()),
            models.Index(name="designation_by_unit", fields=["file_unit"], condition=is_current()),
        ]

    def __str__(self) -> str:
        return f"designation {self.pk} {self.kind}"
