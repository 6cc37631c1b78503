"""Contributions of the demonstration: a batch of the nights' plan that waits for the reviewer; through the services of the pages."""

from __future__ import annotations

from django.db import transaction

from demo.working import CLERK, TOWNSHIP, actor_of
from foundation.primitives import clock
from foundation.regions.models import Unit
from payments.constants import Category
from payments.models import Batch, ContributionPlan
from payments.selectors.batches import list_categories_of_draft
from payments.services.booking import certify_list, check_townships, draft_batch, freeze_batch

OFFICES = {Category.TEKUN: "如皋市民政局", Category.DIBAO: "如皋市民政局", Category.DISABILITY: "如皋市残疾人联合会"}
POVERTY_OFFICE = "如皋市扶贫办"


@transaction.atomic
def make_contributions(county: Unit, year: int) -> None:
    """Bring a batch for everybody of a year's plan before the reviewer: nothing where a batch exists or the year has no plan."""
    planned = ContributionPlan.objects.filter(county=county, year=year, paid_for__gt=0)
    if Batch.objects.filter(county=county).exists() or not planned.exists():
        return
    clerk, at = actor_of(CLERK), clock.now()
    batch = draft_batch(actor=clerk, year=year, note=f"{year} 年度政府代缴", at=at)
    for category in list_categories_of_draft(batch):
        certify_list(
            actor=clerk,
            batch_id=batch.pk,
            category=category,
            office=OFFICES.get(Category(category), POVERTY_OFFICE),
            certified_on=at.date(),
            at=at,
        )
    for person in (actor_of(TOWNSHIP), clerk):
        check_townships(actor=person, batch_id=batch.pk, codes=None, at=at)
    freeze_batch(actor=clerk, batch_id=batch.pk, at=at)
