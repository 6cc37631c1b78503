"""Filing a report: what somebody who was there states of a person, or of somebody on no list. What follows is the caller's app's.

Called by casework/services/village_reports.py. A report is written once and never changed; sent again, it is the one there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pyarrow as pa
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import county_of
from foundation.audit.services import record_event
from foundation.policy.selectors import get_parameter
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.columns import NUMBER_STATES, clean_numbers
from foundation.primitives.days import EARLIEST_BIRTH
from foundation.primitives.errors import BadInput, Conflict, NotFound
from foundation.primitives.personal_texts import hide_numbers
from foundation.regions.models import Unit
from registry.constants import ReportKind, ReportSource, WrongDetail
from registry.models import FieldReport, Person
from registry.selectors.persons import get_person
from registry.services.contact_points import read_telephone, store_telephone
from registry.services.numbers import store_numbers
from registry.services.photos import StoredPhoto, store_photo

LONGEST_AGE = 130


@dataclass(frozen=True)
class Observation:
    """What was seen or heard, when, and how whoever reports knows it."""

    kind: str
    observed_on: date | None = None
    source: str = ""
    died_on: date | None = None
    place: str = ""
    telephone: str = ""
    wrong_details: Sequence[str] = ()
    note: str = ""
    photo: Path | None = None


@dataclass(frozen=True)
class Unlisted:
    """Who somebody on no list is, as far as whoever reports knows; the village by its code, one's own when empty."""

    name: str
    sex: int = 0
    birth_date: date | None = None
    age_years: int | None = None
    household: str = ""
    number: str = ""
    unit_code: str = ""


@dataclass(frozen=True)
class Filed:
    """The report, and whether it had been sent before."""

    report: FieldReport
    is_repeated: bool = False


@dataclass(frozen=True)
class _Reported:
    county: Unit
    unit_id: int | None
    person: Person | None = None
    values: dict[str, object] = field(default_factory=dict)


def file_report(
    *,
    actor: Actor,
    uuid: UUID,
    observation: Observation,
    at: datetime,
    person_id: int | None = None,
    unlisted: Unlisted | None = None,
) -> Filed:
    """File one report, in the caller's transaction.

    Effects: one FieldReport, its telephone, number and photo stored encrypted; audit verb file_report. Sent again by the same
    person it changes nothing. Errors: NotAllowed; NotFound outside the unit; BadInput naming what is missing or cannot be;
    Conflict when the id is another report's.
    """
    actor.demand(Action.FILE_REPORT)
    known = FieldReport.objects.filter(uuid=uuid).first()
    if known is not None:
        return _repeated(actor, known, observation, person_id, unlisted)
    kind = _checked_kind(observation.kind, is_listed=person_id is not None)
    whom = _of_person(actor, person_id) if person_id is not None else _of_unlisted(actor, unlisted, at)
    values = _checked(kind, observation, whom, at)
    telephone = read_telephone(observation.telephone)
    if kind == ReportKind.WORKS_ELSEWHERE and not telephone and not values["place_text"]:
        raise BadInput(_("Enter a telephone number, or where the person works."), code="contact_missing")
    photo = store_photo(observation.photo, whom.county) if observation.photo else StoredPhoto()
    values |= {
        "photo_sha256": photo.sha256,
        "photo_path": photo.path,
        "photo_bytes": photo.size,
        "reporter_id": actor.user_id or 0,
        "reported_by": actor.username,
        "reported_role": actor.role,
        "reported_unit_code": actor.unit_code,
        "received_at": at,
    }
    try:
        report = _create(uuid, kind, whom, telephone, values, at)
    except IntegrityError:  # the same report sent twice at once: the other one was first
        known = FieldReport.objects.filter(uuid=uuid).first()
        if known is None:
            raise
        return _repeated(actor, known, observation, person_id, unlisted)
    detail = {"reported": kind, "person": report.person_id, "photo": bool(photo.sha256)}
    record_event(actor=actor, verb="file_report", object_type="field_report", object_id=report.pk, detail=detail)
    return Filed(report)


@transaction.atomic
def _create(
    uuid: UUID, kind: ReportKind, whom: _Reported, telephone: str, values: dict[str, object], at: datetime
) -> FieldReport:
    return FieldReport.objects.create(
        uuid=uuid,
        county=whom.county,
        unit_id=whom.unit_id,
        person=whom.person,
        kind=kind,
        contact=store_telephone(telephone, county=whom.county, at=at) if telephone else None,
        **whom.values,
        **values,
    )


def _repeated(
    actor: Actor, known: FieldReport, observation: Observation, person_id: int | None, unlisted: Unlisted | None
) -> Filed:
    """Return the report known under the same id. Errors: Conflict when something else was sent under it: nothing of it is lost."""
    persons = [_of_person(actor, number).person if number else None for number in (person_id, known.person_id)]
    name = _text(_one_line(unlisted.name)) if unlisted is not None else ""
    sent = (observation.kind, name, _text(observation.place), _text(observation.note))
    stored = (known.kind, known.name, known.place_text, known.note)
    same_day = known.kind != ReportKind.DIED or known.died_on == observation.died_on
    if known.reporter_id != (actor.user_id or 0) or persons[0] != persons[1] or sent != stored or not same_day:
        raise Conflict(
            _("Another report was sent from this form already."),
            code="report_id_taken",
            what_to_do=_("Open the page again and send the report once more."),
        )
    return Filed(known, is_repeated=True)


def _checked_kind(kind: str, *, is_listed: bool) -> ReportKind:
    if kind not in ReportKind.values or (kind == ReportKind.NOT_LISTED) == is_listed:
        raise BadInput(_("Choose what you report."), code="kind_missing")
    return ReportKind(kind)


def _of_person(actor: Actor, person_id: int) -> _Reported:
    person = get_person(actor, person_id)
    if kept := person.canonical_id:  # type: ignore[attr-defined]
        person = get_person(actor, kept)
    return _Reported(person.county, person.unit_id, person)


def _of_unlisted(actor: Actor, unlisted: Unlisted | None, at: datetime) -> _Reported:
    if unlisted is None or not unlisted.name.strip():
        raise BadInput(_("Enter the name."), code="name_missing")
    county = county_of(actor)
    values: dict[str, object] = {
        "name": _short(_one_line(unlisted.name), 100),
        "sex": unlisted.sex if unlisted.sex in (1, 2, 9) else 0,
        "birth_date": _checked_birth(unlisted.birth_date, at),
        "age_years": _checked_age(unlisted.age_years),
        "household_text": _short(unlisted.household, 100),
    }
    return _Reported(county, _unit_of(actor, unlisted.unit_code).pk, values=values | _number(unlisted.number, at))


def _unit_of(actor: Actor, code: str) -> Unit:
    """Return the village somebody lives in. Errors: NotFound outside the actor's unit."""
    wanted = code.strip() or actor.unit_code
    unit = Unit.objects.current().within(actor.unit_path).filter(code=wanted).first()
    if unit is None:
        raise NotFound(_("There is no such unit in your area."), code="unit_not_found", ids=[wanted])
    return unit


def _number(typed: str, at: datetime) -> dict[str, object]:
    """Store a number as it was given, right or damaged. Nothing where none was."""
    if not typed.strip():
        return {}
    read = clean_numbers(pa.array([typed[:40]], pa.string()))
    text: str = read.number[0].as_py()
    if not text:
        return {}
    number_id = store_numbers(pa.array([text], pa.string()), recorded_at=at)[text]
    return {"number_id": number_id, "number_state": NUMBER_STATES[read.state[0]]}


def _checked(kind: ReportKind, given: Observation, whom: _Reported, at: datetime) -> dict[str, object]:
    """Return the columns of what was observed. Errors: BadInput naming what is missing or cannot be."""
    today = at.astimezone(BUSINESS_ZONE).date()
    observed_on = given.observed_on or today
    oldest = int(get_parameter("field_report_oldest_days", unit=whom.county, on=today).value)
    if observed_on > today:
        raise BadInput(_("The day you saw or heard it cannot be in the future."), code="observed_day")
    if observed_on < today - timedelta(days=oldest):
        raise BadInput(
            _("The day you saw or heard it is more than %(days)s days ago.") % {"days": oldest},
            code="observed_day",
            what_to_do=_("Give the document to the township office instead."),
        )
    source = given.source if given.source in ReportSource.values else ""
    if kind == ReportKind.DIED and not source:
        raise BadInput(_("Choose how you know of the death."), code="source_missing")
    place, note = _short(given.place, 200), _short(given.note, 1000)
    if kind == ReportKind.MOVED_AWAY and not place:
        raise BadInput(_("Enter where the person moved."), code="place_missing")
    if kind == ReportKind.OTHER and not note:
        raise BadInput(_("Write what you saw or heard."), code="words_missing")
    return {
        "observed_on": observed_on,
        "source": source,
        "died_on": _checked_death(given.died_on, whom.person, observed_on) if kind == ReportKind.DIED else None,
        "place_text": place,
        "note": note,
        "wrong_details": _checked_details(given.wrong_details) if kind == ReportKind.DETAILS_WRONG else [],
    }


def _short(given: str, most: int) -> str:
    """Return a text as it is stored. Errors: BadInput for one longer than its column: a report is never changed, so none is cut."""
    text = _text(given)
    if len(text) > most:
        raise BadInput(
            _("The text has %(length)s characters; at most %(most)s can be sent.")
            % {"length": len(text), "most": most},
            code="text_too_long",
            what_to_do=_("Shorten it, or send the rest as another report."),
        )
    return text


def _checked_death(died_on: date | None, person: Person | None, observed_on: date) -> date | None:
    """Return the day of a death; none where only the death is known."""
    born = (person.birth_date if person else None) or EARLIEST_BIRTH
    if died_on is not None and not born <= died_on <= observed_on:
        raise BadInput(
            _("The day of the death lies before the birth, or after the day you heard of it."), code="death_day"
        )
    return died_on


def _checked_details(details: Sequence[str]) -> list[str]:
    known = [str(each) for each in WrongDetail if each in details]
    if not known:
        raise BadInput(_("Choose which details are wrong."), code="details_missing")
    return known


def _checked_birth(day: date | None, at: datetime) -> date | None:
    if day is not None and not EARLIEST_BIRTH <= day <= at.astimezone(BUSINESS_ZONE).date():
        raise BadInput(_("This cannot be a birth date."), code="birth_day")
    return day


def _checked_age(age: int | None) -> int | None:
    if age is not None and not 0 <= age <= LONGEST_AGE:
        raise BadInput(_("This cannot be an age."), code="age")
    return age


def _one_line(typed: str) -> str:
    return " ".join(typed.split())


def _text(typed: str) -> str:
    """Return words without numbers of persons: those have fields of their own, which are encrypted."""
    return hide_numbers(typed.strip())
