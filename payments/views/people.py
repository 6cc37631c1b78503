"""The people of a plan as they are filtered: on the page, as a workbook, on paper."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import transaction
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
from foundation.accounts.scope import list_places
from foundation.audit.services import record_list
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from foundation.primitives.ids import read_id
from foundation.regions.models import Unit
from foundation.web.forms import PurposeForm
from foundation.web.refusals import refuse
from payments.forms import PlanFilter
from payments.models import ContributionPlan
from payments.presenters.name_lists import NamedLine, of_plan
from payments.presenters.plan import PersonRow, person_row
from payments.selectors.plans import AT_COUNTY, PeopleWanted, PlanPeople, list_people_by_id
from payments.views.name_files import NameList, send_names
from payments.views.plan import choose_plan

PER_PAGE = 30


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_people(request: ActorRequest) -> HttpResponse:
    """List the people of a plan as they are filtered. Ten queries whatever the rows."""
    actor, chosen = request.actor, choose_plan(request.actor, request.GET)
    if chosen.plan is None or chosen.county is None:
        return render(request, "payments/plan_people.html", {"plan": None})
    form, people = _read(actor, chosen.county, chosen.plan, request.GET)
    count, fen = people.count()
    page = Paginator(range(count), PER_PAGE).get_page(request.GET.get("page"))
    rows = _rows(people, max(page.start_index() - 1, 0), PER_PAGE) if count else []
    given = form.given()
    record_list(actor=actor, name="contribution_people", count=count, shown=len(rows), filters=given)
    context = {
        "plan": chosen.plan,
        "county": chosen.county,
        "form": form,
        "clear_url": f"?{form.silent_query()}",
        "page": page,
        "rows": rows,
        "total_fen": fen,
        "query": urlencode(given),
        "is_difference": bool(people.wanted.against),
        "back_url": f"{reverse('contribution_plan')}?{urlencode({'county': chosen.county.code, 'year': chosen.plan.year})}",
        "sees_batches": actor.may(Action.VIEW_BATCHES),
        "may_export": actor.may(Action.EXPORT_LISTS),
        "purpose_form": PurposeForm(initial={"purpose": _("Check of the plan of contributions")}, auto_id="file_%s"),
    }
    return render(request, "payments/plan_people.html", context)


@sensitive_post_parameters("purpose")
@requires(Action.EXPORT_LISTS)
@require_POST
@transaction.atomic
def download_people(request: ActorRequest) -> HttpResponse:
    """Send the people of a plan as they are filtered as xlsx. Effects: one Disclosure."""
    return _send(request, is_paper=False)


@sensitive_post_parameters("purpose")
@requires(Action.VIEW_CASE_DATA)
@require_POST
@transaction.atomic
def print_people(request: ActorRequest) -> HttpResponse:
    """Send the people of a plan as they are filtered as PDF, by township and village. Effects: one Disclosure."""
    return _send(request, is_paper=True)


def _send(request: ActorRequest, *, is_paper: bool) -> HttpResponse:
    asked = QueryDict(request.POST.get("query", ""))
    back_url = f"{reverse('contribution_people')}?{asked.urlencode()}"
    chosen = choose_plan(request.actor, asked)
    if chosen.plan is None or chosen.county is None:
        return refuse(request, BadInput(_("There is no plan yet."), code="no_plan"), back_url=back_url)
    form, people = _read(request.actor, chosen.county, chosen.plan, asked)
    title = _("Contributions of %(year)s paid by government") % {"year": chosen.plan.year}
    wanted = NameList(
        name="contribution_people",
        file_name=_("contributions_%(county)s_%(year)s") % {"county": chosen.county.name, "year": chosen.plan.year},
        title=title,
        unit=chosen.county,
        as_of=chosen.plan.as_of_date,
        chips=[f"{chip.label}: {chip.text}" for chip in form.chips()],
        filters=dict(form.given()),
        load=lambda most: _named(people, most),
    )
    try:
        return send_names(request, wanted, is_paper=is_paper)
    except BadInput as refusal:
        return refuse(request, refusal, back_url=back_url)


def _read(actor: Actor, county: Unit, plan: ContributionPlan, data: QueryDict) -> tuple[PlanFilter, PlanPeople]:
    """Read the filters; one that is no choice filters nothing and is named by the form. One query."""
    places = [
        each for each in list_places(actor, data.get("place", "") or county.code) if each.path.startswith(county.path)
    ]
    form = PlanFilter(data, places=[each for each in places if each.pk != county.pk])
    form.is_valid()
    given = form.given()
    place = next((each for each in places if each.code == given.get("place")), None)
    named = {name: given.get(name, "") for name in ("outcome", "category", "reason", "stage", "place", "against")}
    change = given.get("change", "") if named["against"] else ""
    wanted = PeopleWanted(**named, change=change, plan=read_id(given.get("plan")) or 0)
    path = place.path if place and wanted.place != AT_COUNTY else ""
    return form, PlanPeople(actor, plan, wanted, clock.now(), path)


def _rows(people: PlanPeople, first: int, most: int) -> list[PersonRow]:
    lines = people.load(first, most)
    persons = list_people_by_id([each.person_id for each in lines])
    return [person_row(each, persons[each.person_id]) for each in lines]


def _named(people: PlanPeople, most: int) -> list[NamedLine]:
    lines = people.load(0, most)
    persons = list_people_by_id([each.person_id for each in lines])
    units = Unit.objects.in_bulk({each.unit_id for each in lines if each.unit_id})
    return [
        of_plan(person_row(each, persons[each.person_id]), units[each.unit_id] if each.unit_id else None)
        for each in lines
    ]
