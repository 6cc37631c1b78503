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
from foundation.primitives.personal_texts import hide_numbers
from foundation.regions.place_names import place_part
from registry.constants import EVENT_FEEDS, DatePrecision, FactKind, RowAction, RowReason
from registry.intake.dates import read_date
from registry.intake.layouts import UNKNOWN_WORD, Layout
from registry.intake.reading import Problem, ReadSheet
from registry.models import Delivery
from registry.services.numbers import store_numbers

LONGEST_NAME = 100
_READ_BY_RULES = ("answer", "scheme", "status", "state", "grade")
"""Columns whose code a rule of the night or a count reads; the feed's other columns stay in its file."""
_AUTHORITY = re.compile(r"\D{1,30}(?:局|院|所|馆|委|办|中心|部|站|队|厅|会|府|处|科)")


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
    changed = {kind: (row.get("before", ""), row.get("after", ""))}
    old_number, new_number = changed.get(FactKind.NUMBER_CHANGED, ("", ""))
    name_before, name_after = changed.get(FactKind.NAME_CHANGED, ("", ""))
    return {
        "row": row["row"],
        "kind": kind,
        "name": row["name"],
        "number": row["number"],
        "number_state": row["number_state"],
        "name_before": hide_numbers(name_before)[:LONGEST_NAME],
        "name_after": hide_numbers(name_after)[:LONGEST_NAME],
        "old_number": old_number,
        "new_number": new_number,
        "event_date": event[0] if event else None,
        "event_precision": event[1].value if event else DatePrecision.DAY.value,
        "valid_from": start[0] if start else None,
        "valid_to": end[0] if end else None,
        "source": rule.get("source_is") or _source(layout, row.get(rule.get("source", ""), "")),
        "detail": json.dumps(_detail(layout, row), ensure_ascii=False),
    }


def _source(layout: Layout, written: str) -> str:
    """Return our word for who states it; an authority no layout knows as written, whatever else as a word nobody knows."""
    known = layout.value("source", written)
    if not written or (known is not None and "source" in layout.values):
        return known or ""
    return written if _AUTHORITY.fullmatch(written) else UNKNOWN_WORD


def _detail(layout: Layout, row: dict[str, Any]) -> dict[str, str]:
    """Return the codes of what rules read, the place moved to, and whether anybody verified it: no free text, nobody's name."""
    detail = {"second_hand": "yes"} if _is_second_hand(layout, row) else {}
    if row.get("verifier"):
        detail["verifier"] = "yes"
    if row.get("to_place"):
        detail["to_place"] = place_part(row["to_place"])
    for column in _READ_BY_RULES:
        if row.get(column):
            known = layout.value(column, row[column]) if column in layout.values else UNKNOWN_WORD
            detail[column] = known or "other"
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
