"""One-stop batches: the list, one batch with its people, its signatures and the step open to the reader."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from enrollment.constants import BATCH_TYPE
from enrollment.forms import BatchLineFilter
from enrollment.presenters.one_stop import (
    BATCH_TONES,
    batch_line,
    batch_row,
    kind_parts,
    may_cancel,
    next_act,
    reason_choices,
    reason_parts,
    shown_signatures,
    waiting_words,
)
from enrollment.selectors.one_stop import (
    BatchCounts,
    LinesWanted,
    count_lines,
    get_batch,
    list_batches,
    list_lines,
    load_lines,
)
from enrollment.services.one_stop import approve_batch, cancel_batch, review_batch
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.services import record_list
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.signatures.selectors import list_signatures
from foundation.web.forms import PurposeForm
from foundation.web.refusals import refuse

PER_PAGE = 30
_ACTS = {"review": review_batch, "approve": approve_batch, "cancel": cancel_batch}


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_batches(request: ActorRequest) -> HttpResponse:
    """List the batches in reach, or those that wait for the reader. Five queries whatever the rows."""
    mine = request.GET.get("mine") == "yes"
    page = Paginator(list_batches(request.actor, mine=mine), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [batch_row(each) for each in page.object_list],
        "mine": mine,
        "query": "mine=yes" if mine else "",
        "may_propose": request.actor.may(Action.ACCEPT_APPLICATION),
    }
    return render(request, "enrollment/batches.html", context)


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_batch(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Show a batch: what it comes to, who signed, its people as they are filtered. Eleven queries whatever the rows."""
    actor, batch = request.actor, get_batch(request.actor, batch_id)
    counts = count_lines(actor, batch)
    signatures = list_signatures(BATCH_TYPE, [batch.pk]).get(batch.pk, [])
    form, wanted = read_lines_wanted(request.GET, counts)
    lines = list_lines(actor, batch, wanted)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        batch_line(each) for each in load_lines(lines, page.start_index() - 1 if page.paginator.count else 0, PER_PAGE)
    ]
    query = urlencode({name: value for name, value in vars(wanted).items() if value})
    filters = {"batch": batch.pk} | vars(wanted)
    record_list(actor=actor, name="one_stop_batch", count=page.paginator.count, shown=len(rows), filters=filters)
    act = next_act(actor, batch, signatures)
    context = {
        "batch": batch,
        "tone": BATCH_TONES[batch.state],  # type: ignore[index]
        "parts": kind_parts(counts),
        "excluded": reason_parts(counts.excluded),
        "left_out": reason_parts(counts.left_out, part="left_out"),
        "signatures": shown_signatures(signatures),
        "act": act,
        "waiting": waiting_words(actor, batch, act),
        "may_cancel": may_cancel(actor, batch),
        "may_export": actor.may(Action.EXPORT_LISTS),
        "purpose_form": PurposeForm(initial={"purpose": _("Review of a one-stop batch")}, auto_id="file_%s"),
        "form": form,
        "page": page,
        "rows": rows,
        "query": query,
    }
    return render(request, "enrollment/batch.html", context)


@requires(Action.VIEW_CASE_DATA)
@require_POST
def act_on_batch(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Confirm a batch as reviewed, approve it, or cancel it."""
    batch = get_batch(request.actor, batch_id)
    back_url = reverse("one_stop_batch", args=[batch.pk])
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        return refuse(request, BadInput(_("There is no such step."), code="step_unknown"), back_url=back_url)
    try:
        batch = act(actor=request.actor, batch_id=batch.pk, at=clock.now())
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=back_url)
    messages.success(request, _("The batch is now: %(state)s.") % {"state": batch.get_state_display()})
    return redirect(back_url)


def read_lines_wanted(data: QueryDict, counts: BatchCounts) -> tuple[BatchLineFilter, LinesWanted]:
    """Read the filters of the lines; what is no choice filters nothing."""
    form = BatchLineFilter(data, reasons=reason_choices({*counts.excluded, *counts.left_out}))
    form.is_valid()
    given = {name: str(form.cleaned_data.get(name) or "") for name in ("part", "kind", "reason")}
    return form, LinesWanted(**given)
