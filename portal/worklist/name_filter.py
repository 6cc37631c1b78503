"""The name the work list is filtered by: kept in the session, never in an address. It ends where a clerk enters the list anew."""

from __future__ import annotations

from django.http import HttpRequest

_KEY = "work_name"


def get_name(request: HttpRequest) -> str:
    """Return the name in force, or nothing."""
    return str(request.session.get(_KEY, ""))


def set_name(request: HttpRequest, name: str) -> None:
    """Filter by a name; an empty one ends the filter. The session is written only when something changes."""
    if name:
        request.session[_KEY] = name
    elif _KEY in request.session:
        del request.session[_KEY]
