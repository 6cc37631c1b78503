"""Decisions on deliveries that await approval: apply one, the selected or all, discard one or the selected, undo, apply again.

Also the correction file for the sender.

What a service refuses is answered by RefusalMiddleware, which leads back to the page the form was on.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives import clock
from foundation.primitives.errors import Conflict
from foundation.primitives.ids import read_id
from foundation.web.downloads import send_file
from foundation.web.refusals import own_address
from registry.constants import DeliveryState
from registry.forms import CompletionForm
from registry.models import Delivery, DeliveryProblem
from registry.presenters.changes import shown_kinds
from registry.presenters.deliveries import shown_completion, shown_counts, shown_delivery, shown_problem, shown_roll
from registry.selectors.deliveries import count_changes, get_delivery, list_deliveries
from registry.selectors.delivery_decisions import (
    has_remarks_to_confirm,
    is_above_limit,
    is_awaiting_approval,
    list_restored,
)
from registry.services.approving import approve_delivery, discard_delivery
from registry.services.completing import complete_list, preview_completion
from registry.services.correction_files import write_correction_file
from registry.services.failing import retry_delivery
from registry.services.receiving import receive_again
from registry.services.undoing import refuse_not_undoable, undo_delivery
from registry.tasks import wake_on_commit

MOST_SELECTED = 100


@requires(Action.APPLY_DELIVERY)
@require_POST
def approve(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Approve one file: the next free worker applies it."""
    has_read = request.POST.get("has_read_remarks") == "yes"
    delivery = approve_delivery(actor=request.actor, delivery_id=delivery_id, at=clock.now(), has_read_remarks=has_read)
    wake_on_commit(delivery)
    messages.success(request, _("Approved; the file is being applied."))
    return redirect("delivery", delivery_id)


@requires(Action.APPLY_DELIVERY)
@require_POST
def approve_all(request: ActorRequest) -> HttpResponse:
    """Apply every checked file within the region's limit and without a remark to confirm; the others need a decision of their own."""
    checked = list_deliveries(request.actor, state=DeliveryState.CHECKED).order_by("as_of_date", "id")
    waiting = [
        each
        for each in checked
        if is_awaiting_approval(each) and not is_above_limit(each) and not has_remarks_to_confirm(each)
    ]
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
def approve_selected(request: ActorRequest) -> HttpResponse:
    """Apply the selected files, those of the oldest day first; what is refused stays and is said, file by file."""

    def approve_one(delivery: Delivery) -> None:
        wake_on_commit(approve_delivery(actor=request.actor, delivery_id=delivery.pk, at=clock.now()))

    count = _decide_selected(request, approve_one)
    if count:
        text = ngettext("%(count)s file is being applied.", "%(count)s files are being applied.", count)
        messages.success(request, text % {"count": count})
    return redirect(own_address(request, request.POST.get("next"), reverse("deliveries")))


@requires(Action.APPLY_DELIVERY)
@require_POST
def discard_selected(request: ActorRequest) -> HttpResponse:
    """Discard the selected files; what is refused stays and is said, file by file."""
    count = _decide_selected(request, lambda each: discard_delivery(actor=request.actor, delivery_id=each.pk))
    if count:
        text = ngettext(
            "%(count)s file discarded; nothing of it was applied.",
            "%(count)s files discarded; nothing of them was applied.",
            count,
        )
        messages.success(request, text % {"count": count})
    return redirect(own_address(request, request.POST.get("next"), reverse("deliveries")))


def _decide_selected(request: ActorRequest, decide: Callable[[Delivery], object]) -> int:
    """Decide on each selected file in reach by itself; return on how many. One service call a file, at most a page of them."""
    ids = [number for text in request.POST.getlist("file") if (number := read_id(text))]
    selected = list_deliveries(request.actor).filter(pk__in=ids[:MOST_SELECTED]).order_by("as_of_date", "id")
    count = 0
    for delivery in selected:
        try:
            decide(delivery)
            count += 1
        except Conflict as refusal:
            messages.warning(request, f"{delivery.file_name}: {refusal}")
    if not ids:
        messages.info(request, _("No files selected."))
    return count


@requires(Action.APPLY_DELIVERY)
@require_POST
def discard(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Discard a file that awaits approval."""
    discard_delivery(actor=request.actor, delivery_id=delivery_id)
    messages.success(request, _("File discarded; nothing was applied."))
    return redirect("delivery", delivery_id)


@requires(Action.RECEIVE_DELIVERY)
@require_POST
def retry(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Put a file whose processing failed into the queue again."""
    delivery = retry_delivery(actor=request.actor, delivery_id=delivery_id)
    wake_on_commit(delivery)
    messages.success(request, _("The file is being processed again."))
    return redirect("delivery", delivery_id)


@requires(Action.APPLY_DELIVERY)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Show what undoing the latest file of a feed takes back and ask; undo it once that is confirmed."""
    delivery, address = get_delivery(request.actor, delivery_id), reverse("delivery", args=[delivery_id])
    if request.method != "POST" or request.POST.get("confirmed") != "yes":
        refuse_not_undoable(request.actor, delivery, at=clock.now())
        return render(request, "deliveries/undo.html", _undone_by(request.actor, delivery) | {"back_url": address})
    undo_delivery(actor=request.actor, delivery_id=delivery_id, at=clock.now())
    messages.success(
        request, _("Undone: what this file replaced is valid again. The next nightly run updates the results.")
    )
    return redirect("delivery", delivery_id)


def _undone_by(actor: Actor, delivery: Delivery) -> dict[str, object]:
    kinds = shown_kinds(count_changes(actor, delivery))
    return {
        "delivery": shown_delivery(delivery),
        "counts": shown_counts(delivery, line_by_line=bool(kinds)),
        "kinds": kinds,
        "roll": shown_roll(delivery),
        "restored": list_restored(delivery),
    }


@requires(Action.RECEIVE_DELIVERY)
@require_http_methods(["GET", "HEAD", "POST"])
def complete(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Show what declaring a list complete without its missing parts changes and ask why; declare it once that is answered."""
    form = CompletionForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        found = preview_completion(actor=request.actor, delivery_id=delivery_id, at=clock.now())
        context = shown_completion(found) | {
            "form": form,
            "may_apply": request.actor.may(Action.APPLY_DELIVERY),
            "back_url": reverse("delivery", args=[delivery_id]),
        }
        return render(request, "deliveries/complete.html", context, status=422 if form.is_bound else 200)
    reason = form.cleaned_data["reason"]
    completed = complete_list(actor=request.actor, delivery_id=delivery_id, reason=reason, at=clock.now())
    if completed.completed_at:
        messages.success(request, _("The list is complete now. The next nightly run uses it."))
    else:
        messages.success(request, _("Recorded. Somebody who applies files decides."))
    return redirect("delivery", delivery_id)


@requires(Action.APPLY_DELIVERY)
@require_POST
def apply_again(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Put an undone file into the queue again from what is stored: it is checked and waits for approval as any file."""
    delivery = receive_again(actor=request.actor, delivery_id=delivery_id, at=clock.now())
    wake_on_commit(delivery)
    messages.success(request, _("The stored file is checked again, then it waits for approval."))
    return redirect("delivery", delivery.pk)


@never_cache
@requires(Action.EXPORT_DATA)
@require_POST
def download_correction_file(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Download the lines to be corrected, as the sender wrote them."""
    content = write_correction_file(actor=request.actor, delivery_id=delivery_id, words=_words)
    return send_file(content, name=_("lines_to_correct_%(number)s.xlsx") % {"number": delivery_id})


def _words(problem: DeliveryProblem) -> tuple[str, str]:
    shown = shown_problem(problem)
    return shown.reason, shown.what_to_do
