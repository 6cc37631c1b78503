"""The acts on a case: take, give back, note. Each a POST with the subject's key; closing has its own module, many at once are portal's."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from casework.forms import NoteForm
from casework.models import Case
from casework.presenters.addresses import LIST, subject_url
from casework.selectors.subjects import SubjectKey, read_key
from casework.services import cases
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.web.refusals import own_address, refuse


@requires(Action.TAKE_CASE)
@require_POST
def take(request: ActorRequest) -> HttpResponse:
    """Take one subject's case; it can be undone at once."""
    return _act(
        request,
        lambda key: cases.take_case(actor=request.actor, key=key, at=clock.now()),
        _("You have taken the case."),
        undone_by="case_take_undo",
    )


@requires(Action.TAKE_CASE)
@require_POST
def undo_take(request: ActorRequest, case_id: int) -> HttpResponse:
    """Give back what was taken with this case; the page it was asked on is shown again."""
    try:
        given_back, left = cases.undo_take(actor=request.actor, case_id=case_id, at=clock.now())
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("work_list"))
    words = _("%(restored)s cases were restored; %(left)s have changed since and were left as they are.")
    messages.success(request, words % {"restored": len(given_back), "left": left})
    return redirect(own_address(request, request.POST.get("next"), reverse("work_list")))


@requires(Action.TAKE_CASE)
@require_POST
def release(request: ActorRequest) -> HttpResponse:
    """Give a case back."""
    return _act(
        request,
        lambda key: cases.release_case(actor=request.actor, key=key, at=clock.now()),
        _("Case released."),
    )


@sensitive_post_parameters("note")
@requires(Action.TAKE_CASE)
@require_POST
def note(request: ActorRequest) -> HttpResponse:
    """Write a note, and move the case when a state was chosen."""
    form = NoteForm(request.POST)
    form.is_valid()
    if "until" in form.errors:
        return refuse(request, BadInput(_("The day for the answer is no date.")), back_url=reverse("work_list"))
    words, state, until = request.POST.get("note", ""), request.POST.get("state", ""), form.cleaned_data.get("until")
    return _act(
        request,
        lambda key: cases.add_note(actor=request.actor, key=key, note=words, state=state, until=until, at=clock.now()),
        _("Note saved."),
    )


def _act(request: ActorRequest, act: Callable[[SubjectKey], Case], done: str, *, undone_by: str = "") -> HttpResponse:
    """Do one act on one subject and show its page again; a refusal is a page of its own. `undone_by` names the address of its undo."""
    back_url = reverse("work_list")
    try:
        key = read_key(request.POST.get("subject", ""))
        back_url = subject_url(key, listed=request.POST.get(LIST))
        case = act(key)
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=back_url)
    messages.success(request, done, extra_tags=reverse(undone_by, args=[case.pk]) if undone_by else "")
    return redirect(back_url)
