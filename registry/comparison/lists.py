"""Two lists of the poor compared, line by line: who is new, who is gone, what is stated otherwise with before and after.

What applying a file changes is stored as DeliveryChange rows; two days' lists are compared when asked. Both gather their lines
(lines_of_application.sql, lines_of_days.sql) and go through the one rule, compare_lines.sql. Rolls: rolls.py.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from foundation.primitives.bulk import copy_into, copy_out, whole_tables
from foundation.primitives.columns import clean_names
from foundation.regions.models import Unit
from registry.constants import PERSON_FEEDS, ChangeKind
from registry.intake.staging import StagedTables
from registry.models import Delivery, DeliveryChange
from registry.models.delivery import DeliveryQuerySet

_SQL = Path(__file__).parent / "sql"
Values = dict[str, int | str | date | datetime | list[int]]
LINES_OF_DAYS, LINES_BEFORE, LINES_AFTER, CHANGES_FOUND = "line_of_day", "line_before", "line_after", "change"
"""The temporary tables of a comparison: what the statements of sql/ gather, and what compare_lines.sql finds."""
LONGEST = {"name": 100, "before": 300, "after": 300}
CHANGES = pa.schema(
    [
        ("kind", pa.string()),
        ("person_id", pa.int64()),
        ("record_key", pa.string()),
        ("name", pa.string()),
        ("before", pa.string()),
        ("after", pa.string()),
        ("unit_id", pa.int64()),
        ("line_in_id", pa.int64()),
        ("sheet", pa.string()),
        ("row", pa.int32()),
        ("member", pa.int16()),
    ]
)
_STORED = """
    SELECT c.kind, CASE WHEN p.created_at < %s THEN c.person_id END AS person_id, c.record_key, c.name, c.before, c.after, c.unit_id,
        c.line_in_id, c.sheet, c.row, c.member
    FROM registry_deliverychange c JOIN registry_person p ON p.id = c.person_id WHERE c.delivery_id = %s
"""


def store_changes_of_application(delivery: Delivery, *, staged: StagedTables, at: datetime) -> None:
    """Store what the file just applied changed; nothing for a county's first list of a feed, where everything is new.

    Runs in the transaction that applied it, on the tables apply_persons filled.
    """
    before = earlier_lists(delivery) if delivery.feed in PERSON_FEEDS else []
    if not before:
        store_changes(delivery, CHANGES.empty_table())
        return
    values: Values = {
        "county": delivery.county_id,
        "feed": delivery.feed,
        "day": delivery.as_of_date,
        "at": at,
        "before": [each.pk for each in before],
    }
    store_changes(delivery, _compared(staged.put_into(_statement("lines_of_application")), values))


def add_changes_of_completion(delivery: Delivery, *, staged: StagedTables, at: datetime) -> None:
    """Store who left by a list declared complete, beside what its file changed. Runs on the tables end_unlisted filled."""
    stored = changes_before_rollback(delivery, at=at)
    with connection.cursor() as cursor:
        cursor.execute(staged.put_into("DELETE FROM {ended} WHERE changed"))
    values: Values = {
        "county": delivery.county_id,
        "feed": delivery.feed,
        "day": delivery.as_of_date,
        "at": at,
        "before": [each.pk for each in earlier_lists(delivery)],
    }
    left = _compared(staged.put_into(_statement("lines_of_application")), values)
    store_changes(delivery, pa.concat_tables([stored, left.select(CHANGES.names).cast(CHANGES)]))


def changes_before_rollback(delivery: Delivery, *, at: datetime) -> pa.Table:
    """Return what a trial application stored, to be stored again after its rollback; new persons without their provisional ids."""
    with connection.cursor() as cursor:
        return copy_out(cursor, _STORED, CHANGES, [at, delivery.pk])


def store_changes(delivery: Delivery, changes: pa.Table) -> None:
    """Store the changes of a delivery in place of those stored before."""
    DeliveryChange.objects.filter(delivery=delivery).delete()
    rows = changes.append_column("delivery_id", pa.array([delivery.pk] * changes.num_rows, pa.int64()))
    with connection.cursor() as cursor:
        copy_into(cursor, "registry_deliverychange", rows)


def earlier_lists(delivery: Delivery) -> list[Delivery]:
    """List the applied files of the feed's day before, and those of the delivery's own day that hold or were just replaced."""
    same_feed = Delivery.objects.filter(county=delivery.county_id, feed=delivery.feed).exclude(pk=delivery.pk)
    just_replaced = same_feed.filter(state="superseded", superseded_at=delivery.applied_at)
    applied = same_feed.applied().filter(as_of_date__lte=delivery.as_of_date)
    day = day_before(applied, delivery.as_of_date) or delivery.as_of_date
    return [*applied.filter(as_of_date__gte=day), *just_replaced]


def day_before(applied: DeliveryQuerySet, day: date) -> date | None:
    """Return the newest day before `day` for which there is a list with all its parts, or declared complete without the others.

    Of the files of one feed. One query.
    """
    last = (
        applied.filter(as_of_date__lt=day, corrects=None).order_by("-as_of_date", "-applied_at").distinct("as_of_date")
    )
    days = last.values_list("as_of_date", "missing_parts", "completed_at")
    return next((each for each, missing, completed_at in days if not missing or completed_at), None)


def compare_days(county: Unit, feed: str, *, earlier: date, later: date, at: datetime) -> pa.Table:
    """Compare what a feed's applied lists of two days state. Shape: CHANGES. Cost: 0.3 s for 12,500 lines a day, five for a million."""
    values: Values = {"county": county.pk, "feed": feed, "day_before": earlier, "day": later, "at": at}
    with transaction.atomic():
        return _compared(_statement("lines_of_days"), values)


def _compared(gather: str, values: Values) -> pa.Table:
    with connection.cursor() as cursor, whole_tables(cursor):
        for table in (LINES_OF_DAYS, LINES_BEFORE, LINES_AFTER, CHANGES_FOUND):
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(gather, values)
        cursor.execute(f"ANALYZE {LINES_BEFORE}; ANALYZE {LINES_AFTER}")
        cursor.execute(_statement("compare_lines"), values)
        query = f"SELECT * FROM {CHANGES_FOUND} ORDER BY kind, line_in_id, sheet, row, member, person_id, record_key"
        return _shortened(_with_phonetic_keys(copy_out(cursor, query, CHANGES)))


def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8")


def _with_phonetic_keys(changes: pa.Table) -> pa.Table:
    """Distinguish a corrected character, whose phonetic key is the same as before, from another name."""
    phonetic_keys = [clean_names(changes[side]).phonetic_key for side in ("before", "after")]
    is_name = pc.equal(changes["kind"], "name")
    kinds = pc.if_else(pc.equal(*phonetic_keys), ChangeKind.NAME_CORRECTED.value, ChangeKind.NAME_CHANGED.value)
    return changes.set_column(0, "kind", pc.if_else(is_name, kinds, changes["kind"]))


def _shortened(changes: pa.Table) -> pa.Table:
    for name, most in LONGEST.items():
        at = changes.column_names.index(name)
        changes = changes.set_column(at, name, pc.utf8_slice_codeunits(changes[name], 0, most))
    return changes
