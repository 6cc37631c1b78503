"""A list in several parts, one file a township or a range of lines: which parts of the list before have come again.

A part is known by its name without date and words of correction, else by the people it lists: more than half of them. So parts may come
in any order, be named otherwise, be sent again, or come in one file. Before all are there nobody leaves the list, and no night uses it
(selectors/whole_lists.py). Called once a file is stored, in the transaction that applies it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path, PurePath

import duckdb
import pyarrow as pa
from django.conf import settings
from django.db import connection

from foundation.jobs.duckdb_connections import open_duckdb, quoted
from foundation.policy.selectors import get_parameter
from foundation.primitives.bulk import copy_out
from foundation.regions.models import Unit
from foundation.regions.models.unit import Level
from registry.comparison.lists import day_before
from registry.constants import ASKED_ANEW_FEEDS, EVENT_FEEDS, PERSON_FEEDS, ROLL_FEEDS, DeliveryState
from registry.intake.sheets import BETWEEN_NAMES
from registry.models import Delivery, RollSnapshot

SAME_PART_SHARE = Fraction(1, 2)
_SQL = Path(__file__).parent / "sql"
_LISTED = pa.schema([("delivery", pa.int64()), ("sheet", pa.string()), ("person", pa.string())])
_PERSONS = """
    SELECT DISTINCT delivery_id AS delivery, sheet, person_id::text AS person FROM registry_deliveredrow WHERE delivery_id = ANY(%s)
"""
_FACTS = """
    SELECT DISTINCT delivery_id AS delivery, sheet, coalesce(number_id::text, name) AS person FROM registry_fact
    WHERE delivery_id = ANY(%s)
"""
_LINES = """
    SELECT DISTINCT {delivery}::BIGINT AS delivery, part AS sheet,
        coalesce(key::VARCHAR, phonetic_key || coalesce(birth::VARCHAR, roll_no)) AS person
    FROM read_parquet({path})
"""
_DATE = re.compile(
    r"20\d\d\s*[-_./年]?\s*(?:1[0-2]|0?[1-9])(?!\d)(?:\s*[-_./月]\s*(?:3[01]|[12]\d|0?[1-9])(?!\d)\s*[日号]?|月份?)?"
    r"|20\d\d(?:1[0-2]|0[1-9])(?:3[01]|[12]\d|0[1-9])(?!\d)|(?<!\d)(?:1[0-2]|0?[1-9])月份?"
)
_SENT_AGAIN = re.compile(r"更正|修正|修改|订正|重新报送|重新上报|重报|补正|最新|最终|终稿|定稿|副本")
_BETWEEN = re.compile(r"[\s_\-—.()（）\[\]【】·]+")


@dataclass(frozen=True)
class ListParts:
    """Of the list before: the names of its parts that have not come again, and its files that this one continues."""

    missing: list[str]
    continued: list[int]


@dataclass(frozen=True)
class _Part:
    delivery: int
    sheet: str | None
    name: str


def part_name(file_name: str, *, with_date: bool = False) -> str:
    """Return what names a part from month to month: 居保明细表20181231A（更正）.csv is 居保明细表A."""
    name = _SENT_AGAIN.sub("", PurePath(file_name).stem if "." in file_name[-6:] else file_name)
    return _BETWEEN.sub("", name if with_date else _DATE.sub("", name))


def find_parts(delivery: Delivery) -> ListParts:
    """Find which parts of the list before are still missing with this file, and which of its files this one continues.

    Nothing is missing of a first list, of events, of a survey, and of a list that came in one file before, unless this file bears the
    name of one of its parts or of a township. A part missing last time too is no longer waited for, nor one without which somebody declared
    the day's list complete. Cost: one query for a list in one
    file; else those of the persons of both lists.
    """
    if delivery.feed in EVENT_FEEDS or delivery.feed in ASKED_ANEW_FEEDS:
        return ListParts([], [])
    applied = Delivery.objects.applied().filter(county=delivery.county_id, feed=delivery.feed, corrects=None)
    day = day_before(applied, delivery.as_of_date)
    if day is None:
        return ListParts([], [])
    before = list(applied.filter(as_of_date=day).order_by("pk"))
    here = list(applied.filter(as_of_date=delivery.as_of_date).order_by("pk"))
    names_township = _names_township(delivery, before)
    if len(before) == 1 and not names_township and not _may_be_sheet_of(delivery, before[0]):
        return ListParts([], [])
    with open_duckdb() as database:
        _load(database, delivery.feed, [*before, *here])
        sheets = _sheets_by_delivery(database)
        parts = _expected_parts(before, sheets, delivery)
        if parts is None and not names_township:
            return ListParts([], [])
        expected = parts or [_Part(before[0].pk, None, before[0].file_name)]
        values = {"before": [each.pk for each in before], "here": [each.pk for each in here], "mine": delivery.pk}
        counted = database.execute((_SQL / "count_parts.sql").read_text("utf-8"), values).fetchall()
    shares = {(row[0], row[1]): (row[2], row[3], row[4]) for row in counted}
    least = SAME_PART_SHARE if parts else 1 - _loss_limit(delivery)
    present = {part_name(each.file_name) for each in here} | {
        part_name(_own_name(sheet)) for each in here for sheet in sheets.get(each.pk, ()) if len(sheets[each.pk]) > 1
    }
    alike = Counter(part_name(each.name) for each in expected)
    given_up = _missing_last_time(delivery, day) | _declared_complete_without(delivery)
    missing, continued = [], []
    for part in expected:
        persons, found, mine = _counts(shares, part)
        name = part_name(part.name)
        is_named = bool(parts) and alike[name] == 1 and name in present
        if not is_named and found < least * persons and name not in given_up:
            missing.append(part.name)
        if (alike[name] == 1 and name == part_name(delivery.file_name)) or mine >= SAME_PART_SHARE * persons:
            continued.append(part.delivery)
    return ListParts(missing, sorted(set(continued)) if len(before) > 1 else [])


def _names_township(delivery: Delivery, before: Sequence[Delivery]) -> bool:
    """Answer whether the file's name has a township's, where the name of the list before has none."""
    towns = Unit.objects.filter(parent=delivery.county_id, level=Level.TOWNSHIP).values_list("name", flat=True)
    if not any(town in delivery.file_name for town in towns):
        return False
    return not any(town in each.file_name for each in before for town in towns)


def _may_be_sheet_of(delivery: Delivery, before: Delivery) -> bool:
    """Answer whether the file may be one sheet or part of the list before: it bears another name."""
    return part_name(delivery.file_name) != part_name(before.file_name)


def _load(database: duckdb.DuckDBPyConnection, feed: str, deliveries: Sequence[Delivery]) -> None:
    """Make the table `listed`: delivery, sheet, person."""
    pks = [each.pk for each in deliveries]
    if feed in ROLL_FEEDS:
        paths = dict(RollSnapshot.objects.filter(delivery__in=pks).values_list("delivery", "path"))
        there = {pk: settings.DATA_DIR / path for pk, path in paths.items() if (settings.DATA_DIR / path).exists()}
        lines = [_LINES.format(delivery=pk, path=quoted(str(path))) for pk, path in there.items()]
        database.execute(f"CREATE TEMP TABLE listed AS {' UNION ALL '.join(lines)}")
        return
    with connection.cursor() as cursor:
        database.register("found", copy_out(cursor, _PERSONS if feed in PERSON_FEEDS else _FACTS, _LISTED, [pks]))
    database.execute("CREATE TEMP TABLE listed AS FROM found")


def _sheets_by_delivery(database: duckdb.DuckDBPyConnection) -> dict[int, list[str]]:
    rows = database.execute(
        "SELECT delivery, list(DISTINCT sheet ORDER BY sheet) FROM listed GROUP BY delivery"
    ).fetchall()
    return dict(rows)


def _expected_parts(before: list[Delivery], sheets: dict[int, list[str]], delivery: Delivery) -> list[_Part] | None:
    """List the parts of the list before: its files, or the sheets of its one file where this file is named as one of them."""
    if len(before) > 1:
        return [_Part(each.pk, None, each.file_name) for each in before if each.pk in sheets]
    [only] = before
    own = [_Part(only.pk, sheet, _own_name(sheet)) for sheet in sheets.get(only.pk, ())]
    is_one_of_them = part_name(delivery.file_name) in {part_name(each.name) for each in own}
    return own if len(own) > 1 and len(sheets.get(delivery.pk, ())) == 1 and is_one_of_them else None


def _own_name(sheet: str) -> str:
    """Return the part's name where it stands before that of its sheet."""
    return sheet.partition(BETWEEN_NAMES)[0]


def _counts(shares: dict[tuple[int, str], tuple[int, int, int]], part: _Part) -> tuple[int, int, int]:
    fitting = [counts for (pk, sheet), counts in shares.items() if pk == part.delivery and part.sheet in (None, sheet)]
    persons, found, mine = (sum(each[place] for each in fitting) for place in range(3))
    return persons, found, mine


def _loss_limit(delivery: Delivery) -> Fraction:
    return Fraction(str(get_parameter("delivery_loss_share", unit=delivery.county, on=delivery.as_of_date).value))


def _missing_last_time(delivery: Delivery, day: date) -> set[str]:
    """The parts that the list between the whole one and this one lacked to the end: they do not belong to it any more."""
    between = Delivery.objects.applied().filter(
        county=delivery.county_id,
        feed=delivery.feed,
        corrects=None,
        as_of_date__gt=day,
        as_of_date__lt=delivery.as_of_date,
    )
    newest = between.order_by("-as_of_date", "-applied_at").first()
    return {part_name(name) for name in newest.missing_parts} if newest else set()


def _declared_complete_without(delivery: Delivery) -> set[str]:
    """The parts without which the list of the day was declared complete: a file of the day sent later does not wait for them again."""
    declared = Delivery.objects.filter(
        county=delivery.county_id,
        feed=delivery.feed,
        as_of_date=delivery.as_of_date,
        completed_at__isnull=False,
        state__in=(DeliveryState.APPLIED, DeliveryState.SUPERSEDED),
    )
    return {part_name(name) for missing in declared.values_list("missing_parts", flat=True) for name in missing}
