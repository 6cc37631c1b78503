"""The plan computed on demand, where a clerk does not wait for the night."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from coverage.models import CoverageVerdict
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import county_of
from foundation.audit.services import record_event
from foundation.primitives.errors import BadInput
from foundation.regions.models import Unit
from payments.models import ContributionPlan
from payments.services.planning import compute_plan


@transaction.atomic
def compute_plan_now(*, actor: Actor, year: int, at: datetime) -> ContributionPlan:
    """Compute the plan of a year of the actor's county from the newest night's codes.

    Effects: as compute_plan; audit verb compute_plan. Errors: NotAllowed; BadInput; ParameterMissing; RuleUnreadable.
    """
    actor.demand(Action.PREPARE_BATCH)
    county = county_of(actor)
    plan = compute_plan(county=county, year=year, as_of=_newest_day(county), at=at)
    detail = {"year": year, "added": plan.added, "removed": plan.removed, "changed": plan.changed}
    record_event(actor=actor, verb="compute_plan", object_type="county", object_id=county.pk, detail=detail)
    return plan


def _newest_day(county: Unit) -> date:
    """Return the newest night's day: a night that changes no code still computes the plan. Errors: BadInput before the first night."""
    coded = CoverageVerdict.objects.filter(county=county, superseded_at=None).aggregate(day=Max("as_of_date"))["day"]
    planned = ContributionPlan.objects.filter(county=county).aggregate(day=Max("as_of_date"))["day"]
    days = [day for day in (coded, planned) if day is not None]
    if not days:
        raise BadInput(
            _("No night has run for %(county)s.") % {"county": county.name}, code="no_night", ids=[county.code]
        )
    return max(days)
