"""The statutory table and the gaps to zero on paper: they name nobody, so whoever sees the page prints it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from coverage.constants import DeskReason
from coverage.presenters.codes import column_number
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.documents.print_sheets import Column, Group, Paragraph, Part, Row, Table
from foundation.policy.selectors import get_parameter
from foundation.primitives import clock
from foundation.web.documents import head_of, send_pdf
from nightly.selectors import find_data_day
from portal.reports.arrivals import Arrival, list_arrivals
from portal.reports.columns import CONDITIONS, HEADINGS
from portal.reports.e1 import Table as StatutoryTable
from portal.reports.e1 import UnitCounts, find_table
from portal.reports.forms import TableForm
from portal.reports.heads import table_head
from portal.reports.presenters import address, paragraph, paragraph_languages
from portal.reports.zeroing import GapCounts, get_board


@requires(Action.VIEW_BOARD)
@require_safe
def print_table(request: ActorRequest) -> HttpResponse:
    """Send the statutory table as PDF with the lines for signatures."""
    asked = TableForm(request.GET).asked(request.actor, clock.today())
    table = find_table(actor=request.actor, asked=asked)
    if table is None:
        return redirect(f"{reverse('reports')}?{address(asked)}")
    texts = [Paragraph(paragraph(table, language)) for language in paragraph_languages()]
    parts: list[Part] = [statutory_part(table), *_reasons(table), *texts]
    name = _("statutory_table_%(unit)s_%(day)s.pdf") % {"unit": asked.unit.name, "day": f"{table.as_of:%Y%m%d}"}
    return send_pdf(table_head(request, asked, table), parts, name=name)


@requires(Action.VIEW_BOARD)
@require_safe
def print_board(request: ActorRequest) -> HttpResponse:
    """Send the gaps to zero of a unit as PDF with the lines for signatures."""
    actor, today = request.actor, clock.today()
    unit = TableForm(request.GET).asked(actor, today).unit
    limit_days = int(get_parameter("gap_overdue_days", unit=unit, on=today).value)
    board = get_board(actor=actor, unit=unit, today=today, limit_days=limit_days)
    arrivals = list_arrivals(actor=actor, unit=unit, today=today)
    about = [_("Overdue: past the due day. Days are counted from the day the nightly run here found the gap.")]
    head = head_of(
        request, at=clock.now(), title=_("Zeroing"), unit=unit, as_of=find_data_day(actor, unit), about=about
    )
    total = Group([_counts(_("Total"), board.total)], is_total=True)
    kinds = Group([_counts(str(kind.label), counts) for kind, counts in board.kinds])
    units = Group([_counts(name or _("Not assigned to a lower unit"), counts) for _code, name, counts in board.units])
    gap, one = _count_columns(_("Gap"), limit_days), _count_columns(_("Unit"), limit_days)
    parts: list[Part] = [_arrivals(arrivals), Table(gap, [kinds, total], heading=_("By kind"))]
    if board.units:
        parts.append(Table(one, [units, total], heading=_("By unit")))
    name = _("zeroing_%(unit)s_%(day)s.pdf") % {"unit": unit.name, "day": f"{head.as_of or today:%Y%m%d}"}
    return send_pdf(head, parts, name=name)


def statutory_part(table: StatutoryTable) -> Table:
    """Return the table, the whole first."""
    columns = [
        Column(_("Unit")),
        *(Column(f"{column_number(key)} {HEADINGS[key]}", is_figure=True) for key in CONDITIONS),
        Column(_("Coverage rate 12/8"), is_figure=True),
        Column(_("Payment rate 14/13"), is_figure=True),
    ]
    parts = [_unit_row(line) for line in table.parts]
    return Table(columns, [Group([_unit_row(table.total)], is_total=True), Group(parts)])


def _unit_row(line: UnitCounts) -> Row:
    return [line.name, *line.counts.values(), line.coverage.text, line.drawing.text]


def _reasons(table: StatutoryTable) -> list[Table]:
    rows: list[Row] = [[str(DeskReason(reason).label), count] for reason, count in table.not_drawing.items()]
    columns = [Column(_("Reason")), Column(_("Persons"), is_figure=True)]
    return [Table(columns, [Group(rows)], heading=_("Due, not drawing: reasons"))] if rows else []


def _count_columns(first: str, limit_days: int) -> list[Column]:
    figures = [
        _("To be cleared"),
        _("Overdue"),
        _("Over %(limit_days)s days") % {"limit_days": limit_days},
        _("Oldest, days"),
        _("Mean, days"),
        _("Declined"),
        _("Another confirmed reason"),
    ]
    return [Column(first), *(Column(each, is_figure=True) for each in figures)]


def _counts(label: str, counts: GapCounts) -> Row:
    return [
        label,
        counts.open,
        counts.overdue,
        counts.old,
        counts.oldest_days,
        counts.mean_days,
        counts.declined,
        counts.other_reason,
    ]


def _arrivals(arrivals: list[Arrival]) -> Table:
    figures = [
        pgettext("arrivals", "New"),
        pgettext("arrivals", "Open"),
        pgettext("arrivals", "Closed"),
        _("Oldest, days"),
        _("Mean, days"),
    ]
    rows: list[Row] = [
        [str(each.label), each.new, each.open, each.closed, each.oldest_days, each.mean_days] for each in arrivals
    ]
    columns = [Column(pgettext("arrivals", "Group")), *(Column(each, is_figure=True) for each in figures)]
    return Table(columns, [Group(rows)], heading=_("To be included at once"))
