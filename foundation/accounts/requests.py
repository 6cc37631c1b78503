"""Types of a request that has passed the door: what a view behind `@requires` may rely on. Never instantiated."""

from django.http import HttpRequest

from foundation.accounts.actors import Actor
from foundation.accounts.models import Membership, User


class ActorRequest(HttpRequest):
    """A request of a signed-in user in a role: `request.actor` is there, never None."""

    actor: Actor
    memberships: list[Membership]
    user: User


def find_actor(request: HttpRequest) -> Actor | None:
    """Find who acts; None for somebody not signed in, or without a role."""
    return getattr(request, "actor", None)
