"""Acting for a named user on the command line: only in a database marked as a demonstration, where nobody is deceived."""

from __future__ import annotations

from datetime import date

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.models import User
from foundation.accounts.second_factor import is_lifted
from foundation.accounts.selectors import list_memberships
from foundation.regions.models import Unit


def act_as(username: str, *, county: Unit, on: date) -> Actor:
    """Return the actor a user is in their own role at the county or below it.

    Errors: CommandError outside a demonstration, for an unknown user, and for one without a role there on the day.
    """
    if not is_lifted():
        raise CommandError(
            _("A command acts for a named user only in a demonstration; here people act for themselves.")
        )
    user = User.objects.filter(username=username, is_active=True).first()
    own = list_memberships(user_id=user.pk, on=on) if user else []
    for membership in own:
        if user is not None and membership.user_id == user.pk and membership.unit.path.startswith(county.path):
            return user_actor(membership)
    raise CommandError(_("%(name)s has no role in %(county)s.") % {"name": username, "county": county.name})
