"""The actor: a frozen value passed to every selector and service, so that none of them needs a request.

Made by the middleware from a membership, by the API from a token, by jobs and commands with `system_actor`.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from foundation.accounts.constants import Role
from foundation.accounts.models import ClientToken, Membership, User
from foundation.accounts.permissions import CLIENT_ROLE, SYSTEM_ROLE, Action, is_allowed
from foundation.primitives.errors import NotAllowed
from foundation.regions.models import Unit


@dataclass(frozen=True)
class Actor:
    """A user, client or job in one role at one unit. `user_id` is empty for the system and for department clients.

    A deputy carries both names: their own in `user_id`, the absent colleague's in `deputy_for_id`. `username` is for reading only:
    a client may have any name, also that of a user or of the system.
    """

    user_id: int | None
    username: str
    role: str
    unit_id: int
    unit_path: str
    unit_code: str
    unit_level: int
    unit_name: str = ""
    language: str = ""
    client_id: int | None = None
    client_system_id: int | None = None
    deputy_for_id: int | None = None
    deputy_for_name: str = ""
    membership_id: int | None = None

    def may(self, action: Action) -> bool:
        """Answer whether the actor's role may do this; where is decided by scope.py."""
        return is_allowed(self.role, action)

    def demand(self, action: Action) -> None:
        """Refuse what the role may not do.

        Errors: NotAllowed.
        """
        if not self.may(action):
            raise NotAllowed(
                _("Your role is not allowed to do this."),
                what_to_do=_("Ask a colleague with the required role, or your security administrator."),
                ids=[action],
            )

    def covers(self, path: str) -> bool:
        """Answer whether a unit's path lies in the actor's unit or below."""
        return path.startswith(self.unit_path)

    @property
    def unit_codes(self) -> list[str]:
        """The codes of the actor's unit and of those around it, the province's first."""
        return Unit.codes_of(self.unit_path)

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(Role(self.role).label) if self.role in Role.values else self.role


def user_actor(membership: Membership, *, deputy: User | None = None) -> Actor:
    """Return the actor a membership makes of its user, or of the colleague who is their deputy.

    `user` and `unit` should be loaded with the membership.
    """
    holder, place = membership.user, _place(membership.unit) | {"membership_id": membership.pk}
    if deputy is None or deputy.pk == holder.pk:
        return Actor(
            user_id=holder.pk, username=holder.username, role=membership.role, language=holder.language, **place
        )
    return Actor(
        user_id=deputy.pk,
        username=deputy.username,
        role=membership.role,
        language=deputy.language,
        deputy_for_id=holder.pk,
        deputy_for_name=holder.username,
        **place,
    )


def client_actor(token: ClientToken) -> Actor:
    """Return the actor of a department's token."""
    return Actor(
        user_id=None,
        username=token.name,
        role=CLIENT_ROLE,
        client_id=token.pk,
        client_system_id=token.system_id,
        **_place(token.unit),
    )


def system_actor(unit: Unit) -> Actor:
    """Return the actor for jobs and operator commands on behalf of a unit."""
    return Actor(user_id=None, username=SYSTEM_ROLE, role=SYSTEM_ROLE, **_place(unit))


def _place(unit: Unit) -> dict[str, Any]:
    return {
        "unit_id": unit.pk,
        "unit_path": unit.path,
        "unit_code": unit.code,
        "unit_level": unit.level,
        "unit_name": unit.name,
    }
