"""The tabs of the administration: its pages, each for the roles that may open it.

The first tab an actor may open is where the administration begins (views/home.py).
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.permissions import Action
from foundation.accounts.requests import find_actor


@dataclass(frozen=True)
class AdminTab:
    """One tab: its route, who may open it, and the routes below it (by prefix of their names)."""

    label: Promise
    route: str
    action: Action
    below: tuple[str, ...] = ()


TABS = (
    AdminTab(_("Users"), "admin_users", Action.VIEW_USERS, ("admin_user", "admin_role")),
    AdminTab(_("System state"), "admin_system", Action.VIEW_FAILURES),
    AdminTab(_("Failed work"), "admin_failures", Action.VIEW_FAILURES),
    AdminTab(_("Deputies"), "admin_deputies", Action.MANAGE_ROLES, ("admin_deput",)),
    AdminTab(_("Department access"), "admin_clients", Action.MANAGE_CLIENTS, ("admin_client",)),
    AdminTab(_("Policy parameters"), "administration_policy", Action.MANAGE_POLICY, ("administration_policy",)),
    AdminTab(_("Events"), "admin_audit", Action.READ_AUDIT, ("admin_audit",)),
    AdminTab(_("Disclosures"), "admin_disclosures", Action.READ_AUDIT),
    AdminTab(_("Sign-ins"), "admin_sign_ins", Action.READ_AUDIT),
    AdminTab(_("Log seals"), "admin_seals", Action.READ_AUDIT),
)


def open_tabs(request: HttpRequest) -> list[AdminTab]:
    """List the tabs this request's actor may open, in order."""
    actor = find_actor(request)
    return [tab for tab in TABS if actor is not None and actor.may(tab.action)]


def admin_tabs(request: HttpRequest) -> list[dict[str, object]]:
    """Return the tabs in the shape templates/components/tabs.html takes."""
    match = request.resolver_match
    here = (match.url_name or "") if match else ""
    return [
        {
            "label": tab.label,
            "url": reverse(tab.route),
            "is_here": here == tab.route or here.startswith(tab.below or ("\0",)),
            "count": None,
        }
        for tab in open_tabs(request)
    ]
