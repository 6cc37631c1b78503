"""Redirects to another page: by status, or by htmx's header when htmx asks for a part of a page.

A part of a page must never be replaced by a whole sign-in page.
"""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action


def send_to(request: HttpRequest, where: str, *, back: bool = False) -> HttpResponse:
    """Send the reader to a route; with `back`, the page they are on is where they return to."""
    address = resolve_url(where)
    if back:
        address = f"{address}?{urlencode({'next': page_address(request)})}"
    if is_part(request):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def send_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a user who is not, or no longer, signed in to the sign-in page and back afterwards."""
    return send_to(request, settings.LOGIN_URL, back=True)


def home_route(actor: Actor | None) -> str:
    """Return the first page of a role: the village's for who reports and works no cases; for everybody else the page of their day."""
    if actor is not None and actor.may(Action.FILE_REPORT) and not actor.may(Action.TAKE_CASE):
        return "village"
    return str(settings.LOGIN_REDIRECT_URL)


def is_part(request: HttpRequest) -> bool:
    """Answer whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def page_address(request: HttpRequest) -> str:
    """Return the address the reader sees, always on this site: not that of the part htmx asked for, nor one with a host in its path."""
    if not is_part(request):
        return request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    try:
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:  # a header no browser sends
        return "/"
    return "/" + shown.path.lstrip("/\\") + (f"?{shown.query}" if shown.query else "")
