"""What every act on an account checks first: the actor's permission, that they manage the user, and that it is another user."""

from collections.abc import Iterable

from django.db import IntegrityError
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.accounts.permissions import Action
from foundation.accounts.selectors import list_managed_users
from foundation.primitives.errors import NotAllowed, NotFound


def demand_on(actor: Actor | None, actions: Iterable[Action], user: User) -> None:
    """Refuse unless the actor's role may do one of these, and the actor manages this user and is not this user.

    Errors: NotAllowed; NotFound for a user other administrators manage.
    """
    if actor is None:
        return
    wanted = list(actions)
    if not any(actor.may(action) for action in wanted):
        actor.demand(wanted[0])
    if actor.user_id == user.pk:
        raise NotAllowed(
            _("You cannot change your own account or roles here."),
            code="own_account",
            what_to_do=_("Ask another administrator."),
            ids=[user.pk],
        )
    if not list_managed_users(actor).filter(pk=user.pk).exists():
        raise NotFound(_("There is no such user in your area."), ids=[user.pk])


def broken_constraint(error: IntegrityError) -> str:
    """Return the name of the constraint the database refused by; triggers name themselves in their message."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    return str(name or error).partition(":")[0]
