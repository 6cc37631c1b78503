"""The frame of every page: eight entries in the header, the actor, the languages. A context processor; no query.

An entry is shown to roles that may use it.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import home_route
from foundation.primitives import clock
from foundation.web.page_help import find_help
from portal.guides.reading import guide_for


@dataclass(frozen=True)
class Entry:
    """One entry: its label, the route it opens, who sees it, and the routes below it (by prefix of their names).

    `instead` is the route for those who see the entry but may not do the action its own route asks for.
    """

    label: str | Promise
    route: str
    actions: frozenset[Action]
    below: tuple[str, ...] = ()
    instead: tuple[Action, str] | None = None

    def route_for(self, actor: Actor) -> str:
        """Return the route the entry opens for an actor."""
        if self.instead is not None and not actor.may(self.instead[0]):
            return self.instead[1]
        return self.route


ENTRIES = (
    Entry(_("Today"), "today", frozenset({Action.VIEW_TODAY})),
    Entry(_("Find a person"), "find_person", frozenset({Action.VIEW_CASE_DATA}), ("person",)),
    Entry(_("Work list"), "work_list", frozenset({Action.VIEW_CASE_DATA}), ("work_", "case_")),
    Entry(
        _("Data and matching"),
        "deliveries",
        frozenset({Action.VIEW_DELIVERIES, Action.VIEW_NIGHTS}),
        ("deliver", "night", "feed", "possible_", "match_"),
        instead=(Action.VIEW_DELIVERIES, "nights"),
    ),
    Entry(_("Enrolment"), "enrolment", frozenset({Action.VIEW_CASE_DATA}), ("enrolment", "application", "one_stop")),
    Entry(
        _("Contributions and benefits"),
        "contribution_plan",
        frozenset({Action.VIEW_BOARD}),
        ("payment", "benefit", "contribution"),
        instead=(Action.VIEW_BATCHES, "payments"),
    ),
    Entry(_("Reports"), "reports", frozenset({Action.VIEW_BOARD}), ("report",)),
    Entry(
        _("Administration"),
        "administration",
        frozenset(
            {Action.MANAGE_USERS, Action.MANAGE_ROLES, Action.MANAGE_CLIENTS, Action.MANAGE_POLICY, Action.READ_AUDIT}
        ),
        ("admin",),
    ),
)


RULE_READERS = (Action.VIEW_BOARD, Action.MANAGE_POLICY, Action.READ_AUDIT)


@dataclass(frozen=True)
class NavigationLink:
    """An entry as this actor sees it on this page."""

    label: str | Promise
    url: str
    is_here: bool


def page_frame(request: HttpRequest) -> dict[str, object]:
    """Give every template the navigation, the actor, the address of the search, the help of the page and the languages."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "navigation": navigation_links(request) if actor else [],
        "search_url": _address("find_person") if actor and actor.may(Action.VIEW_CASE_DATA) else "",
        "rules_url": _address("administration_policy") if actor and any(map(actor.may, RULE_READERS)) else "",
        "sees_deliveries": bool(actor and actor.may(Action.VIEW_DELIVERIES)),
        "home_url": _address(home_route(actor)) or "/",
        "languages": settings.LANGUAGES,
        "language_now": get_language(),
        "request_number": getattr(request, "number", ""),
        "idle_seconds": settings.IDLE_SIGN_OUT_SECONDS,
        "page_help": find_help(_route(request)),
        "guide_name": guide_for(actor.role) if actor else "",
        "demo_day": clock.today() if clock.is_shifted() else None,
    }


def navigation_links(request: HttpRequest) -> list[NavigationLink]:
    """List the entries this request's actor may use, in order."""
    here = _route(request)
    actor = request.actor  # type: ignore[attr-defined]
    return [
        NavigationLink(
            entry.label,
            reverse(entry.route_for(actor)),
            _is_here(entry, here),
        )
        for entry in ENTRIES
        if any(actor.may(action) for action in entry.actions)
    ]


def _route(request: HttpRequest) -> str:
    """Return the name of the address asked for; "" where there is none."""
    match = request.resolver_match
    return match.url_name or "" if match else ""


def _is_here(entry: Entry, route: str) -> bool:
    return route == entry.route or route.startswith(entry.below or ("\0",))


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
