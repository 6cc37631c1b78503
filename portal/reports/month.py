"""The one-page report: the rates with what they are made of, what changed since last month, three pictures, one paragraph.

As a page, and as PDF on one sheet. It names nobody.
"""

from __future__ import annotations

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
from foundation.documents.charts import Picture, svg_file
from foundation.documents.print_sheets import Column, Group, Paragraph, Part, Pictures, Row, Table
from foundation.primitives import clock
from foundation.primitives.rates import Rate
from foundation.web.documents import head_of, send_pdf
from portal.pictures.months import gaps_picture, rates_picture
from portal.pictures.units import ranked_picture
from portal.reports.changes import MonthReport, find_month_report
from portal.reports.e1 import Asked
from portal.reports.forms import MonthForm
from portal.reports.presenters import address, oldest_words, paragraph, paragraph_languages
from portal.reports.views import initial, report_tabs, shown_chain

MOST_UNITS = 12
"""On the sheet: the units with the lowest rates; the page shows more."""


@never_cache
@requires(Action.VIEW_BOARD)
@require_safe
def show_month(request: ActorRequest) -> HttpResponse:
    """Show the one-page report of a unit. Ten queries; the pictures load on their own."""
    asked = MonthForm(request.GET).asked(request.actor, clock.today())
    report = find_month_report(request.actor, asked)
    context: dict[str, object] = {
        "form": MonthForm(initial(asked)),
        "asked": asked,
        "chain": shown_chain(request.actor, asked),
        "tabs": report_tabs(request),
        "query": address(asked),
        "report": report,
    }
    if report is not None:
        context |= {"table": report.table, "rates": _rates(report), "paragraphs": _texts(report)}
    return render(request, "reports/month.html", context)


@requires(Action.VIEW_BOARD)
@require_safe
def print_month(request: ActorRequest) -> HttpResponse:
    """Send the one-page report as PDF with the lines for signatures."""
    asked = MonthForm(request.GET).asked(request.actor, clock.today())
    report = find_month_report(request.actor, asked)
    if report is None:
        return redirect(f"{reverse('report_month')}?{address(asked)}")
    table = report.table
    head = head_of(
        request,
        at=clock.now(),
        title=_("%(unit)s: insurance of the poor") % {"unit": asked.unit.name},
        unit=asked.unit,
        as_of=table.as_of,
        about=[asked.population.label, asked.basis.label, oldest_words(table)],
    )
    parts = [
        *_tables(report),
        Paragraph(_texts(report)[-1][1]),
        *_pictures(request.actor, asked),
    ]
    name = _("one_page_report_%(unit)s_%(day)s.pdf") % {"unit": asked.unit.name, "day": f"{table.as_of:%Y%m%d}"}
    return send_pdf(head, parts, name=name)


def _rates(report: MonthReport) -> list[tuple[str, Rate, Rate | None]]:
    """Return each rate with its label, and that of the month before."""
    total = report.table.total
    return [
        (_("Coverage rate 12/8"), total.coverage, report.coverage_before),
        (_("Payment rate 14/13"), total.drawing, report.drawing_before),
    ]


def _texts(report: MonthReport) -> list[tuple[str, str]]:
    """Return the paragraph in each language it is sent on in; what changed stands in the reader's."""
    texts = [(language, paragraph(report.table, language)) for language in paragraph_languages()]
    language, last = texts[-1]
    return [*texts[:-1], (language, f"{last} {report.sentence}".strip())]


def _tables(report: MonthReport) -> list[Part]:
    day = report.before_day.isoformat() if report.before_day else _("no nightly run in the month before")
    rates: list[Row] = [
        [label, rate.text, f"{rate.part:,} / {rate.whole:,}", rate.missing, before.text if before else "—"]
        for label, rate, before in _rates(report)
    ]
    rate_columns = [
        Column(_("Rate")),
        Column(report.table.as_of.isoformat(), is_figure=True),
        Column(_("Persons"), is_figure=True),
        Column(_("Gap to zero"), is_figure=True),
        Column(day, is_figure=True),
    ]
    changes: list[Row] = [
        [
            each.label,
            "—" if each.before is None else each.before,
            "—" if each.now is None else each.now,
            each.words,
        ]
        for each in report.changes
    ]
    change_columns = [
        Column(_("What changed")),
        Column(day, is_figure=True),
        Column(report.table.as_of.isoformat(), is_figure=True),
        Column(_("Difference"), is_figure=True),
    ]
    return [Table(rate_columns, [Group(rates)]), Table(change_columns, [Group(changes)])]


def _pictures(actor: Actor, asked: Asked) -> list[Part]:
    left = _drawn(rates_picture(actor, asked), gaps_picture(actor, asked))
    right = _drawn(ranked_picture(actor, asked, most=MOST_UNITS))
    columns = [column for column in (left, right) if column]
    return [Pictures(columns)] if columns else []


def _drawn(*pictures: Picture) -> list[tuple[str, str]]:
    return [(str(each.title), svg_file(each)) for each in pictures if not each.is_empty]
