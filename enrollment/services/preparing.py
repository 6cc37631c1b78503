"""Preparing an application: beginning it, correcting it while it lies with the applicant, its papers. Deciding: steps.py.

Each change is a new version with its own hash, signed as prepared; whoever prepared any version never judges the application.
A department's system prepares drafts too: its versions carry its name instead of a person's, and nobody's signature.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enrollment.constants import (
    CHANNELS,
    OBJECT_TYPE,
    OPEN_STATES,
    ApplicationKind,
    ApplicationState,
    Channel,
    Paper,
    Verb,
)
from enrollment.details import ENCRYPTED, FIELDS, FieldType, checked_details
from enrollment.models import Application, ApplicationPaper, ApplicationVersion
from enrollment.selectors.applications import applications_in_scope, get_version, is_sent_by, list_papers
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from foundation.audit.services import record_event
from foundation.policy.selectors import get_parameter
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput, Conflict, NotAllowed, NotFound
from foundation.primitives.personal_texts import hide_numbers
from foundation.signatures.constants import Act
from foundation.signatures.services import content_hash, sign
from registry.models import Attachment, IdentityNumber, Person, PersonIdentifier
from registry.selectors.persons import get_person, list_ids_of_person
from registry.services.bank_accounts import decrypt_account, store_account
from registry.services.numbers import store_numbers

EDITABLE = (ApplicationState.DRAFT, ApplicationState.RETURNED)
ONE_OPEN = "application_one_open_of_a_kind"
LONGEST_NOTE = 1000


@dataclass(frozen=True)
class Content:
    """What an applicant states. `papers`: (what it is, id of an attachment of the person), in any order."""

    details: Mapping[str, object] = field(default_factory=dict)
    papers: Sequence[tuple[str, int]] = ()
    agent_name: str = ""
    agent_relation: str = ""
    note: str = ""


@transaction.atomic
def begin_application(
    *, actor: Actor, person_id: int, kind: str, channel: str, content: Content, at: datetime
) -> Application:
    """Begin an application as a draft.

    A person merged into another applies as the one kept; what a department's system begins came in through it, whatever `channel`
    says. Effects: one Application, its first version and papers, the signature of the person who prepared it; audit verb
    begin_application.
    Errors: NotAllowed; NotFound; BadInput naming the field; Conflict while another of its kind is open.
    """
    actor.demand(Action.PREPARE_APPLICATION)
    if actor.client_system_id is None:
        _demand_person(actor)
    if kind not in ApplicationKind.values:
        raise BadInput(_("Choose what is applied for."), code="kind_missing")
    if actor.client_system_id is not None:
        channel = Channel.DEPARTMENT
    elif channel not in CHANNELS:
        raise BadInput(_("Choose where the person applied."), code="channel_missing")
    person = get_person(actor, person_id)
    if kept := person.canonical_id:  # type: ignore[attr-defined]
        person = get_person(actor, kept)
    checked = _checked_content(ApplicationKind(kind), person, content, at)
    _demand_none_open(actor, person, kind)
    try:
        with transaction.atomic():
            application = Application.objects.create(
                county=person.county,
                unit=person.unit,
                person=person,
                kind=kind,
                channel=channel,
                content_hash=_hash(person, kind, channel, checked, 1),
                opened_at=at,
            )
    except IntegrityError as error:  # two began one at the same moment
        if ONE_OPEN not in str(error):
            raise
        _demand_none_open(actor, person, kind)
        raise
    _write_version(actor, application, checked, at)
    record_event(
        actor=actor,
        verb="begin_application",
        object_type=OBJECT_TYPE,
        object_id=application.pk,
        detail={"kind": kind, "person": person.pk, "channel": channel},
    )
    return application


@transaction.atomic
def correct_application(
    *, actor: Actor, application_id: int, version: int, content: Content, at: datetime, channel: str = ""
) -> Application:
    """Write the next version of a draft, or of an application sent back. The same content again changes nothing.

    A number or account that is left empty stays the one stated before, which no page shows whole.
    `version`: the one that was read. Effects: one version and its papers, the signature of who prepared it; audit verb
    correct_application. Errors: NotAllowed, also to whoever judged an earlier version; NotFound; BadInput; Conflict when
    the application was corrected meanwhile or lies on a desk.
    """
    _demand_person(actor)
    application = lock_application(actor, application_id)
    if application.state not in EDITABLE:
        raise Conflict(
            _("The application is “%(state)s” and cannot be changed.") % {"state": application.get_state_display()},
            code="application_not_editable",
            what_to_do=_("Ask whoever has it to send it back for correction."),
            ids=[application.pk],
        )
    demand_version(application, version)
    kept = _kept(application, content)
    checked = _checked_content(ApplicationKind(application.kind), application.person, content, at, kept)
    channel = channel or application.channel
    if channel not in CHANNELS and channel != application.channel:
        raise BadInput(_("Choose where the person applied."), code="channel_missing")
    person, kind, number = application.person, application.kind, application.version
    is_judged = application.state == ApplicationState.RETURNED and _was_judged(application)
    if _hash(person, kind, channel, checked, number) == application.content_hash and not is_judged:
        return application
    application.version, application.channel = number + 1, channel
    application.content_hash = _hash(person, kind, channel, checked, number + 1)
    application.save(update_fields=["version", "channel", "content_hash"])
    _write_version(actor, application, checked, at)
    record_event(
        actor=actor,
        verb="correct_application",
        object_type=OBJECT_TYPE,
        object_id=application.pk,
        detail={"version": application.version},
    )
    return application


def _was_judged(application: Application) -> bool:
    """Answer whether the current version was sent back by a review: then what follows is another version, even with the same content."""
    last = application.steps.order_by("-taken_at", "-id").first()
    return last is not None and last.verb == Verb.RETURN and last.version == application.version


def lock_application(actor: Actor, application_id: int) -> Application:
    """Lock one application in reach; a second person waits here for the first. Errors: NotAllowed; NotFound."""
    found = applications_in_scope(actor).select_for_update(of=("self",)).filter(pk=application_id).first()
    if found is None:
        raise NotFound(_("There is no such application in your unit."), ids=[application_id])
    return found


def lock_sent(actor: Actor, application_id: int) -> Application:
    """Lock an application that the actor, a department's system, prepared for somebody in its unit. Errors: NotFound."""
    sent = Application.objects.select_for_update(of=("self",)).filter(is_sent_by(actor))
    found = in_scope(sent, actor, "person__").filter(pk=application_id).first()
    if found is None:
        raise NotFound(_("There is no such application in your unit."), ids=[application_id])
    return found


def demand_version(application: Application, version: int) -> None:
    """Refuse an act on a version that is no longer the current one. Errors: Conflict."""
    if version != application.version:
        raise Conflict(
            _("The application was corrected meanwhile: version %(now)s is current.") % {"now": application.version},
            code="version_changed",
            what_to_do=_("Reload the page and read the current version."),
            ids=[application.pk, application.version],
        )


def missing_papers(application: Application) -> list[Paper]:
    """List the papers the kind needs in the county, and those the office named, that the current version lacks.

    A paper that was named although it was there (unreadable, of somebody else) is missing until another is attached.
    At most five queries. Errors: ParameterMissing.
    """
    on = application.accepted_on or application.opened_at.astimezone(BUSINESS_ZONE).date()
    version = get_version(application)
    needed = list(get_parameter("application_papers", unit=application.county, on=on).value.get(application.kind, []))
    if version.agent_name:
        needed.append(Paper.AUTHORISATION.value)
    papers = {(paper.kind, paper.attachment_id) for paper in list_papers(version)}
    named = application.steps.filter(verb=Verb.NAME_MISSING).first()
    anew = {kind for kind, _id in (papers - _papers_of(application, named.version) if named else papers)}
    missing = [each for each in needed if each not in {kind for kind, _id in papers}]
    missing += [each for each in (named.detail.get("missing", []) if named else []) if each not in anew]
    return [Paper(each) for each in dict.fromkeys(missing)]


def _papers_of(application: Application, version: int) -> set[tuple[str, int]]:
    rows = ApplicationPaper.objects.filter(version__application=application, version__number=version)
    return set(rows.values_list("kind", "attachment_id"))


def _demand_person(actor: Actor) -> None:
    actor.demand(Action.PREPARE_APPLICATION)
    if actor.user_id is None:
        raise NotAllowed(_("Only a person can prepare an application."), code="no_person")


def _demand_none_open(actor: Actor, person: Person, kind: str) -> None:
    others = Application.objects.filter(person__in=list_ids_of_person(person), kind=kind, state__in=OPEN_STATES)
    if other := others.first():
        raise Conflict(
            _("%(kind)s of this person is already open: %(state)s.")
            % {"kind": ApplicationKind(kind).label, "state": other.get_state_display()},
            code="application_open",
            what_to_do=_("Continue the open application, or withdraw it first."),
            ids=[other.pk],
        )


def _kept(application: Application, content: Content) -> dict[str, object]:
    """Return the encrypted fields that were left empty, as the current version has them."""
    before = get_version(application).details
    names = [each.name for each in FIELDS[ApplicationKind(application.kind)] if each.type in ENCRYPTED]
    return {name: before[name] for name in names if name in before and not content.details.get(name)}


def _checked_content(
    kind: ApplicationKind, person: Person, content: Content, at: datetime, kept: Mapping[str, object] | None = None
) -> Content:
    name, relation = (
        " ".join(each.split())[:most] for each, most in ((content.agent_name, 100), (content.agent_relation, 50))
    )
    if bool(name) != bool(relation):
        raise BadInput(_("Enter the agent's name and how they are related to the person."), code="agent_incomplete")
    if name and kind in (ApplicationKind.DECLINE, ApplicationKind.WAIVE):
        raise BadInput(_("Declining and waiving are declared in person, never by an agent."), code="in_person_only")
    note = hide_numbers(content.note.strip())
    if len(note) > LONGEST_NOTE:
        raise BadInput(
            _("The note is too long: at most %(most)s characters.") % {"most": LONGEST_NOTE}, code="text_too_long"
        )
    details = checked_details(kind, content.details, today=at.astimezone(BUSINESS_ZONE).date(), kept=kept)
    return Content(
        details=_with_stored_rows(kind, person, details, kept or {}, at),
        papers=_checked_papers(person, content.papers),
        agent_name=hide_numbers(name),
        agent_relation=relation,
        note=note,
    )


def _with_stored_rows(
    kind: ApplicationKind, person: Person, details: dict[str, object], kept: Mapping[str, object], at: datetime
) -> dict[str, object]:
    """Put the id of its encrypted row in the place of each number and account; an account is stated with its bank and holder."""
    stored: dict[str, object] = {}
    for each in FIELDS[kind]:
        if each.type == FieldType.NUMBER and each.name not in kept:
            number = str(details[each.name])
            stored[each.name] = store_numbers(pa.array([number], pa.string()), recorded_at=at)[number]
            demand_own_number(person, int(str(stored[each.name])))
        elif each.type == FieldType.ACCOUNT:
            account = decrypt_account(int(str(kept[each.name]))) if each.name in kept else str(details[each.name])
            bank, holder = str(details["bank"]), str(details["holder"])
            stored[each.name] = store_account(account, person=person, bank=bank, holder=holder, at=at).pk
    return details | stored


def demand_own_number(person: Person, number_id: int) -> None:
    """Refuse a number that is another person's, or whose birth date or sex is not the person's. Two queries. Errors: Conflict."""
    number = IdentityNumber.objects.get(pk=number_id)
    theirs = list_ids_of_person(person)
    if PersonIdentifier.objects.as_known().filter(number=number).exclude(person__in=theirs).exists():
        raise Conflict(
            _("This number belongs to another person of the register."),
            code="number_of_another",
            what_to_do=_("Compare the card once more; if both are one person, have them merged first."),
        )
    stated = [(person.birth_date, number.birth_date), (person.sex or None, number.sex)]
    if any(own is not None and own != read for own, read in stated):
        raise Conflict(
            _("The birth date or sex in this number is not the person's."),
            code="number_contradicts",
            what_to_do=_("Compare the card once more, or have the details corrected first."),
        )


def _checked_papers(person: Person, papers: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    theirs = set(
        Attachment.objects.filter(person__in=list_ids_of_person(person)).values_list("pk", flat=True) if papers else []
    )
    for kind, attachment_id in papers:
        if kind not in Paper.values:
            raise BadInput(_("Choose what kind of paper it is."), code="paper_kind_missing", ids=[attachment_id])
        if attachment_id not in theirs:
            raise NotFound(_("There is no such attachment of this person."), ids=[attachment_id])
    return sorted(set(papers))


def _hash(person: Person, kind: str, channel: str, content: Content, number: int) -> str:
    files = dict(
        Attachment.objects.filter(pk__in=[number for _, number in content.papers]).values_list("pk", "file_sha256")
    )
    papers = [f"{paper} {files[number]}" for paper, number in content.papers]
    details = json.dumps(content.details, sort_keys=True, ensure_ascii=False)
    return content_hash(
        [person.pk, kind, number, channel, details, content.agent_name, content.agent_relation, content.note, *papers]
    )


def _write_version(actor: Actor, application: Application, content: Content, at: datetime) -> None:
    version = ApplicationVersion.objects.create(
        application=application,
        number=application.version,
        details=dict(content.details),
        agent_name=content.agent_name,
        agent_relation=content.agent_relation,
        note=content.note,
        content_hash=application.content_hash,
        made_by_id=actor.user_id,
        made_by_system_id=actor.client_system_id,
        made_at=at,
    )
    ApplicationPaper.objects.bulk_create(
        ApplicationPaper(version=version, kind=kind, attachment_id=number) for kind, number in content.papers
    )
    if actor.client_system_id is None:
        sign(
            actor=actor,
            object_type=OBJECT_TYPE,
            object_id=application.pk,
            content=application.content_hash,
            act=Act.PREPARED,
            at=at,
        )
