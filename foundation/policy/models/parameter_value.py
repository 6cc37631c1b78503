"""The value of one parameter in one region over a range of days, with its source.

Rows are loaded from policy/parameters/**.yaml and from approved proposals (`decision`); SQL joins them, so a rule names
a parameter and never a number.
"""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from foundation.regions.models.unit import DateRange

NATIONAL = 0


class ParameterUnit(models.TextChoices):
    """What a value counts, or what shape it has."""

    FEN = "fen", _("fen")
    YEARS = "years", _("years")
    MONTHS = "months", _("months")
    DAYS = "days", _("days")
    DAY_OF_MONTH = "day_of_month", _("day of the month")
    HOUR = "hour", _("hour of the day")
    COUNT = "count", _("count")
    SHARE = "share", _("ratio")
    LIST = "list", _("list")
    RANGE = "range", _("range of days")
    NONE = "none", _("no unit")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ParameterValue(models.Model):
    """Grain: one parameter, region (null: the whole country) and range of days.

    `is_none_here` states that the region has no such rule, which is a value; a missing row is an error.
    """

    name = models.CharField(max_length=80)
    region = models.ForeignKey("regions.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    value = models.JSONField(null=True)
    unit = models.CharField(max_length=20, choices=ParameterUnit)
    is_none_here = models.BooleanField(default=False)
    source = models.TextField()
    decision = models.ForeignKey("policy.ParameterProposal", on_delete=models.PROTECT, null=True, related_name="values")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(unit__in=ParameterUnit.values), name="parametervalue_unit_is_known"),
            models.CheckConstraint(condition=~Q(source=""), name="parametervalue_names_its_source"),
            models.CheckConstraint(
                condition=Q(is_none_here=True, value__isnull=True) | Q(is_none_here=False, value__isnull=False),
                name="parametervalue_value_or_none_here",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="parametervalue_valid_range_in_order",
            ),
            ExclusionConstraint(
                name="parametervalue_once_at_a_time",
                expressions=[
                    ("name", RangeOperators.EQUAL),
                    (Coalesce(F("region"), Value(NATIONAL)), RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                # Checked at commit, so that the loader may move the boundary between two values.
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        indexes = [
            # get_parameter and every SQL rule: the values of one name, all regions of a chain.
            models.Index(fields=["name", "region"], name="parametervalue_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.valid_from}"
