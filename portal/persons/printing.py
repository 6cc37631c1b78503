"""A person on paper, as the page shows them: who, the codes, open gaps, what they rest on. Printing is a disclosure."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from casework.presenters.gaps import case_state_words, shown_gap
from casework.selectors.subjects import SubjectKey
from casework.selectors.subjects_work import list_open_gaps
from casework.selectors.worklist import find_case, is_worked
from coverage.presenters.codes import code_lines
from coverage.presenters.evidence import FindingRow, present_finding, present_link
from coverage.selectors.evidence import read_evidence
from coverage.selectors.persons import get_person_with_code, list_findings, list_links
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit import legal_basis
from foundation.audit.services import record_disclosure
from foundation.documents.print_sheets import Column, Facts, Group, Part, Row, Table
from foundation.primitives import clock
from foundation.primitives.errors import BadInput
from foundation.web.documents import head_of, send_pdf
from foundation.web.forms import PurposeForm
from foundation.web.refusals import refuse
from registry.models import Person
from registry.presenters.persons import designation_lines, personal_lines
from registry.selectors.numbers import mask_number
from registry.selectors.persons import list_designations, list_identifiers

FIELDS = ["name", "number masked", "birth_date", "sex", "place", "designations", "codes", "gaps", "findings", "links"]


@sensitive_post_parameters("purpose")
@requires(Action.VIEW_CASE_DATA)
@require_POST
@transaction.atomic
def print_person(request: ActorRequest, person_id: int) -> HttpResponse:
    """Send a person's page as PDF, numbers masked. Effects: one Disclosure of one row."""
    purpose = PurposeForm(request.POST)
    person, code = get_person_with_code(request.actor, person_id)
    if not purpose.is_valid():
        refusal = BadInput(_("Enter the purpose of the printout."), code="purpose_missing")
        return refuse(request, refusal, back_url=reverse("person", args=[person_id]))
    record_disclosure(
        actor=request.actor,
        recipient="paper person",
        purpose=purpose.cleaned_data["purpose"],
        legal_basis=legal_basis.EXPORT,
        fields=FIELDS,
        row_count=1,
    )
    as_of = code.as_of_date if code else None
    head = head_of(request, at=clock.now(), title=_("Person"), subject=person.name, unit=person.county, as_of=as_of)
    codes = Facts([(term, f"{words} {letters}".strip()) for term, words, letters in code_lines(code)] if code else [])
    parts = [_who(request.actor, person), Facts(codes.facts, _("Codes")), *_gaps(request.actor, person)]
    name = _("person_%(id)s_%(day)s.pdf") % {"id": person.pk, "day": f"{head.as_of or clock.today():%Y%m%d}"}
    return send_pdf(head, [*parts, *_evidence(request.actor, person)], name=name)


def _who(actor: Actor, person: Person) -> Facts:
    numbers = "、".join(mask_number(each) for each in list_identifiers(actor, person))
    listed = [designation_lines(each) for each in list_designations(actor, person)]
    return Facts(
        [
            (_("Name"), person.name),
            (_("ID number"), numbers),
            *personal_lines(person),
            *(
                (each.kind, " · ".join(filter(None, (each.status, each.since, each.record_key, each.place))))
                for each in listed
            ),
        ],
        _("Details"),
    )


def _gaps(actor: Actor, person: Person) -> list[Part]:
    key = SubjectKey(person_id=person.pk)
    gaps = [shown_gap(gap, clock.now()) for gap in list_open_gaps(actor, key)]
    columns = [
        Column(_("Gap")),
        Column(_("Reason")),
        Column(_("Found as of")),
        Column(_("Days open"), is_figure=True),
        Column(_("Due")),
        Column(_("Responsible office")),
    ]
    rows: list[Row] = [
        [
            each.label,
            each.reason,
            each.gap.opened_on.isoformat(),
            each.days,
            each.gap.due_on.isoformat() if each.gap.due_on else "",
            each.gap.get_desk_display(),
        ]
        for each in gaps
    ]
    case = find_case(key)
    words = case_state_words(case) if case else ""
    owner = case.owner.get_full_name() if is_worked(case) and case and case.owner else ""
    state = [Facts([(_("Case"), " · ".join(filter(None, (words, owner))))])] if words else []
    return [Table(columns, [Group(rows)], heading=_("Open gaps")), *state] if rows else [*state]


def _evidence(actor: Actor, person: Person) -> list[Part]:
    links, findings = list_links(actor, person), list_findings(actor, person)
    evidence = read_evidence(
        [finding.evidence for finding in findings], person.county_id, [link.delivery for link in links]
    )
    found: list[Row] = [_finding(present_finding(*pair)) for pair in zip(findings, evidence, strict=True)]
    lines = [present_link(link) for link in links]
    matched: list[Row] = [
        [
            each.scheme,
            each.link.shown_roll_no,
            each.status,
            each.action,
            each.rule,
            each.link.delivery.as_of_date.isoformat(),
        ]
        for each in lines
    ]
    columns = [Column(_("Finding")), Column(_("What was found")), Column(_("Evidence class")), Column(_("Sources"))]
    roll_columns = [
        Column(_("Roll")),
        Column(_("Roll number")),
        Column(_("State")),
        Column(_("Match")),
        Column(_("Rule")),
        Column(_("As of")),
    ]
    parts: list[Part] = []
    if found:
        parts.append(Table(columns, [Group(found)], heading=_("Evidence")))
    if matched:
        parts.append(Table(roll_columns, [Group(matched)], heading=_("Matched roll records")))
    return parts


def _finding(row: FindingRow) -> Row:
    return [row.label, row.text, row.evidence_class, "; ".join(source.text for source in row.sources)]
