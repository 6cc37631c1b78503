"""The door of the administration: it leads to the first room the actor may open."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from foundation.accounts.redirects import send_to_sign_in
from portal.administration.tabs import open_tabs


def show_administration(request: HttpRequest) -> HttpResponse:
    """Lead on; whoever may open no room is refused."""
    if not request.user.is_authenticated:
        return send_to_sign_in(request)
    rooms = open_tabs(request)
    if not rooms:
        raise PermissionDenied
    return redirect(rooms[0].route)
