"""The pages of the guides, and the pictures in them. Open to every role: a guide names nobody."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import home_route
from foundation.accounts.requests import ActorRequest
from portal.guides.reading import GUIDES, PICTURES, guide_for, pictures_shown, read_guide


@requires(Action.VIEW_TODAY)
@require_safe
def list_guides(request: ActorRequest) -> HttpResponse:
    """List the guides of all roles, one's own marked."""
    guides = [read_guide(name, get_language()) for name in GUIDES]
    context = {"guides": guides, "own": guide_for(request.actor.role), "page_frame": _frame(request)}
    return render(request, "guides/list.html", context)


@requires(Action.VIEW_TODAY)
@require_safe
def show_guide(request: ActorRequest, name: str) -> HttpResponse:
    """Show a guide in the reader's language. Errors: 404 for a guide there is not."""
    if name not in GUIDES:
        raise Http404
    context = {"guide": read_guide(name, get_language()), "page_frame": _frame(request)}
    return render(request, "guides/guide.html", context)


@requires(Action.VIEW_TODAY)
@require_safe
def show_picture(request: ActorRequest, name: str) -> HttpResponse:
    """Send a picture some guide shows. Errors: 404 for any other name."""
    if name not in pictures_shown():
        raise Http404
    return HttpResponse((PICTURES / f"{name}.png").read_bytes(), content_type="image/png")


def _frame(request: ActorRequest) -> str:
    """Return the frame the reader's own pages have."""
    return "village/frame.html" if home_route(request.actor) == "village" else "base.html"
