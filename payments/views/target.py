"""Whom government pays for after the last night, by township."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.policy.selectors import ParameterMissing
from foundation.primitives.clock import today
from payments.selectors.target import get_contribution_target, list_counties
from payments.views.plan import section_tabs


@requires(Action.VIEW_BOARD)
def show_target(request: ActorRequest) -> HttpResponse:
    """Show for whom government pays this year, by township, with the standard and its source; one county at a time."""
    counties = list_counties(actor=request.actor)
    chosen = next((county for county in counties if county.code == request.GET.get("county")), None)
    county = chosen or next(iter(counties), None)
    target, missing = None, ""
    if county is not None:
        try:
            target = get_contribution_target(actor=request.actor, county=county, on=today())
        except ParameterMissing as error:
            missing = str(error)
    return render(
        request,
        "payments/target.html",
        {
            "target": target,
            "county": county,
            "counties": counties,
            "missing": missing,
            "tabs": section_tabs(request) if request.actor.may(Action.VIEW_BATCHES) else [],
        },
    )
