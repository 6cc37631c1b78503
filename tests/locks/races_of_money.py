"""Races of plans, batches of money and accounts."""

from __future__ import annotations

from datetime import date

from foundation.accounts.actors import system_actor
from foundation.accounts.constants import Role
from foundation.policy.models import ParameterValue
from foundation.policy.services.reading import read_parameters
from payments.constants import Category
from payments.contributions.rules import NAMES
from payments.models import Batch, ContributionPlan
from payments.services.batches import review_batch
from payments.services.booking import certify_list, check_townships, draft_batch, freeze_batch
from payments.services.crediting import post_interest
from payments.services.planning import compute_plan
from registry.models import Delivery
from tests.locks.making import Made
from tests.locks.meetings import Meeting, second_refused, shows, twice
from tests.named_world import AS_OF, NOW
from tests.payments.conftest import ACCOUNT_RULES, Money


def planned(made: Made) -> Money:
    """Somebody in a county of its own whom the plan pays for, with the shipped rules of the whole country."""
    there = set(ParameterValue.objects.values_list("name", flat=True))
    ParameterValue.objects.bulk_create(
        ParameterValue(
            name=each.name,
            value=each.value,
            is_none_here=each.is_none_here,
            unit=each.unit,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            source=each.source,
        )
        for each in read_parameters()
        if each.name in {*NAMES, *ACCOUNT_RULES} - there and not each.region_code
    )
    county = made.county()
    money = Money(made.world)
    if not Delivery.objects.filter(feed="dibao").exists():
        made.world.delivery("dibao")
    made.world.delivery("dibao", county=county)
    person = made.world.person("张三", county=county, unit=county)
    money.listed(person, "dibao")
    money.code(person, birth_date=date(1980, 5, 5))
    money.county = county
    return money


def drafted(made: Made, money: Money) -> Batch:
    """Draft a batch with everything it needs to be frozen."""
    clerk = made.actor(Role.COUNTY_CLERK, money.county)
    if not ContributionPlan.objects.filter(county=money.county).exists():
        compute_plan(county=money.county, year=2018, as_of=AS_OF, at=NOW)
    batch = draft_batch(actor=clerk, year=2018, note="", at=NOW)
    certify_list(actor=clerk, batch_id=batch.pk, category=Category.DIBAO, office="民政局", certified_on=AS_OF, at=NOW)
    check_townships(actor=clerk, batch_id=batch.pk, codes=None, at=NOW)
    return batch


@shows("payments/services/planning.py::compute_plan")
def a_plan_is_computed_by_two(made: Made) -> Meeting:
    county = planned(made).county
    return Meeting(
        lambda: compute_plan(county=county, year=2018, as_of=AS_OF, at=NOW),
        lambda: compute_plan(county=county, year=2018, as_of=AS_OF, at=NOW),
        lambda outcome: [getattr(each, "added", None) for each in (outcome.first, outcome.second)] == [1, 0],
    )


@shows("payments/services/booking.py::freeze_batch")
def two_drafts_of_a_plan_are_frozen(made: Made) -> Meeting:
    money = planned(made)
    first, second = drafted(made, money), drafted(made, money)
    clerk = made.actor(Role.COUNTY_CLERK, money.county)
    return Meeting(
        lambda: freeze_batch(actor=clerk, batch_id=first.pk, at=NOW),
        lambda: freeze_batch(actor=clerk, batch_id=second.pk, at=NOW),
        second_refused("nothing_to_pay"),
    )


@shows("payments/selectors/batches.py::lock_batch")
def two_reviewers_sign_a_batch(made: Made) -> Meeting:
    money = planned(made)
    batch = drafted(made, money)
    freeze_batch(actor=made.actor(Role.COUNTY_CLERK, money.county), batch_id=batch.pk, at=NOW)
    one, other = (made.actor(Role.COUNTY_REVIEWER, money.county) for _ in range(2))
    return Meeting(
        lambda: review_batch(actor=one, batch_id=batch.pk, at=NOW),
        lambda: review_batch(actor=other, batch_id=batch.pk, at=NOW),
        second_refused("step_not_possible"),
    )


@shows("payments/services/crediting.py::post_interest")
def a_year_s_interest_is_posted_by_two(made: Made) -> Meeting:
    actor = system_actor(planned(made).county)
    return twice(lambda: post_interest(actor=actor, year=2018, at=NOW), "not_the_next_year")
