"""Accounts: created, closed, reopened, given a first password, signed out everywhere."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.accounts.permissions import Action
from foundation.accounts.services.checks import demand_on
from foundation.audit.services import record_event
from foundation.primitives.errors import Conflict, NotFound
from foundation.regions.models import Unit

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS = 4
LETTERS_PER_GROUP = 4


@transaction.atomic
def create_user(
    *,
    actor: Actor | None,
    username: str,
    display_name: str,
    password: str,
    must_change: bool,
    home_unit: Unit | None = None,
    at: datetime | None = None,
) -> User:
    """Create a user who may sign in but has no role yet; a password they must change expires when it is not used in time.

    Effects: one User; audit verb create_user.
    Errors: NotAllowed; NotFound for a unit outside the actor's; Conflict when the user name is taken.
    """
    if actor is not None:
        actor.demand(Action.MANAGE_USERS)
        if home_unit is None or not actor.covers(home_unit.path):
            raise NotFound(_("There is no such unit in your area."))
    if User.objects.filter(username=username).exists():
        raise Conflict(
            _("The user name %(name)s is taken.") % {"name": username},
            code="username_taken",
            what_to_do=_("Choose another user name, for example by adding the office."),
            ids=[username],
        )
    user = User(username=username, display_name=display_name, must_change_password=must_change, home_unit=home_unit)
    user.first_password_until = _first_password_end(at) if must_change else None
    user.set_password(password)
    user.save()
    user.refresh_from_db(fields=["first_password_until"])
    record_event(actor=actor, verb="create_user", object_type="user", object_id=user.pk)
    return user


def make_temporary_password() -> str:
    """Return 16 letters and digits in four groups, none of which is mistaken for another when read out: 79 random bits."""
    groups = ("".join(secrets.choice(READABLE) for _letter in range(LETTERS_PER_GROUP)) for _group in range(GROUPS))
    return "-".join(groups)


def _first_password_end(at: datetime | None) -> Any:
    """Return when a first password of this moment expires; without one, of the database's."""
    return (at or Now()) + timedelta(days=settings.FIRST_PASSWORD_DAYS)


@transaction.atomic
def set_temporary_password(*, actor: Actor, user: User, at: datetime | None = None) -> str:
    """Give a user a new first password and return it, this once; it expires, and every session of theirs ends.

    Effects: the User row; audit verb set_temporary_password. Errors: NotAllowed, NotFound.
    """
    demand_on(actor, [Action.MANAGE_USERS], user)
    text = make_temporary_password()
    user.set_password(text)
    user.must_change_password, user.first_password_until = True, _first_password_end(at)
    user.save(update_fields=["password", "must_change_password", "first_password_until"])
    user.refresh_from_db(fields=["first_password_until"])
    record_event(actor=actor, verb="set_temporary_password", object_type="user", object_id=user.pk)
    return text


@transaction.atomic
def change_password(*, user: User, password: str, actor: Actor | None) -> None:
    """Set a user's own new password; the first password's duty to change it ends, and so do the user's other sessions.

    Effects: the User row; audit verb change_password.
    """
    user.set_password(password)
    user.must_change_password, user.first_password_until = False, None
    user.save(update_fields=["password", "must_change_password", "first_password_until"])
    record_event(actor=actor, verb="change_password", object_type="user", object_id=user.pk)


@transaction.atomic
def close_user(*, actor: Actor, user: User) -> None:
    """Close an account: no signing in any more, sessions end, history remains.

    Effects: the User row; audit verb close_user. Errors: NotAllowed, NotFound.
    """
    _open_or_close(actor, user, is_active=False, verb="close_user")


@transaction.atomic
def reopen_user(*, actor: Actor, user: User) -> None:
    """Open a closed account again, with the roles it has.

    Effects: the User row; audit verb reopen_user. Errors: NotAllowed, NotFound.
    """
    _open_or_close(actor, user, is_active=True, verb="reopen_user")


def _open_or_close(actor: Actor, user: User, *, is_active: bool, verb: str) -> None:
    demand_on(actor, [Action.MANAGE_USERS], user)
    User.objects.filter(pk=user.pk).update(is_active=is_active)
    drop_sessions(user)
    record_event(actor=actor, verb=verb, object_type="user", object_id=user.pk)


@transaction.atomic
def end_sessions(*, actor: Actor, user: User) -> None:
    """Sign a user out everywhere.

    Effects: the User row; audit verb end_sessions. Errors: NotAllowed, NotFound.
    """
    demand_on(actor, [Action.MANAGE_USERS, Action.MANAGE_ROLES], user)
    drop_sessions(user)
    record_event(actor=actor, verb="end_sessions", object_type="user", object_id=user.pk)


def drop_sessions(user: User) -> None:
    """Raise the user's epoch: every session begun before it ends."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])


def save_language(*, user: User, language: str) -> None:
    """Save the language a user chose."""
    User.objects.filter(pk=user.pk).update(language=language)
