"""Reads of batches and plans; batches are the county's."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import counties_around
from foundation.primitives.errors import BadInput, NotFound
from foundation.regions.models import Unit
from payments.constants import PlanOutcome
from payments.models import Batch, ContributionPlan, ContributionPlanLine


def batches_in_scope(actor: Actor) -> QuerySet[Batch]:
    """List the batches of the actor's counties, or of the one the actor's unit lies in, newest first. Errors: NotAllowed."""
    actor.demand(Action.VIEW_BATCHES)
    rows = Batch.objects.select_related("county", "made_by")
    return rows.filter(county__in=counties_around(actor)).order_by("-pk")


def lock_batch(actor: Actor, batch_id: int) -> Batch:
    """Get a batch in reach and hold its row until the transaction ends. Errors: NotAllowed; NotFound."""
    batch = batches_in_scope(actor).select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound(_("There is no such batch in your unit."), ids=[batch_id])
    return batch


def get_latest_plan(county: Unit, year: int) -> ContributionPlan:
    """Get the newest computation of the plan of a year. Errors: BadInput when there is none."""
    plan = ContributionPlan.objects.filter(county=county, year=year).order_by("-computed_at", "-pk").first()
    if plan is None:
        raise BadInput(
            _("There is no plan of %(year)s yet.") % {"year": year},
            code="no_plan",
            what_to_do=_("Run a night, or compute it on the page of the plan."),
            ids=[str(year)],
        )
    return plan


def list_categories_of_draft(batch: Batch) -> list[str]:
    """List the categories the plan of a draft's year pays for and nobody has certified for it yet. One query."""
    lines = ContributionPlanLine.objects.filter(
        county=batch.county_id, year=int(batch.period), superseded_at=None, outcome=PlanOutcome.PAID_FOR
    )
    certified = batch.certificates.values("category")
    return sorted(set(lines.exclude(category__in=certified).values_list("category", flat=True).distinct()))
