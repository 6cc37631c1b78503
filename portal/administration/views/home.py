"""The entry of the administration: redirects to the first page the actor may open."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from foundation.accounts.redirects import send_to_sign_in
from portal.administration.tabs import open_tabs


def show_administration(request: HttpRequest) -> HttpResponse:
    """Redirect; an actor who may open no page is refused."""
    if not request.user.is_authenticated:
        return send_to_sign_in(request)
    tabs = open_tabs(request)
    if not tabs:
        raise PermissionDenied
    return redirect(tabs[0].route)
