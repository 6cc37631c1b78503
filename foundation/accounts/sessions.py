"""In which of a user's memberships, or of those they are deputy for, this browser session works."""

from typing import cast

from django.http import HttpRequest

from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.models import Membership, User
from foundation.accounts.selectors import list_memberships
from foundation.primitives import clock

MEMBERSHIP_KEY = "membership"


def set_actor(request: HttpRequest) -> None:
    """Set `request.memberships` and `request.actor` for the signed-in user; an empty list and None for all others.

    A user with several memberships works in one at a time: the one chosen in this session, else the oldest.
    Cost: one query for a signed-in user.
    """
    memberships = []
    if request.user.is_authenticated:
        memberships = list_memberships(user_id=request.user.pk, on=clock.today())
    request.memberships = memberships  # type: ignore[attr-defined]
    request.actor = _actor(request, memberships)  # type: ignore[attr-defined]


def choose_membership(request: HttpRequest, membership_id: int) -> bool:
    """Work in another membership of the user, or of a colleague they are deputy for; False when it is neither."""
    if membership_id not in {each.pk for each in request.memberships}:  # type: ignore[attr-defined]
        return False
    request.session[MEMBERSHIP_KEY] = membership_id
    set_actor(request)
    return True


def _actor(request: HttpRequest, memberships: list[Membership]) -> Actor | None:
    if not memberships:
        return None
    chosen = request.session.get(MEMBERSHIP_KEY)
    membership = next((each for each in memberships if each.pk == chosen), memberships[0])
    return user_actor(membership, deputy=cast("User", request.user))
