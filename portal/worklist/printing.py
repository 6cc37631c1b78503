"""The work list on paper, as it is filtered now: the list, or a list for the visits of each village. Printing is a disclosure."""

from __future__ import annotations

from itertools import groupby

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit import legal_basis
from foundation.audit.services import record_disclosure, record_list
from foundation.documents.print_sheets import Column, Group, Row, Table
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from foundation.primitives.periods import age_years
from foundation.regions.models import Unit
from foundation.regions.models.unit import DIGITS_OF_LEVEL, Level
from foundation.web.documents import head_of, send_pdf
from foundation.web.refusals import refuse
from nightly.selectors import find_data_day
from portal.worklist.filters import NAME_FIELD, posted_list
from portal.worklist.forms import LIST, VISITS_APART, PrintForm
from portal.worklist.listed import Listed, filter_words, list_subjects
from registry.presenters.persons import sex_words
from registry.selectors.persons import FoundPerson, list_people

MOST_ROWS = 3_000
"""A page of forty rows takes 30 ms and 4 MB; more than this is nothing to carry."""
LIST_FIELDS = ["name", "number masked", "place", "gaps", "reasons", "days_open", "due_on", "desk", "owner", "state"]
VISIT_FIELDS = ["name", "sex", "age", "number masked", "gaps", "reasons"]


@sensitive_post_parameters("purpose", NAME_FIELD)
@requires(Action.VIEW_CASE_DATA)
@require_POST
@transaction.atomic
def print_work_list(request: ActorRequest) -> HttpResponse:
    """Send the list as PDF, at most 3,000 rows, numbers masked as on the page. Effects: one Disclosure."""
    asked = PrintForm(request.POST)
    form, wanted, query, order = posted_list(request)
    back_url = f"/work/?{query}"
    if not asked.is_valid():
        return refuse(
            request, BadInput(_("Enter the purpose of the printout."), code="purpose_missing"), back_url=back_url
        )
    rows = list_subjects(request.actor, wanted, order, most=MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        refusal = BadInput(
            _("The list has more than %(most)s entries.") % {"most": f"{MOST_ROWS:,}"},
            code="too_many_rows",
            what_to_do=_("Filter it, for example by township, and print each part."),
        )
        return refuse(request, refusal, back_url=back_url)
    is_visits = asked.cleaned_data["sheet"] != LIST
    about = [_("Filter: %(filter)s") % {"filter": " · ".join(filter_words(form, wanted)) or _("none")}]
    if is_visits:
        listed, rows = len(rows), [each for each in rows if each.person_id]
        about += _not_visited(listed - len(rows))
    record_disclosure(
        actor=request.actor,
        recipient="paper visit list" if is_visits else "paper work list",
        purpose=asked.cleaned_data["purpose"],
        legal_basis=legal_basis.EXPORT,
        fields=VISIT_FIELDS if is_visits else LIST_FIELDS,
        row_count=len(rows),
    )
    filters = form.given() | ({"name": "given"} if wanted.name else {})
    name = "visit_list_print" if is_visits else "work_list_print"
    record_list(actor=request.actor, name=name, count=len(rows), shown=len(rows), filters=filters)
    unit = Unit.objects.get(pk=request.actor.unit_id)
    head = head_of(
        request,
        at=clock.now(),
        title=_("Visit list") if is_visits else _("Work list"),
        unit=unit,
        as_of=find_data_day(request.actor),
        about=[*about, _("Entries: %(count)s") % {"count": f"{len(rows):,}"}],
    )
    table = (
        _visits(request.actor, rows, apart=asked.cleaned_data["sheet"] == VISITS_APART) if is_visits else _list(rows)
    )
    file_name = _("%(title)s_%(unit)s_%(day)s.pdf") % {
        "title": head.title,
        "unit": unit.name,
        "day": f"{head.as_of or clock.today():%Y%m%d}",
    }
    return send_pdf(head, [table], name=file_name)


def _not_visited(lines: int) -> list[str]:
    """State how many entries of the list are not on a list of visits, and why."""
    if not lines:
        return []
    words = ngettext(
        "Not on this sheet: %(count)s entry without a registered person (record of a roll, or missing data); see the work list",
        "Not on this sheet: %(count)s entries without a registered person (records of a roll, or missing data); see the work list",
        lines,
    )
    return [words % {"count": f"{lines:,}"}]


def _list(rows: list[Listed]) -> Table:
    columns = [
        Column(_("No."), is_figure=True),
        Column(_("Name")),
        Column(_("ID number or roll number")),
        Column(_("Place")),
        Column(_("Gaps")),
        Column(_("Reason")),
        Column(_("Days open"), is_figure=True),
        Column(_("Due")),
        Column(_("Responsible office")),
        Column(_("Handled by")),
        Column(_("State")),
    ]
    lines: list[Row] = [
        [
            place,
            each.name,
            each.number,
            each.place,
            each.gaps,
            each.reasons,
            each.days,
            each.due_on.isoformat() if each.due_on else "",
            each.desk,
            each.owner,
            each.state,
        ]
        for place, each in enumerate(rows, 1)
    ]
    return Table(columns, [Group(lines)])


def _visits(actor: Actor, rows: list[Listed], *, apart: bool) -> Table:
    """Return the people of each village by name, with room for what was found; each township, or village, on its own pages."""
    ids = [each.person_id for each in rows if each.person_id]
    people = {person.id: person for person in list_people(actor, ids)}
    columns = [
        Column(_("No."), is_figure=True),
        Column(_("Name")),
        Column(_("Sex")),
        Column(_("Age"), is_figure=True),
        Column(_("ID number")),
        Column(_("Gaps")),
        Column(_("Reason")),
        Column(_("Found on the visit"), least_mm=42),
        Column(_("Signature of the person"), least_mm=26),
        Column(_("Date of visit"), least_mm=20),
    ]
    in_order = sorted(rows, key=lambda each: (each.unit.code, each.unit.pk))
    groups: list[Group] = []
    before = ""
    for unit, here in groupby(in_order, key=lambda each: each.unit):
        lines = [_visit(place, each, people.get(each.person_id or 0)) for place, each in enumerate(here, 1)]
        township = unit.code[: DIGITS_OF_LEVEL[Level.TOWNSHIP]]
        groups.append(Group(lines, heading=unit.full_name, begins_page=apart or township != before))
        before = township
    return Table(columns, groups)


def _visit(place: int, each: Listed, person: FoundPerson | None) -> Row:
    return [
        place,
        each.name,
        sex_words(person.sex) if person else "",
        age_years(person.birth_date, clock.today()) if person and person.birth_date else "",
        each.number,
        each.gaps,
        each.reasons,
        "",
        "",
        "",
    ]
