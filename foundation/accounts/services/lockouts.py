"""Locks on signing in: lifted by an administrator who knows the colleague; failures are deleted after a day."""

from datetime import datetime, timedelta

from django.db import transaction

from foundation.accounts.actors import Actor
from foundation.accounts.models import SignInFailure, User
from foundation.accounts.permissions import Action
from foundation.accounts.services.checks import demand_on
from foundation.audit.services import record_event

STORED_FOR = timedelta(days=1)


@transaction.atomic
def lift_lockout(*, actor: Actor, user: User) -> None:
    """Forget the wrong passwords and codes of an account, so that it can sign in from anywhere again.

    Effects: deletes its SignInFailure rows; audit verb lift_lockout. Errors: NotAllowed, NotFound.
    """
    demand_on(actor, [Action.MANAGE_USERS], user)
    SignInFailure.objects.filter(user=user).delete()
    record_event(actor=actor, verb="lift_lockout", object_type="user", object_id=user.pk)


def wipe_old_failures(*, at: datetime) -> int:
    """Delete failures older than a day; return how many. Safe to run again."""
    return SignInFailure.objects.filter(at__lt=at - STORED_FOR).delete()[0]
