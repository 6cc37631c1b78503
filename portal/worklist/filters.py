"""The filters and the order of the work list, read from an address or from a form that carries them.

Two tabs do not disturb each other: a form of the list carries its own filters and name, a row's address its list (LIST). The name
is never part of an address: where no form carries it, it is that of the session.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from casework.finders import reason_choices
from casework.presenters.addresses import LIST
from casework.selectors.worklist import Order, PersonCondition, WorkFilter, read_order
from casework.services.assigning import list_colleagues
from coverage.selectors.persons_by_code import CodeFilter, person_ids_by_code
from foundation.accounts.requests import ActorRequest
from foundation.accounts.scope import list_ids_within, list_places
from foundation.primitives import clock
from foundation.web.forms import demand_days
from portal.worklist.forms import WorkListFilter
from portal.worklist.name_filter import get_name

QUERY_KEY = "work_query"
NAME_FIELD = "listed_name"
"""The name a form of the list carries in its body, beside the filters as `query`."""
Read = tuple[WorkListFilter, WorkFilter, str, Order]
"""The form, what is asked for, the address of both, the order."""


def read_filter(request: ActorRequest, data: Any, *, name: str | None = None) -> Read:
    """Read the filters; one that is not understood is left out and named by the form. At most three queries.

    `name` is the one filtered by, where a form carries it; else that of the session.
    """
    places = list_places(request.actor, data.get("unit", ""))
    today = clock.now().date()
    form = WorkListFilter(
        data,
        places=places,
        reasons=reason_choices(),
        colleagues=list_colleagues(request.actor, on=today),
    )
    demand_days(form)
    given = {name: value for name, value in form.cleaned_data.items() if value}
    address = urlencode({name: _as_text(value) for name, value in given.items()})
    order = read_order(given.pop("sort", ""))
    unit = given.pop("unit", "")
    chosen = next((place for place in places if place.code == unit), None)
    codes = CodeFilter(**{name: given.pop(name, "") for name in CodeFilter.__dataclass_fields__})
    wanted = WorkFilter(
        **given,
        persons=PersonCondition(codes.asked, person_ids_by_code(request.actor, codes)) if codes.asked else None,
        unit_ids=list_ids_within(chosen) if chosen else None,
        name=get_name(request) if name is None else name,
        today=today,
    )
    return form, wanted, address, order


def read_query(request: ActorRequest, query: str) -> Read:
    """Read the filters of an address."""
    return read_filter(request, QueryDict(query).dict())


def posted_list(request: ActorRequest) -> Read:
    """Read the filters and the name of the list a form was sent from."""
    name = request.POST.get(NAME_FIELD)
    return read_filter(request, QueryDict(request.POST.get("query", "")).dict(), name=name)


def list_of_subject(request: ActorRequest) -> Read:
    """Read the filters of the list a subject was opened from; where its address names none, those last shown."""
    query = request.GET.get(LIST)
    return read_query(request, request.session.get(QUERY_KEY, "") if query is None else query)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
