"""The page that lists what a file changes, or changed, line by line."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.services import record_list
from registry.constants import ChangeKind
from registry.presenters.changes import shown_change, shown_kinds
from registry.presenters.deliveries import shown_delivery
from registry.selectors.deliveries import count_changes, get_delivery, list_changes

PER_PAGE = 30


@never_cache
@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_changes(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """List the changes of one delivery, all or of one kind, thirty at a time."""
    delivery = get_delivery(request.actor, delivery_id)
    asked = request.GET.get("kind", "")
    kind = asked if asked in ChangeKind.values else ""
    page = Paginator(list_changes(request.actor, delivery, kind=kind), PER_PAGE).get_page(request.GET.get("page"))
    record_list(
        actor=request.actor,
        name="delivery_changes",
        count=page.paginator.count,
        shown=len(page),
        filters={"delivery": delivery.pk, "kind": kind},
    )
    context = {
        "delivery": shown_delivery(delivery),
        "kinds": shown_kinds(count_changes(request.actor, delivery), kind),
        "page": page,
        "changes": [shown_change(change) for change in page],
        "query": f"kind={kind}" if kind else "",
    }
    return render(request, "deliveries/changes.html", context)
