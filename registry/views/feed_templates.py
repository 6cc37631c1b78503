"""The feeds and an empty table for each, to be sent to departments."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.web.downloads import send_file
from registry.constants import EVENT_FEEDS, Feed
from registry.intake.layouts import get_layout
from registry.intake.templates import header_of, write_template


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
    """Download the empty table of a feed."""
    if feed not in Feed.values:
        raise Http404
    return send_file(write_template(get_layout(feed)), name=_("blank_form_%(feed)s.xlsx") % {"feed": Feed(feed).label})
