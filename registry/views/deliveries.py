"""Deliveries: the list, sending files, one delivery with its outcome, what applying it would change, its problem lines."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.body_limit import takes_files
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.accounts.scope import county_of
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives import clock
from foundation.web.downloads import send_file
from registry.constants import ROLL_FEEDS, DeliveryState
from registry.forms import DeliveryFilter, ProblemFilter, ReceiveForm
from registry.intake.delivery_layouts import has_unknown_words, needs_mapping
from registry.models import Delivery
from registry.presenters.changes import shown_kinds
from registry.presenters.deliveries import (
    delivery_progress,
    is_queued,
    list_progress,
    shown_delivery,
    shown_outcomes,
    shown_preview,
    shown_problem,
    shown_remarks,
    shown_roll,
)
from registry.presenters.reading_reports import shown_reading
from registry.selectors.deliveries import (
    EVERY,
    count_changes,
    count_problems,
    get_delivery,
    list_deliveries,
    list_problems,
)
from registry.selectors.delivery_decisions import (
    find_applied_again,
    has_remarks_to_confirm,
    is_above_limit,
    is_awaiting_approval,
    is_to_be_decided,
    is_waiting_for_parts,
    may_be_undone,
    needs_second_person,
)
from registry.selectors.uploads import list_unfinished_uploads
from registry.services.receiving import receive_file
from registry.tasks import wake_on_commit
from registry.views.problem_files import write_problems

PER_PAGE = 30
PROBLEMS_PER_PAGE = 50


@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_deliveries(request: ActorRequest) -> HttpResponse:
    """List deliveries, the one sent last first; with htmx the table only, which refreshes while something waits."""
    may_apply = request.actor.may(Action.APPLY_DELIVERY)
    return _show_list(request, ReceiveForm(initial={"as_of": _last_day_of_last_month()}, may_apply=may_apply))


def _last_day_of_last_month() -> date:
    return clock.today().replace(day=1) - timedelta(days=1)


def _show_list(request: ActorRequest, receive_form: ReceiveForm, status: int = 200) -> HttpResponse:
    form = DeliveryFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = Paginator(list_deliveries(request.actor, **wanted), PER_PAGE).get_page(request.GET.get("page"))
    may_apply = request.actor.may(Action.APPLY_DELIVERY)
    context: dict[str, object] = {
        "form": form,
        "page": page,
        "rows": [shown_delivery(delivery) for delivery in page],
        "may_select": may_apply and any(is_to_be_decided(each) for each in page),
        "may_run_night": request.actor.may(Action.RUN_NIGHT),
        "progress": list_progress(sum(is_queued(delivery) for delivery in page)),
        "query": _query(wanted),
        "may_approve_all": may_apply and any(is_awaiting_approval(each) for each in page),
    }
    if request.actor.may(Action.RECEIVE_DELIVERY) and not is_part(request):
        context |= {"receive_form": receive_form, "unfinished": list_unfinished_uploads(request.actor)}
    template = "deliveries/table.html" if is_part(request) else "deliveries/list.html"
    return render(request, template, context, status=status)


@requires(Action.RECEIVE_DELIVERY)
@require_POST
@takes_files
def receive(request: ActorRequest) -> HttpResponse:
    """Store the files sent and wake a worker for each; the list then shows their progress."""
    form = ReceiveForm(request.POST, request.FILES, may_apply=request.actor.may(Action.APPLY_DELIVERY))
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
            hold=not form.cleaned_data.get("at_once"),
        )
        for file in form.cleaned_data["tables"]
    ]
    _report_received(request, received)
    return redirect("deliveries")


def _report_received(request: ActorRequest, received: list[Delivery]) -> None:
    known = [delivery for delivery in received if delivery.state == DeliveryState.APPLIED]
    for delivery in received:
        if delivery not in known:
            wake_on_commit(delivery)
    if known:
        names = ", ".join(delivery.file_name for delivery in known)
        messages.info(request, _("Already received and applied, no changes: %(files)s.") % {"files": names})
    if fresh := len(received) - len(known):
        text = ngettext("%(count)s file was received.", "%(count)s files were received.", fresh) % {"count": fresh}
        messages.success(request, text)


@requires(Action.VIEW_DELIVERIES)
@require_safe
def show_delivery(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Show one file: outcomes, changes, its problem lines; with htmx the part that refreshes while it waits."""
    delivery = get_delivery(request.actor, delivery_id)
    form = ProblemFilter(request.GET)
    action = form.cleaned_data["action"] if form.is_valid() else ""
    page = Paginator(list_problems(delivery, action=action), PROBLEMS_PER_PAGE).get_page(request.GET.get("page"))
    may_apply = request.actor.may(Action.APPLY_DELIVERY)
    waits, has_failed = is_awaiting_approval(delivery), delivery.state == DeliveryState.FAILED
    kinds = shown_kinds(count_changes(request.actor, delivery))
    context = {
        "delivery": shown_delivery(delivery),
        "outcomes": shown_outcomes(delivery),
        "problem_counts": count_problems(delivery),
        "form": form,
        "page": page,
        "problems": [shown_problem(problem) for problem in page],
        "query": _query({"action": action}),
        "preview": shown_preview(delivery, line_by_line=bool(kinds)) if waits else None,
        "kinds": kinds,
        "roll": shown_roll(delivery),
        "waits": waits,
        "above_limit": is_above_limit(delivery),
        "remarks": shown_remarks(delivery),
        "reading": shown_reading(delivery),
        "must_confirm": has_remarks_to_confirm(delivery),
        "may_approve": waits and may_apply and not needs_second_person(request.actor, delivery),
        "may_discard": may_apply and is_to_be_decided(delivery),
        "may_retry": has_failed and request.actor.may(Action.RECEIVE_DELIVERY),
        "may_map": may_apply and needs_mapping(delivery),
        "may_explain_words": may_apply and has_unknown_words(delivery),
        "may_undo": may_apply and may_be_undone(request.actor, delivery, at=clock.now()),
        "may_download_corrections": request.actor.may(Action.EXPORT_DATA) and delivery.feed not in ROLL_FEEDS,
        "parts": delivery.missing_parts if is_waiting_for_parts(delivery) else [],
        "may_complete": may_apply or request.actor.may(Action.RECEIVE_DELIVERY),
        "may_apply_again": may_apply and delivery.state == DeliveryState.UNDONE,
        "again": find_applied_again(delivery) if delivery.state == DeliveryState.UNDONE else None,
        "progress": delivery_progress(is_waiting=is_queued(delivery)),
    }
    template = "deliveries/delivery_part.html" if is_part(request) else "deliveries/delivery.html"
    return render(request, template, context)


@requires(Action.VIEW_DELIVERIES)
@require_safe
def download_problems(request: ActorRequest, delivery_id: int) -> HttpResponse:
    """Download the problem list as a workbook: place, reason, what was done, what to do; no person's data."""
    delivery = get_delivery(request.actor, delivery_id)
    record_event(
        actor=request.actor,
        verb="download_problems",
        object_type="delivery",
        object_id=delivery.pk,
        outcome=Outcome.READ,
    )
    content = write_problems([shown_problem(problem) for problem in list_problems(delivery, action=EVERY).iterator()])
    name = _("problems_%(day)s_%(number)s.xlsx") % {"day": delivery.as_of_date, "number": delivery.pk}
    return send_file(content, name=name)


def _query(wanted: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in wanted.items() if value)
