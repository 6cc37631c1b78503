"""A unit of the administrative tree, from province to village, as one code was valid over a range of days.

`path` is the chain of codes down to the unit, each followed by a slash:
"320000000000/320600000000/320682000000/". A unit lies within another when its path begins with the other's.
"""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, Right
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from foundation.primitives.references import refuse_deletion

CODE_LENGTH = 12


class Level(models.IntegerChoices):
    """The five levels; a level may be missing in a chain (a city without counties, a county under a province)."""

    PROVINCE = 1, _("Province")
    PREFECTURE = 2, _("Prefecture")
    COUNTY = 3, _("County")
    TOWNSHIP = 4, _("Township")
    VILLAGE = 5, _("Village")


DIGITS_OF_LEVEL = {Level.PROVINCE: 2, Level.PREFECTURE: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}
"""How many digits of a code name the unit of a level; the rest are zeros."""


class DateRange(models.Func):
    """daterange(valid_from, valid_to): the first day inclusive, the second exclusive, open when null."""

    function = "DATERANGE"
    output_field = DateRangeField()


class UnitQuerySet(models.QuerySet["Unit"]):
    """States of a unit, and its place in the tree."""

    def current(self) -> "UnitQuerySet":
        """Keep the units whose code is valid until further notice."""
        return self.filter(valid_to__isnull=True)

    def valid_on(self, day: date) -> "UnitQuerySet":
        """Keep the units whose code was valid on a day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)

    def within(self, path: str) -> "UnitQuerySet":
        """Keep the unit with this path and everything below it."""
        return self.filter(path__startswith=path)


class Unit(models.Model):
    """Grain: one code over one range of days. Codes change; the row that follows is its successor."""

    code = models.CharField(max_length=CODE_LENGTH)
    name = models.CharField(max_length=100)
    full_name = models.CharField(max_length=300)
    level = models.PositiveSmallIntegerField(choices=Level)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = models.TextField(db_collation="C")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")

    objects = UnitQuerySet.as_manager()

    class Meta:
        triggers = [refuse_deletion()]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^\d{12}$"), name="unit_code_is_twelve_digits"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="unit_level_is_known"),
            models.CheckConstraint(
                condition=Exact(Right("path", CODE_LENGTH + 1), Concat(F("code"), Value("/"))),
                name="unit_path_ends_with_code",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(path=Concat(F("code"), Value("/"))),
                name="unit_without_parent_is_a_root",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="unit_valid_range_in_order"
            ),
            ExclusionConstraint(
                name="unit_code_once_at_a_time",
                expressions=[
                    # As a number: gist compares eight bytes four times faster than text.
                    (Cast("code", models.BigIntegerField()), RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            # Scope: LIKE 'path%' over a "C" column walks this index.
            models.Index(fields=["path"], name="unit_by_path"),
            # The lookup of a code as a file wrote it; the exclusion's gist index is slower for single rows.
            models.Index(fields=["code"], name="unit_by_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @staticmethod
    def codes_of(path: str) -> list[str]:
        """Return the codes of a path, the province's first."""
        return path.rstrip("/").split("/")
