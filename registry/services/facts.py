"""The lines of a fact feed become facts: death, hukou move, prison, study ... The night finds the persons they concern."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db import connection
from django.db.backends.utils import CursorWrapper

from foundation.primitives.bulk import copy_into
from foundation.primitives.columns import clean_numbers
from registry.constants import EVENT_FEEDS, DatePrecision, FactKind, RowAction, RowReason
from registry.intake.dates import read_date
from registry.intake.layouts import Layout
from registry.intake.reading import Problem, ReadSheet
from registry.models import Delivery
from registry.services.numbers import store_numbers

_NOT_IN_DETAIL = {
    "name",
    "plain",
    "phonetic_key",
    "number",
    "number_state",
    "key",
    "birth_in_number",
    "sex_in_number",
    "row",
    "member",
    "duplicate_of",
    "sex",
}


def apply_facts(delivery: Delivery, sheets: list[ReadSheet], *, at: datetime) -> tuple[dict[str, int], list[Problem]]:
    """Store a fact feed's lines. A full list supersedes the list before it; new events are added to the earlier ones.

    Effects: inserts into registry_fact, supersedes the feed's earlier facts where the feed is a full list, or where this
    delivery replaces one of the same day. Returns counts and the lines whose kind or date could not be read.
    """
    facts: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for sheet in sheets:
        found, unread = _read_facts(sheet)
        facts += found
        problems += unread
    with connection.cursor() as cursor:
        ended = _supersede(cursor, delivery, at)
        _insert(cursor, delivery, facts, at)
    return {"facts": len(facts), "facts_superseded": ended}, problems


def _supersede(cursor: CursorWrapper, delivery: Delivery, at: datetime) -> int:
    """End the facts of replaced deliveries and, where the feed is a full list, of every earlier day."""
    earlier = "" if delivery.feed in EVENT_FEEDS else "OR d.as_of_date < %(day)s"
    cursor.execute(
        "UPDATE registry_fact f SET superseded_at = %(at)s FROM registry_delivery d WHERE d.id = f.delivery_id "
        f"AND f.superseded_at IS NULL AND d.county_id = %(county)s AND d.feed = %(feed)s AND (d.state = 'superseded' {earlier})",
        {"at": at, "county": delivery.county_id, "feed": delivery.feed, "day": delivery.as_of_date},
    )
    return int(cursor.rowcount)


def _read_facts(sheet: ReadSheet) -> tuple[list[dict[str, Any]], list[Problem]]:
    layout = sheet.layout.layout
    facts, problems = [], []
    for row in sheet.rows.to_pylist():
        if row["duplicate_of"] is not None:
            continue
        fact = _read_fact(layout, row)
        if isinstance(fact, RowReason):
            problems.append(Problem(sheet.sheet, row["row"], row["member"], fact.value, RowAction.REJECT_ROW.value))
        else:
            facts.append({**fact, "sheet": sheet.sheet})
    return facts, problems


def _read_fact(layout: Layout, row: dict[str, Any]) -> dict[str, Any] | RowReason:
    rule = layout.fact
    kind = rule.get("kind") or layout.value(rule["kind_column"], row.get(rule["kind_column"], ""))
    if kind not in FactKind.values:
        return RowReason.KIND_UNKNOWN
    event = read_date(row.get(rule.get("event", ""), "") or "")
    if rule.get("event") and event is None and kind == FactKind.DEATH:
        return RowReason.DATE_UNREADABLE
    start, end = read_date(row.get(rule.get("from", ""), "") or ""), read_date(row.get(rule.get("to", ""), "") or "")
    if start and end and end[0] < start[0]:
        end = None
    source = (
        rule.get("source_is")
        or layout.value("source", row.get(rule.get("source", ""), ""))
        or row.get(rule.get("source", ""), "")
    )
    changed = kind == FactKind.NUMBER_CHANGED
    return {
        "row": row["row"],
        "kind": kind,
        "name": row["name"],
        "number": row["number"],
        "number_state": row["number_state"],
        "old_number": row.get("before", "") if changed else "",
        "new_number": row.get("after", "") if changed else "",
        "event_date": event[0] if event else None,
        "event_precision": event[1].value if event else DatePrecision.DAY.value,
        "valid_from": start[0] if start else None,
        "valid_to": end[0] if end else None,
        "source": (source or "")[:32],
        "detail": json.dumps(_detail(layout, row, changed), ensure_ascii=False),
    }


def _detail(layout: Layout, row: dict[str, Any], numbers_changed: bool) -> dict[str, str]:
    """Return the feed's other values, mapped where the layout maps them; never a number."""
    dated = {layout.fact.get(name) for name in ("event", "from", "to", "source", "kind_column")}
    left_out = _NOT_IN_DETAIL | dated | ({"before", "after"} if numbers_changed else set())
    detail = {"second_hand": "yes"} if _is_second_hand(layout, row) else {}
    for column in layout.columns:
        written = row.get(column)
        if column in left_out or not written:
            continue
        ours = layout.value(column, written)
        detail[column] = ours if ours is not None else "other"
        if ours is None:
            detail[f"{column}_words"] = written
    return detail


def _is_second_hand(layout: Layout, row: dict[str, Any]) -> bool:
    """Answer whether the remark says that somebody else spoke for the person (docs/rules.md R13)."""
    column = layout.fact.get("second_hand")
    return bool(column and re.search(layout.fact["second_hand_pattern"], row.get(column) or ""))


def _insert(cursor: CursorWrapper, delivery: Delivery, facts: list[dict[str, Any]], at: datetime) -> None:
    if not facts:
        return
    columns = {name: [fact[name] for fact in facts] for name in facts[0]}
    cleaned = {
        name: clean_numbers(pa.array(columns.pop(name), pa.string())).number for name in ("old_number", "new_number")
    }
    texts = pa.array(columns.pop("number"), pa.string())
    ids = store_numbers(pa.chunked_array([texts, *cleaned.values()], pa.string()), recorded_at=at)
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    held = {"number_id": texts, "old_number_id": cleaned["old_number"], "new_number_id": cleaned["new_number"]}
    for name, column in held.items():
        table = table.append_column(name, pa.array([ids.get(text) for text in column.to_pylist()], pa.int64()))
    for name, value in (
        ("delivery_id", delivery.pk),
        ("county_id", delivery.county_id),
        ("recorded_at", at.isoformat()),
    ):
        table = table.append_column(name, pa.array([value] * len(facts)))
    copy_into(cursor, "registry_fact", table)
