"""The actor of each request, `request.actor`, and signing out a browser that has been idle too long."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from foundation.accounts.sessions import set_actor
from foundation.primitives import clock

SEEN_KEY = "seen"
SECONDS_BETWEEN_WRITES = 60


class ActorMiddleware:
    """Comes after the authentication middleware; ends idle sessions, then sets `request.actor`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _end_when_idle(request)
        set_actor(request)
        return self.get_response(request)


def _end_when_idle(request: HttpRequest) -> None:
    """Sign out a user idle for IDLE_SIGN_OUT_SECONDS; a page that refreshes itself does not count as activity.

    The moment is written at most once a minute, so that most requests write no session.
    """
    moment = int(clock.now().timestamp())
    seen = request.session.get(SEEN_KEY, moment)
    if moment - seen > settings.IDLE_SIGN_OUT_SECONDS:
        logout(request)
        request.was_idle_too_long = True  # type: ignore[attr-defined]  # the decorator shows it on the sign-in page
        return
    refreshes_itself = request.method == "GET" and request.headers.get("HX-Request") == "true"
    if not refreshes_itself and (SEEN_KEY not in request.session or moment - seen >= SECONDS_BETWEEN_WRITES):
        request.session[SEEN_KEY] = moment
