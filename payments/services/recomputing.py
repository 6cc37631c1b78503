"""The plan computed on demand, where a clerk does not wait for the night."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import county_of
from foundation.audit.services import record_event
from payments.models import ContributionPlan
from payments.services.planning import compute_plan


@transaction.atomic
def compute_plan_now(*, actor: Actor, year: int, at: datetime) -> ContributionPlan:
    """Compute the plan of a year of the actor's county from the newest night's codes.

    Effects: as compute_plan; audit verb compute_plan. Errors: NotAllowed; BadInput; ParameterMissing; RuleUnreadable.
    """
    actor.demand(Action.PREPARE_BATCH)
    county = county_of(actor)
    plan = compute_plan(county=county, year=year, at=at)
    detail = {"year": year, "added": plan.added, "removed": plan.removed, "changed": plan.changed}
    record_event(actor=actor, verb="compute_plan", object_type="county", object_id=county.pk, detail=detail)
    return plan
