"""Who else has a subject's page open just now; the page asks every twenty seconds."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from casework.selectors.subjects import read_key
from casework.services.desk import record_presence
from foundation.accounts.decorators import requires
from foundation.accounts.middleware import refreshes_itself
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from foundation.web.refusals import refuse


@requires(Action.VIEW_CASE_DATA)
@require_POST
@refreshes_itself
def show_presence(request: ActorRequest) -> HttpResponse:
    """Record that the reader has the subject open, and name the others who do."""
    try:
        key = read_key(request.POST.get("subject", ""))
    except BadInput as refusal:
        return refuse(request, refusal, back_url="/")
    names = record_presence(actor=request.actor, key=key, at=clock.now())
    return render(request, "worklist/here.html", {"key": key, "names": names})
