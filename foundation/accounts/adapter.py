"""How allauth behaves here: no one signs up by themselves; signing in and out is recorded in the audit log."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve

from foundation.accounts.actors import Actor
from foundation.accounts.doors import demanded_by
from foundation.accounts.known_browsers import hash_account, remember_browser
from foundation.accounts.redirects import home_route
from foundation.accounts.requests import find_actor
from foundation.accounts.sessions import set_actor
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives import clock

SECONDS_PER_YEAR = 365 * 24 * 3600


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Accounts are created by the system administrator only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: always."""
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Refuse a first password that was not used in time, also the right one."""
        until = user.first_password_until
        if user.must_change_password and until is not None and until < clock.real_now():
            record_event(actor=None, verb="sign_in", object_type="user", object_id=user.pk, outcome=Outcome.REFUSED)
            return render(request, "account/first_password_expired.html", status=403)
        early: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return early

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Record the sign-in and send the user on, in the language they chose last."""
        set_actor(request)
        methods = [record.get("type") or record["method"] for record in get_authentication_records(request, user)]
        record_event(
            actor=find_actor(request), verb="sign_in", object_type="user", object_id=user.pk, detail={"by": methods}
        )
        response = super().post_login(request, user, **kwargs)
        wanted = response.headers.get("Location", "")
        if wanted == "/" or not _may_open(find_actor(request), wanted):  # "/" means each role's own first page
            response["Location"] = self.get_login_redirect_url(request)
        remember_browser(request, response, hash_account(user.get_username()))
        if user.language:
            set_language_cookie(response, user.language)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the first page of the role signed in to."""
        set_actor(request)
        return resolve_url(home_route(find_actor(request)))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record the refusal without what was typed: a password sometimes lands in the wrong field. A locked attempt is not recorded."""
        if getattr(request, "was_refused_unseen", False):
            return
        record_event(actor=None, verb="sign_in", object_type="user", outcome=Outcome.REFUSED)

    def logout(self, request: HttpRequest) -> None:
        """Record the sign-out, then end the session."""
        record_event(actor=find_actor(request), verb="sign_out", object_type="user", object_id=request.user.pk or "")
        super().logout(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing on signing in or out: the page that follows shows it."""


def _may_open(actor: Actor | None, address: str) -> bool:
    """Answer whether the page a user wanted before signing in is one of their role; an address that is none shows that itself."""
    try:
        view = resolve(urlsplit(address).path).func
    except (Resolver404, ValueError):
        return True
    demanded = demanded_by(view)
    return not demanded or (actor is not None and any(map(actor.may, demanded)))


def set_language_cookie(response: HttpResponse, language: str) -> None:
    """Set this browser's language for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=SECONDS_PER_YEAR,
        samesite="Lax",
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
