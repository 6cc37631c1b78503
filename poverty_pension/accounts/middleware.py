"""Sets `request.actor` from the signed-in user's membership of today; None for everyone else.

A user with several memberships works in one at a time: the one chosen on the account page, else the oldest.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from poverty_pension.accounts.actors import Actor, user_actor
from poverty_pension.accounts.selectors import list_memberships
from poverty_pension.primitives import clock

MEMBERSHIP_KEY = "membership"


class ActorMiddleware:
    """Stands after the authentication middleware. Cost: one query for a signed-in user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.memberships = []  # type: ignore[attr-defined]
        request.actor = self._actor(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def _actor(self, request: HttpRequest) -> Actor | None:
        if not request.user.is_authenticated:
            return None
        memberships = list_memberships(user_id=request.user.pk, on=clock.today())
        request.memberships = memberships  # type: ignore[attr-defined]
        if not memberships:
            return None
        chosen = request.session.get(MEMBERSHIP_KEY)
        return user_actor(next((each for each in memberships if each.pk == chosen), memberships[0]))
