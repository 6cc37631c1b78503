"""The filters and the order of the work list, read from an address or from the one last shown; the name stays in the session."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from casework.finders import reason_choices
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
Read = tuple[WorkListFilter, WorkFilter, str, Order]
"""The form, what is asked for, the address of both, the order."""


def read_filter(request: ActorRequest, data: Any) -> Read:
    """Read the filters; one that is not understood is left out and named by the form. At most three queries."""
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
        name=get_name(request),
        today=today,
    )
    return form, wanted, address, order


def read_query(request: ActorRequest, query: str) -> Read:
    """Read the filters of an address."""
    return read_filter(request, QueryDict(query).dict())


def last_shown(request: ActorRequest) -> Read:
    """Read the filters of the list as it was last shown."""
    return read_query(request, request.session.get(QUERY_KEY, ""))


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
