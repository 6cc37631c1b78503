"""What enrolment's cases may expect at the end of a day: eligibility, an application, enrolment, the case, identity, certification."""

from __future__ import annotations

from datetime import date

from casework.models import Case
from enrollment.certification.windows import find_window
from enrollment.constants import ApplicationKind, ApplicationState, Condition, Outcome
from enrollment.eligibility.testing import check_person
from enrollment.management.cases.format import DAY, EXPECTATIONS, FLAG, TEXT, Entry, Kind, one_of
from enrollment.management.cases.world import CaseWorld
from enrollment.models import Application, Enrollment, TemporaryIdentity
from registry.models import Person
from registry.selectors.persons import canonical_id

Found = dict[str, object]
_REASONS = {"type": "array", "items": one_of(Condition.values)}


def _eligibility(world: CaseWorld, entry: Entry) -> Found:
    tested = check_person(
        county=world.county,
        person_id=canonical_id(world.person.pk, world.now),
        kind=ApplicationKind(entry["kind"]),
        day=date.fromisoformat(entry["on"]),
        known=world.now,
    )
    return {
        "outcome": tested.outcome.value,
        "reasons": [each.value for each in tested.not_met],
        "unknown": [each.value for each in tested.unknown],
        "years_needed": tested.facts["years_needed"],
    }


def _application(world: CaseWorld, entry: Entry) -> Found:
    known = world.applications.get(entry["kind"])
    if known is None:
        return {"state": "none"}
    found = Application.objects.get(pk=known.pk)
    days = {
        name: day.isoformat() if (day := getattr(found, name)) else None
        for name in ("accepted_on", "due_on", "decided_on", "effective_from")
    }
    return {"state": found.state, "reasons": found.refusal_reasons, "receipt_no": found.receipt_no, **days}


def _enrolment(world: CaseWorld, entry: Entry) -> Found:
    person = canonical_id(world.person.pk, world.now)
    current = Enrollment.objects.filter(person=person, superseded_at=None, valid_to=None).first()
    since = current.valid_from.isoformat() if current else None
    return {"enrolled": current is not None, "draws": bool(current and current.draws), "since": since}


def _case(world: CaseWorld, _entry: Entry) -> Found:
    case = Case.objects.filter(person=canonical_id(world.person.pk, world.now)).first()
    return {"state": case.state if case else "none", "reason": case.close_reason if case else ""}


def _identity(world: CaseWorld, _entry: Entry) -> Found:
    person = canonical_id(world.person.pk, world.now)
    current = TemporaryIdentity.objects.filter(person=person, replaced_at=None).first()
    return {"temporary": current.number if current else "none"}


def _certification(world: CaseWorld, entry: Entry) -> Found:
    person = Person.objects.select_related("county").get(pk=canonical_id(world.person.pk, world.now))
    window = find_window(person=person, day=date.fromisoformat(entry["on"]), known=world.now)
    if window is None:
        return {"known": False}
    return {
        "known": True,
        "first": window.window_first.isoformat(),
        "last": window.window_last.isoformat(),
        "due": window.is_due,
        "ended": window.is_over,
        "visit": window.needs_visit,
    }


_DAY_OR_NONE = {"anyOf": [DAY, {"type": "null"}]}
EXPECTATIONS |= {
    "eligibility": Kind(
        {
            "kind": one_of(ApplicationKind.values),
            "outcome": one_of(Outcome.values),
            "reasons": _REASONS,
            "unknown": _REASONS,
            "years_needed": {"type": "integer"},
        },
        ("kind", "outcome"),
        _eligibility,
    ),
    "application": Kind(
        {
            "kind": one_of(ApplicationKind.values),
            "state": one_of([*ApplicationState.values, "none"]),
            "reasons": _REASONS,
            "receipt_no": TEXT,
            **dict.fromkeys(("accepted_on", "due_on", "decided_on", "effective_from"), _DAY_OR_NONE),
        },
        ("kind", "state"),
        _application,
    ),
    "enrolment": Kind({"enrolled": FLAG, "draws": FLAG, "since": _DAY_OR_NONE}, ("enrolled",), _enrolment),
    "case": Kind({"state": TEXT, "reason": TEXT}, ("state",), _case),
    "identity": Kind({"temporary": TEXT}, ("temporary",), _identity),
    "certification": Kind(
        {"known": FLAG, "first": DAY, "last": DAY, "due": FLAG, "ended": FLAG, "visit": FLAG}, (), _certification
    ),
}
