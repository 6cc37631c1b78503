"""The pages of the statutory table: the table, the persons behind a cell, the workbook."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coverage.presenters.codes import column_number
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.services import record_list
from foundation.primitives import clock
from foundation.regions.selectors import list_chain
from foundation.web.downloads import send_file
from portal.reports.columns import CONDITIONS, HEADINGS
from portal.reports.e1 import Asked, find_table
from portal.reports.forms import CellForm, TableForm
from portal.reports.heads import table_head
from portal.reports.people import Cell, count_people, list_people
from portal.reports.presenters import (
    address,
    headings,
    paragraph,
    paragraph_languages,
    present_line,
    present_person,
    present_reasons,
)
from portal.reports.workbook import table_workbook
from registry.selectors.numbers import list_masked_numbers

PER_PAGE = 50


@never_cache
@requires(Action.VIEW_BOARD)
@require_safe
def show_table(request: ActorRequest) -> HttpResponse:
    """Show the statutory table of a unit and the units directly below it. Six queries."""
    asked = TableForm(request.GET).asked(request.actor, clock.today())
    table = find_table(actor=request.actor, asked=asked)
    may_list = request.actor.may(Action.VIEW_CASE_DATA)
    context: dict[str, object] = {
        "form": TableForm(initial(asked)),
        "asked": asked,
        "chain": shown_chain(request.actor, asked),
        "query": address(asked),
        "tabs": report_tabs(request),
        "table": table,
    }
    if table is not None:
        context |= {
            "headings": headings(),
            "total": present_line(asked, table.total, is_total=True, may_list=may_list),
            "lines": [present_line(asked, line, is_total=False, may_list=may_list) for line in table.parts],
            "reasons": present_reasons(table, may_list=may_list),
            "paragraphs": [(language, paragraph(table, language)) for language in paragraph_languages()],
            "maker": request.user.display_name or request.user.username,
            "today": clock.today(),
        }
    return render(request, "reports/table.html", context)


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_people(request: ActorRequest) -> HttpResponse:
    """List the persons of one cell of the statutory table, masked. Six queries whatever the rows."""
    asked = TableForm(request.GET).asked(request.actor, clock.today())
    column, reason, here = CellForm(request.GET).chosen()
    condition = CONDITIONS[column]
    condition += " AND desk_reason = %(reason)s" if reason else ""
    condition += " AND child = ''" if here else ""
    query = {"column": column} | ({"reason": reason} if reason else {}) | ({"here": "1"} if here else {})
    return people_page(
        request,
        Cell(asked, condition, {"reason": reason}),
        title=f"{column_number(column)} {HEADINGS[column]}",
        query=address(asked, **query),
        back=f"{reverse('reports')}?{address(asked)}",
    )


@requires(Action.VIEW_BOARD)
@require_safe
def download_table(request: ActorRequest) -> HttpResponse:
    """Send the statutory table as a workbook with the lines for signatures. It names nobody."""
    asked = TableForm(request.GET).asked(request.actor, clock.today())
    table = find_table(actor=request.actor, asked=asked)
    if table is None:
        return redirect(f"{reverse('reports')}?{address(asked)}")
    name = _("statutory_table_%(unit)s_%(day)s_%(population)s_%(basis)s.xlsx") % {
        "unit": asked.unit.name,
        "day": f"{table.as_of:%Y%m%d}",
        "population": asked.population.label,
        "basis": asked.basis.label,
    }
    return send_file(table_workbook(table, table_head(request, asked, table)), name=name)


def people_page(request: ActorRequest, cell: Cell, *, title: str, query: str, back: str) -> HttpResponse:
    """Show a page of the persons of a cell."""
    seen, outside = count_people(request.actor, cell)
    page = Paginator(range(seen), PER_PAGE).get_page(request.GET.get("page"))
    people = list_people(request.actor, cell, first=max(page.start_index() - 1, 0), most=PER_PAGE)
    numbers = list_masked_numbers(request.actor, [person.person_id for person in people])
    filters = QueryDict(query).dict()
    record_list(actor=request.actor, name="report_people", count=seen, shown=len(people), filters=filters)
    context = {
        "title": title,
        "asked": cell.asked,
        "people": [present_person(person, numbers) for person in people],
        "page": page,
        "outside": outside,
        "query": query,
        "back": back,
        "tabs": report_tabs(request),
        "may_work": request.actor.may(Action.TAKE_CASE),
    }
    return render(request, "reports/people.html", context)


def report_tabs(request: HttpRequest) -> list[dict[str, object]]:
    """Return the pages of the reports as tabs."""
    pages = (
        ("report_month", _("One-page report")),
        ("reports", _("Statutory table")),
        ("report_zeroing", _("Zeroing")),
        ("report_counts", _("Custom counts")),
    )
    here = request.resolver_match.url_name if request.resolver_match else ""
    return [{"label": label, "url": reverse(name), "is_here": name == here} for name, label in pages]


def initial(asked: Asked) -> dict[str, object]:
    """Return the values of the form that asks for a table."""
    return {
        "day": asked.day.isoformat(),
        "population": asked.population,
        "basis": asked.basis,
        "unit": asked.unit.code,
    }


def shown_chain(actor: Actor, asked: Asked) -> list[tuple[str, str]]:
    """Return the units above the asked one the reader may see, each with the address of the same page for it. One query."""
    chain = [unit for unit in list_chain(unit=asked.unit) if actor.covers(unit.path)]
    return [(unit.name, f"?{address(asked, unit=unit.code)}") for unit in chain]
