"""The actor of each request, `request.actor`, and the end of sessions: idle too long, or at the end of the working day."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from foundation.accounts.sessions import set_actor
from foundation.primitives import clock

SEEN_KEY, BEGAN_KEY = "seen", "began"
SECONDS_BETWEEN_WRITES = 60
View = TypeVar("View", bound=Callable[..., Any])


class ActorMiddleware:
    """Comes after the authentication middleware; ends sessions, then sets `request.actor`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _end_when_over(request)
        set_actor(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, _args: object, _kwargs: object) -> None:
        """Note that the user did something; a page that asks by itself did not."""
        if request.user.is_authenticated and not _asks_by_itself(request, view):
            _note_activity(request)


def refreshes_itself(view: View) -> View:
    """Mark a view that pages call by themselves every few seconds: it keeps no session alive."""
    view.refreshes_itself = True  # type: ignore[attr-defined]
    return view


def _asks_by_itself(request: HttpRequest, view: object) -> bool:
    """A part that htmx loads may be loaded by a clock; only what changes something is surely the user's act."""
    is_loaded = request.method in {"GET", "HEAD"} and request.headers.get("HX-Request") == "true"
    return is_loaded or bool(getattr(view, "refreshes_itself", False))


def _end_when_over(request: HttpRequest) -> None:
    """Sign out a user idle for IDLE_SIGN_OUT_SECONDS, and anybody LONGEST_SESSION_SECONDS after signing in."""
    moment = int(clock.real_now().timestamp())
    is_idle = moment - request.session.get(SEEN_KEY, moment) > settings.IDLE_SIGN_OUT_SECONDS
    if is_idle or moment - request.session.get(BEGAN_KEY, moment) > settings.LONGEST_SESSION_SECONDS:
        logout(request)
        request.session_ended = "idle" if is_idle else "long"  # type: ignore[attr-defined]  # shown on the sign-in page
    elif BEGAN_KEY not in request.session:
        request.session[BEGAN_KEY] = moment


def _note_activity(request: HttpRequest) -> None:
    """Write the moment, at most once a minute, so that most requests write no session."""
    moment = int(clock.real_now().timestamp())
    if moment - request.session.get(SEEN_KEY, 0) >= SECONDS_BETWEEN_WRITES:
        request.session[SEEN_KEY] = moment
