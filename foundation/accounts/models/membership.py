"""A user's role in one unit over a range of days. Ends by a date, never by deletion."""

from datetime import date

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from foundation.accounts.constants import ADMINISTRATORS, Role
from foundation.regions.models.unit import DateRange

_KIND_OF_WORK = Case(
    When(role__in=[str(role) for role in ADMINISTRATORS], then=F("role")),
    default=Value("case work"),
    output_field=models.CharField(),
)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """States of a membership."""

    def active_on(self, day: date) -> "MembershipQuerySet":
        """Keep the memberships in force on a day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


@pghistory.track()
class Membership(models.Model):
    """Grain: one user, role and unit over one range of days.

    The database refuses an administrator's role beside any other role of the same user on the same day.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=30, choices=Role)
    unit = models.ForeignKey("regions.Unit", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_is_known"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_valid_range_in_order",
            ),
            ExclusionConstraint(
                name="membership_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="membership_administrators_are_nothing_else",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (_KIND_OF_WORK, RangeOperators.NOT_EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}: user {self.user_id} is {self.role} in unit {self.unit_id}"
