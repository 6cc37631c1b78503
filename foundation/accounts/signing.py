"""Who may sign what others made: never their own work, and as a deputy not the work of the absent colleague.

A service that creates something to be signed stores `people_behind(actor)`; the service that signs asks `demand_signature`.
"""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.primitives.errors import NotAllowed


def people_behind(actor: Actor) -> frozenset[int]:
    """Return the users behind an act: the actor, and for a deputy the absent colleague too; empty for jobs and clients."""
    return frozenset(user for user in (actor.user_id, actor.deputy_for_id) if user is not None)


def may_sign(actor: Actor, made_by_user_ids: Iterable[int]) -> bool:
    """Answer whether an actor may sign what these users made; jobs and clients sign nothing.

    Source: docs/rules.md R39: a deputy never signs what either of them made.
    """
    return bool(people_behind(actor)) and people_behind(actor).isdisjoint(made_by_user_ids)


def is_anothers(actor: Actor, field: str = "people_behind") -> Q:
    """Return the condition that a row, whose JSON field lists the users who made it, is one the actor may sign as may_sign answers."""
    mine = people_behind(actor)
    made = Q(*(Q(**{f"{field}__contains": [user]}) for user in mine), _connector=Q.OR)
    return ~made if mine else Q(pk__in=[])


def demand_signature(actor: Actor, made_by_user_ids: Iterable[int]) -> None:
    """Refuse a signature under one's own work, or under that of the colleague one is deputy for.

    Errors: NotAllowed with the users in the way.
    """
    makers = frozenset(made_by_user_ids)
    if not may_sign(actor, makers):
        raise NotAllowed(
            _("You cannot approve this: you, or the colleague you are deputy for, prepared it."),
            code="own_work",
            what_to_do=_("Ask a colleague who was not involved."),
            ids=sorted(makers & people_behind(actor)),
        )
