"""The second factor of a user: set up by themselves, removed only by a security administrator."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.authenticators import LAST_COUNTER, recovery_authenticator, totp_authenticator
from foundation.accounts.models import User
from foundation.accounts.permissions import Action
from foundation.accounts.services.checks import demand_on
from foundation.accounts.services.users import drop_sessions
from foundation.audit.services import record_event
from foundation.primitives.errors import Conflict


@transaction.atomic
def enrol_second_factor(
    *, actor: Actor | None, user: User, secret: str, counter: int = 0
) -> tuple[Authenticator, list[str]]:
    """Store a user's secret and return it as stored, with the recovery codes, which are shown this once.

    `counter` is the half minute of the code that proved the secret: that code does not work again.

    Effects: two Authenticator rows, encrypted with the installation's key; audit verb enrol_second_factor.
    Errors: Conflict when the user has one.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if Authenticator.objects.filter(user=user).exists():
        raise Conflict(_("You already have a second factor."), code="factor_exists", ids=[user.pk])
    stored, recovery = totp_authenticator(user, secret), recovery_authenticator(user)
    stored.data[LAST_COUNTER] = counter
    stored.save()
    recovery.save()
    codes = recovery.wrap()
    codes.mark_as_viewed()
    record_event(actor=actor, verb="enrol_second_factor", object_type="user", object_id=user.pk)
    return stored, codes.generate_codes()


@transaction.atomic
def reset_second_factor(*, actor: Actor, user: User) -> None:
    """Remove a user's second factor, because the phone is lost: they must set up a new one; their sessions end.

    Effects: the Authenticator rows; audit verb reset_second_factor. Errors: NotAllowed, NotFound.
    """
    demand_on(actor, [Action.MANAGE_ROLES], user)
    Authenticator.objects.filter(user=user).delete()
    drop_sessions(user)
    record_event(actor=actor, verb="reset_second_factor", object_type="user", object_id=user.pk)
