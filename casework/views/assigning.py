"""What was given to colleagues at this desk, and taking an assignment back; giving is portal's (portal/worklist/acts.py)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from casework.services.assigning import list_assignments, undo_assignment
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.policy.limits import undo_period
from foundation.primitives import clock
from foundation.primitives.errors import Conflict
from foundation.web.refusals import own_address, refuse

PER_PAGE = 30


@never_cache
@requires(Action.TAKE_CASE)
@require_safe
def show_assignments(request: ActorRequest) -> HttpResponse:
    """List what was assigned at this desk, newest first; the latest can be undone."""
    page = Paginator(list_assignments(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    youngest = clock.now() - undo_period(request.actor, on=clock.today())
    rows = [(act, len(act.before), act.undone_at is None and act.assigned_at >= youngest) for act in page]
    return render(request, "worklist/assignments.html", {"page": page, "rows": rows})


@requires(Action.TAKE_CASE)
@require_POST
def undo(request: ActorRequest, assignment_id: int) -> HttpResponse:
    """Take an assignment back; the page it was asked on is shown again."""
    try:
        undone = undo_assignment(actor=request.actor, assignment_id=assignment_id, at=clock.now())
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("case_assignments"))
    words = _("%(restored)s cases were restored; %(left)s have changed since and were left as they are.")
    messages.success(request, words % {"restored": undone.restored, "left": undone.left})
    if undone.without_owner:
        words = ngettext(
            "%(count)s of them is unassigned now: whoever had it may no longer work on it.",
            "%(count)s of them are unassigned now: whoever had them may no longer work on them.",
            undone.without_owner,
        )
        messages.warning(request, words % {"count": undone.without_owner})
    return redirect(own_address(request, request.POST.get("next"), reverse("case_assignments")))
