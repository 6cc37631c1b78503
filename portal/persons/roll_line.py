"""The page of a roll line of nobody registered: its gaps, what they rest on, and its case."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.constants import FEED_SUBJECT
from casework.presenters.addresses import subject_url
from casework.presenters.case_panel import case_panel
from casework.presenters.gaps import place_below, scheme_words, settled_reason, shown_gap, subject_name
from casework.presenters.next_steps import shown_steps
from casework.presenters.questions import shown_questions
from casework.selectors.questions import list_questions_of
from casework.selectors.subjects import SubjectKey, find_roll_no
from casework.selectors.subjects_work import list_all_gaps, list_case_events
from casework.selectors.worklist import find_case
from coverage.presenters.evidence import present_finding
from coverage.selectors.evidence import read_evidence
from coverage.selectors.persons import list_line_findings
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.accounts.selectors import names_of
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives import clock
from foundation.primitives.errors import NotFound
from foundation.primitives.personal_texts import roll_no_in_address, shown_roll_no
from portal.persons.next_facts import both_sides
from portal.persons.timeline import timeline_of_line
from registry.presenters.file_words import roll_status_words
from registry.selectors import roll_search
from registry.selectors.feed_calendar import list_feed_contacts


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_roll_line(request: ActorRequest, county_id: int, scheme: str, roll_no: str) -> HttpResponse:
    """Show one line of a roll that has, or had, a gap, or is on the county's newest roll; the access is recorded."""
    actor = request.actor
    is_roll, is_own = scheme != FEED_SUBJECT, actor.unit_id == county_id
    roll_no = find_roll_no(actor, county_id, scheme, roll_no)
    if is_own:
        roll_no = roll_search.find_roll_no(actor, scheme, roll_no)
    key = SubjectKey(None, county_id, scheme, roll_no)
    gaps = list_all_gaps(actor, key)
    lines = roll_search.list_roll_lines(actor, [(scheme, roll_no)]) if is_roll and is_own else []
    if not gaps and not lines:
        raise NotFound(_("No gap has been found for this roll record in your unit."))
    record_event(
        actor=actor, verb="read_roll_line", object_type="roll_line", object_id=str(key)[:64], outcome=Outcome.READ
    )
    findings = list_line_findings(actor, key)
    evidence = read_evidence([finding.evidence for finding in findings], county_id)
    case_events = list_case_events(key)
    names = names_of(event.actor_name for event in case_events)
    questions = list_questions_of(actor, [key])
    open_gaps = [gap for gap in gaps if gap.closed_at is None]
    case = find_case(key) if gaps else None
    shown = [
        shown_gap(gap, clock.now(), settled=settled_reason(case)) for gap in sorted(open_gaps, key=lambda gap: gap.rank)
    ]
    panel = case_panel(actor, key, case, clock.now(), [gap.kind for gap in open_gaps]) if gaps else None
    context = {
        "name": subject_name(gaps[0]) if gaps else lines[0].name,
        "is_feed": not is_roll,
        "who": [
            (_("Scheme"), scheme_words(scheme)),
            *([(_("Roll number"), shown_roll_no(roll_no))] if is_roll else []),
            (_("Place"), place_below(gaps[0]) if gaps else lines[0].place),
            *((_("ID number"), line.number) for line in lines),
            *((_("State"), roll_status_words(scheme, line.status)) for line in lines),
        ],
        "had_gaps": bool(gaps),
        "gaps": shown,
        "next_steps": shown_steps(actor, shown, panel),
        "next_urls": [reverse("work_roll_line_next", args=[county_id, scheme, roll_no_in_address(roll_no)])],
        "findings": [present_finding(*pair) for pair in zip(findings, evidence, strict=True)],
        "panel": panel,
        "questions": shown_questions(questions, today=clock.today()),
        "events": timeline_of_line(gaps=gaps, case_events=case_events, names=names),
    }
    return render(request, "person/roll_line.html", context)


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_line_facts(request: ActorRequest, county_id: int, scheme: str, roll_no: str) -> HttpResponse:
    """Show both sides of the line's findings, or whom to call about a feed: a part of the line's page, or a page of its own.

    At most twelve queries.
    """
    actor = request.actor
    key = SubjectKey(None, county_id, scheme, find_roll_no(actor, county_id, scheme, roll_no))
    gaps = [gap for gap in list_all_gaps(actor, key) if gap.closed_at is None]
    if not gaps:
        raise NotFound(_("No gap has been found for this roll record in your unit."))
    record_event(
        actor=actor, verb="read_next_facts", object_type="roll_line", object_id=str(key)[:64], outcome=Outcome.READ
    )
    is_feed = scheme == FEED_SUBJECT
    context = {
        "is_feed": is_feed,
        "contact": list_feed_contacts(actor).get(key.roll_no) if is_feed else None,
        "pairs": [] if is_feed else both_sides(list_line_findings(actor, key), county_id),
        "back_url": subject_url(key),
    }
    return render(request, "person/next_facts.html" if is_part(request) else "person/next_facts_page.html", context)
