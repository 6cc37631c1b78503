"""A line of a delivered file, opened from wherever a page names it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.primitives.errors import Conflict
from foundation.web.progress import Progress
from foundation.web.refusals import refuse
from registry.presenters.delivered_lines import shown_sheet
from registry.presenters.deliveries import shown_delivery
from registry.selectors.deliveries import get_delivery
from registry.services.delivered_lines import open_line


@never_cache
@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_line(request: ActorRequest, delivery_id: int, line: int) -> HttpResponse:
    """Show a line as it was sent, numbers masked, with its neighbours; a long file shows its progress and asks for the line again."""
    place = request.GET.get("sheet", "")
    delivery = get_delivery(request.actor, delivery_id)
    may_take_long = is_part(request) or request.GET.get("whole") == "yes"
    try:
        sheets = open_line(
            actor=request.actor, delivery_id=delivery_id, place=place, line=line, read_long=may_take_long
        )
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("delivery", args=[delivery_id]))
    context = {
        "delivery": shown_delivery(delivery),
        "line": line,
        "place": place,
        "sheets": [shown_sheet(sheet, line) for sheet in sheets or ()],
        "progress": Progress(
            label=_("The file is long and is read from beginning to end to find the line."), is_open=True
        )
        if sheets is None
        else None,
    }
    template = "deliveries/line_part.html" if is_part(request) else "deliveries/line.html"
    return render(request, template, context)
