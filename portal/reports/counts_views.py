"""The pages of counts by freely chosen dimensions: the table, the persons behind a cell, the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.documents.heads import Text
from foundation.documents.workbooks import Column, Table, write_workbook
from foundation.primitives import clock
from foundation.primitives.errors import NotFound
from foundation.regions.models import Unit
from foundation.web.documents import head_of
from foundation.web.downloads import send_file
from portal.reports.counts import DIMENSIONS, UNKNOWN, Counts, Question, cell_of, count_persons
from portal.reports.e1 import Source, list_sources
from portal.reports.forms import CountsForm
from portal.reports.presenters import ReportCell, address
from portal.reports.views import people_page, report_tabs

Line = tuple[str, list[ReportCell]]


@never_cache
@requires(Action.VIEW_BOARD)
@require_safe
def show_counts(request: ActorRequest) -> HttpResponse:
    """Show persons counted by up to two dimensions. Six queries."""
    form = CountsForm(request.GET)
    question = form.question(request.actor, clock.today())
    sources = _find_sources(question)
    context = {
        "form": CountsForm(_as_query(question)),
        "question": question,
        "asked": question.asked,
        "tabs": report_tabs(request),
        "query": urlencode(_as_query(question)),
        "source": sources[0] if sources else None,
    }
    if sources:
        counts = count_persons(request.actor, question)
        context |= {"heading": DIMENSIONS[question.rows].label, **_present(request.actor, question, counts)}
    return render(request, "reports/counts.html", context)


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_counted(request: ActorRequest) -> HttpResponse:
    """List the persons the filters keep, masked."""
    question = CountsForm(request.GET).question(request.actor, clock.today())
    labels = [str(DIMENSIONS[name].labels.get(value, _("unknown"))) for name, value in question.kept.items()]
    return people_page(
        request,
        cell_of(question),
        title=" · ".join(labels) or _("All persons"),
        query=urlencode(_as_query(question)),
        back=f"{reverse('report_counts')}?{address(question.asked)}",
    )


@requires(Action.VIEW_BOARD)
@require_safe
def download_counts(request: ActorRequest) -> HttpResponse:
    """Give the counts as a workbook. It names nobody."""
    question = CountsForm(request.GET).question(request.actor, clock.today())
    sources = _find_sources(question)
    if not sources:
        return redirect("report_counts")
    shown = _present(request.actor, question, count_persons(request.actor, question))
    asked = question.asked
    about: list[Text] = [
        asked.population.label,
        asked.basis.label,
        _("Oldest data used: %(day)s") % {"day": min(each.oldest_feed_date for each in sources).isoformat()},
        *(
            f"{DIMENSIONS[name].label}: {DIMENSIONS[name].labels.get(value, '')}"
            for name, value in question.kept.items()
        ),
    ]
    as_of = max(each.as_of for each in sources)
    head = head_of(request, at=clock.now(), title=_("Custom counts"), unit=asked.unit, as_of=as_of, about=about)
    *lines, total = [[label, *(cell.count for cell in cells)] for label, cells in shown["lines"]]
    columns = [Column(DIMENSIONS[question.rows].label), *map(Column, shown["columns"])]
    notes = [_("A person on two lists, or with two gaps, is in two rows; totals count each person once.")]
    content = write_workbook(head, Table(columns, lines, totals=[total]), notes=notes)
    name = _("custom_counts_%(unit)s_%(day)s.xlsx") % {"unit": asked.unit.name, "day": f"{asked.day:%Y%m%d}"}
    return send_file(content, name=name)


def _find_sources(question: Question) -> list[Source]:
    try:
        return list_sources(question.asked)
    except NotFound:
        return []


def _as_query(question: Question) -> dict[str, str]:
    asked = question.asked
    return {
        "day": asked.day.isoformat(),
        "unit": asked.unit.code,
        "population": asked.population.value,
        "basis": asked.basis.value,
        "rows": question.rows,
        "columns": question.columns,
        **{name: value or "-" for name, value in question.kept.items()},
    }


def _present(actor: Actor, question: Question, counts: Counts) -> dict[str, list]:
    """Return the counts as the page shows them: the columns, then a total; the lines, then a total."""
    names = _unit_names(counts.rows if question.rows == "unit" else counts.columns, question)
    may_list = actor.may(Action.VIEW_CASE_DATA)
    columns = [*counts.columns, None] if question.columns else [None]

    def cell(row: str | None, column: str | None) -> ReportCell:
        count = counts.cells.get((row, column), 0)
        chosen = {
            name: value for name, value in ((question.rows, row), (question.columns, column)) if value is not None
        }
        return ReportCell(count, "", _people_url(question, chosen) if count and may_list else "")

    return {
        "columns": [_label(question.columns, column, names) for column in columns],
        "lines": [
            (_label(question.rows, row, names), [cell(row, column) for column in columns])
            for row in (*counts.rows, None)
        ],
    }


def _people_url(question: Question, chosen: dict[str, str]) -> str:
    query = _as_query(question) | {name: value or "-" for name, value in chosen.items() if name != "unit"}
    if unit := chosen.get("unit"):
        query["unit"] = unit
    elif "unit" in chosen:
        query["here"] = "1"
    return f"{reverse('report_counted')}?{urlencode(query)}"


def _unit_names(codes: list[str], question: Question) -> Mapping[str, str]:
    if "unit" not in (question.rows, question.columns):
        return {}
    return dict(Unit.objects.within(question.asked.unit.path).filter(code__in=codes).values_list("code", "name"))


def _label(dimension: str, value: str | None, names: Mapping[str, str]) -> str:
    if value is None:
        return _("Total")
    if dimension == "unit":
        return names.get(value, value) if value else _("Not assigned to a lower unit")
    if value == UNKNOWN:
        return _("none") if dimension in ("gap", "category") else _("unknown")
    return str(DIMENSIONS[dimension].labels.get(value, value))
