"""The acts of enrolment's cases: applying, correcting, the steps of the process table, certification, by who does them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from casework.constants import ContactMeans
from casework.selectors.subjects import SubjectKey
from casework.services.village_reports import log_contact
from enrollment.constants import ApplicationKind, ApplicationState, Channel, Paper, Verb
from enrollment.management.cases.format import ACTS, DAY, FLAG, TEXT, WORDS, Entry, Kind, one_of
from enrollment.management.cases.world import CaseWorld
from enrollment.models import Application
from enrollment.services.life_evidence import BY_HAND, record_life_evidence
from enrollment.services.preparing import Content, begin_application, correct_application
from enrollment.services.steps import Given, take_step
from foundation.policy.selectors import get_parameter
from registry.constants import LifeSource
from registry.models import Attachment

_KIND: Mapping[str, Any] = {"kind": one_of(ApplicationKind.values)}
_CONTENT: Mapping[str, Any] = {
    "papers": {"type": "array", "items": one_of(Paper.values)},
    "details": {"type": "object"},
    "agent": {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "relation"],
        "properties": {"name": TEXT, "relation": TEXT},
    },
    "note": TEXT,
    "draft": FLAG,
}
_WAY = (
    (ApplicationState.SUBMITTED, Verb.ACCEPT, "township_clerk"),
    (ApplicationState.TOWNSHIP_REVIEW, Verb.REVIEW, "township_clerk"),
    (ApplicationState.COUNTY_CHECK, Verb.CHECK, "county_reviewer"),
)
"""The way to the approver: where an application is, the step from there, who takes it."""


def _apply(world: CaseWorld, entry: Entry) -> None:
    """Begin an application with the papers its kind needs, unless others are given, and submit it, unless it stays a draft."""
    application = begin_application(
        actor=_actor(world, entry, "village_helper"),
        person_id=world.person.pk,
        kind=entry["kind"],
        channel=entry.get("channel", Channel.VILLAGE),
        content=_content(world, entry, entry["kind"]),
        at=world.now,
    )
    world.applications[entry["kind"]] = world.last = application
    _submit(world, entry, application)


def _correct(world: CaseWorld, entry: Entry) -> None:
    application = _application(world, entry)
    corrected = correct_application(
        actor=_actor(world, entry, "village_helper"),
        application_id=application.pk,
        version=application.version,
        content=_content(world, entry, application.kind),
        at=world.now,
    )
    _submit(world, entry, corrected)


def _submit(world: CaseWorld, entry: Entry, application: Application) -> None:
    if not entry.get("draft"):
        _take(world, application, Verb.SUBMIT, _actor(world, entry, "village_helper"), Given())


def _step(verb: Verb) -> Callable[[CaseWorld, Entry], None]:
    def act(world: CaseWorld, entry: Entry) -> None:
        given = Given(
            note=entry.get("note", ""),
            accepted_on=date.fromisoformat(entry["accepted_on"]) if "accepted_on" in entry else None,
            missing=entry.get("missing", ()),
            reasons=entry.get("reasons", ()),
            entry_number=entry.get("entry_number", ""),
        )
        _take(world, _application(world, entry), verb, _actor(world, entry, _USUAL[verb]), given)

    return act


def _bring(world: CaseWorld, entry: Entry) -> None:
    """Take the usual steps up to the approver, all on this day, by the people who usually take them."""
    for state, verb, name in _WAY:
        application = _application(world, entry)
        if application.state == state:
            _take(world, application, verb, world.actor(name), Given())


def _try_to_reach(world: CaseWorld, entry: Entry) -> None:
    log_contact(
        actor=_actor(world, entry, "township_clerk"),
        key=SubjectKey(person_id=world.person.pk),
        tried_on=world.now.date(),
        means=entry.get("means", ContactMeans.TELEPHONE),
        is_reached=entry.get("reached", False),
        note="",
        at=world.now,
    )


def _see_alive(world: CaseWorld, entry: Entry) -> None:
    record_life_evidence(
        actor=_actor(world, entry, "village_helper"),
        person_id=world.person.pk,
        seen_on=world.now.date(),
        source=entry.get("source", LifeSource.VISIT),
        at=world.now,
    )


def _take(world: CaseWorld, application: Application, verb: Verb, actor: Any, given: Given) -> None:
    take_step(
        actor=actor, application_id=application.pk, verb=verb, version=application.version, at=world.now, given=given
    )


def _application(world: CaseWorld, entry: Entry) -> Application:
    known = world.applications.get(entry["kind"]) if "kind" in entry else world.last
    if known is None:
        raise ValueError("there is no such application yet; “apply” comes first")
    return Application.objects.select_related("county", "person").get(pk=known.pk)


def _actor(world: CaseWorld, entry: Entry, usual: str) -> Any:
    return world.actor(entry.get("by", usual), entry.get("deputy_for"))


def _content(world: CaseWorld, entry: Entry, kind: str) -> Content:
    day = world.now.date()
    needed = get_parameter("application_papers", unit=world.county, on=day).value.get(kind, [])
    agent = entry.get("agent", {})
    return Content(
        details=entry.get("details", {}),
        papers=[(paper, _attached(world, paper)) for paper in entry.get("papers", needed)],
        agent_name=agent.get("name", ""),
        agent_relation=agent.get("relation", ""),
        note=entry.get("note", ""),
    )


def _attached(world: CaseWorld, paper: str) -> int:
    attachment, _ = Attachment.objects.get_or_create(
        person=world.person,
        file_name=f"{paper}.jpg",
        defaults={
            "content_type": "image/jpeg",
            "file_bytes": 1,
            "file_sha256": f"{[*Paper.values].index(paper):064x}",
            "stored_path": "",
            "added_by": "case",
            "added_at": world.now,
        },
    )
    return attachment.pk


_USUAL = {
    Verb.ACCEPT: "township_clerk",
    Verb.NAME_MISSING: "township_clerk",
    Verb.REVIEW: "township_clerk",
    Verb.CHECK: "county_reviewer",
    Verb.GRANT: "county_approver",
    Verb.RECORD: "county_approver",
    Verb.REFUSE: "county_approver",
    Verb.RETURN: "county_approver",
    Verb.WITHDRAW: "village_helper",
    Verb.CONFIRM: "county_clerk",
}
"""Who takes a step where a case does not say."""
_STEP_KEYS: Mapping[Verb, Mapping[str, Any]] = {
    Verb.ACCEPT: {"accepted_on": DAY},
    Verb.NAME_MISSING: {"missing": WORDS},
    Verb.REFUSE: {"reasons": WORDS},
    Verb.CONFIRM: {"entry_number": TEXT},
}
ACTS |= {
    "apply": Kind({**_KIND, **_CONTENT, "channel": one_of(Channel.values)}, ("kind",), _apply),
    "correct": Kind({**_KIND, **_CONTENT}, (), _correct),
    "bring_to_approval": Kind(_KIND, (), _bring),
    "try_to_reach": Kind({"means": one_of(ContactMeans.values), "reached": FLAG}, (), _try_to_reach),
    "see_alive": Kind({"source": one_of(BY_HAND)}, (), _see_alive),
    **{verb.value: Kind({**_KIND, "note": TEXT, **_STEP_KEYS.get(verb, {})}, (), _step(verb)) for verb in _USUAL},
}
