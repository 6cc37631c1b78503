"""The door of the administration: it leads to the first room the actor may open."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from poverty_pension.accounts.doors import send_to_sign_in
from poverty_pension.portal.administration.tabs import open_rooms


def show_administration(request: HttpRequest) -> HttpResponse:
    """Lead on; whoever may open no room is refused."""
    if not request.user.is_authenticated:
        return send_to_sign_in(request)
    rooms = open_rooms(request)
    if not rooms:
        raise PermissionDenied
    return redirect(rooms[0].route)
