"""The pages of the administration as tabs, each for the roles that may open it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from poverty_pension.accounts.permissions import Action
from poverty_pension.accounts.requests import find_actor


@dataclass(frozen=True)
class Room:
    """One tab: its route, who may open it, and the routes below it (by prefix of their names)."""

    label: Promise
    route: str
    action: Action
    below: tuple[str, ...] = ()


ROOMS = (
    Room(_("Users"), "admin_users", Action.VIEW_USERS, ("admin_user", "admin_role")),
    Room(_("Deputies"), "admin_deputies", Action.MANAGE_ROLES, ("admin_deput",)),
    Room(_("Departments' access"), "admin_clients", Action.MANAGE_CLIENTS, ("admin_client",)),
    Room(_("Rules"), "administration_policy", Action.MANAGE_POLICY, ("administration_policy",)),
    Room(_("Events"), "admin_audit", Action.READ_AUDIT, ("admin_audit",)),
    Room(_("Disclosures"), "admin_disclosures", Action.READ_AUDIT),
    Room(_("Sign-ins"), "admin_sign_ins", Action.READ_AUDIT),
    Room(_("Seals"), "admin_seals", Action.READ_AUDIT),
)


def open_rooms(request: HttpRequest) -> list[Room]:
    """List the rooms this request's actor may open, in order."""
    actor = find_actor(request)
    return [room for room in ROOMS if actor is not None and actor.may(room.action)]


def admin_tabs(request: HttpRequest) -> list[dict[str, object]]:
    """Return the tabs as templates/components/tabs.html wants them."""
    match = request.resolver_match
    here = (match.url_name or "") if match else ""
    return [
        {
            "label": room.label,
            "url": reverse(room.route),
            "is_here": here == room.route or here.startswith(room.below or ("\0",)),
            "count": None,
        }
        for room in open_rooms(request)
    ]
