"""The people of a frozen batch as they are filtered: on the page, as a workbook, on paper; choosing whose money is taken back."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.accounts.scope import list_ids_within, list_places
from foundation.audit.services import record_list
from foundation.primitives.errors import BadInput
from foundation.web.forms import PurposeForm
from foundation.web.refusals import refuse
from payments.forms import LineFilter, ReasonForm
from payments.models import Batch, ContributionLine
from payments.presenters.batches import STATE_TONES, line_row, open_acts
from payments.presenters.name_lists import of_batch
from payments.selectors.batch_pages import LinesWanted, get_batch, list_lines, load_lines
from payments.views.name_files import NameList, send_names

PER_PAGE = 30


@never_cache
@requires(Action.VIEW_BATCHES)
@require_safe
def show_batch_people(request: ActorRequest, batch_id: int) -> HttpResponse:
    """List the people of a batch as they are filtered. Ten queries whatever the rows."""
    actor, batch = request.actor, get_batch(request.actor, batch_id)
    form, lines, given = _read(actor, batch, request.GET)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    first = page.start_index() - 1 if page.paginator.count else 0
    rows = [line_row(each) for each in load_lines(lines, first, PER_PAGE)]
    filters: dict[str, object] = {"batch": batch.pk, **given}
    record_list(
        actor=actor, name="contribution_batch_people", count=page.paginator.count, shown=len(rows), filters=filters
    )
    context = {
        "batch": batch,
        "tone": STATE_TONES[batch.state],  # type: ignore[index]
        "form": form,
        "page": page,
        "rows": rows,
        "query": urlencode(given),
        "take_back_form": ReasonForm(auto_id="back_%s") if "take_back" in open_acts(actor, batch, []) else None,
        "may_export": actor.may(Action.EXPORT_LISTS),
        "purpose_form": PurposeForm(initial={"purpose": _("Check of a batch of contributions")}, auto_id="file_%s"),
    }
    return render(request, "payments/batch_people.html", context)


@sensitive_post_parameters("purpose")
@requires(Action.EXPORT_LISTS)
@require_POST
@transaction.atomic
def download_batch(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Send the people of a batch as they are filtered as xlsx. Effects: one Disclosure."""
    return _send(request, batch_id, is_paper=False)


@sensitive_post_parameters("purpose")
@requires(Action.VIEW_BATCHES)
@require_POST
@transaction.atomic
def print_batch(request: ActorRequest, batch_id: int) -> HttpResponse:
    """Send the people of a batch as they are filtered as PDF, by township and village. Effects: one Disclosure."""
    return _send(request, batch_id, is_paper=True)


def _send(request: ActorRequest, batch_id: int, *, is_paper: bool) -> HttpResponse:
    batch = get_batch(request.actor, batch_id)
    form, lines, given = _read(request.actor, batch, QueryDict(request.POST.get("query", "")))
    wanted = NameList(
        name="contribution_batch_people",
        file_name=_("batch_%(number)s") % {"number": batch.pk},
        title=_("Batch %(number)s of contributions, %(year)s") % {"number": batch.pk, "year": batch.period},
        unit=batch.county,
        as_of=None,
        chips=[
            _("State: %(state)s") % {"state": batch.get_state_display()},
            *(f"{chip.label}: {chip.text}" for chip in form.chips()),
        ],
        filters={"batch": batch.pk, **given},
        load=lambda most: [of_batch(line_row(each), each.unit) for each in load_lines(lines, 0, most)],
    )
    try:
        return send_names(request, wanted, is_paper=is_paper)
    except BadInput as refusal:
        return refuse(request, refusal, back_url=reverse("contribution_batch_people", args=[batch.pk]))


def _read(actor: Actor, batch: Batch, data: QueryDict) -> tuple[LineFilter, QuerySet[ContributionLine], dict[str, str]]:
    """Read the filters; one that is no choice filters nothing. At most two queries."""
    county = batch.county
    places = [
        each for each in list_places(actor, data.get("place", "") or county.code) if each.path.startswith(county.path)
    ]
    form = LineFilter(data, places=[each for each in places if each.pk != county.pk])
    form.is_valid()
    given = {name: str(value) for name, value in form.cleaned_data.items() if value}
    place = next((each for each in places if each.code == given.get("place")), None)
    lines = list_lines(actor, batch, LinesWanted(**given), list_ids_within(place) if place else None)
    return form, lines, given
