"""The plan of a county and year: what it comes to, what changed, what it rests on; computing it now; beginning a batch from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, DomainError, NotAllowed, NotFound
from foundation.primitives.ids import read_id
from foundation.regions.models import Unit
from foundation.regions.models.unit import Level as UnitLevel
from foundation.web.refusals import refuse
from payments.constants import PlanOutcome
from payments.forms import DraftForm
from payments.models import ContributionPlan
from payments.presenters.batches import level_rows
from payments.presenters.plan import (
    STAGE_WORDS,
    Addresses,
    category_rows,
    computation_rows,
    feed_rows,
    level_columns,
    reason_rows,
    rule_rows,
    township_picture,
    township_rows,
    year_rows,
)
from payments.selectors.plans import (
    BOOKED,
    NOT_BOOKED,
    Money,
    PlanGroup,
    compare_years,
    count_changes,
    count_groups,
    list_computations,
    list_latest_plans,
    list_plan_parameters,
    list_planned_counties,
    names_of,
    paid_for,
    sum_groups,
)
from payments.services.booking import draft_batch
from payments.services.recomputing import compute_plan_now

MOST_COMPUTATIONS = 8


@dataclass(frozen=True)
class Chosen:
    """Which plan a page is about, and what else there is to choose. `plan` is None where a county has none."""

    counties: list[Unit]
    county: Unit | None
    plans: list[ContributionPlan]
    plan: ContributionPlan | None


def choose_plan(actor: Actor, data: QueryDict) -> Chosen:
    """Read county and year from the address: the first county and its newest year where none is named. Two queries.

    Errors: NotFound for a county out of reach, or a year without a plan.
    """
    counties = list(list_planned_counties(actor))
    county = next((each for each in counties if each.code == data.get("county")), None)
    if county is None and data.get("county"):
        raise NotFound(_("There is no plan of this county in your unit."), ids=[data.get("county")])
    county = county or next(iter(counties), None)
    plans = list_latest_plans(county) if county else []
    year = read_id(data.get("year"))
    plan = next((each for each in plans if each.year == year), None)
    if plan is None and data.get("year"):
        raise NotFound(_("There is no plan of this year."), ids=[data.get("year")])
    plan = plan or next(iter(plans), None)
    if plan is not None and county is not None:
        plan.county = county
    return Chosen(counties, county, plans, plan)


@never_cache
@requires(Action.VIEW_BATCHES)
@require_safe
def show_plan(request: ActorRequest) -> HttpResponse:
    """Show the plan of a county and year; amounts and counts by township and level only for who sees no people. Twelve queries."""
    actor, chosen = request.actor, choose_plan(request.actor, request.GET)
    context: dict[str, object] = {
        "tabs": section_tabs(request),
        "chosen": chosen,
        "may_compute": actor.may(Action.PREPARE_BATCH),
        "this_year": clock.today().year,
        "may_list": actor.may(Action.VIEW_CASE_DATA),
    }
    if chosen.plan is not None and chosen.county is not None:
        context |= _plan_parts(actor, chosen.county, chosen.plan, chosen.plans, clock.now())
    return render(request, "payments/plan.html", context)


@requires(Action.PREPARE_BATCH)
@require_POST
def compute_now(request: ActorRequest) -> HttpResponse:
    """Compute the plan of a year now, in the clerk's own county."""
    back_url = reverse("contribution_plan")
    year = read_id(request.POST.get("year"))
    try:
        plan = compute_plan_now(actor=request.actor, year=year or 0, at=clock.now())
    except DomainError as refusal:
        if isinstance(refusal, NotAllowed):
            raise
        return refuse(request, refusal, back_url=back_url)
    said = {"added": plan.added, "removed": plan.removed, "changed": plan.changed}
    messages.success(
        request,
        _("Computed: %(added)s added, %(removed)s removed, %(changed)s with another category or amount.") % said,
    )
    return redirect(f"{back_url}?county={plan.county.code}&year={plan.year}")


@requires(Action.PREPARE_BATCH)
@require_POST
def begin_batch(request: ActorRequest) -> HttpResponse:
    """Begin a batch for those of a year's plan who are in none."""
    form, back_url = DraftForm(request.POST), reverse("contribution_plan")
    if not form.is_valid():
        return refuse(request, BadInput(_("Enter the year."), code="year"), back_url=back_url)
    try:
        batch = draft_batch(
            actor=request.actor, year=form.cleaned_data["year"], note=form.cleaned_data["note"], at=clock.now()
        )
    except DomainError as refusal:
        if isinstance(refusal, NotAllowed):
            raise
        return refuse(request, refusal, back_url=back_url)
    return redirect("contribution_batch", batch.pk)


def section_tabs(request: HttpRequest) -> list[dict[str, object]]:
    """Return the pages of contributions as tabs."""
    pages = (
        ("contribution_plan", _("Plan of the year")),
        ("contribution_batches", _("Batches")),
        ("payments", _("Who is paid for after the last night")),
    )
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [{"label": label, "url": reverse(name), "is_here": name == here} for name, label in pages]


def _plan_parts(
    actor: Actor, county: Unit, plan: ContributionPlan, plans: list[ContributionPlan], at: datetime
) -> dict[str, object]:
    groups = count_groups(actor, plan, at)
    found = Addresses(county, plan.year, actor.may(Action.VIEW_CASE_DATA))
    townships = sum_groups(groups, "township")
    levels = level_columns(townships.values())
    total = total_of(groups)
    rows = township_rows(groups, levels, names_of([code for code in townships if code != county.code]), found)
    computations = list_computations(plan, MOST_COMPUTATIONS)
    has_last_year = any(each.year == plan.year - 1 for each in plans)
    unbooked = sum(each.people for each in paid_for(groups) if each.stage == NOT_BOOKED)
    parts: dict[str, object] = {
        "plan": plan,
        "county": county,
        "figures": _figures(groups, total, found),
        "total": total,
        "total_shares": [total.shares[level.value] for level in levels],
        "level_rows": level_rows(total),
        "levels": levels,
        "townships": rows,
        "stage_words": list(reversed(STAGE_WORDS.values())),
        "stage_totals": [sum(row.stages[place].count for row in rows) for place in range(len(STAGE_WORDS))],
        "picture": township_picture(rows, plan.year),
        "computations": computation_rows(computations, count_changes(actor, computations), found),
        "years": year_rows(compare_years(actor, plan), found) if has_last_year else [],
        "has_last_year": has_last_year,
        "feeds": feed_rows(plan),
        "rules": rule_rows(list_plan_parameters(plan.parameters)),
    }
    if found.may_list:
        parts |= {"categories": category_rows(groups, levels, found), "reasons": reason_rows(groups, found)}
    may_draft = actor.may(Action.PREPARE_BATCH) and actor.unit_level == UnitLevel.COUNTY and unbooked
    if may_draft:
        parts["draft_form"] = DraftForm(initial={"year": plan.year}, auto_id="draft_%s")
    return parts


def total_of(groups: list[PlanGroup]) -> Money:
    """Add up everybody who is paid for."""
    total = Money()
    for each in paid_for(groups):
        total.add(each.people, each.amount_fen, each.shares)
    return total


def _figures(groups: list[PlanGroup], total: Money, at: Addresses) -> list[dict[str, object]]:
    paid, staged = PlanOutcome.PAID_FOR.value, sum_groups(groups, "stage")
    excluded = [each for each in groups if each.outcome == PlanOutcome.EXCLUDED]
    late = sum(each.people for each in excluded if each.stage != NOT_BOOKED)
    figures: list[dict[str, object]] = [
        {"count": total.people, "label": PlanOutcome.PAID_FOR.label, "url": at.figure(total.people, outcome=paid).url}
    ]
    for stage, words in STAGE_WORDS.items():
        count = staged[stage].people if stage in staged else 0
        figures.append(
            {
                "count": count,
                "label": words,
                "url": at.figure(count, outcome=paid, stage=stage).url,
                "tone": "warn" if count and stage == NOT_BOOKED else "",
            }
        )
    people = sum(each.people for each in excluded)
    excluded_url = at.figure(people, outcome=PlanOutcome.EXCLUDED.value).url
    figures.append({"count": people, "label": _("Excluded"), "url": excluded_url})
    if late:
        figures.append(
            {
                "count": late,
                "label": _("In a batch or credited, and excluded by now"),
                "url": at.figure(late, outcome=PlanOutcome.EXCLUDED.value, stage=BOOKED).url,
                "tone": "bad",
            }
        )
    return figures
