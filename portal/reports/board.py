"""The page of gaps to zero: by kind and by unit, each figure a link into the work list."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.selectors.worklist import SETTLED
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.policy.selectors import get_parameter
from foundation.primitives import clock
from foundation.regions.models import Unit
from foundation.regions.selectors import list_chain
from portal.reports.arrivals import KEPT_DAYS, Arrival, list_arrivals
from portal.reports.forms import TableForm
from portal.reports.views import report_tabs
from portal.reports.zeroing import Board, GapCounts, get_board


@never_cache
@requires(Action.VIEW_BOARD)
@require_safe
def show_board(request: ActorRequest) -> HttpResponse:
    """Show the open gaps of a unit, and who is new. Thirteen queries at most."""
    actor, today = request.actor, clock.today()
    unit = TableForm(request.GET).asked(actor, today).unit
    limit_days = int(get_parameter("gap_overdue_days", unit=unit, on=today).value)
    board = get_board(actor=actor, unit=unit, today=today, limit_days=limit_days)
    context = {
        "unit": unit,
        "chain": [(each.name, f"?unit={each.code}") for each in list_chain(unit=unit) if actor.covers(each.path)],
        "board": board,
        "limit_days": limit_days,
        "arrivals": _arrival_lines(actor, unit, list_arrivals(actor=actor, unit=unit, today=today)),
        "kept_days": KEPT_DAYS,
        "kinds": _kind_lines(actor, unit, board),
        "units": [
            (name or _("Not assigned to a lower unit"), f"?unit={code}" if code else "", each)
            for code, name, each in board.units
        ],
        "tabs": report_tabs(request),
    }
    return render(request, "reports/zeroing.html", context)


def _kind_lines(actor: Actor, unit: Unit, board: Board) -> list[tuple[str, str, str, GapCounts]]:
    """Return each kind with the addresses of its open gaps and of those closed with a reason; empty for who works no cases."""
    return [
        (
            str(kind.label),
            _work_address(actor, unit, kind=kind.value),
            _work_address(actor, unit, kind=kind.value, state=SETTLED),
            counts,
        )
        for kind, counts in board.kinds
    ]


def _arrival_lines(actor: Actor, unit: Unit, arrivals: list[Arrival]) -> list[tuple[str, Arrival]]:
    """Return each arrival with the address of its open gaps, where they are of one kind."""
    return [
        (_work_address(actor, unit, kind=each.kinds[0].value) if len(each.kinds) == 1 else "", each)
        for each in arrivals
    ]


def _work_address(actor: Actor, unit: Unit, **wanted: str) -> str:
    """Return the address of a part of the work list; empty for who works no cases."""
    place = {} if unit.pk == actor.unit_id else {"unit": unit.code}
    return f"{reverse('work_list')}?{urlencode(wanted | place)}" if actor.may(Action.VIEW_CASE_DATA) else ""
