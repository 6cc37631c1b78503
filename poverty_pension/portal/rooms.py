"""Rooms of the navigation whose pages are still to come: what will be there, and where the same is done today."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from poverty_pension.accounts.decorators import requires
from poverty_pension.accounts.permissions import Action
from poverty_pension.accounts.requests import ActorRequest, find_actor
from poverty_pension.portal.navigation import ENTRIES, Entry


@dataclass(frozen=True)
class Room:
    """What a room will hold, how the work is done until then, and pages that help: label, route, who may open it."""

    what: str | Promise
    today: str | Promise
    links: tuple[tuple[str | Promise, str, Action], ...] = ()


NOTHING_SAID = Room(
    what=_("This part of the system is being built."),
    today=_("Until it stands, the work goes on as before; nothing entered elsewhere has to be entered again."),
)
ROOMS = {
    "enrolment": Room(
        what=_(
            "Applications, enrolments and certifications will be handled here: papers taken once, reviewed by the township,"
            " decided by the county, with every step and its reason kept."
        ),
        today=_(
            "Until then an enrolment is entered in the pension system itself. The next resident roll shows it, and the"
            " person's gap closes by itself that night. Who is to be enrolled stands on the work list."
        ),
        links=((_("Work list"), "work_list", Action.VIEW_CASE_DATA),),
    ),
    "administration": Room(
        what=_("Users and their roles, department systems, the rules in force and the audit will be kept here."),
        today=_("The rules are here already. Users are made by the operator on the command line until then."),
        links=(
            (_("Rules in force"), "administration_policy", Action.MANAGE_POLICY),
            (_("Rules in force"), "administration_policy", Action.READ_AUDIT),
        ),
    ),
}


@require_safe
def show_room(request: HttpRequest, name: str) -> HttpResponse:
    """Show what will be in a room, or lead on to its page once that exists. Who may see the entry may see the room."""
    entry = next((each for each in ENTRIES if each.route == name), None)
    if entry is None:
        raise Http404
    actor = find_actor(request)
    action = next((each for each in sorted(entry.actions) if actor and actor.may(each)), min(entry.actions))
    return requires(action)(_show)(request, entry=entry)


def _show(request: ActorRequest, *, entry: Entry) -> HttpResponse:
    if address := _address(entry.route):
        return redirect(address)
    room = ROOMS.get(entry.route, NOTHING_SAID)
    links = {
        _address(route): {"label": label, "url": _address(route)}
        for label, route, action in room.links
        if request.actor.may(action) and _address(route)
    }
    return render(request, "rooms/room.html", {"label": entry.label, "room": room, "links": list(links.values())})


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
