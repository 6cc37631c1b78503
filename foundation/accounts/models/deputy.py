"""Deputies of absent colleagues: in which of their memberships, over which days (代理)."""

from datetime import date
from pathlib import Path

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from foundation.accounts.constants import ADMINISTRATORS
from foundation.regions.models.unit import DateRange

_ADMINISTRATORS = ", ".join(f"'{role.value}'" for role in ADMINISTRATORS)

_FITS_ITS_MEMBERSHIP = (Path(__file__).parents[1] / "sql" / "deputy_fits_its_membership.sql").read_text("utf-8")


class DeputyQuerySet(models.QuerySet["Deputy"]):
    """States of a deputyship."""

    def active_on(self, day: date) -> "DeputyQuerySet":
        """Keep what is in force on a day."""
        return self.filter(valid_from__lte=day, valid_to__gt=day)


@pghistory.track()
class Deputy(models.Model):
    """Grain: one deputy for one membership over one range of days; it always has an end.

    The database refuses oneself, two deputies at a time, administrators on either side, and a membership of another user.
    """

    absent = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey("accounts.Membership", on_delete=models.PROTECT, related_name="deputies")
    valid_from = models.DateField()
    valid_to = models.DateField()
    granted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = DeputyQuerySet.as_manager()

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="fits_its_membership",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_FITS_ITS_MEMBERSHIP.format(administrators=_ADMINISTRATORS),
            )
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(absent=F("deputy")), name="deputy_is_another_user"),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="deputy_valid_range_in_order"),
            ExclusionConstraint(
                name="deputy_one_at_a_time",
                expressions=[
                    ("membership", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            # Whom a user replaces today: read with the memberships of every request.
            models.Index(fields=["deputy", "valid_to"], name="deputy_by_deputy"),
        ]

    def __str__(self) -> str:
        return f"deputy {self.pk}: user {self.deputy_id} for membership {self.membership_id}"
