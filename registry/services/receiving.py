"""A file is received: stored, recognised, read, checked, applied. Every step may be killed and run again.

`receive_file` stores the bytes and a row, `receive_again` a row for bytes stored before; `process_delivery` does the rest from that
row, the same for a worker, the command and the periodic task.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
from django.db import connection, transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.selectors import all_still_may
from foundation.accounts.signing import people_behind
from foundation.audit.services import record_event
from foundation.jobs.attempts import begin_attempt, end_attempts, is_last_attempt
from foundation.jobs.holding import held
from foundation.jobs.limits import failure_code
from foundation.primitives.bulk import copy_into
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.days import EARLIEST_DAY, is_day_of_data
from foundation.primitives.errors import BadInput, Conflict
from foundation.regions.models import Unit
from registry.comparison.lists import changes_before_rollback, store_changes, store_changes_of_application
from registry.comparison.persons import count_turnover
from registry.constants import PERSON_FEEDS, ROLL_FEEDS, DeliveryState
from registry.intake.delivery_contents import DeliveryContents, read_delivery
from registry.intake.delivery_layouts import has_unknown_words
from registry.intake.errors import NEEDS_MAPPING, IntakeError
from registry.intake.problems import Problem
from registry.intake.remarks import remark
from registry.intake.staging import STAGED
from registry.models import Delivery, DeliveryProblem
from registry.models.delivery import ENDED_WITHOUT_EFFECT
from registry.selectors.deliveries import get_delivery, in_order
from registry.selectors.delivery_decisions import LOSS_LIMIT
from registry.selectors.stored_files import is_stored
from registry.services.applying import apply_persons
from registry.services.checking import check_file, check_turnover, remarks_on_history, replaced_by
from registry.services.corrections import settle_corrections
from registry.services.facts import apply_facts
from registry.services.failing import fail_delivery
from registry.services.originals import store_original
from registry.services.previewing import describe_changes
from registry.services.reading_reports import add_report
from registry.services.samples import keep_sample
from registry.services.snapshots import apply_roll

UNDECIDED = (DeliveryState.RECEIVED, DeliveryState.CHECKED)
AGAIN = (DeliveryState.REFUSED, DeliveryState.FAILED)
AS_SENT = (
    "county_id",
    "as_of_date",
    "file_name",
    "file_sha256",
    "file_bytes",
    "stored_path",
    "only_feed",
    "received_by",
    "people_behind",
    "client_system_id",
)
"""What a delivery keeps of its sending when it is received once more from the stored file."""
OVER = (DeliveryState.APPLIED, DeliveryState.SUPERSEDED, DeliveryState.UNDONE)


def receive_file(
    *, actor: Actor, county: Unit, path: Path, name: str, as_of: date, at: datetime, hold: bool = False
) -> Delivery:
    """Store a file and record its receipt. The same file for the same day gives the same delivery again.

    With `hold` it awaits approval, once it is checked, before it is applied; so does every file of an actor who may send files
    but not apply them. A file that was refused or discarded starts again, as its new sender's.
    Effects: stores the file encrypted under DATA_DIR (content-addressed), inserts or resets a Delivery; audited.
    Errors: NotAllowed; BadInput for a day no data can describe; Conflict when the disk is full.
    """
    actor.demand(Action.RECEIVE_DELIVERY)
    _demand_day_of_data(as_of, today=at.astimezone(BUSINESS_ZONE).date())
    digest, stored = store_original(path, county)
    sent = Delivery(
        county=county,
        as_of_date=as_of,
        file_name=name[:255],
        file_sha256=digest,
        file_bytes=path.stat().st_size,
        stored_path=stored,
        hold=hold or not actor.may(Action.APPLY_DELIVERY),
        received_by=actor.username,
        client_system_id=actor.client_system_id,
        people_behind=sorted(people_behind(actor)),
        received_at=at,
    )
    with transaction.atomic():
        return _put_into_queue(actor, sent, verb="delivery_received")


@transaction.atomic
def receive_again(*, actor: Actor, delivery_id: int, at: datetime) -> Delivery:
    """Receive the stored file of an undone delivery once more, without sending it anew: checked, previewed and approved as any file.

    It remains the file of whoever sent it: above the region's limits they do not approve it, whoever asks for it again.
    Effects: inserts or resets a Delivery, held; audit verb delivery_applied_again. The same file waiting or in force already is
    returned. Errors: NotAllowed; NotFound outside the unit; Conflict when it was not undone or its file is no longer stored.
    """
    actor.demand(Action.APPLY_DELIVERY)
    undone = get_delivery(actor, delivery_id)
    if undone.state != DeliveryState.UNDONE or not is_stored(undone):
        raise Conflict(
            _("Only an undone file that is still stored can be applied again; the status of this one is: %(state)s.")
            % {"state": undone.get_state_display()},
            code="not_undone",
            what_to_do=_("Send the file again."),
            ids=[delivery_id],
        )
    kept = {field.attname: getattr(undone, field.attname) for field in Delivery._meta.concrete_fields}  # noqa: SLF001
    sent = Delivery(**{name: kept[name] for name in AS_SENT}, hold=True, received_at=at)
    return _put_into_queue(actor, sent, verb="delivery_applied_again", undone_delivery=undone.pk)


def _put_into_queue(actor: Actor, sent: Delivery, *, verb: str, **detail: object) -> Delivery:
    """Record a stored file as received, unless the same one waits or is in force; one that ended without effect starts again."""
    _one_at_a_time(sent.county, sent.file_sha256)
    in_force: list[Delivery] = []
    queued: list[Delivery] = []
    for only_feed, before in _same_file(sent).items() or {sent.only_feed: None}.items():
        if before is not None and before.state not in ENDED_WITHOUT_EFFECT:
            in_force.append(before)
            continue
        again = copy(sent)
        again.pk, again.only_feed = before.pk if before is not None and before.state in AGAIN else None, only_feed
        again.save()
        record_event(actor=actor, verb=verb, object_type="delivery", object_id=again.pk, detail=detail)
        queued.append(again)
    return [*queued, *in_force][0]


def _one_at_a_time(county: Unit, digest: str) -> None:
    """Let the same file, sent twice at one moment, become one delivery: the second sender waits and finds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('receive ' || %s), %s)", [digest, county.pk])


def _demand_day_of_data(day: date, *, today: date) -> None:
    if not is_day_of_data(day, today=today):
        raise BadInput(
            _("The date of the data must lie between %(first)s and tomorrow.") % {"first": EARLIEST_DAY},
            code="day_of_data",
            what_to_do=_("Enter the date the file describes, usually the last day of last month."),
        )


def _same_file(sent: Delivery) -> dict[str, Delivery]:
    """The deliveries of these bytes for the day, locked, by the one feed they read ("" where the file has one): one each.

    One that waits or is in force comes before one that may start again, and that before one superseded or undone, the newest first.
    One received again is for its own feed.
    """
    same = Delivery.objects.select_for_update().filter(
        county=sent.county, as_of_date=sent.as_of_date, file_sha256=sent.file_sha256
    )
    if sent.only_feed:
        same = same.filter(only_feed=sent.only_feed)
    first: dict[str, Delivery] = {}
    for each in sorted(same, key=lambda one: (one.state in ENDED_WITHOUT_EFFECT, one.state not in AGAIN, -one.pk)):
        first.setdefault(each.only_feed, each)
    if len(first) > 1:
        first.pop("", None)  # of a time before its feeds were known
    return first


def process_delivery(
    *, actor: Actor, delivery_id: int, at: datetime, consent: bool = False, attempts: int = 1, wait: bool = True
) -> Delivery:
    """Read and check a received delivery, then apply it, or stop with a preview where it is held and not yet approved.

    It is held too where its sender may no longer apply files, or no longer here: what waited follows today's rights.

    A refusal is stored with its sentence, not raised. With `consent`, or once it is approved, a file above the region's limits
    is applied too. One transaction: all or nothing; safe to run again after a kill. An unforeseen error ends the delivery as failed
    at that attempt, before it leaves the delivery to the next worker. Without `wait`, one that another process has is left to it.
    Effects: delivery, problems, and what applying.py, facts.py or rolls write; audited. Errors: NotAllowed.
    """
    actor.demand(Action.APPLY_DELIVERY)
    with held("delivery", delivery_id, wait=wait) as is_held:
        delivery = Delivery.objects.select_related("county").get(pk=delivery_id)
        if delivery.state in OVER or not is_held:
            return delivery
        try:
            begin_attempt(delivery)
            processed = _process_or_refuse(actor, delivery, at, consent)
        except Exception as error:  # noqa: BLE001 - whatever it is, the delivery ends in a state a person sees
            if not is_last_attempt(delivery, error, most=attempts):
                return delivery
            return fail_delivery(actor, delivery, code=failure_code(error), at=at)
        end_attempts(processed)
        return processed


def _process_or_refuse(actor: Actor, delivery: Delivery, at: datetime, consent: bool) -> Delivery:
    """Process; where a user must state columns or words, keep the lines the mapping page shows."""
    try:
        processed = _process(actor, delivery, at, consent)
    except IntakeError as refusal:
        if refusal.code in NEEDS_MAPPING:
            keep_sample(delivery)
        return _refuse(actor, delivery, refusal)
    if has_unknown_words(processed):
        keep_sample(processed)
    return processed


def _process(actor: Actor, delivery: Delivery, at: datetime, consent: bool) -> Delivery:
    has_consent = consent or delivery.approved_at is not None
    contents = read_delivery(delivery)
    _take_day_of_corrected(delivery, contents)
    contents.other_parts.remarks += remarks_on_history(delivery, contents)
    add_report(delivery, contents)
    _split(actor, delivery, contents)
    is_unconfirmed = contents.must_be_confirmed and not delivery.is_from_system
    if not has_consent and (delivery.hold or is_unconfirmed or not _sender_still_may(delivery, at)):
        return _check(actor, delivery, contents, at)
    with transaction.atomic():
        return _apply(actor, delivery, contents, at, has_consent).delivery


def _sender_still_may(delivery: Delivery, at: datetime) -> bool:
    """Answer whether whoever sent a file to be applied at once may still do so where it waited: else somebody else decides on it."""
    on = at.astimezone(BUSINESS_ZONE).date()
    return all_still_may(delivery.people_behind, Action.APPLY_DELIVERY, place=delivery.county, on=on)


@transaction.atomic
def _take_day_of_corrected(delivery: Delivery, contents: DeliveryContents) -> None:
    """Let a correction file describe the day of the delivery it corrects, whatever day it was sent for.

    Effects: as_of_date. Errors: IntakeError where the same correction file is there already.
    """
    corrected = Delivery.objects.filter(pk=contents.corrects or 0, county=delivery.county_id).first()
    if corrected is None or corrected.as_of_date == delivery.as_of_date:
        return
    _one_at_a_time(delivery.county, delivery.file_sha256)
    same = Delivery.objects.filter(
        county=delivery.county_id, as_of_date=corrected.as_of_date, file_sha256=delivery.file_sha256
    ).exclude(pk=delivery.pk)
    if (there := same.exclude(state__in=ENDED_WITHOUT_EFFECT).first()) is not None:
        raise IntakeError("same_file", day=there.as_of_date, delivery=there.pk)
    delivery.as_of_date = corrected.as_of_date
    delivery.save(update_fields=["as_of_date"])


@transaction.atomic
def _split(actor: Actor, delivery: Delivery, contents: DeliveryContents) -> None:
    """Make a delivery of its own of every other feed in the file, once; this one keeps to the feed with the most lines.

    Effects: Delivery rows in state received, of the same sender and file; audit verb delivery_received.
    """
    if not contents.other_parts.other_feeds or delivery.only_feed:
        return
    delivery.only_feed = contents.feed
    delivery.save(update_fields=["only_feed"])
    kept = {name: getattr(delivery, name) for name in AS_SENT}
    for feed in contents.other_parts.other_feeds:
        other = Delivery(**kept | {"only_feed": feed}, hold=delivery.hold, received_at=delivery.received_at)
        other.save()
        detail = {"of_delivery": delivery.pk}
        record_event(actor=actor, verb="delivery_received", object_type="delivery", object_id=other.pk, detail=detail)


def _check(actor: Actor, delivery: Delivery, contents: DeliveryContents, at: datetime) -> Delivery:
    """Apply the file and roll back: what remains is the preview of exactly what will happen."""
    loss: dict[str, object] = {}
    try:
        tried, changes = _try_application(actor, delivery, contents, at, consent=False)
    except IntakeError as refusal:
        if refusal.code != LOSS_LIMIT:
            raise
        loss = refusal.as_json()
        tried, changes = _try_application(actor, delivery, contents, at, consent=True)
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update(of=("self",)).select_related("county").get(pk=delivery.pk)
        if delivery.state not in UNDECIDED:
            return delivery
        delivery.feed, delivery.layout, delivery.encoding = contents.feed, contents.layout, contents.encoding
        delivery.state, delivery.refusal = DeliveryState.CHECKED, {}
        delivery.reading, delivery.hold = tried.delivery.reading, True
        delivery.preview = tried.delivery.preview | ({"loss": loss} if loss else {})
        delivery.row_counts = {name: tried.delivery.row_counts[name] for name in ("outcomes", "rows")}
        delivery.save()
        _store_problems(delivery, tried.problems)
        store_changes(delivery, changes)
        record_event(actor=actor, verb="delivery_checked", object_type="delivery", object_id=delivery.pk)
    return delivery


def _try_application(
    actor: Actor, delivery: Delivery, contents: DeliveryContents, at: datetime, *, consent: bool
) -> tuple[Application, pa.Table]:
    """Return an application and its changes line by line; it is rolled back."""
    with transaction.atomic():
        tried = _apply(actor, delivery, contents, at, consent)
        changes = changes_before_rollback(tried.delivery, at=at)
        transaction.set_rollback(True)
    return tried, changes


@dataclass(frozen=True)
class Application:
    """A delivery as applied, and its problem lines: those of reading, and those found while it was applied."""

    delivery: Delivery
    problems: list[Problem]


def _apply(actor: Actor, delivery: Delivery, contents: DeliveryContents, at: datetime, consent: bool) -> Application:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('delivery ' || %s), %s)", [contents.feed, delivery.county_id]
        )
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("county").get(pk=delivery.pk)
    if delivery.state in OVER:
        return Application(delivery, [])
    at = in_order(delivery.county_id, at)
    delivery.feed, delivery.layout, delivery.encoding = contents.feed, contents.layout, contents.encoding
    delivery.reading = contents.reading()
    check_file(delivery, contents, consent=consent)
    outcomes = contents.outcomes()
    for replaced in replaced_by(delivery, contents):
        replaced.state, replaced.superseded_at = DeliveryState.SUPERSEDED, at
        replaced.save(update_fields=["state", "superseded_at"])
    delivery.state, delivery.applied_at, delivery.refusal = DeliveryState.APPLIED, at, {}
    delivery.corrects_id = contents.corrects
    delivery.save()
    changes, unread = _apply_feed(delivery, contents, at)
    if delivery.missing_parts:
        delivery.reading = _said_of_parts(delivery, contents)
    for problem in unread:
        outcomes[problem.action] += 1
        outcomes["loaded"] -= 1
    if contents.original_lines:
        changes["corrected"] = settle_corrections(delivery, contents.original_lines, at=at)
    delivery.row_counts = {"outcomes": dict(outcomes), "changes": changes, "rows": contents.row_count}
    turnover = count_turnover(delivery) if contents.corrects is None else None
    if turnover is not None and not consent:
        check_turnover(delivery, turnover)
    delivery.preview = describe_changes(delivery, changes, turnover)
    delivery.save(update_fields=["row_counts", "preview", "missing_parts", "reading"])
    store_changes_of_application(delivery, staged=STAGED, at=at)
    problems = [*contents.problems, *unread]
    _store_problems(delivery, problems)
    record_event(
        actor=actor, verb="delivery_applied", object_type="delivery", object_id=delivery.pk, detail=delivery.row_counts
    )
    return Application(delivery, problems)


def _said_of_parts(delivery: Delivery, contents: DeliveryContents) -> dict[str, object]:
    """Return how the file was read, and which parts of its list had not come when it did."""
    half = remark("parts_missing", parts=_("; ").join(delivery.missing_parts))
    read = contents.reading()
    said = read.get("remarks", [])
    assert isinstance(said, list)
    return {**read, "remarks": [*said, half.as_json()]}


def _apply_feed(delivery: Delivery, contents: DeliveryContents, at: datetime) -> tuple[dict[str, int], list[Problem]]:
    sheets = [sheet for _, sheet in contents.sheets]
    if delivery.feed in PERSON_FEEDS:
        return apply_persons(delivery, sheets, at=at, staged=STAGED, original_lines=contents.original_lines), []
    if delivery.feed in ROLL_FEEDS:
        return apply_roll(delivery, contents, at=at), []
    return apply_facts(delivery, sheets, at=at)


def _store_problems(delivery: Delivery, problems: list[Problem]) -> None:
    """Store the problem lines, in place of those an earlier check found."""
    DeliveryProblem.objects.filter(delivery=delivery).delete()
    if not problems:
        return
    table = pa.table(
        {
            "delivery_id": pa.array([delivery.pk] * len(problems), pa.int64()),
            "sheet": [problem.sheet[:64] for problem in problems],
            "row": [problem.row for problem in problems],
            "member": [problem.member for problem in problems],
            "reason": [problem.reason for problem in problems],
            "action": [problem.action for problem in problems],
        }
    )
    with connection.cursor() as cursor:
        copy_into(cursor, "registry_deliveryproblem", table)


@transaction.atomic
def _refuse(actor: Actor, delivery: Delivery, refusal: IntakeError) -> Delivery:
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    delivery.state, delivery.refusal = DeliveryState.REFUSED, refusal.as_json()
    delivery.save(update_fields=["state", "refusal"])
    record_event(
        actor=actor, verb="delivery_refused", object_type="delivery", object_id=delivery.pk, detail=refusal.as_detail()
    )
    return delivery
