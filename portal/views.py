"""Today, the page everybody but a village helper signs in to: the tiles of the role's work, and for who sees a board the unit's.

Tiles are registered by the apps (foundation/web/tiles.py). What is heavy to count, the data received and the rates, loads on its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.constants import GapKind
from casework.presenters.gaps import gap_tone
from casework.selectors.board import count_changes, count_open_cases, count_to_do
from casework.selectors.gap_age import first_young_day
from coverage.selectors.rates import Coverage, count_coverage
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.policy.selectors import get_parameter, get_parameters
from foundation.primitives import clock
from foundation.primitives.rates import Rate
from foundation.regions.models import Unit
from foundation.regions.models.unit import Level
from foundation.web.tiles import list_tiles
from nightly.selectors import list_last_nights
from portal.administration.views.users import NAME_KEY as USERS_NAME_KEY
from portal.selectors import list_feeds_on_board
from portal.worklist.name_filter import set_name
from registry.selectors.feed_calendar import list_feed_contacts

FEED_RULES = ("feed_freshness_days", "feed_expected_day")


@never_cache
@requires(Action.VIEW_TODAY)
@require_safe
def show_today(request: ActorRequest) -> HttpResponse:
    """Show what waits for the actor, and for who sees a board that of their unit. At most twelve queries, ten with a board."""
    forget_names(request)  # a list entered from here shows what its number counts
    actor, now = request.actor, clock.now()
    unit = Unit.objects.get(pk=actor.unit_id)
    context = {"unit": unit, "today": now.date(), "tiles": list_tiles(actor, at=now)}
    if actor.may(Action.VIEW_BOARD):
        context |= _board(actor, unit, now)
    return render(request, "today/today.html", context)


def forget_names(request: ActorRequest) -> None:
    """Forget the names searched for in the work list and the list of users."""
    set_name(request, "")
    request.session.pop(USERS_NAME_KEY, None)


def _board(actor: Actor, unit: Unit, now: datetime) -> dict[str, Any]:
    """Return what is to be done in the actor's unit, what the night changed, the team's cases. Five queries."""
    limit_days = int(get_parameter("gap_overdue_days", unit=unit, on=now.date()).value)
    to_do = count_to_do(actor, today=now.date(), limit_days=limit_days)
    nights = list_last_nights(actor)
    return {
        "has_board": True,
        "ranks_units": actor.unit_level < Level.COUNTY,
        "to_do": [(each, GapKind(each.kind).label, gap_tone(each.kind)) for each in to_do],
        "to_do_count": sum(each.count for each in to_do),
        "overdue_count": sum(each.overdue for each in to_do),
        "old_count": sum(each.old for each in to_do),
        "limit_days": limit_days,
        "first_young_day": first_young_day(now.date(), limit_days),
        "nights": nights,
        "changes": [
            (each, GapKind(each.kind).label)
            for each in count_changes(actor, moments=[night.finished_at for night in nights if night.finished_at])
            if each.opened or each.closed
        ],
        "colleagues": count_open_cases(actor),
        "may_work": actor.may(Action.VIEW_CASE_DATA),
        "may_see_nights": actor.may(Action.VIEW_NIGHTS),
    }


@never_cache
@requires(Action.VIEW_BOARD)
@require_safe
def show_figures(request: ActorRequest) -> HttpResponse:
    """Show the data received and the three rates: a part of Today, or a page of its own without htmx. Five queries."""
    actor, today = request.actor, clock.today()
    unit = Unit.objects.get(pk=actor.unit_id)
    rules = get_parameters(FEED_RULES, unit=unit, on=today)
    context = {
        "unit": unit,
        "feeds": list_feeds_on_board(
            actor,
            today=today,
            fresh_days=rules["feed_freshness_days"].value,
            expected_day=rules["feed_expected_day"].value,
            contacts=list_feed_contacts(actor),
        ),
        "rates": _rate_lines(coverage := count_coverage(actor)),
        "oldest_feed_date": coverage.oldest_feed_date,
        "may_see_deliveries": actor.may(Action.VIEW_DELIVERIES),
    }
    return render(request, "today/figures_part.html" if is_part(request) else "today/figures.html", context)


def _rate_lines(coverage: Coverage) -> list[tuple[str, int, Rate, Rate, int]]:
    """List a line a basis: its label, the registered, coverage, drawing, and whom government pays for."""
    labels = {
        "poverty_file": _("Poverty file"),
        "three_categories": _("Three categories (not marked out, dibao, tekun)"),
        "all": _("All poor persons"),
    }
    return [
        (labels[basis], coverage.registered[basis], rate, coverage.drawing[basis], coverage.pay_target[basis])
        for basis, rate in coverage.rates.items()
    ]
