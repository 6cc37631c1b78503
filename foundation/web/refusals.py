"""A service's refusal as a page: what happened, what is in conflict, what to do, and a link back. 400 or 409."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from foundation.primitives.errors import BadInput, DomainError


def refuse(request: HttpRequest, refusal: DomainError, *, back_url: str) -> HttpResponse:
    """Answer a refused form: 400 for what cannot be understood, 409 for a state that has changed."""
    status = 400 if isinstance(refusal, BadInput) else 409
    return render(request, "errors/refusal.html", {"refusal": refusal, "back_url": back_url}, status=status)


def own_address(request: HttpRequest, address: str | None, default: str) -> str:
    """Return the address a form contains when it is one of ours, else the default."""
    hosts = {request.get_host()}
    if address and url_has_allowed_host_and_scheme(address, hosts, require_https=request.is_secure()):
        return address
    return default
