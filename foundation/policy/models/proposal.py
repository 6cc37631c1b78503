"""A value proposed for a parameter: drafted by one security administrator, approved by another, never deleted."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from foundation.policy.models.parameter_value import NATIONAL, ParameterUnit


class ProposalState(models.TextChoices):
    """The state of a proposal; `drafted` is the only one that can change."""

    DRAFTED = "drafted", _("Drafted")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


MOVES = {ProposalState.DRAFTED: (ProposalState.APPROVED, ProposalState.WITHDRAWN)}
STATED = (
    "name", "region", "effective_date", "value", "unit", "is_none_here", "source", "backdating_reason",
    "drafted_by", "drafted_date", "drafted_at",
)  # fmt: skip


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent())
class ParameterProposal(models.Model):
    """Grain: one value proposed for one parameter, region and first day. Approved, it joins the table of values."""

    name = models.CharField(max_length=80)
    region = models.ForeignKey("regions.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    effective_date = models.DateField()
    value = models.JSONField(null=True)
    unit = models.CharField(max_length=20, choices=ParameterUnit)
    is_none_here = models.BooleanField(default=False)
    source = models.TextField()
    backdating_reason = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.DRAFTED)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_date = models.DateField()
    drafted_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(unit__in=ParameterUnit.values), name="proposal_unit_is_known"),
            models.CheckConstraint(condition=Q(state__in=ProposalState.values), name="proposal_state_is_known"),
            models.CheckConstraint(condition=~Q(source=""), name="proposal_names_its_source"),
            models.CheckConstraint(
                condition=Q(is_none_here=True, value__isnull=True) | Q(is_none_here=False, value__isnull=False),
                name="proposal_value_or_none_here",
            ),
            models.CheckConstraint(
                condition=Q(effective_date__gte=F("drafted_date")) | ~Q(backdating_reason=""),
                name="proposal_backdated_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.DRAFTED, decided_by__isnull=True, decided_at__isnull=True)
                | Q(~Q(state=ProposalState.DRAFTED), decided_by__isnull=False, decided_at__isnull=False),
                name="proposal_decided_has_who",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.APPROVED) | ~Q(decided_by=F("drafted_by")),
                name="proposal_approved_by_a_second_person",
            ),
            models.UniqueConstraint(
                "name",
                Coalesce(F("region"), Value(NATIONAL)),
                "effective_date",
                condition=~Q(state=ProposalState.WITHDRAWN),
                name="proposal_once_for_a_day",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="stated_once", fields=list(STATED)),
            pgtrigger.FSM(
                name="moves_once",
                field="state",
                transitions=[(str(old), str(new)) for old, follows in MOVES.items() for new in follows],
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}: {self.name} from {self.effective_date}"
