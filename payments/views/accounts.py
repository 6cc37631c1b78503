"""A person's account and contributions beside the person: a part of the person's page, or a page of its own."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives import clock
from payments.presenters.accounts import balance_rows, designation_ids, entry_rows, year_rows
from payments.selectors.accounts import list_entries
from payments.selectors.contributions_of_person import list_booked_lines, list_naming_lines, list_plan_lines
from registry.selectors.persons import get_person, list_ids_of_person


@never_cache
@requires(Action.VIEW_BATCHES)
@require_safe
def show_account(request: ActorRequest, person_id: int) -> HttpResponse:
    """Show a person's account and each year's contribution. Twelve queries, the frame's three among them; the access is recorded."""
    actor, person, today = request.actor, get_person(request.actor, person_id), clock.today()
    actor.demand(Action.VIEW_CASE_DATA)
    ids = list_ids_of_person(person)
    entries = list(list_entries(actor=actor, person_id=person.pk, on=today))
    lines, plan_lines = list_booked_lines(ids), list_plan_lines(ids)
    record_event(
        actor=actor,
        verb="read_account",
        object_type="person",
        object_id=person.pk,
        outcome=Outcome.READ,
        detail={"entries": len(entries)},
    )
    rest_on = [*plan_lines, *(each.plan_line for each in lines if each.plan_line)]
    designations = list_naming_lines({number for line in rest_on for number in designation_ids(line)})
    context = {
        "person": person,
        "today": today,
        "balance": balance_rows(entries),
        "total_fen": sum(each.amount_fen for each in entries),
        "entries": entry_rows(entries, lines),
        "years": year_rows(plan_lines, lines, designations),
    }
    return render(request, "payments/account_part.html" if is_part(request) else "payments/account.html", context)
