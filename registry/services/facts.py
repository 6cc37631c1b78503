"""The lines of a fact feed become facts: death, hukou move, prison, study ... The night finds the persons they concern."""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from django.db import connection
from django.db.backends.utils import CursorWrapper

from foundation.primitives.bulk import copy_into
from foundation.primitives.columns import clean_numbers
from foundation.primitives.personal_texts import hide_numbers
from foundation.regions.place_names import place_part
from registry.comparison.parts import find_parts
from registry.constants import EVENT_FEEDS, SEXES, DatePrecision, FactKind, RowAction, RowReason
from registry.intake.births import BIRTH, stated_births
from registry.intake.dates import Read, read_date, read_range
from registry.intake.errors import IntakeError
from registry.intake.layouts import UNKNOWN_WORD, Layout
from registry.intake.problems import Problem
from registry.intake.reading import ReadSheet
from registry.models import Delivery
from registry.services.numbers import store_numbers

LONGEST_NAME = 100
EARLIEST_DEATH = date(1990, 1, 1)
"""Nobody who died before was ever on a list of these."""
_KINDS = frozenset(FactKind.values)
_READ_BY_RULES = ("answer", "scheme", "status", "state", "grade")
"""Columns whose code a rule of the night or a count reads; the feed's other columns stay in its file."""
_AUTHORITY = re.compile(r"\D{1,30}(?:局|院|所|馆|委|办|中心|部|站|队|厅|会|府|处|科)")


def apply_facts(delivery: Delivery, sheets: list[ReadSheet], *, at: datetime) -> tuple[dict[str, int], list[Problem]]:
    """Store a fact feed's lines. A full list supersedes the list before it; new events are added to the earlier ones.

    Effects: inserts into registry_fact, supersedes the feed's earlier facts where the feed is a full list and all its parts are there
    (`missing_parts` of the delivery is set, not saved), or where this delivery replaces one of the same day. Returns counts and the
    lines whose kind or date could not be read.
    """
    facts: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for sheet in sheets:
        found, unread = _read_facts(sheet, delivery.as_of_date)
        facts += found
        problems += unread
    if problems and not facts:
        raise IntakeError("no_line_read", rows=len(problems))
    with connection.cursor() as cursor:
        _insert(cursor, delivery, facts, at)
        delivery.missing_parts = find_parts(delivery).missing
        ended = supersede_earlier(cursor, delivery, at)
    return {"facts": len(facts), "facts_superseded": ended}, problems


def supersede_earlier(cursor: CursorWrapper, delivery: Delivery, at: datetime) -> int:
    """End the facts of replaced deliveries and, where the feed is a full list with all its parts, of every earlier day."""
    earlier = "" if delivery.feed in EVENT_FEEDS or delivery.lacks_parts else "OR d.as_of_date < %(day)s"
    cursor.execute(
        "UPDATE registry_fact f SET superseded_at = %(at)s FROM registry_delivery d WHERE d.id = f.delivery_id "
        f"AND f.superseded_at IS NULL AND d.county_id = %(county)s AND d.feed = %(feed)s AND (d.state = 'superseded' {earlier})",
        {"at": at, "county": delivery.county_id, "feed": delivery.feed, "day": delivery.as_of_date},
    )
    return int(cursor.rowcount)


def _read_facts(sheet: ReadSheet, as_of: date) -> tuple[list[dict[str, Any]], list[Problem]]:
    layout = sheet.layout.layout
    facts, problems = [], []
    rows = sheet.rows
    if BIRTH in rows.column_names:
        rows = rows.append_column("stated_birth", stated_births(rows[BIRTH]))
    for row in rows.to_pylist():
        if row["duplicate_of"] is not None:
            continue
        fact, problem = _read_fact(layout, row, as_of)
        if fact is not None:
            facts.append({**fact, "sheet": sheet.sheet})
        if problem is not None:
            action = RowAction.REJECT_ROW if fact is None else RowAction.LOAD_WITHOUT_DATE
            problems.append(Problem(sheet.sheet, row["row"], row["member"], problem.value, action.value))
    return facts, problems


def _read_fact(layout: Layout, row: dict[str, Any], as_of: date) -> tuple[dict[str, Any] | None, RowReason | None]:
    """Return a line's fact, and what is wrong with the line; no fact where it states none."""
    rule = layout.fact
    kind = rule.get("kind") or layout.value(rule["kind_column"], row.get(rule["kind_column"], ""))
    if kind not in _KINDS:
        return None, RowReason.KIND_UNKNOWN
    event, problem = _read_event(row.get(rule.get("event", ""), "") or "", as_of)
    if kind == FactKind.DEATH and rule.get("event"):
        if event is None:
            return None, RowReason.DATE_UNREADABLE
        if not _may_have_died(event[0], row, as_of):
            event, problem = None, RowReason.DATE_IMPLAUSIBLE
    start, end = _read_period(row.get(rule.get("from", ""), "") or "", row.get(rule.get("to", ""), "") or "")
    if _is_unread(rule, row, "from", start) or _is_unread(rule, row, "to", end):
        problem = problem or RowReason.DATE_UNREADABLE
    if start and end and _last_day(end) < start[0]:
        end, problem = None, RowReason.DATE_IMPLAUSIBLE
    changed = {kind: (row.get("before", ""), row.get("after", ""))}
    old_number, new_number = changed.get(FactKind.NUMBER_CHANGED, ("", ""))
    name_before, name_after = changed.get(FactKind.NAME_CHANGED, ("", ""))
    return {
        "row": row["row"],
        "kind": kind,
        "name": row["name"],
        "number": row["number"],
        "number_state": row["number_state"],
        "birth_date": row.get("stated_birth"),
        "sex": SEXES.get(row.get("sex") or "", 0),
        "name_before": hide_numbers(name_before)[:LONGEST_NAME],
        "name_after": hide_numbers(name_after)[:LONGEST_NAME],
        "old_number": old_number,
        "new_number": new_number,
        "event_date": event[0] if event else None,
        "event_precision": event[1].value if event else DatePrecision.DAY.value,
        "valid_from": start[0] if start else None,
        "valid_to": _last_day(end) if end else None,
        "source": rule.get("source_is") or _source(layout, row.get(rule.get("source", ""), "")),
        "detail": json.dumps(_detail(layout, row), ensure_ascii=False),
    }, problem


def _read_event(written: str, as_of: date) -> tuple[Read | None, RowReason | None]:
    """Return the day of an event, and what is wrong with it. Of a year alone, its last day or the file's: it had happened by then."""
    event = read_date(written)
    if event is None:
        return None, RowReason.DATE_UNREADABLE if written.strip() else None
    if event[1] == DatePrecision.YEAR:
        day = min(event[0], as_of) if event[0].year <= as_of.year else event[0]
        return (day, event[1]), RowReason.DATE_YEAR_ONLY
    return event, None


def _may_have_died(day: date, row: dict[str, Any], as_of: date) -> bool:
    """Answer whether somebody of this number, or without one of this birth date, may have died on the day, and the sender know of it.

    Rule: docs/feeds.md.
    """
    born = row.get("birth_in_number") or row.get("stated_birth")
    return EARLIEST_DEATH <= day <= as_of and (born is None or born <= day)


def _read_period(first: str, last: str) -> tuple[Read | None, Read | None]:
    """Return the first and last day of a period, from two cells or from one that holds both."""
    for written in (first, last):
        if both := read_range(written):
            return both
    return read_date(first), read_date(last)


def _last_day(end: Read) -> date:
    """Return the day a period ends: of a month its last, as of a year, since nothing is over before it."""
    day, precision = end
    return day.replace(day=monthrange(day.year, day.month)[1]) if precision == DatePrecision.MONTH else day


def _is_unread(rule: Mapping[str, str], row: dict[str, Any], end: str, found: Read | None) -> bool:
    """Answer whether a cell states an end of a period that cannot be read; words such as 长期 or 至今 state none."""
    written = (row.get(rule.get(end, "")) or "").strip()
    return bool(written) and found is None and any(map(str.isdigit, written))


def _source(layout: Layout, written: str) -> str:
    """Return our word for who states it; an authority no layout knows as written, whatever else as a word nobody knows."""
    known = layout.value("source", written)
    if not written or (known is not None and "source" in layout.values):
        return known or ""
    return written if _AUTHORITY.fullmatch(written) else UNKNOWN_WORD


def _detail(layout: Layout, row: dict[str, Any]) -> dict[str, str]:
    """Return the codes of what rules read, the places moved from and to, and whether anybody verified it: no free text, nobody's name."""
    detail = {"second_hand": "yes"} if _is_second_hand(layout, row) else {}
    if row.get("verifier"):
        detail["verifier"] = "yes"
    for place in ("from_place", "to_place"):
        if row.get(place):
            detail[place] = place_part(row[place])
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
    dates = {"birth_date": pa.array(columns.pop("birth_date"), pa.date32())}
    table = pa.table({**{name: pa.array(values) for name, values in columns.items()}, **dates})
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
