"""The feeds and an empty table for each: what a department that asks is sent."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from registry.constants import EVENT_FEEDS, Feed
from registry.intake.layouts import get_layout
from registry.intake.templates import header_of, write_template
from registry.views.problem_files import XLSX


@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_feeds(request: ActorRequest) -> HttpResponse:
    """List the feeds: the columns each must have, and its empty table."""
    rows = [
        {
            "feed": feed.value,
            "label": feed.label,
            "title": get_layout(feed.value).title,
            "columns": "、".join(_required_headers(feed)),
            "is_events": feed in EVENT_FEEDS,
        }
        for feed in Feed
    ]
    return render(request, "deliveries/feeds.html", {"rows": rows})


def _required_headers(feed: Feed) -> list[str]:
    layout = get_layout(feed.value)
    return ["/".join(header_of(layout, name) for name in group.split("|")) for group in layout.required]


@requires(Action.VIEW_DELIVERIES)
@require_safe
def download_template(request: ActorRequest, feed: str) -> HttpResponse:
    """Hand over the empty table of a feed."""
    if feed not in Feed.values:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="template-{feed}.xlsx"'}
    return HttpResponse(write_template(get_layout(feed)), content_type=XLSX, headers=headers)
