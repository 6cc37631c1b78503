"""A service's refusal as a page: what happened, what is in conflict, what to do, and a link back. 400 or 409.

A view answers the refusals it expects; RefusalMiddleware answers every other, and a full disk.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from foundation.policy.selectors import ParameterMissing
from foundation.primitives.disk import disk_full, is_disk_full
from foundation.primitives.errors import BadInput, Conflict, DomainError


def refuse(request: HttpRequest, refusal: DomainError, *, back_url: str) -> HttpResponse:
    """Answer a refused form: 400 for what cannot be understood, 409 for a state that has changed."""
    status = 400 if isinstance(refusal, BadInput) else 409
    return render(request, "errors/refusal.html", {"refusal": refusal, "back_url": back_url}, status=status)


def own_address(request: HttpRequest, address: str | None, default: str) -> str:
    """Return the address a form contains when it is one of ours, else the default."""
    hosts = {request.get_host()}
    if (
        address
        and address.startswith("/")
        and url_has_allowed_host_and_scheme(address, hosts, require_https=request.is_secure())
    ):
        return address
    return default


class RefusalMiddleware:
    """Answers a Conflict, a BadInput or a missing rule no view expected, and a full disk, as a page. After the actor is set."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        """Refuse a form whose files did not fit on the disk, before anything is done with those that did."""
        if request.user.is_authenticated and request.content_type == "multipart/form-data":
            _ = request.FILES  # read now: a view would take the files before the one that did not fit
        return self._answer(request, disk_full()) if getattr(request, "disk_was_full", False) else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what a service refused."""
        if is_disk_full(error):
            return self._answer(request, disk_full())
        return self._answer(request, error) if isinstance(error, (BadInput, Conflict, ParameterMissing)) else None

    def _answer(self, request: HttpRequest, refusal: DomainError) -> HttpResponse:
        return refuse(request, refusal, back_url=_page_before(request))


def _page_before(request: HttpRequest) -> str:
    """Return the address of our own page the request came from, else the first page."""
    before = urlsplit(request.headers.get("Referer", ""))
    address = urlunsplit(("", "", before.path, before.query, ""))
    return own_address(request, address if before.netloc == request.get_host() else None, "/")
