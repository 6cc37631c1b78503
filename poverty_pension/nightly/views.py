"""Nights: the list, one night with its steps, inputs and board, and running one now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from enrollment.constants import GAP_RANK, GapKind, Verdict
from poverty_pension.accounts.decorators import requires
from poverty_pension.accounts.doors import is_part
from poverty_pension.accounts.permissions import Action
from poverty_pension.accounts.requests import ActorRequest
from poverty_pension.nightly.forms import RunNightForm
from poverty_pension.nightly.models import NightRun, NightStep, RunState
from poverty_pension.nightly.selectors import get_night, list_nights
from poverty_pension.nightly.sentences import sentence
from poverty_pension.nightly.services import request_night
from poverty_pension.nightly.tasks import run_night_task
from poverty_pension.primitives.waking import wake
from registry.constants import Feed
from registry.selectors import county_of, list_feed_states

PER_PAGE = 30
TONES = {
    RunState.WAITING: "info",
    RunState.RUNNING: "info",
    RunState.DONE: "ok",
    RunState.FAILED: "bad",
    RunState.CANCELLED: "",
}
UNFINISHED = (RunState.WAITING, RunState.RUNNING)
STEP_WORDS = {
    "pin_inputs": gettext_lazy("Choose the lists and read the persons"),
    "link_rolls": gettext_lazy("Match persons with the rolls"),
    "link_facts": gettext_lazy("Match facts with persons and rolls"),
    "find_on_rolls": gettext_lazy("Find what is wrong on the roll"),
    "find_on_persons": gettext_lazy("Find what is known of each person"),
    "derive_codes": gettext_lazy("Draw the conclusions"),
    "find_gaps": gettext_lazy("Find the gaps"),
    "publish": gettext_lazy("Publish"),
}


@dataclass(frozen=True)
class ShownNight:
    """A night in words, with how far it is."""

    run: NightRun
    state: str
    tone: str
    error: str
    steps: list[tuple[NightStep, str, str, str]]
    done: int
    seconds: float
    is_unfinished: bool


@requires(Action.VIEW_NIGHTS)
@require_safe
def show_nights(request: ActorRequest) -> HttpResponse:
    """List nights, newest first; with htmx the table only, which asks again while one runs."""
    return _show_list(request, None)


def _show_list(request: ActorRequest, form: RunNightForm | None, status: int = 200) -> HttpResponse:
    page = Paginator(list_nights(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    rows = [shown_night(run) for run in page]
    context: dict[str, Any] = {"page": page, "rows": rows, "is_running": any(row.is_unfinished for row in rows)}
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
    """Show one night; with htmx the moving part only, which asks again while it runs."""
    run = get_night(request.actor, run_id)
    context = {
        "night": shown_night(run),
        "inputs": [(feed.label, run.inputs[feed]) for feed in Feed if feed in run.inputs],
        "verdicts": [(code, Verdict(code).label, count) for code, count in run.board.get("verdicts", {}).items()],
        "changes": _changes(run.board),
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
            request, _("A night as of %(day)s waits or runs already; this is it.") % {"day": run.as_of_date}
        )
    transaction.on_commit(lambda: wake(run_night_task, run.pk))
    return redirect("night", run.pk)


def shown_night(run: NightRun) -> ShownNight:
    """Put a night into words; its steps are loaded with it."""
    steps = list(run.steps.all())
    return ShownNight(
        run=run,
        state=run.get_state_display(),
        tone=TONES[RunState(run.state)],
        error=sentence(run.error) if run.error else "",
        steps=[
            (step, str(STEP_WORDS.get(step.name, step.name)), step.get_state_display(), TONES[RunState(step.state)])
            for step in steps
        ],
        done=sum(step.state == RunState.DONE for step in steps),
        seconds=sum(step.seconds or 0 for step in steps),
        is_unfinished=run.state in UNFINISHED,
    )


def _changes(board: dict[str, Any]) -> list[tuple[str, str, int, int, int]]:
    """List kind, its words, opened, closed and open by kind, the gravest first."""
    counts = {name: board.get(name, {}) for name in ("opened", "closed", "open")}
    kinds = sorted({kind for found in counts.values() for kind in found}, key=lambda kind: GAP_RANK[GapKind(kind)])
    return [
        (kind, str(GapKind(kind).label), *(counts[name].get(kind, 0) for name in ("opened", "closed", "open")))
        for kind in kinds
    ]
