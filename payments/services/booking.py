"""Contribution batches: drafted from the plan, certified and checked, frozen with their rows, taken back by other batches.

What moves a batch after it is frozen is in services/batches.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import county_of
from foundation.audit.services import record_event
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput, Conflict, NotAllowed
from foundation.primitives.personal_texts import hide_numbers
from foundation.regions.models import Unit
from foundation.regions.models.unit import CODE_LENGTH, DIGITS_OF_LEVEL
from foundation.regions.models.unit import Level as UnitLevel
from foundation.signatures.constants import Act
from foundation.signatures.services import sign
from payments.constants import BATCH_TYPE, BatchKind, BatchState, Category
from payments.models import Batch, ListCertificate, TownshipCheck
from payments.selectors.batches import get_latest_plan, list_categories_of_draft, lock_batch

_SQL = Path(__file__).parent / "sql"
_PAYABLE = (_SQL / "payable.sql").read_text("utf-8")
_TOWNSHIPS = (_SQL / "townships.sql").read_text("utf-8").replace("{payable}", _PAYABLE)
_FREEZE = (_SQL / "freeze.sql").read_text("utf-8").replace("{payable}", _PAYABLE)
_REVERSE = (_SQL / "reverse.sql").read_text("utf-8")
_HASH = (_SQL / "content_hash.sql").read_text("utf-8")
LONGEST_NOTE = 1000


@dataclass(frozen=True)
class Township:
    """What a draft would pay in a township: people, fen, the hash of both by person; whether somebody has checked just that."""

    code: str
    people: int
    amount_fen: int
    content_hash: str
    is_checked: bool = False


@transaction.atomic
def draft_batch(*, actor: Actor, year: int, note: str, at: datetime) -> Batch:
    """Begin a batch for those of the newest plan of a year whom no batch has booked.

    Effects: one batch; audit verb draft_contributions. Errors: NotAllowed; BadInput without a plan or with a note too long;
    Conflict when everybody of the plan is booked.
    """
    actor.demand(Action.PREPARE_BATCH)
    county, note = county_of(actor), _note(note)
    plan = get_latest_plan(county, year)
    if not list_townships(county=county, year=year, known=at):
        raise Conflict(
            _("Everybody the plan of %(year)s pays for is in a batch.") % {"year": year},
            code="nothing_to_pay",
            what_to_do=_("Wait for the next night: it computes the plan anew."),
        )
    batch = Batch.objects.create(
        county=county, kind=BatchKind.CONTRIBUTIONS, period=str(year), note=note, made_by_id=_person(actor), made_at=at
    )
    _record(actor, "draft_contributions", batch, {"plan": plan.pk})
    return batch


@transaction.atomic
def certify_list(
    *, actor: Actor, batch_id: int, category: str, office: str, certified_on: date, at: datetime
) -> ListCertificate:
    """Record that a department certified its list for a draft.

    Effects: one certificate; audit verb certify_list. Errors: NotAllowed; NotFound; BadInput; Conflict once it is frozen or certified.
    """
    actor.demand(Action.PREPARE_BATCH)
    batch = _draft(actor, batch_id)
    office = hide_numbers(" ".join(office.split()))[:100]
    if category not in Category.values or not office:
        raise BadInput(_("Name the list and the department that certified it."), code="certificate", ids=["office"])
    if certified_on > at.astimezone(BUSINESS_ZONE).date():
        raise BadInput(_("The day cannot be in the future."), code="day_in_future", ids=["certified_on"])
    row, is_new = ListCertificate.objects.get_or_create(
        batch=batch,
        category=category,
        defaults={"office": office, "certified_on": certified_on, "recorded_by_id": _person(actor), "recorded_at": at},
    )
    if not is_new:
        raise Conflict(_("This list is certified already."), code="certified_already", ids=[row.pk])
    _record(actor, "certify_list", batch, {"category": category})
    return row


@transaction.atomic
def check_townships(*, actor: Actor, batch_id: int, codes: Sequence[str] | None, at: datetime) -> int:
    """Record that townships have checked their people as the plan stands now. `codes` None: all within the actor's unit.

    Returns how many checks were new. Effects: a row a township; audit verb check_contributions. Errors: NotAllowed, also for a township
    outside the actor's unit; NotFound; Conflict once it is frozen; BadInput for a township without people.
    """
    actor.demand(Action.CHECK_BATCH)
    batch = _draft(actor, batch_id)
    found = {each.code: each for each in list_townships(county=batch.county, year=int(batch.period), known=at)}
    mine = {code for code in found if code.startswith(_prefix(actor))}
    wanted = mine if codes is None else set(codes)
    if outside := sorted(wanted - mine):
        raise NotAllowed(
            _("This township lies outside your unit, or the batch pays for nobody there."), ids=outside[:5]
        )
    if not wanted:
        raise BadInput(_("The batch pays for nobody in your unit."), code="nobody_here")
    units = dict(Unit.objects.current().filter(code__in=wanted).values_list("code", "pk"))
    rows = [
        TownshipCheck(
            batch=batch,
            unit_id=units[code],
            people=found[code].people,
            amount_fen=found[code].amount_fen,
            content_hash=found[code].content_hash,
            checked_by_id=_person(actor),
            checked_at=at,
        )
        for code in sorted(wanted)
    ]
    before = batch.checks.count()
    TownshipCheck.objects.bulk_create(rows, ignore_conflicts=True)
    added = batch.checks.count() - before
    _record(actor, "check_contributions", batch, {"townships": len(wanted), "new": added})
    return added


def list_townships(*, county: Unit, year: int, known: datetime, batch: Batch | None = None) -> list[Township]:
    """List what a draft would pay, by township; with the batch, whether each is checked as it stands. At most two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_TOWNSHIPS, {"county": county.pk, "year": year, "known": known})
        rows = cursor.fetchall()
    checked = set(batch.checks.values_list("unit__code", "content_hash")) if batch else set()
    return sorted(
        (Township(code, people, fen, text, (code, text) in checked) for code, people, fen, text in rows),
        key=lambda each: each.code,
    )


@transaction.atomic
def freeze_batch(*, actor: Actor, batch_id: int, at: datetime) -> Batch:
    """Freeze a draft: its rows are written from the plan as it stands, with totals and hash; whoever freezes signs as having prepared it.

    Effects: lines; the batch; one signature; audit verb freeze_batch. Under the lock of the county's contributions, so that of two
    drafts one finds nobody left.
    Errors: NotAllowed; NotFound; Conflict when a list is not certified, a township has not checked what stands now, or nobody is left.
    """
    actor.demand(Action.PREPARE_BATCH)
    batch = _draft(actor, batch_id)
    if batch.reverses_id is not None:
        return _freeze(actor, batch, {"reverses": batch.reverses_id}, at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('contributions'), %s)", [batch.county_id])
        plan = get_latest_plan(batch.county, int(batch.period))
        townships = list_townships(county=batch.county, year=plan.year, known=at, batch=batch)
        _demand_complete(batch, townships)
        cursor.execute(_FREEZE, {"county": batch.county_id, "year": plan.year, "known": at, "batch": batch.pk})
    header = {"plan": plan.pk, "parameters": plan.parameters, "known_at": plan.computed_at.isoformat()}
    return _freeze(actor, batch, header, at)


@transaction.atomic
def draft_reversal(*, actor: Actor, batch_id: int, persons: Sequence[int] | None, note: str, at: datetime) -> Batch:
    """Begin a batch that takes back lines of a credited one: of these persons, or all that still stand.

    Effects: one draft with its lines; audit verb reverse_batch. Errors: NotAllowed; NotFound; BadInput without a reason;
    Conflict when the batch is not credited yet (return it instead) or nothing of it stands.
    """
    actor.demand(Action.PREPARE_BATCH)
    of, note = lock_batch(actor, batch_id), _note(note)
    if not note:
        raise BadInput(_("State why the money is taken back."), code="reason_missing", ids=["note"])
    if of.state not in {BatchState.CREDITED, BatchState.CLOSED}:
        raise Conflict(
            _("Only a credited batch is taken back."),
            code="not_credited",
            what_to_do=_("A batch that is not funded yet is returned instead."),
            ids=[of.pk],
        )
    batch = Batch.objects.create(
        county=of.county, kind=of.kind, period=of.period, reverses=of, note=note, made_by_id=_person(actor), made_at=at
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _REVERSE, {"batch": batch.pk, "reversed": of.pk, "persons": None if persons is None else list(persons)}
        )
        if not cursor.rowcount:
            raise Conflict(_("Nothing of this batch is left to take back."), code="nothing_to_pay", ids=[of.pk])
    _record(actor, "reverse_batch", batch, {"reverses": of.pk})
    return batch


def read_content(batch: Batch) -> tuple[int, int, dict[str, int], str]:
    """Read what a batch holds: lines, fen, fen by level, hash over header and rows. One query."""
    text = json.dumps(
        {"county": batch.county_id, "kind": batch.kind, "period": batch.period, **batch.header}, sort_keys=True
    )
    with connection.cursor() as cursor:
        cursor.execute(_HASH, {"batch": batch.pk, "header": text})
        count, total, central, province, prefecture, county, digest = cursor.fetchone()
    return count, total, {"central": central, "province": province, "prefecture": prefecture, "county": county}, digest


def _freeze(actor: Actor, batch: Batch, header: dict[str, Any], at: datetime) -> Batch:
    batch.header = header
    batch.line_count, batch.total_fen, _levels, batch.content_hash = read_content(batch)
    if not batch.line_count:
        raise Conflict(
            _("Nobody is left to pay for: another batch was frozen meanwhile."),
            code="nothing_to_pay",
            what_to_do=_("Cancel this draft."),
            ids=[batch.pk],
        )
    batch.state, batch.frozen_at = BatchState.FROZEN, at
    batch.save()
    sign(actor=actor, object_type=BATCH_TYPE, object_id=batch.pk, content=batch.content_hash, act=Act.PREPARED, at=at)
    _record(actor, "freeze_batch", batch, {"lines": batch.line_count, "fen": batch.total_fen})
    return batch


def _demand_complete(batch: Batch, townships: Sequence[Township]) -> None:
    """Demand the certificate of each list used and the check of each township. Errors: Conflict, naming what is missing."""
    missing = list_categories_of_draft(batch)
    if missing:
        raise Conflict(
            _("These lists are not certified yet: %(lists)s.")
            % {"lists": ", ".join(str(Category(each).label) for each in missing)},
            code="list_not_certified",
            what_to_do=_("Record the certificate of each department."),
            ids=missing,
        )
    unchecked = [each.code for each in townships if not each.is_checked]
    if unchecked:
        names = Unit.objects.current().filter(code__in=unchecked).order_by("code").values_list("name", flat=True)
        raise Conflict(
            ngettext(
                "%(number)s township has not checked its people as they are now: %(names)s.",
                "%(number)s townships have not checked their people as they are now: %(names)s.",
                len(unchecked),
            )
            % {"number": len(unchecked), "names": ", ".join(names[:10])},
            code="township_not_checked",
            what_to_do=_("Ask them to check; who was added or left out since needs another check."),
            ids=unchecked,
        )


def _draft(actor: Actor, batch_id: int) -> Batch:
    batch = lock_batch(actor, batch_id)
    if batch.state != BatchState.DRAFT:
        raise Conflict(_("The batch is no draft any more; its content cannot change."), code="frozen", ids=[batch.pk])
    return batch


def _prefix(actor: Actor) -> str:
    digits = DIGITS_OF_LEVEL.get(UnitLevel(actor.unit_level), CODE_LENGTH)
    return actor.unit_code[:digits]


def _note(note: str) -> str:
    note = hide_numbers(note.strip())
    if len(note) > LONGEST_NOTE:
        raise BadInput(
            _("The note is too long: at most %(most)s characters.") % {"most": LONGEST_NOTE}, code="text_too_long"
        )
    return note


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowed(_("Only a person can do this; a system cannot."), code="no_person")
    return actor.user_id


def _record(actor: Actor, verb: str, batch: Batch, detail: dict[str, Any]) -> None:
    record_event(actor=actor, verb=verb, object_type=BATCH_TYPE, object_id=batch.pk, detail=detail)
