"""Checks of a readable file before anything of it is applied: against the files before it, and against the county."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from decimal import ROUND_CEILING, Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings

from foundation.policy.selectors import get_parameters
from foundation.regions.selectors import county_gazetteer
from registry.comparison.parts import part_name
from registry.comparison.persons import Turnover
from registry.constants import EVENT_FEEDS, PERSON_FEEDS, ROLL_FEEDS, DeliveryState, RowAction
from registry.intake.delivery_contents import DeliveryContents
from registry.intake.errors import IntakeError
from registry.intake.places import PlaceFinder
from registry.intake.remarks import Remark, remark
from registry.models import Delivery, DeliveryProblem
from registry.models.delivery import DeliveryQuerySet
from registry.selectors.delivery_decisions import LOSS_LIMIT

OTHER_COUNTY_SHARE = 0.5
SAME_ROLL_SHARE = 0.5
NOTHING_TO_CORRECT = (RowAction.SKIP, RowAction.DUPLICATE)
LOSS_SHARE, NEW_SHARE = "delivery_loss_share", "delivery_new_share"
"""The regional parameters: the shares of persons that may be missing and that may be new."""


def check_file(delivery: Delivery, contents: DeliveryContents, *, consent: bool) -> None:
    """Refuse what must not be applied: another county's file, one applied already, one older than the list in force.

    A later day may repeat the newest list unchanged; an older one only with consent.
    Errors: IntakeError with the sentence's code.
    """
    _check_places(delivery, contents)
    earlier = (
        Delivery.objects.applied()
        .filter(county=delivery.county, feed=contents.feed, corrects=None)
        .exclude(pk=delivery.pk)
    )
    if contents.corrects is not None:
        _check_correction(delivery, contents)
        return
    _check_against_earlier(delivery, contents, earlier, consent)


def replaced_by(delivery: Delivery, contents: DeliveryContents) -> list[Delivery]:
    """List the applied files of the same day that this one replaces: the same name but for 更正 and the like, or a roll's same lines.

    A list in several files (one a township, one a source) has other names and other lines, and adds up.
    """
    if contents.corrects is not None:
        return []
    same_day = Delivery.objects.applied().filter(
        county=delivery.county, feed=delivery.feed, as_of_date=delivery.as_of_date
    )
    return [one for one in same_day if _is_sent_again(one, delivery) or _is_same_roll(one, contents)]


def _is_sent_again(earlier: Delivery, delivery: Delivery) -> bool:
    if earlier.file_name == delivery.file_name:
        return True
    names = {part_name(each.file_name, with_date=True) for each in (earlier, delivery)}
    return delivery.feed not in EVENT_FEEDS and len(names) == 1 and bool(names.pop())


def _is_same_roll(earlier: Delivery, contents: DeliveryContents) -> bool:
    if contents.feed not in ROLL_FEEDS:
        return False
    numbers = pa.concat_arrays(contents.column("roll_no").chunks)
    path = settings.DATA_DIR / earlier.snapshot.path
    if not path.exists():  # removed after its retention
        return False
    before = pq.read_table(path, columns=["roll_no"])["roll_no"]
    shared = pc.sum(pc.is_in(numbers, value_set=before.combine_chunks())).as_py() or 0
    return bool(shared > SAME_ROLL_SHARE * min(len(numbers), len(before)))


def _check_correction(delivery: Delivery, contents: DeliveryContents) -> None:
    """Refuse a correction file unless it belongs to an applied delivery of the same county and feed, and no newer list is in force."""
    if contents.feed in ROLL_FEEDS:
        raise IntakeError("corrects_roll")
    corrected = Delivery.objects.filter(pk=contents.corrects or 0, county=delivery.county, feed=contents.feed).first()
    if corrected is None or corrected.state != DeliveryState.APPLIED:
        raise IntakeError("corrects_unknown", delivery=contents.corrects)
    newer = Delivery.objects.applied().filter(
        county=delivery.county, feed=contents.feed, corrects=None, as_of_date__gt=corrected.as_of_date
    )
    if contents.feed not in EVENT_FEEDS and (later := newer.order_by("-as_of_date").first()) is not None:
        raise IntakeError("older_than_applied", newer=later.as_of_date, delivery=later.pk, day=corrected.as_of_date)
    _demand_lines_to_correct(corrected, contents)


def _demand_lines_to_correct(corrected: Delivery, contents: DeliveryContents) -> None:
    """Refuse a correction of lines that had no problem, and lines added: the limits of a list would not be asked about them.

    A corrected line keeps the person of its original, so that correcting any line would give one person another's name and number.
    """
    problems = DeliveryProblem.objects.filter(delivery=corrected).exclude(action__in=NOTHING_TO_CORRECT)
    known = set(problems.values_list("sheet", "row"))
    originals = contents.original_lines or {}
    other = [
        row
        for _, sheet in contents.sheets
        for row in sorted(set(sheet.rows["row"].to_pylist()))
        if (original := originals.get((sheet.sheet, row))) is None or not {original, ("", original[1])} & known
    ]
    if other:
        raise IntakeError("corrects_other_lines", count=len(other), row=other[0])


def _check_against_earlier(
    delivery: Delivery, contents: DeliveryContents, earlier: DeliveryQuerySet, consent: bool
) -> None:
    same = earlier.filter(file_sha256=delivery.file_sha256).order_by("-as_of_date").first()
    if same is not None and not (
        same.as_of_date < delivery.as_of_date and (consent or is_unchanged(delivery, same, contents.feed))
    ):
        raise IntakeError("same_file", day=same.as_of_date, delivery=same.pk)
    same_name = earlier.filter(file_name=delivery.file_name, as_of_date__lt=delivery.as_of_date).first()
    if same is None and same_name is not None and not consent and _has_month(delivery.file_name, same_name.as_of_date):
        raise IntakeError("last_months_file", name=delivery.file_name, day=same_name.as_of_date, delivery=same_name.pk)
    if contents.feed in EVENT_FEEDS:
        return
    newer = earlier.filter(as_of_date__gt=delivery.as_of_date).order_by("-as_of_date").first()
    if newer is not None:
        raise IntakeError("older_than_applied", newer=newer.as_of_date, delivery=newer.pk, day=delivery.as_of_date)


def is_unchanged(delivery: Delivery, same: Delivery, feed: str) -> bool:
    """Answer whether the same bytes for a later day are a list that did not change; events are new each month, and are sent twice.

    An older list sent once more while a newer one came between is not: its sender took the wrong file.
    """
    between = Delivery.objects.applied().filter(
        county=delivery.county_id,
        feed=feed,
        corrects=None,
        as_of_date__gt=same.as_of_date,
        as_of_date__lt=delivery.as_of_date,
    )
    return feed not in EVENT_FEEDS and same.as_of_date < delivery.as_of_date and not between.exists()


def remarks_on_history(delivery: Delivery, contents: DeliveryContents) -> list[Remark]:
    """Say that a list did not change since the day before; whose name states the month before, somebody confirms that."""
    earlier = Delivery.objects.applied().filter(
        county=delivery.county_id, feed=contents.feed, corrects=None, file_sha256=delivery.file_sha256
    )
    same = earlier.filter(as_of_date__lt=delivery.as_of_date).order_by("-as_of_date").first()
    if same is None or contents.feed in EVENT_FEEDS:
        return []
    code = "unchanged_old_name" if _has_month(delivery.file_name, same.as_of_date) else "unchanged"
    return [remark(code, day=same.as_of_date.isoformat())]


def _has_month(file_name: str, day: date) -> bool:
    """Answer whether a file's name contains the month: then a file of the same name is that month's file sent again."""
    return re.search(rf"{day.year}\D?0?{day.month}(?!\d)", file_name) is not None


def check_turnover(delivery: Delivery, turnover: Turnover) -> None:
    """Refuse an applied file in which more persons are missing, or more are new, than the region allows without a second person.

    Runs in the transaction that applied the file, which the refusal rolls back. Errors: IntakeError with the figures.
    """
    limits = get_parameters((LOSS_SHARE, NEW_SHARE), unit=delivery.county, on=delivery.as_of_date)
    most_gone, most_new = (Decimal(str(limits[name].value)) for name in (LOSS_SHARE, NEW_SHARE))
    if turnover.gone <= turnover.before * most_gone and turnover.new <= turnover.after * most_new:
        return
    raise IntakeError(
        LOSS_LIMIT,
        gone=f"{turnover.gone:,}",
        before=f"{turnover.before:,}",
        gone_share=_percent(turnover.gone_share),
        most_gone=_percent(most_gone),
        new=f"{turnover.new:,}",
        now=f"{turnover.after:,}",
        new_share=_percent(turnover.new_share),
        most_new=_percent(most_new),
    )


def _percent(share: float | Decimal) -> str:
    """One decimal where there is one, rounded up: the smallest excess is not shown as the limit itself."""
    rounded = (Decimal(str(share)) * 100).quantize(Decimal("0.1"), ROUND_CEILING)
    return f"{rounded}".removesuffix(".0") + " %"


def _check_places(delivery: Delivery, contents: DeliveryContents) -> None:
    """Refuse another county's file: most of its places lie elsewhere."""
    if contents.feed not in (*PERSON_FEEDS, "resident"):
        return
    finder = PlaceFinder(county_gazetteer(delivery.county))
    counted = contents.column("unit_code" if contents.feed == "resident" else "place").value_counts().to_pylist()
    texts = Counter({entry["values"]: entry["counts"] for entry in counted if entry["values"]})
    codes = {text: count for text, count in texts.items() if text.isdigit() and len(text) in (6, 9, 12)}
    outside = sum(count for code, count in codes.items() if finder.find(code) is None)
    if codes and outside > OTHER_COUNTY_SHARE * sum(codes.values()):
        raise IntakeError(
            "other_county", share=f"{outside * 100 // sum(codes.values())} %", county=delivery.county.full_name
        )
