"""What applying a file would change: counts, and lines of each kind of change with before and after.

Asked inside the transaction that applies the file; a preview then rolls it back. Samples hold names and places, no numbers.
"""

from __future__ import annotations

from typing import Any

import duckdb
from django.conf import settings
from django.db import connection

from registry.constants import PERSON_FEEDS, ROLL_FEEDS
from registry.models import Delivery

SAMPLE_ROWS = 50
_PERSONS = """
    SELECT '{kind}', p.name, r.sheet, r.row, r.member, {before}, {after}
    FROM {source} JOIN registry_person p ON p.id = {alias}.person_id
    LEFT JOIN registry_deliveredrow r ON r.id = {row}
    LEFT JOIN regions_unit u ON u.id = {unit} LEFT JOIN regions_unit v ON v.id = {unit_before}
    {where} ORDER BY r.sheet, r.row, r.member, p.id LIMIT %s
"""
_WORDS = "concat_ws(' ', nullif({0}.status, ''), nullif({0}.settlement, ''), {1}.name)"
_KINDS = {
    "opened": {
        "source": "opened o", "alias": "o", "row": "o.id", "unit": "o.unit_id", "unit_before": "NULL",
        "before": "''", "after": _WORDS.format("o", "u"),
        "where": "WHERE NOT EXISTS (SELECT 1 FROM ended e WHERE e.changed AND e.person_id = o.person_id AND e.record_key = o.key)",
    },
    "changed": {
        "source": "ended e JOIN wanted w ON w.person_id = e.person_id AND w.key = e.record_key", "alias": "e", "row": "w.id",
        "unit": "w.unit_id", "unit_before": "e.file_unit_id", "before": _WORDS.format("e", "v"),
        "after": _WORDS.format("w", "u"), "where": "WHERE e.changed",
    },
    "gone": {
        "source": "ended e", "alias": "e", "row": "e.row_id", "unit": "NULL", "unit_before": "e.file_unit_id",
        "before": _WORDS.format("e", "v"), "after": "''", "where": "WHERE NOT e.changed",
    },
}  # fmt: skip


def describe_changes(delivery: Delivery, changes: dict[str, int]) -> dict[str, Any]:
    """Return {"changes": counts, "samples": [...]} for persons, {"roll": {...}} beside for a roll. Cost: a few statements."""
    preview: dict[str, Any] = {"changes": changes}
    if delivery.feed in PERSON_FEEDS:
        preview["samples"] = _person_samples()
    elif delivery.feed in ROLL_FEEDS:
        preview["roll"] = compare_rolls(delivery)
    return preview


def _person_samples() -> list[dict[str, Any]]:
    names = ("kind", "name", "sheet", "row", "member", "before", "after")
    samples = []
    with connection.cursor() as cursor:
        for kind, parts in _KINDS.items():
            cursor.execute(_PERSONS.format(kind=kind, **parts), [SAMPLE_ROWS])
            samples += [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return samples


def compare_rolls(delivery: Delivery) -> dict[str, Any]:
    """Compare a roll with the one of the day before it by roll number: new, gone, changed statuses, numbers and names."""
    before = (
        Delivery.objects.applied()
        .filter(county=delivery.county, feed=delivery.feed, as_of_date__lt=delivery.as_of_date)
        .order_by("-as_of_date", "-id")
        .first()
    )
    if before is None:
        return {}
    paths = [[str(settings.DATA_DIR / each.snapshot.path)] for each in (before, delivery)]
    with duckdb.connect() as database:
        counts = database.execute(_ROLL_COUNTS, paths).fetchall()[0]
        moves = database.execute(_ROLL_MOVES, paths).fetchall()
    names = ("before", "rows", "new", "gone", "status_changed", "number_changed", "name_changed")
    return {
        "day": before.as_of_date.isoformat(),
        **dict(zip(names, counts, strict=True)),
        "status_moves": [list(move) for move in moves],
    }


_ROLLS = "read_parquet(?) a FULL JOIN read_parquet(?) b ON b.roll_no = a.roll_no"
_ROLL_COUNTS = f"""
    SELECT count(a.roll_no), count(b.roll_no), count(*) FILTER (a.roll_no IS NULL), count(*) FILTER (b.roll_no IS NULL),
        count(*) FILTER (a.status <> b.status), count(*) FILTER (a.number <> b.number), count(*) FILTER (a.name <> b.name)
    FROM {_ROLLS}
"""
_ROLL_MOVES = f"""
    SELECT a.status, b.status, count(*) AS lines FROM {_ROLLS} WHERE a.status <> b.status
    GROUP BY ALL ORDER BY lines DESC, 1, 2 LIMIT 20
"""
