"""A person's word on deliveries that wait: apply one or all, put aside, undo; and the lines to send back to the sender."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives import clock
from foundation.primitives.errors import Conflict
from foundation.web.refusals import refuse
from registry.constants import DeliveryState
from registry.models import DeliveryProblem
from registry.presenters.deliveries import shown_problem
from registry.selectors.deliveries import list_deliveries
from registry.services.approving import approve_delivery, discard_delivery, is_above_limit, is_awaiting_approval
from registry.services.correction_files import write_correction_file
from registry.services.undoing import undo_delivery
from registry.tasks import wake_on_commit
from registry.views.problem_files import XLSX


@requires(Action.APPLY_DELIVERY)
@require_POST
def approve(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Apply one file that waits: the next worker does it."""
    try:
        delivery = approve_delivery(actor=request.actor, delivery_id=delivery_id, at=clock.now())
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("delivery", args=[delivery_id]))
    wake_on_commit(delivery)
    messages.success(request, _("Your word is recorded; the file is being applied."))
    return redirect("delivery", delivery_id)


@requires(Action.APPLY_DELIVERY)
@require_POST
def approve_all(request: ActorRequest) -> HttpResponse:
    """Apply every checked file of the county that is within the region's limit; the others need a look of their own."""
    checked = list_deliveries(request.actor, state=DeliveryState.CHECKED)
    waiting = [each for each in checked if is_awaiting_approval(each) and not is_above_limit(each)]
    count = 0
    for delivery in waiting:
        with suppress(Conflict):  # a colleague was quicker with this one
            wake_on_commit(approve_delivery(actor=request.actor, delivery_id=delivery.pk, at=clock.now()))
            count += 1
    text = ngettext("%(count)s file is being applied.", "%(count)s files are being applied.", count) % {"count": count}
    messages.success(request, text)
    return redirect("deliveries")


@requires(Action.APPLY_DELIVERY)
@require_POST
def discard(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Put a file that waits aside."""
    try:
        discard_delivery(actor=request.actor, delivery_id=delivery_id)
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("delivery", args=[delivery_id]))
    messages.success(request, _("The file is put aside; nothing of it was applied."))
    return redirect("delivery", delivery_id)


@requires(Action.APPLY_DELIVERY)
@require_POST
def undo(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Take the latest file of a feed back."""
    try:
        undo_delivery(actor=request.actor, delivery_id=delivery_id, at=clock.now())
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("delivery", args=[delivery_id]))
    messages.success(request, _("The file is undone: what it replaced holds again. The next night draws what follows."))
    return redirect("delivery", delivery_id)


@never_cache
@requires(Action.EXPORT_DATA)
@require_POST
def download_correction_file(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Hand over the lines to mend, as the sender wrote them."""
    try:
        content = write_correction_file(actor=request.actor, delivery_id=delivery_id, words=_words)
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("delivery", args=[delivery_id]))
    name = f"to-mend-{delivery_id}.xlsx"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _words(problem: DeliveryProblem) -> tuple[str, str]:
    shown = shown_problem(problem)
    return shown.reason, shown.what_to_do
