"""Who else has a subject's page open just now; the page asks every twenty seconds."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from enrollment.selectors.subjects import read_key
from enrollment.services.desk import say_here
from poverty_pension.accounts.decorators import requires
from poverty_pension.accounts.permissions import Action
from poverty_pension.accounts.refusals import refuse
from poverty_pension.accounts.requests import ActorRequest
from poverty_pension.primitives import clock
from poverty_pension.primitives.errors import BadInput


@requires(Action.VIEW_CASE_DATA)
@require_POST
def say(request: ActorRequest) -> HttpResponse:
    """Say that the reader is here, and name the others."""
    try:
        key = read_key(request.POST.get("subject", ""))
    except BadInput as refusal:
        return refuse(request, refusal, back_url="/")
    names = say_here(actor=request.actor, key=key, at=clock.now())
    return render(request, "worklist/here.html", {"key": key, "names": names})
