"""How allauth behaves here: nobody signs up by themselves, and signing in restores the user's language."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

SECONDS_PER_YEAR = 365 * 24 * 3600


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Accounts are made by the system administrator only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: always."""
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Send the user on, in the language they chose last."""
        response = super().post_login(request, user, **kwargs)
        if user.language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, user.language, max_age=SECONDS_PER_YEAR, samesite="Lax", httponly=True
            )
        return response
