"""A person's page: who, the three codes and why, open gaps and the case; the timeline and the access records load with it."""

from __future__ import annotations

from datetime import datetime, time

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.presenters.case_panel import case_panel
from casework.presenters.gaps import settled_reason, shown_gap
from casework.presenters.next_steps import shown_steps
from casework.presenters.village_reports import next_step
from casework.selectors.report_reviews import list_reviews
from casework.selectors.subjects import SubjectKey
from casework.selectors.subjects_work import list_all_gaps, list_case_events, list_open_gaps
from casework.selectors.worklist import find_case
from coverage.constants import UNINSURED_KINDS
from coverage.presenters.codes import code_lines, verdict_tone
from coverage.presenters.evidence import present_finding, present_link
from coverage.selectors.evidence import read_evidence
from coverage.selectors.persons import get_person_with_code, list_findings, list_links, list_verdicts
from coverage.selectors.possible_matches import list_decisions_of, list_possible_matches_of
from enrollment.presenters.kinds import apply_links, kinds_for_gaps
from foundation.accounts.actors import Actor
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.accounts.selectors import shown_name_of
from foundation.audit.models.event import Outcome
from foundation.audit.selectors import list_access_records
from foundation.audit.services import record_event
from foundation.primitives import clock
from foundation.web.forms import PurposeForm, ShowNumberForm, demand_days
from nightly.selectors import list_published_nights
from portal.persons.forms import KnownForm
from portal.persons.next_facts import SearchedRoll, both_sides, is_on_a_line, searched_rolls
from portal.persons.timeline import access_lines, shown_names, timeline_of_person
from registry.models import Person
from registry.presenters.persons import designation_lines, personal_lines
from registry.selectors.details import show_as_known
from registry.selectors.field_reports import find_report_with_telephone
from registry.selectors.merges import list_merges
from registry.selectors.numbers import mask_number
from registry.selectors.persons import (
    get_person,
    list_delivered_rows,
    list_designations,
    list_identifiers,
    list_ids_of_person,
)

MOST_ACCESS_RECORDS = 30


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_person(request: ActorRequest, person_id: int) -> HttpResponse:
    """Show one person, now or as known at the end of an earlier day; the access is recorded.

    Thirteen queries, the frame's three among them, one more for who was ever merged; a merged person's address redirects to the one kept.
    """
    actor = request.actor
    form = KnownForm(request.GET)
    known = _end_of(form)
    person, code = get_person_with_code(actor, person_id, known)
    if person.canonical_id:  # type: ignore[attr-defined]
        return redirect("person", person.canonical_id)  # type: ignore[attr-defined]
    record_event(actor=actor, verb="read_person", object_type="person", object_id=person.pk, outcome=Outcome.READ)
    key = SubjectKey(person_id=person.pk)
    links, findings = list_links(actor, person, known), list_findings(actor, person, known)
    evidence = read_evidence(
        [finding.evidence for finding in findings], person.county_id, [link.delivery for link in links]
    )
    gaps, case = list_open_gaps(actor, key, known), None if known else find_case(key)
    numbers = [(each, mask_number(each)) for each in list_identifiers(actor, person, known)]
    if known:
        show_as_known(person, known)
    shown = [shown_gap(gap, clock.now(), settled=settled_reason(case)) for gap in gaps]
    panel = (
        case_panel(actor, key, case, clock.now(), [gap.kind for gap in gaps]) if (gaps or case) and not known else None
    )
    context = {
        "person": person,
        "numbers": numbers,
        "who": personal_lines(person),
        "designations": [designation_lines(each) for each in list_designations(actor, person, known)],
        "code": code,
        "codes": code_lines(code) if code else [],
        "verdict_tone": verdict_tone(code.verdict) if code else "",
        "findings": [present_finding(*pair) for pair in zip(findings, evidence, strict=True)],
        "links": [present_link(link) for link in links],
        "gaps": shown,
        "panel": panel,
        "next_steps": shown_steps(actor, shown, panel) if panel else [],
        "next_urls": [
            reverse("person_next", args=[person.pk]),
            *([reverse("person_sides", args=[person.pk])] if any(map(is_on_a_line, findings)) else []),
        ],
        "merges": list_merges(actor, person, known) if person.was_merged else [],  # type: ignore[attr-defined]
        "may_undo_merge": actor.may(Action.MERGE_PERSONS),
        "apply_links": apply_links(actor, person.pk, kinds_for_gaps((gap.kind, gap.reason) for gap in gaps))
        if not known
        else [],
        "apply_url": reverse("application_begin", args=[person.pk])
        if actor.may(Action.PREPARE_APPLICATION) and not known
        else "",
        "known_form": form,
        "known": known,
        "sees_batches": actor.may(Action.VIEW_BATCHES),
        "may_show_number": actor.may(Action.SHOW_NUMBER),
        "print_form": PurposeForm(initial={"purpose": _("Handling the cases")}, auto_id="print_%s"),
    }
    return render(request, "person/person.html", context)


def _end_of(form: KnownForm) -> datetime | None:
    demand_days(form)
    day = form.cleaned_data["known"]
    return datetime.combine(day, time.max, clock.BUSINESS_ZONE) if day else None


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_timeline(request: ActorRequest, person_id: int) -> HttpResponse:
    """Show the timeline and the access records: a part of the person's page, or a page of its own without htmx."""
    person = get_person(request.actor, person_id)
    key = SubjectKey(person_id=person.pk)
    case_events = list_case_events(key)
    accesses = list_access_records(
        object_type="person",
        object_id=person.pk,
        limit=MOST_ACCESS_RECORDS,
        shown_name=shown_name_of("actor_name"),
    )
    decisions = list_decisions_of(request.actor, person.pk)
    names = shown_names(case_events, accesses, decisions)
    events = timeline_of_person(
        rows=list_delivered_rows(request.actor, person),
        verdicts=list_verdicts(request.actor, person),
        gaps=list_all_gaps(request.actor, key),
        case_events=case_events,
        possible_matches=list_possible_matches_of(request.actor, person.pk),
        decisions=decisions,
        names=names,
    )
    record_event(
        actor=request.actor,
        verb="read_timeline",
        object_type="person",
        object_id=person.pk,
        outcome=Outcome.READ,
        detail={"events": len(events)},
    )
    context = {"person": person, "events": events, "trail": access_lines(accesses, names)}
    return render(request, "person/timeline_part.html" if is_part(request) else "person/timeline.html", context)


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_next_facts(request: ActorRequest, person_id: int) -> HttpResponse:
    """Show open reports of the village, the telephone and the rolls searched: a part of the person's page, or a page of its own.

    At most twelve queries.
    """
    actor, person = request.actor, get_person(request.actor, person_id)
    record_event(actor=actor, verb="read_next_facts", object_type="person", object_id=person.pk, outcome=Outcome.READ)
    ids = list_ids_of_person(person)
    report = find_report_with_telephone(actor, ids)
    context = {
        "is_person": True,
        "reviews": [
            (each.report, next_step(each.report.kind)) for each in list_reviews(actor).filter(report__person__in=ids)
        ],
        "report": report,
        "number_form": ShowNumberForm(auto_id="next_%s") if report and actor.may(Action.SHOW_NUMBER) else None,
        "rolls": _rolls_searched(actor, person),
    }
    return _show_next(request, person, context)


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_sides(request: ActorRequest, person_id: int) -> HttpResponse:
    """Show both sides of the findings on the person's lines of rolls: a part of the page, or a page of its own.

    At most twelve queries.
    """
    actor, person = request.actor, get_person(request.actor, person_id)
    record_event(actor=actor, verb="read_next_facts", object_type="person", object_id=person.pk, outcome=Outcome.READ)
    return _show_next(request, person, {"pairs": both_sides(list_findings(actor, person), person.county_id)})


def _show_next(request: ActorRequest, person: Person, context: dict[str, object]) -> HttpResponse:
    template = "person/next_facts.html" if is_part(request) else "person/next_facts_page.html"
    return render(request, template, context | {"back_url": reverse("person", args=[person.pk])})


def _rolls_searched(actor: Actor, person: Person) -> list[SearchedRoll]:
    """List the rolls the last night searched, for an uninsured person it found on none. At most three queries."""
    kinds = {gap.kind for gap in list_open_gaps(actor, SubjectKey(person_id=person.pk))}
    if not kinds & set(UNINSURED_KINDS) or list_links(actor, person):
        return []
    night = list_published_nights(actor, person.county_id).first()
    return searched_rolls(night.inputs) if night else []
