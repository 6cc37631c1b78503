"""Which days are working days: one row per day of a year that was announced, for the country or a region."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from foundation.policy.models.parameter_value import NATIONAL


class WorkingDay(models.Model):
    """Grain: one day and region (null: the whole country). A year without rows was not announced yet."""

    day = models.DateField()
    region = models.ForeignKey("regions.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    is_working = models.BooleanField()
    source = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="workingday_names_its_source"),
            # Also serves add_working_days, which walks the days onward from one.
            models.UniqueConstraint("day", Coalesce(F("region"), Value(NATIONAL)), name="workingday_once_for_a_region"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {'working' if self.is_working else 'free'}"
