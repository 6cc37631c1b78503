"""Types of a request that `@requires` has let pass: what such a view may rely on. Never instantiated."""

from django.http import HttpRequest

from foundation.accounts.actors import Actor
from foundation.accounts.models import Membership, User


class ActorRequest(HttpRequest):
    """A request of a signed-in user in a role: `request.actor` is there, never None."""

    actor: Actor
    memberships: list[Membership]
    user: User


def find_actor(request: HttpRequest) -> Actor | None:
    """Find the actor; None for a user who is not signed in, or has no role."""
    return getattr(request, "actor", None)
