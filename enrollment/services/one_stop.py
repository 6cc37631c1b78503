"""One-stop enrolment: many people compared, reviewed, approved and enrolled by one act; effective with the next night.

Called by pages, the command and the night. Whoever is excluded is in the batch too, with the reasons. Before it is put into effect
everybody is compared once more: who no longer meets the conditions is left out and named.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.utils.translation import gettext as _

from casework.constants import GapKind
from casework.models import Gap
from enrollment.constants import (
    BATCH_TYPE,
    ONE_STOP_KINDS,
    OPEN_STATES,
    ApplicationKind,
    BatchState,
    Condition,
    Outcome,
)
from enrollment.eligibility.testing import Tested, find_for_kinds
from enrollment.models import Application, Enrollment, OneStopBatch
from enrollment.models.enrollment import NO_OVERLAP
from enrollment.models.one_stop import BATCH_MOVES
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import county_of, in_scope, in_scope_of_unit
from foundation.audit.services import record_event
from foundation.policy.selectors import get_parameter
from foundation.primitives.bulk import copy_into, whole_tables
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput, Conflict, NotFound
from foundation.primitives.personal_texts import hide_numbers
from foundation.regions.models import Unit
from foundation.signatures.constants import Act
from foundation.signatures.services import content_hash, sign
from registry.models import Person
from registry.services.numbers import allocate_ids

_PUT_INTO_EFFECT = (Path(__file__).parent / "sql" / "put_into_effect.sql").read_text("utf-8")
LONGEST_NOTE = 1000
ANSWERED_GAPS = (GapKind.UNINSURED, GapKind.NEW_POOR)
"""Gaps of people whom a batch can enrol."""
OTHER_KIND = "OTHER_KIND"
"""Reason of a line left out: the person's age is another than when the batch was made, and another kind fits."""
MOST_TRIES = 3
CANCELLING = (Action.ACCEPT_APPLICATION, Action.CHECK_APPLICATION, Action.DECIDE_APPLICATION)
"""Who may prepare or judge a batch may cancel it."""
NO_GAP = "NO_OPEN_GAP"
"""Reason of a line left out: the person's gap closed, or they were merged into another, since the batch was made. On the preview: why
somebody selected is not compared."""


@dataclass(frozen=True)
class Compared:
    """What the comparison came to for one person: the kind that fits their age, and why they are excluded."""

    person_id: int
    kind: ApplicationKind
    outcome: Outcome
    reasons: tuple[str, ...]


def compare(*, county: Unit, day: date, known: datetime, persons: Sequence[int] | None = None) -> list[Compared]:
    """Compare the people of a county with an open gap that enrolment answers, or these of them. Five queries.

    Who has reached the benefit age is tested for direct inclusion, everybody else for enrolment; an open application excludes.
    Errors: ParameterMissing.
    """
    gaps = Gap.objects.open().filter(county=county, kind__in=ANSWERED_GAPS, person__isnull=False)
    if persons is not None:
        gaps = gaps.filter(person__in=persons)
    asked = sorted(set(gaps.values_list("person_id", flat=True)))
    excluded = _excluded_besides(county, asked)
    tested = find_for_kinds(county=county, kinds=ONE_STOP_KINDS, day=day, known=known, persons=asked)
    compared = [
        _compared(each[ApplicationKind.REGISTER], each[ApplicationKind.DIRECT_INCLUSION], excluded) for each in tested
    ]
    wanted = set(asked)
    return [each for each in compared if each.person_id in wanted]


def _excluded_besides(county: Unit, asked: Sequence[int]) -> dict[int, list[Condition]]:
    """Return who is excluded whatever the conditions say: those enrolled here already, those with an open application. One query."""
    enrolled = Enrollment.objects.filter(person__in=asked, superseded_at=None, valid_to=None)
    busy = Application.objects.filter(county=county, state__in=OPEN_STATES, person__in=asked)
    rows = enrolled.values_list("person", Value(Condition.NOT_ENROLLED.value)).union(
        busy.values_list("person", Value(Condition.NONE_OPEN.value))
    )
    excluded: dict[int, list[Condition]] = {}
    for person_id, reason in sorted(rows):
        excluded.setdefault(person_id, []).append(Condition(reason))
    return excluded


def _compared(register: Tested, inclusion: Tested, excluded: Mapping[int, Sequence[Condition]]) -> Compared:
    """Choose the kind that fits the age; `excluded`: person -> what excludes whatever the conditions say."""
    besides = excluded.get(register.person_id, ())
    fitting = inclusion if Condition.BEFORE_BENEFIT_AGE in register.not_met else register
    reasons = dict.fromkeys((*fitting.not_met, *fitting.unknown, *besides))
    outcome = Outcome.REFUSED if fitting.not_met or besides else fitting.outcome
    return Compared(fitting.person_id, fitting.kind, outcome, tuple(each.value for each in reasons))


def count_compared(compared: Iterable[Compared]) -> tuple[Counter[str], Counter[str]]:
    """Count a comparison: outcome (with the kind of the eligible) -> people, reason -> people."""
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for each in compared:
        outcomes[f"{each.outcome} {each.kind}" if each.outcome == Outcome.ELIGIBLE else str(each.outcome)] += 1
        reasons.update(each.reasons)
    return outcomes, reasons


def preview_batch(*, actor: Actor, persons: Sequence[int] | None, day: date, at: datetime) -> list[Compared]:
    """Compare as propose_batch does, and write nothing. Errors: NotAllowed; NotFound; BadInput for a day in the future."""
    actor.demand(Action.ACCEPT_APPLICATION)
    if day > at.astimezone(BUSINESS_ZONE).date():
        raise BadInput(_("The day cannot be in the future."), code="day_in_future")
    return compare(county=county_of(actor), day=day, known=at, persons=_in_reach(actor, persons))


@transaction.atomic
def propose_batch(*, actor: Actor, persons: Sequence[int] | None, day: date, note: str, at: datetime) -> OneStopBatch:
    """Compare people and put them down as a batch to be reviewed. `persons` None: all of the actor's county.

    Effects: one batch with a line a person, the signature of who made it; audit verb propose_one_stop.
    Errors: NotAllowed; NotFound when one lies outside the unit; BadInput for a day in the future, a note too long, or when nobody is
    eligible.
    """
    actor.demand(Action.ACCEPT_APPLICATION)
    county = county_of(actor)
    note = hide_numbers(note.strip())
    if len(note) > LONGEST_NOTE:
        raise BadInput(
            _("The note is too long: at most %(most)s characters.") % {"most": LONGEST_NOTE}, code="text_too_long"
        )
    compared = preview_batch(actor=actor, persons=persons, day=day, at=at)
    eligible = sum(each.outcome == Outcome.ELIGIBLE for each in compared)
    if not eligible:
        raise BadInput(
            _("Nobody of them can be enrolled: %(number)s are excluded.") % {"number": len(compared)},
            code="nobody_eligible",
            what_to_do=_("Choose others, or look at the reasons on their pages."),
        )
    batch = OneStopBatch.objects.create(
        county=county,
        unit_id=actor.unit_id,
        day=day,
        eligible=eligible,
        excluded=len(compared) - eligible,
        content_hash=_hash(county, day, compared),
        note=note,
        made_by_id=actor.user_id or 0,
        made_at=at,
    )
    _write_lines(batch, compared)
    _sign(actor, batch, Act.PREPARED, at)
    _record(actor, "propose_one_stop", batch)
    return batch


def review_batch(*, actor: Actor, batch_id: int, at: datetime) -> OneStopBatch:
    """Confirm a batch as reviewed. Effects: its state, a signature; audit verb review_one_stop. Errors: NotAllowed; NotFound; Conflict."""
    return _move(actor, batch_id, Action.CHECK_APPLICATION, BatchState.REVIEWED, Act.REVIEWED, "review_one_stop", at)


def approve_batch(*, actor: Actor, batch_id: int, at: datetime) -> OneStopBatch:
    """Approve a reviewed batch: the next night puts it into effect.

    Effects: its state, a signature; audit verb approve_one_stop. Errors: NotAllowed, also on one's own work; NotFound; Conflict.
    """
    return _move(actor, batch_id, Action.DECIDE_APPLICATION, BatchState.APPROVED, Act.APPROVED, "approve_one_stop", at)


@transaction.atomic
def cancel_batch(*, actor: Actor, batch_id: int, at: datetime) -> OneStopBatch:
    """Cancel a batch that is not in effect yet: by who may prepare or judge one.

    Effects: its state; audit verb cancel_one_stop. Errors: NotAllowed; NotFound; Conflict.
    """
    if not any(actor.may(each) for each in CANCELLING):
        actor.demand(Action.ACCEPT_APPLICATION)
    batch = _lock(actor, batch_id)
    _demand_next(batch, BatchState.CANCELLED)
    batch.state, batch.ended_at = BatchState.CANCELLED, at
    batch.save()
    _record(actor, "cancel_one_stop", batch)
    return batch


@transaction.atomic
def put_batches_into_effect(*, actor: Actor, county: Unit, at: datetime) -> int:
    """Put a county's approved batches into effect; called by the night before it reads. Returns the people enrolled or granted.

    Effects: by put_into_effect.sql; lines left out name why; audit verb put_one_stop_into_effect. Run again it does nothing more.
    """
    done = 0
    waiting = OneStopBatch.objects.select_for_update().filter(county=county, state=BatchState.APPROVED)
    for batch in waiting.order_by("pk"):
        done += _put_into_effect(actor, batch, at)
    return done


def _put_into_effect(actor: Actor, batch: OneStopBatch, at: datetime) -> int:
    today = at.astimezone(BUSINESS_ZONE).date()
    _leave_out(batch, at)
    taken = batch.lines.filter(outcome=Outcome.ELIGIBLE, left_out=[]).count()
    keeper = get_parameter("books_kept_by", unit=batch.county, on=today).value
    if taken:
        values = {
            "county": batch.county_id,
            "batch": batch.pk,
            "at": at,
            "today": today,
            "keeper": keeper,
            "first": min(allocate_ids("enrollment_application", taken)),
            "start": f"{batch.county.code[:6]}-B{batch.pk}-",
        }
        _insert(batch, values)
        overtaken = batch.lines.filter(outcome=Outcome.ELIGIBLE, left_out=[], application=None)
        enrolled = Enrollment.objects.filter(person=OuterRef("person"), superseded_at=None)
        enrolled = enrolled.filter(Q(valid_to=None) | Q(valid_to__gt=today))
        taken -= overtaken.filter(Exists(enrolled)).update(left_out=[Condition.NOT_ENROLLED.value])
        taken -= overtaken.update(left_out=[Condition.NONE_OPEN.value])
    batch.state, batch.ended_at = BatchState.EFFECTIVE, at
    batch.save()
    detail = {"taken": taken, "left_out": batch.eligible - taken}
    record_event(
        actor=actor, verb="put_one_stop_into_effect", object_type=BATCH_TYPE, object_id=batch.pk, detail=detail
    )
    return taken


def _insert(batch: OneStopBatch, values: dict[str, Any]) -> None:
    """Run put_into_effect.sql. Who is enrolled by an application at this very moment is seen once that is committed, and left out then.

    Errors: Conflict when somebody is enrolled at each try.
    """
    for _try in range(MOST_TRIES):
        try:
            with (
                transaction.atomic(),
                connection.cursor() as cursor,
                whole_tables(cursor),
            ):  # nobody knows how much was just written
                cursor.execute(_PUT_INTO_EFFECT, values)
                return
        except IntegrityError as error:
            if NO_OVERLAP not in str(error):
                raise
    raise Conflict(
        _("People of the batch were enrolled by applications at the same moment."),
        code="already_enrolled",
        what_to_do=_("Nothing was changed; the next nightly run puts the batch into effect."),
        ids=[batch.pk],
    )


def _leave_out(batch: OneStopBatch, at: datetime) -> None:
    """Compare the eligible once more and name those who no longer are, or have no such gap any more."""
    persons = list(batch.lines.filter(outcome=Outcome.ELIGIBLE).order_by("person").values_list("person", flat=True))
    now = {each.person_id: each for each in compare(county=batch.county, day=batch.day, known=at, persons=persons)}
    kinds = dict(batch.lines.filter(outcome=Outcome.ELIGIBLE).values_list("person", "kind"))
    reasons = {
        person: list(now[person].reasons) or [OTHER_KIND] if person in now else [NO_GAP]
        for person in persons
        if person not in now or now[person].outcome != Outcome.ELIGIBLE or now[person].kind != kinds[person]
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enrollment_onestopline l SET left_out = r.reasons FROM jsonb_to_recordset(%s) AS r (person bigint, reasons jsonb)"
            " WHERE l.batch_id = %s AND l.person_id = r.person",
            [json.dumps([{"person": person, "reasons": each} for person, each in reasons.items()]), batch.pk],
        )


@transaction.atomic
def _move(
    actor: Actor, batch_id: int, action: Action, after: BatchState, act: Act, verb: str, at: datetime
) -> OneStopBatch:
    actor.demand(action)
    batch = _lock(actor, batch_id)
    _demand_next(batch, after)
    _sign(actor, batch, act, at)
    batch.state = after
    if after == BatchState.APPROVED:
        batch.approved_by_id, batch.approved_at = actor.user_id, at
    batch.save()
    _record(actor, verb, batch)
    return batch


def _demand_next(batch: OneStopBatch, after: BatchState) -> None:
    if (batch.state, after.value) not in BATCH_MOVES:
        raise Conflict(
            _("The batch is “%(state)s”; it cannot become “%(after)s” now.")
            % {"state": batch.get_state_display(), "after": after.label},
            code="step_not_possible",
            what_to_do=_("Reload the page to see the current state."),
            ids=[batch.pk],
        )


def _lock(actor: Actor, batch_id: int) -> OneStopBatch:
    rows = in_scope_of_unit(OneStopBatch.objects.select_related("county"), actor)
    batch = rows.select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound(_("There is no such batch in your unit."), ids=[batch_id])
    return batch


def _in_reach(actor: Actor, persons: Sequence[int] | None) -> list[int]:
    """Return the persons asked for; of a township all, or the chosen ones, of the township. Errors: NotFound."""
    reached = in_scope(Person.objects.all(), actor)
    if persons is None:
        return list(reached.values_list("pk", flat=True))
    found = set(reached.filter(pk__in=persons).values_list("pk", flat=True))
    if outside := sorted(set(persons) - found):
        raise NotFound(_("There is no such person in your unit."), ids=outside[:5])
    return sorted(found)


def _hash(county: Unit, day: date, compared: Sequence[Compared]) -> str:
    lines = [f"{each.person_id} {each.kind} {each.outcome} {' '.join(each.reasons)}" for each in compared]
    return content_hash([county.code, day, len(lines), *lines])


def _write_lines(batch: OneStopBatch, compared: Sequence[Compared]) -> None:
    rows = pa.table(
        {
            "batch_id": pa.array([batch.pk] * len(compared), pa.int64()),
            "person_id": pa.array([each.person_id for each in compared], pa.int64()),
            "kind": pa.array([each.kind.value for each in compared], pa.string()),
            "outcome": pa.array([each.outcome.value for each in compared], pa.string()),
            "reasons": pa.array([json.dumps(each.reasons) for each in compared], pa.string()),
            "left_out": pa.array(["[]"] * len(compared), pa.string()),
        }
    )
    with connection.cursor() as cursor:
        copy_into(cursor, "enrollment_onestopline", rows)


def _sign(actor: Actor, batch: OneStopBatch, act: Act, at: datetime) -> None:
    sign(actor=actor, object_type=BATCH_TYPE, object_id=batch.pk, content=batch.content_hash, act=act, at=at)


def _record(actor: Actor, verb: str, batch: OneStopBatch) -> None:
    detail = {"eligible": batch.eligible, "excluded": batch.excluded}
    record_event(actor=actor, verb=verb, object_type=BATCH_TYPE, object_id=batch.pk, detail=detail)
