"""Batches of contributions: the list, and one batch with its way, its townships and lists, its signatures, its money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from enrollment.presenters.one_stop import shown_signatures
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives import clock
from foundation.signatures.selectors import list_signatures
from payments.constants import BATCH_TYPE, BatchState, Category, PlanOutcome
from payments.forms import BatchFilter, CertificateForm, DayForm, FundingForm, ReasonForm
from payments.models import Batch
from payments.presenters.batches import (
    STATE_TONES,
    batch_row,
    category_rows,
    frozen_rows,
    lacking_words,
    level_rows,
    open_acts,
    sum_by,
    township_rows,
    waiting_words,
    way_of,
)
from payments.presenters.plan import Addresses, rule_rows
from payments.selectors.batch_pages import (
    BatchesWanted,
    count_batch,
    get_batch,
    list_batches,
    list_certificates,
    list_checks,
    list_funding,
    list_reversals,
    list_years,
)
from payments.selectors.plans import (
    AT_COUNTY,
    NOT_BOOKED,
    Money,
    count_groups,
    list_latest_plans,
    list_plan_parameters,
    names_of,
    paid_for,
    sum_groups,
)
from payments.services.booking import list_townships
from payments.views.plan import section_tabs

PER_PAGE = 30


@never_cache
@requires(Action.VIEW_BATCHES)
@require_safe
def show_batches(request: ActorRequest) -> HttpResponse:
    """List the batches in reach as they are filtered. Six queries whatever the rows."""
    form = BatchFilter(request.GET, years=list_years(request.actor))
    form.is_valid()
    given = {name: str(value) for name, value in form.cleaned_data.items() if value}
    batches = list_batches(request.actor, BatchesWanted(**given))
    page = Paginator(batches, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": section_tabs(request),
        "form": form,
        "page": page,
        "rows": [batch_row(each) for each in page.object_list],
        "query": urlencode(given),
    }
    return render(request, "payments/batches.html", context)


@never_cache
@requires(Action.VIEW_BATCHES)
@require_safe
def show_batch(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Show one batch; amounts and counts by township and level only for who sees no people. Twelve queries whatever the rows."""
    actor, batch = request.actor, get_batch(request.actor, batch_id)
    is_open_draft = batch.state == BatchState.DRAFT and batch.reverses_id is None
    signatures = [] if is_open_draft else list_signatures(BATCH_TYPE, [batch.pk]).get(batch.pk, [])
    acts = open_acts(actor, batch, signatures)
    may_list = actor.may(Action.VIEW_CASE_DATA)
    context: dict[str, object] = {
        "batch": batch,
        "tone": STATE_TONES[BatchState(batch.state)],
        "way": way_of(batch),
        "signatures": shown_signatures(signatures),
        "acts": acts,
        "waiting": waiting_words(actor, batch, acts),
        "is_open_draft": is_open_draft,
        "may_list": may_list,
    }
    parts = _draft_parts(actor, batch, acts, clock.now()) if is_open_draft else _frozen_parts(actor, batch, acts)
    return render(request, "payments/batch.html", context | parts)


def _draft_parts(actor: Actor, batch: Batch, acts: set[str], at: datetime) -> dict[str, object]:
    year, county, may_list = int(batch.period), batch.county, actor.may(Action.VIEW_CASE_DATA)
    plan = next((each for each in list_latest_plans(county) if each.year == year), None)
    groups = list(paid_for(count_groups(actor, plan, at))) if plan else []
    free = [each for each in groups if each.stage == NOT_BOOKED]
    total = Money()
    for each in free:
        total.add(each.people, each.amount_fen, each.shares)
    by_township, by_category = sum_groups(free, "township"), sum_groups(free, "category")
    found = Addresses(county, year, may_list)
    wanted = {"outcome": PlanOutcome.PAID_FOR.value, "stage": NOT_BOOKED}
    checks, certificates = list_checks(actor, batch), list_certificates(batch)
    missing = {each.category for each in groups} - {each.category for each in certificates}
    urls = _if_listed(
        may_list, {code: found.of(place=AT_COUNTY if code == county.code else code, **wanted) for code in by_township}
    )
    rows = township_rows(
        list_townships(county=county, year=year, known=at),
        checks,
        names_of(list(by_township)),
        batch,
        actor=actor,
        urls=urls,
    )
    return {
        "total": total,
        "levels": level_rows(total),
        "townships": rows,
        "unchecked": sum(row.may_check for row in rows),
        "lacks": lacking_words(missing, rows),
        "categories": category_rows(
            by_category,
            certificates,
            _if_listed(may_list, {code: found.of(category=code, **wanted) for code in by_category}),
            missing,
        )
        if may_list
        else [],
        "certificate_form": CertificateForm(
            categories=[each for each in Category.values if each in missing],
            initial={"certified_on": at.date()},
            auto_id="certify_%s",
        )
        if "certify" in acts and missing
        else None,
        "people_url": found.of(**wanted) if may_list else "",
    }


def _frozen_parts(actor: Actor, batch: Batch, acts: set[str]) -> dict[str, object]:
    groups, checks, may_list = count_batch(actor, batch), list_checks(actor, batch), actor.may(Action.VIEW_CASE_DATA)
    by_township, by_category = sum_by(groups, "township"), sum_by(groups, "category")
    total = sum_by(groups, "").get("", Money())
    address = reverse("contribution_batch_people", args=[batch.pk])
    urls = {code: f"{address}?place={AT_COUNTY if code == batch.county.code else code}" for code in by_township}
    parts: dict[str, object] = {
        "total": total,
        "levels": level_rows(total),
        "townships": frozen_rows(groups, checks, names_of(list(by_township)), batch.county, _if_listed(may_list, urls)),
        "funding": list_funding(batch),
        "reversals": list_reversals(batch),
        "rules": rule_rows(list_plan_parameters(batch.header["parameters"])) if batch.header.get("parameters") else [],
        "people_url": address if may_list else "",
        "funding_form": FundingForm(due=total.shares, auto_id="fund_%s") if "fund" in acts else None,
        "day_form": DayForm(initial={"day": clock.today()}, auto_id="credit_%s") if "credit" in acts else None,
        "return_form": ReasonForm(auto_id="return_%s") if "return" in acts else None,
        "take_back_form": ReasonForm(auto_id="back_%s") if "take_back" in acts else None,
    }
    if may_list:
        listed = {code: f"{address}?category={code}" for code in by_category}
        parts["categories"] = category_rows(by_category, list_certificates(batch), listed)
    return parts


def _if_listed(may_list: bool, urls: Mapping[str, str]) -> Mapping[str, str]:
    return urls if may_list else {}
