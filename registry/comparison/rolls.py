"""A roll compared with the roll of the same scheme before it: the snapshots line by line, in DuckDB; PostgreSQL sees counts only.

The rule of each kind is in sql/compare_rolls.sql. Lists of the poor: lists.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from foundation.jobs.duckdb_connections import open_duckdb, quoted
from foundation.policy.selectors import get_parameter
from registry.comparison.lists import day_before
from registry.comparison.parts import find_parts
from registry.intake.errors import snapshot_removed
from registry.models import Delivery

_RULE = Path(__file__).parent / "sql" / "compare_rolls.sql"
_COUNTS = "SELECT kind, count(*) FROM roll_change GROUP BY kind ORDER BY kind"
_MOVES = """
    SELECT b.status, a.status, count(*) AS lines FROM roll_before b JOIN roll_after a ON a.roll_no = b.roll_no
    WHERE a.status <> b.status GROUP BY ALL ORDER BY lines DESC, 1, 2 LIMIT 20
"""
_LINES = "SELECT * FROM roll_change ORDER BY kind, is_gone, delivery, part, line"


def roll_before(delivery: Delivery) -> Delivery | None:
    """Return an applied file of the scheme's newest whole roll before this one's day. Two queries."""
    rolls = Delivery.objects.applied().filter(county=delivery.county_id, feed=delivery.feed)
    day = day_before(rolls, delivery.as_of_date)
    return rolls.filter(as_of_date=day).select_related("snapshot").order_by("-id").first() if day else None


def _files_of(roll: Delivery) -> list[Delivery]:
    """Return every applied file of a roll's day: a roll in several parts is one. One query."""
    files = Delivery.objects.applied().filter(county=roll.county_id, feed=roll.feed, as_of_date=roll.as_of_date)
    return list(files.select_related("snapshot").order_by("pk"))


def count_roll_changes(delivery: Delivery) -> dict[str, Any]:
    """Return the day of the roll before, the lines of both, changed lines by kind, and the commonest moves between statuses.

    Before all parts of the roll are there, the parts that this one continues are the roll before. Empty where there is none, or its
    prepared file was removed. Cost: 1.2 s for two rolls of 650,000 lines on two cores.
    """
    before, after = _rolls_to_compare(delivery)
    if not before or not all((settings.DATA_DIR / each.snapshot.path).exists() for each in before):
        return {}
    with _compared(before, after) as database:
        kinds = dict(database.execute(_COUNTS).fetchall())
        moves = [list(move) for move in database.execute(_MOVES).fetchall()]
    return {
        "day": before[0].as_of_date.isoformat(),
        "before": sum(each.snapshot.row_count for each in before),
        "rows": sum(each.snapshot.row_count for each in after),
        "kinds": kinds,
        "status_moves": moves,
    }


def _rolls_to_compare(delivery: Delivery) -> tuple[list[Delivery], list[Delivery]]:
    if delivery.lacks_parts:
        continued = Delivery.objects.filter(pk__in=find_parts(delivery).continued).select_related("snapshot")
        return list(continued.order_by("pk")), [delivery]
    before = roll_before(delivery)
    return _files_of(before) if before else [], _files_of(delivery)


def list_roll_changes(before: Delivery, after: Delivery) -> pa.Table:
    """List what differs between two rolls, each named by one of its files.

    Shape: kind, roll_no, roll_no_sent (null where it is roll_no), part, line, before, after, is_gone (the line is the earlier roll's),
    delivery (the file the line is in).
    """
    with _compared(_files_of(before), _files_of(after)) as database:
        return database.sql(_LINES).to_arrow_table()


def _compared(before: list[Delivery], after: list[Delivery]) -> duckdb.DuckDBPyConnection:
    database = open_duckdb()
    for name, roll in (("roll_before", before), ("roll_after", after)):
        files = (
            f"SELECT {each.pk}::BIGINT AS delivery, {_columns(each)} FROM read_parquet({quoted(str(_path(each)))})"
            for each in roll
        )
        database.execute(f"CREATE TEMP VIEW {name} AS {' UNION ALL BY NAME '.join(files)}")
    newest = after[0]
    values = {
        "scheme": newest.feed,
        "month_before": before[0].as_of_date.replace(day=1),
        "month": newest.as_of_date.replace(day=1),
        "age_years": int(get_parameter("benefit_age_years", unit=newest.county, on=newest.as_of_date).value),
    }
    for statement in database.extract_statements(_RULE.read_text("utf-8")):
        named = {name: values[name] for name in statement.named_parameters}
        database.execute(statement, named)
    return database


def _columns(roll: Delivery) -> str:
    """Snapshots of earlier preparations do not contain the kind of participant, or roll numbers as sent beside references."""
    missing = {"identity", "roll_no_sent"} - set(pq.read_schema(_path(roll)).names)
    return ", ".join(["*", *(f"NULL::VARCHAR AS {name}" for name in sorted(missing))])


def _path(roll: Delivery) -> Path:
    path = Path(settings.DATA_DIR / roll.snapshot.path)
    if not path.exists():
        raise snapshot_removed(roll.pk)
    return path
