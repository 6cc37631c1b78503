"""The pictures, each a part of a page, or a page of its own without htmx. Nothing in them names a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.documents.charts import Picture
from foundation.primitives import clock
from foundation.primitives.errors import NotFound
from foundation.primitives.ids import read_id
from portal.pictures.feeds import feeds_picture
from portal.pictures.flows import flow_picture
from portal.pictures.months import gaps_picture, rates_picture
from portal.pictures.units import gaps_by_unit_picture, ranked_picture, reasons_picture
from portal.reports.e1 import Asked
from portal.reports.forms import TableForm

Draw = Callable[[Actor, Asked], Picture]
OF_UNITS: dict[str, Draw] = {
    "rates": rates_picture,
    "gaps": gaps_picture,
    "units": ranked_picture,
    "unit-gaps": gaps_by_unit_picture,
    "reasons": reasons_picture,
}
"""The pictures of a unit as of a day, by their address."""


@never_cache
@requires(Action.VIEW_BOARD)
@require_safe
def show_picture(request: ActorRequest, name: str) -> HttpResponse:
    """Show one picture of a unit. Three queries at most: the unit, its counts, the nights they come from."""
    draw = OF_UNITS.get(name)
    if draw is None:
        raise NotFound("no such picture", code="no_picture", ids=[name])
    asked = TableForm(request.GET).asked(request.actor, clock.today())
    return _show(request, [draw(request.actor, asked)])


@never_cache
@requires(Action.VIEW_NIGHTS)
@require_safe
def show_flow(request: ActorRequest, run_id: int) -> HttpResponse:
    """Show how codes changed between a night and another (`with`), or the one before. Two queries."""
    try:
        picture = flow_picture(request.actor, run_id, read_id(request.GET.get("with", "")))
    except NotFound as error:
        if error.code != "no_night":
            raise
        return _show(request, [])
    return _show(request, [picture])


@never_cache
@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_feeds(request: ActorRequest) -> HttpResponse:
    """Show what each feed brought month by month. Two queries."""
    return _show(request, [feeds_picture(request.actor, clock.today())])


def _show(request: ActorRequest, pictures: Sequence[Picture]) -> HttpResponse:
    template = "pictures/part.html" if is_part(request) else "pictures/page.html"
    return render(request, template, {"pictures": pictures})
