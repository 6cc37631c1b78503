"""A file comes in: stored, recognised, read, checked, applied. Every step may be killed and run again.

`receive_file` stores the bytes and the row that says they came; `process_delivery` does the rest from that row, so that a
worker, the command and the sweeper all go the same way.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection, transaction

from poverty_pension.accounts.actors import Actor
from poverty_pension.accounts.permissions import Action
from poverty_pension.audit.services import record_event
from poverty_pension.policy.selectors import get_parameter
from poverty_pension.primitives.bulk import copy_into
from poverty_pension.regions.models import Unit
from poverty_pension.regions.selectors import county_places
from registry.constants import EVENT_FEEDS, PERSON_FEEDS, ROLL_FEEDS, DeliveryState
from registry.intake.errors import IntakeError
from registry.intake.files import read_sheets
from registry.intake.places import PlaceFinder
from registry.intake.reading import Problem, ReadSheet, read_rows
from registry.intake.recognising import find_layout
from registry.intake.rolls import PREPARATION, prepare_roll
from registry.models import Delivery, RollSnapshot
from registry.models.delivery import DeliveryQuerySet
from registry.services.applying import apply_persons
from registry.services.facts import apply_facts

OTHER_COUNTY_SHARE = 0.5
SAME_ROLL_SHARE = 0.5


@dataclass(frozen=True)
class Reading:
    """A file read in memory: its parts with their rows, the encoding, the layout."""

    sheets: list[tuple[str, ReadSheet]]
    encoding: str

    @property
    def feed(self) -> str:
        return self.sheets[0][1].layout.layout.feed.value

    @property
    def layout(self) -> str:
        return self.sheets[0][1].layout.layout.name

    @property
    def problems(self) -> list[Problem]:
        return [problem for _, sheet in self.sheets for problem in sheet.problems]

    def outcomes(self) -> Counter[str]:
        return sum((sheet.outcomes() for _, sheet in self.sheets), Counter())


def receive_file(*, actor: Actor, county: Unit, path: Path, name: str, as_of: date, at: datetime) -> Delivery:
    """Store a file and say that it came. The same file for the same day gives the same delivery again.

    Effects: copies the file under DATA_DIR (content-addressed, mode 0600), inserts a Delivery; audited.
    Errors: NotAllowed.
    """
    actor.demand(Action.RECEIVE_DELIVERY)
    digest = _sha256(path)
    stored = Path("deliveries") / county.code[:6] / digest[:2] / digest
    _store(path, settings.DATA_DIR / stored)
    with transaction.atomic():
        found = (
            Delivery.objects.select_for_update()
            .filter(county=county, as_of_date=as_of, file_sha256=digest)
            .exclude(state=DeliveryState.SUPERSEDED)
            .order_by("-id")
            .first()
        )
        if found is not None:
            return found
        delivery = Delivery.objects.create(
            county=county,
            as_of_date=as_of,
            file_name=name[:255],
            file_sha256=digest,
            file_bytes=path.stat().st_size,
            stored_path=str(stored),
            received_by=actor.username,
            received_at=at,
        )
        record_event(actor=actor, verb="delivery_received", object_type="delivery", object_id=delivery.pk)
    return delivery


def process_delivery(*, actor: Actor, delivery_id: int, at: datetime, consent: bool = False) -> Delivery:
    """Read, check and apply a received delivery; a refusal is stored with its sentence, not raised.

    With `consent` a file above the region's loss limit is applied all the same. One transaction: all or nothing; safe to
    run again after a kill. Effects: delivery, problems, and what applying.py, facts.py or rolls write; audited.
    Errors: NotAllowed.
    """
    actor.demand(Action.APPLY_DELIVERY)
    delivery = Delivery.objects.select_related("county").get(pk=delivery_id)
    if delivery.state in (DeliveryState.APPLIED, DeliveryState.SUPERSEDED):
        return delivery
    try:
        reading = _read(delivery)
        with transaction.atomic():
            return _apply(actor, delivery, reading, at, consent)
    except IntakeError as refusal:
        return _refuse(actor, delivery, refusal)


def _read(delivery: Delivery) -> Reading:
    """Read every sheet that has a layout; a workbook may carry an empty or a covering sheet beside."""
    sheets = read_sheets(settings.DATA_DIR / delivery.stored_path, delivery.file_name)
    read: list[tuple[str, ReadSheet]] = []
    refusals: list[IntakeError] = []
    for sheet in sheets:
        try:
            read.append((sheet.part, read_rows(sheet, find_layout(sheet, delivery.file_name))))
        except IntakeError as refusal:
            refusals.append(refusal)
    if not read:
        raise refusals[0]
    feeds = Counter(sheet.layout.layout.feed for _, sheet in read)
    main = feeds.most_common(1)[0][0]
    return Reading([(part, sheet) for part, sheet in read if sheet.layout.layout.feed == main], sheets[0].encoding)


def _apply(actor: Actor, delivery: Delivery, reading: Reading, at: datetime, consent: bool) -> Delivery:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('delivery ' || %s), %s)", [reading.feed, delivery.county_id]
        )
    delivery = Delivery.objects.select_for_update().select_related("county").get(pk=delivery.pk)
    if delivery.state == DeliveryState.APPLIED:
        return delivery
    delivery.feed, delivery.layout, delivery.encoding = reading.feed, reading.layout, reading.encoding
    _check_against_earlier(delivery, reading, consent)
    _check_places(delivery, reading)
    outcomes = reading.outcomes()
    for replaced in _replaced(delivery, reading):
        replaced.state, replaced.superseded_at = DeliveryState.SUPERSEDED, at
        replaced.save(update_fields=["state", "superseded_at"])
    delivery.state, delivery.applied_at, delivery.refusal = DeliveryState.APPLIED, at, {}
    delivery.save()
    changes, unread = _apply_feed(delivery, reading, at)
    for problem in unread:
        outcomes[problem.action] += 1
        outcomes["loaded"] -= 1
    delivery.row_counts = {"outcomes": dict(outcomes), "changes": changes, "rows": _row_count(reading)}
    delivery.save(update_fields=["row_counts"])
    _store_problems(delivery, [*reading.problems, *unread])
    record_event(
        actor=actor, verb="delivery_applied", object_type="delivery", object_id=delivery.pk, detail=delivery.row_counts
    )
    return delivery


def _replaced(delivery: Delivery, reading: Reading) -> list[Delivery]:
    """The applied files of the same day that this one replaces: the same name, or a roll with the same lines.

    A list in several files (one a township, one a source) has other names and other lines, and adds up.
    """
    same_day = Delivery.objects.applied().filter(
        county=delivery.county, feed=delivery.feed, as_of_date=delivery.as_of_date
    )
    return [one for one in same_day if one.file_name == delivery.file_name or _same_roll(one, reading)]


def _same_roll(earlier: Delivery, reading: Reading) -> bool:
    if reading.feed not in ROLL_FEEDS:
        return False
    numbers = pa.concat_arrays([chunk for _, sheet in reading.sheets for chunk in sheet.rows["roll_no"].chunks])
    before = pq.read_table(settings.DATA_DIR / earlier.snapshot.path, columns=["roll_no"])["roll_no"]
    shared = pc.sum(pc.is_in(numbers, value_set=before.combine_chunks())).as_py() or 0
    return bool(shared > SAME_ROLL_SHARE * min(len(numbers), len(before)))


def _apply_feed(delivery: Delivery, reading: Reading, at: datetime) -> tuple[dict[str, int], list[Problem]]:
    sheets = [sheet for _, sheet in reading.sheets]
    if delivery.feed in PERSON_FEEDS:
        return apply_persons(delivery, sheets, at=at), []
    if delivery.feed in ROLL_FEEDS:
        return _apply_roll(delivery, reading, at), []
    return apply_facts(delivery, sheets, at=at)


def _apply_roll(delivery: Delivery, reading: Reading, at: datetime) -> dict[str, int]:
    target = (
        Path("snapshots") / delivery.county.code[:6] / f"{delivery.feed}-{delivery.as_of_date}-{delivery.pk}.parquet"
    )
    prepared = prepare_roll(reading.sheets, target=settings.DATA_DIR / target)
    RollSnapshot.objects.create(
        delivery=delivery,
        scheme=delivery.feed,
        path=str(target),
        sha256=prepared.sha256,
        row_count=prepared.row_count,
        preparation=PREPARATION,
        control_sums=prepared.control_sums,
        prepared_at=at,
    )
    return {"roll_rows": prepared.row_count}


def _check_against_earlier(delivery: Delivery, reading: Reading, consent: bool) -> None:
    """Refuse a file already applied, one that would turn a full list back, and one that lost too many rows.

    With consent a later day may repeat an unchanged list, and a file above the limit is applied.
    """
    earlier = Delivery.objects.applied().filter(county=delivery.county, feed=reading.feed).exclude(pk=delivery.pk)
    same = earlier.filter(file_sha256=delivery.file_sha256).order_by("-as_of_date").first()
    if same is not None and not (consent and same.as_of_date < delivery.as_of_date):
        raise IntakeError("same_file", day=same.as_of_date, delivery=same.pk)
    if reading.feed in EVENT_FEEDS:
        return
    newer = earlier.filter(as_of_date__gt=delivery.as_of_date).order_by("-as_of_date").first()
    if newer is not None:
        raise IntakeError("older_than_applied", newer=newer.as_of_date, delivery=newer.pk, day=delivery.as_of_date)
    before = earlier.filter(as_of_date__lt=delivery.as_of_date).order_by("-as_of_date").first()
    limit = get_parameter("delivery_loss_share", unit=delivery.county, on=delivery.as_of_date)
    parts = earlier.filter(as_of_date=delivery.as_of_date).exclude(file_name=delivery.file_name)
    rows = _row_count(reading) + sum(part.row_counts.get("rows", 0) for part in parts)
    rows_before = _rows_of_day(earlier, before.as_of_date) if before else 0
    if not consent and rows < rows_before * (1 - float(limit.value)):
        raise IntakeError("loss_limit", rows=rows, before=rows_before)


def _check_places(delivery: Delivery, reading: Reading) -> None:
    """Refuse another county's file: most of its places lie elsewhere."""
    finder = PlaceFinder(county_places(delivery.county.code[:6]))
    column = "unit_code" if reading.feed == "resident" else "place"
    if reading.feed not in (*PERSON_FEEDS, "resident"):
        return
    texts: Counter[str] = Counter()
    for _, sheet in reading.sheets:
        if column in sheet.rows.column_names:
            counted = sheet.rows[column].combine_chunks().value_counts()
            texts.update({entry["values"]: entry["counts"] for entry in counted.to_pylist() if entry["values"]})
    codes = {text: count for text, count in texts.items() if text.isdigit() and len(text) in (6, 9, 12)}
    outside = sum(count for code, count in codes.items() if finder.find(code).unit_id is None)
    if codes and outside > OTHER_COUNTY_SHARE * sum(codes.values()):
        raise IntakeError(
            "other_county", share=f"{outside * 100 // sum(codes.values())} %", county=delivery.county.full_name
        )


def _rows_of_day(applied: DeliveryQuerySet, day: date) -> int:
    return sum(delivery.row_counts.get("rows", 0) for delivery in applied.filter(as_of_date=day))


def _row_count(reading: Reading) -> int:
    return sum(sheet.rows.num_rows for _, sheet in reading.sheets)


def _store_problems(delivery: Delivery, problems: list[Problem]) -> None:
    """Store what needs a word. Re-running after a kill finds none: they were rolled back with the rest."""
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
        actor=actor, verb="delivery_refused", object_type="delivery", object_id=delivery.pk, detail=refusal.as_json()
    )
    return delivery


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _store(source: Path, target: Path) -> None:
    """Copy beside the target and rename: a file under its final name is whole."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_suffix(f".{os.getpid()}")
    shutil.copyfile(source, unfinished)
    unfinished.chmod(0o600)
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    unfinished.replace(target)
