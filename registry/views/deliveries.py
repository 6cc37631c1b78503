"""Deliveries: what came, sending files, what became of one, its problem lines, consent to a file that lost rows."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from poverty_pension.accounts.decorators import requires
from poverty_pension.accounts.doors import is_part
from poverty_pension.accounts.permissions import Action
from poverty_pension.accounts.refusals import refuse
from poverty_pension.accounts.requests import ActorRequest
from poverty_pension.audit.models.event import Outcome
from poverty_pension.audit.services import record_event
from poverty_pension.primitives import clock
from poverty_pension.primitives.errors import Conflict
from poverty_pension.primitives.waking import wake
from registry.constants import DeliveryState
from registry.forms import DeliveryFilter, ProblemFilter, ReceiveForm
from registry.models import Delivery
from registry.selectors import EVERY, count_problems, county_of, get_delivery, list_deliveries, list_problems
from registry.services.consenting import LOSS_LIMIT, consent_to_delivery
from registry.services.receiving import receive_file
from registry.tasks import WAITING, process_delivery_task
from registry.views.problem_files import XLSX, write_problems
from registry.views.shown_deliveries import (
    delivery_progress,
    list_progress,
    shown_delivery,
    shown_outcomes,
    shown_problem,
)

PER_PAGE = 30
PROBLEMS_PER_PAGE = 50


@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_deliveries(request: ActorRequest) -> HttpResponse:
    """List deliveries, newest first; with htmx the table only, which asks again while something waits."""
    return _show_list(request, ReceiveForm())


def _show_list(request: ActorRequest, receive_form: ReceiveForm, status: int = 200) -> HttpResponse:
    form = DeliveryFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(list_deliveries(request.actor, **wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [shown_delivery(delivery) for delivery in page],
        "progress": list_progress(sum(delivery.state in WAITING for delivery in page)),
        "query": _query(wanted),
        "receive_form": receive_form if request.actor.may(Action.RECEIVE_DELIVERY) else None,
    }
    template = "deliveries/table.html" if is_part(request) else "deliveries/list.html"
    return render(request, template, context, status=status)


@requires(Action.RECEIVE_DELIVERY)
@require_POST
def receive(request: ActorRequest) -> HttpResponse:
    """Store the files sent and wake a worker for each; the list then shows how far they are."""
    form = ReceiveForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_list(request, form, status=422)
    county = county_of(request.actor)
    received = [
        receive_file(
            actor=request.actor,
            county=county,
            path=Path(file.temporary_file_path()),
            name=file.name,
            as_of=form.cleaned_data["as_of"],
            at=clock.now(),
        )
        for file in form.cleaned_data["tables"]
    ]
    _say_received(request, received)
    return redirect("deliveries")


def _say_received(request: ActorRequest, received: list[Delivery]) -> None:
    known = [delivery for delivery in received if delivery.state == DeliveryState.APPLIED]
    for delivery in received:
        if delivery not in known:
            _wake_on_commit(delivery)
    if known:
        names = ", ".join(delivery.file_name for delivery in known)
        messages.info(request, _("Already received and applied, nothing was changed: %(files)s.") % {"files": names})
    if fresh := len(received) - len(known):
        text = ngettext("%(count)s file was received.", "%(count)s files were received.", fresh) % {"count": fresh}
        messages.success(request, text)


def _wake_on_commit(delivery: Delivery) -> None:
    transaction.on_commit(lambda: wake(process_delivery_task, delivery.pk))


@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_delivery(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Show what became of one file: outcomes, changes, its problem lines; with htmx the part that asks again while it waits."""
    delivery = get_delivery(request.actor, delivery_id)
    form = ProblemFilter(request.GET)
    action = form.cleaned_data["action"] if form.is_valid() else ""
    page = Paginator(list_problems(delivery, action=action), PROBLEMS_PER_PAGE).get_page(request.GET.get("page"))
    may_consent = request.actor.may(Action.APPLY_DELIVERY) and delivery.refusal.get("code") == LOSS_LIMIT
    context = {
        "delivery": shown_delivery(delivery),
        "outcomes": shown_outcomes(delivery),
        "problem_counts": count_problems(delivery),
        "form": form,
        "page": page,
        "problems": [shown_problem(problem) for problem in page],
        "query": _query({"action": action}),
        "may_consent": may_consent and delivery.state == DeliveryState.REFUSED,
        "progress": delivery_progress(is_waiting=delivery.state in WAITING),
    }
    template = "deliveries/delivery_part.html" if is_part(request) else "deliveries/delivery.html"
    return render(request, template, context)


@requires(Action.VIEW_DELIVERIES)
@require_safe
def download_problems(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Hand the problem list over as a workbook: place, reason, what was done, what to do; no person's data."""
    delivery = get_delivery(request.actor, delivery_id)
    record_event(
        actor=request.actor,
        verb="download_problems",
        object_type="delivery",
        object_id=delivery.pk,
        outcome=Outcome.READ,
    )
    content = write_problems([shown_problem(problem) for problem in list_problems(delivery, action=EVERY).iterator()])
    name = f"problems-{delivery.feed or 'file'}-{delivery.as_of_date}-{delivery.pk}.xlsx"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@requires(Action.APPLY_DELIVERY)
@require_POST
def consent(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Take the word for a file that lost many rows: it is applied by the next worker."""
    try:
        delivery = consent_to_delivery(actor=request.actor, delivery_id=delivery_id)
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("delivery", args=[delivery_id]))
    _wake_on_commit(delivery)
    messages.success(request, _("Your consent is recorded; the file is being applied."))
    return redirect("delivery", delivery_id)


def _query(wanted: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in wanted.items() if value)
