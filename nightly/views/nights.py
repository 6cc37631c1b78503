"""Nights: the list, one night with its steps, inputs and board; running one now, cancelling it, asking for it again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.services.routing import OPEN, REOPEN, RESOLVE, ROUTE
from coverage.constants import LinkRule, Verdict
from coverage.findings.precision import list_band_precision
from coverage.presenters.codes import survey_code
from coverage.presenters.comparison import BAND_LABELS
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.accounts.scope import county_of
from foundation.jobs.waking import wake
from foundation.primitives import clock
from foundation.primitives.errors import Conflict
from foundation.primitives.rates import Rate
from foundation.web.refusals import refuse
from nightly.forms import RunNightForm
from nightly.models import NightRun
from nightly.presenters import gap_changes, left_out_words, moved_codes, present_night
from nightly.selectors import expected_seconds, find_night_offer, get_night, list_nights
from nightly.services import cancel_night, refuse_ended, request_night
from nightly.tasks import run_night_task
from registry.constants import Feed
from registry.selectors.feeds import list_feed_states

PER_PAGE = 30
CASE_LABELS = {
    OPEN: gettext_lazy("Cases opened"),
    REOPEN: gettext_lazy("reopened"),
    ROUTE: gettext_lazy("rerouted"),
    RESOLVE: gettext_lazy("resolved"),
}


@requires(Action.VIEW_NIGHTS)
@require_safe
def show_nights(request: ActorRequest) -> HttpResponse:
    """List nights, newest first; with htmx the table only, which is polled while one runs."""
    return _show_list(request, None)


def _show_list(request: ActorRequest, form: RunNightForm | None, status: int = 200) -> HttpResponse:
    page = Paginator(list_nights(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    rows = [present_night(run, at=clock.now()) for run in page]
    context: dict[str, Any] = {"page": page, "rows": rows, "is_running": any(row.run.is_open for row in rows)}
    if is_part(request):
        return render(request, "nights/table.html", context)
    if request.actor.may(Action.RUN_NIGHT):
        context["form"] = form or RunNightForm(initial={"as_of": _newest_day(request)})
    return render(request, "nights/list.html", context, status=status)


def _newest_day(request: ActorRequest) -> object:
    days = [state.as_of_date for state in list_feed_states(request.actor) if state.as_of_date]
    return max(days, default=None)


@requires(Action.VIEW_NIGHTS)
@require_safe
def show_night(request: ActorRequest, run_id: int) -> HttpResponse:
    """Show one night; with htmx the changing part only, which is polled while it runs."""
    run = get_night(request.actor, run_id)
    expected = expected_seconds(run) if run.is_open else {}
    may_run = request.actor.may(Action.RUN_NIGHT)
    context = {
        "night": present_night(run, at=clock.now(), expected=expected, may_run=may_run),
        "inputs": [(feed.label, run.inputs[feed]) for feed in Feed if feed in run.inputs],
        "left_out": left_out_words(run),
        "verdicts": [
            (survey_code(code), Verdict(code).label, count) for code, count in run.board.get("verdicts", {}).items()
        ],
        "changes": gap_changes(run.board),
        "moves": moved_codes(run.board),
        "cases": [
            (words, run.board["cases"][verb])
            for verb, words in CASE_LABELS.items()
            if verb in run.board.get("cases", {})
        ],
        "bands": _bands(run) if run.board else [],
        "may_see_deliveries": request.actor.may(Action.VIEW_DELIVERIES),
        "may_work": request.actor.may(Action.VIEW_CASE_DATA),
    }
    template = "nights/night_part.html" if is_part(request) else "nights/night.html"
    return render(request, template, context)


@requires(Action.RUN_NIGHT)
@require_POST
def run_now(request: ActorRequest) -> HttpResponse:
    """Ask for a night of the actor's county and wake a worker; one that waits or runs already is shown instead."""
    form = RunNightForm(request.POST)
    if not form.is_valid():
        return _show_list(request, form, status=422)
    as_of = form.cleaned_data["as_of"]
    run = request_night(actor=request.actor, county=county_of(request.actor), as_of=as_of)
    if run.as_of_date != as_of:
        messages.warning(
            request,
            _("A nightly run as of %(day)s is already queued or running; it is shown here.") % {"day": run.as_of_date},
        )
    _wake_on_commit(run)
    return redirect("night", run.pk)


@never_cache
@requires(Action.RUN_NIGHT)
@require_safe
def show_offer(request: ActorRequest) -> HttpResponse:
    """Offer a night where files were applied since the last one: a part of the page of files."""
    return render(request, "nights/offer.html", {"offer": find_night_offer(request.actor)})


@requires(Action.RUN_NIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: ActorRequest, run_id: int) -> HttpResponse:
    """Ask for confirmation, then cancel a night that waits or runs."""
    run = get_night(request.actor, run_id)
    address = reverse("night", args=[run_id])
    try:
        if request.method != "POST":
            refuse_ended(run)
            return render(request, "nights/cancel.html", {"run": run, "back_url": address})
        cancel_night(actor=request.actor, run_id=run_id, at=clock.now())
    except Conflict as refusal:
        return refuse(request, refusal, back_url=address)
    _wake_on_commit(run)
    return redirect(address)


@requires(Action.RUN_NIGHT)
@require_POST
def ask_again(request: ActorRequest, run_id: int) -> HttpResponse:
    """Ask for the night of the same county and day once more; one that waits or runs already is shown instead."""
    asked = get_night(request.actor, run_id)
    run = request_night(actor=request.actor, county=asked.county, as_of=asked.as_of_date, at=clock.now())
    _wake_on_commit(run)
    return redirect("night", run.pk)


def _wake_on_commit(run: NightRun) -> None:
    """Wake a worker: it runs the night, or removes the folder of a cancelled one."""
    transaction.on_commit(lambda: wake(run_night_task, run.pk))


def _bands(run: NightRun) -> list[tuple[str, str, int, int, str]]:
    """List the labels of rule and band, the matches of the same person, those decided, their share; as known to the night."""
    return [
        (
            str(LinkRule(each.rule).label),
            str(BAND_LABELS[each.band]) if each.band else _("not scored"),
            each.same,
            each.decided,
            Rate(each.same, each.decided).text,
        )
        for each in list_band_precision(run.county, run.known_at)
    ]
