"""Entries of the navigation whose pages are still to come: what will be there, and where the same is done today."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from portal.navigation import ENTRIES


@dataclass(frozen=True)
class Placeholder:
    """What a page will hold, how the work is done until then, and the route and label of a page that helps."""

    what: str | Promise
    today: str | Promise
    link: tuple[str, str | Promise]


PLACEHOLDERS = {
    "enrolment": Placeholder(
        what=_(
            "Applications, enrolments and certifications will be handled here: documents submitted once, "
            "reviewed by the township, decided by the county, with every step and reason recorded."
        ),
        today=_(
            "Until then, enter enrolments in the pension system itself. The next resident roll will show them, "
            "and the person's gap closes automatically in that night's run. People to be enrolled are on the "
            "work list."
        ),
        link=("work_list", _("Work list")),
    )
}
"""Route of an entry -> what is shown there until its page exists."""


@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_placeholder(request: ActorRequest, name: str) -> HttpResponse:
    """Show what will be on a page. Errors: 404 for a page that exists, or never will."""
    if name not in PLACEHOLDERS:
        raise Http404
    label = next(entry.label for entry in ENTRIES if entry.route == name)
    return render(request, "placeholders/placeholder.html", {"label": label, "page": PLACEHOLDERS[name]})
