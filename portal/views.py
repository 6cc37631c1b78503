"""Today: what must be done, what the night changed, whether the data came, the coverage rate, the team's open work."""

from __future__ import annotations

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
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.policy.selectors import get_parameters
from foundation.primitives import clock
from foundation.primitives.rates import Rate
from foundation.regions.models import Unit
from nightly.selectors import list_last_nights
from portal.selectors import list_feeds_on_board
from portal.worklist.name_filter import set_name
from registry.selectors.feed_calendar import list_feed_contacts

PARAMETERS = ("feed_freshness_days", "feed_expected_day", "gap_overdue_days")


@never_cache
@requires(Action.VIEW_BOARD)
@require_safe
def show_today(request: ActorRequest) -> HttpResponse:
    """Show the morning board of the actor's unit. One query a block, twelve in all."""
    set_name(request, "")  # the list entered from here shows what its number counts
    actor, now = request.actor, clock.now()
    unit = Unit.objects.get(pk=actor.unit_id)
    rules = get_parameters(PARAMETERS, unit=unit, on=now.date())
    limit_days = int(rules["gap_overdue_days"].value)
    to_do = count_to_do(actor, today=now.date(), limit_days=limit_days)
    nights = list_last_nights(actor)
    colleagues = count_open_cases(actor)
    context = {
        "unit": unit,
        "today": now.date(),
        "to_do": [(each, GapKind(each.kind).label, gap_tone(each.kind)) for each in to_do],
        "to_do_count": sum(each.count for each in to_do),
        "overdue_count": sum(each.overdue for each in to_do),
        "old_count": sum(each.old for each in to_do),
        "limit_days": limit_days,
        "first_young_day": first_young_day(now.date(), limit_days),
        "mine_count": sum(each.count for each in colleagues if each.user_id == actor.user_id),
        "nights": nights,
        "changes": [
            (each, GapKind(each.kind).label)
            for each in count_changes(actor, moments=[night.finished_at for night in nights if night.finished_at])
            if each.opened or each.closed
        ],
        "feeds": list_feeds_on_board(
            actor,
            today=now.date(),
            fresh_days=rules["feed_freshness_days"].value,
            expected_day=rules["feed_expected_day"].value,
            contacts=list_feed_contacts(actor),
        ),
        "rates": _rate_lines(coverage := count_coverage(actor)),
        "oldest_feed_date": coverage.oldest_feed_date,
        "colleagues": colleagues,
        "may_work": actor.may(Action.VIEW_CASE_DATA),
        "may_see_deliveries": actor.may(Action.VIEW_DELIVERIES),
        "may_see_nights": actor.may(Action.VIEW_NIGHTS),
    }
    return render(request, "today/today.html", context)


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
