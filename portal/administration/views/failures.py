"""Failed work: what ended with an unforeseen error, each with the number by which its error is found in the log."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from portal.administration.pages import render_page
from portal.administration.selectors import list_failures


@requires(Action.VIEW_FAILURES)
@require_safe
def show_failures(request: ActorRequest) -> HttpResponse:
    """List the newest failures of the actor's unit and the units below."""
    return render_page(request, "failures", {"failures": list_failures(request.actor)})
