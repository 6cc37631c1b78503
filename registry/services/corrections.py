"""A correction file applied: its lines replace the lines they correct, the rest of the original file remains.

Each corrected line belongs to the person its original line was assigned to, whatever the sender corrected.
"""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
from django.db import connection
from django.db.backends.utils import CursorWrapper

from foundation.primitives.bulk import copy_into
from registry.intake.delivery_contents import Line
from registry.models import Delivery

Lines = dict[Line, Line]
"""A line of the correction file -> the line of the original file."""

CORRECTED_LINES = "corrected_line"
"""The temporary table of the lines: sheet and row in the correction file, sheet and row in the original."""
_SAME_LINE = (
    "o.delivery_id = %(original)s AND o.row = m.original_row AND (o.sheet = left(m.original_sheet, 64) OR o.sheet = '')"
)
_OLD_NUMBERS = f"""
    UPDATE registry_personidentifier i SET superseded_at = %(at)s
    FROM {CORRECTED_LINES} m
    JOIN registry_deliveredrow o ON {_SAME_LINE} AND o.number_state <> 'ok'
    JOIN registry_deliveredrow c ON c.delivery_id = %(delivery)s AND c.sheet = m.sheet AND c.row = m.row AND c.member = o.member
    WHERE i.person_id = o.person_id AND i.number_id = o.number_id AND i.superseded_at IS NULL
      AND c.number_id IS NOT NULL AND c.number_id <> o.number_id
"""
_OLD_FACTS = f"""
    UPDATE registry_fact o SET superseded_at = %(at)s FROM {CORRECTED_LINES} m WHERE {_SAME_LINE} AND o.superseded_at IS NULL
"""
_PROBLEMS = f"""
    UPDATE registry_deliveryproblem o SET corrected_by_id = %(delivery)s FROM {CORRECTED_LINES} m
    WHERE {_SAME_LINE} AND o.action NOT IN ('skip', 'ignore_duplicate') RETURNING o.sheet, o.row
"""


def original_persons(delivery_id: int, lines: Lines) -> dict[tuple[str, int, int], int]:
    """Return (sheet, line, member) of the correction file -> the person the original line was assigned to. One query."""
    with connection.cursor() as cursor:
        _stage(cursor, lines)
        cursor.execute(
            f"SELECT m.sheet, m.row, o.member, o.person_id FROM {CORRECTED_LINES} m JOIN registry_deliveredrow o ON {_SAME_LINE}",
            {"original": delivery_id},
        )
        return {(sheet, row, member): person for sheet, row, member, person in cursor.fetchall()}


def settle_corrections(delivery: Delivery, lines: Lines, *, at: datetime) -> int:
    """End what the corrected lines replace: numbers that were wrong, facts of the old lines; mark the problems as settled.

    Effects: supersedes identifiers and facts, sets corrected_by. Returns how many lines' problems are settled.
    """
    values = {"original": delivery.corrects_id, "delivery": delivery.pk, "at": at}
    with connection.cursor() as cursor:
        _stage(cursor, lines)
        cursor.execute(_OLD_NUMBERS, values)
        cursor.execute(_OLD_FACTS, values)
        cursor.execute(_PROBLEMS, values)
        return len({(sheet, row) for sheet, row in cursor.fetchall()})


def _stage(cursor: CursorWrapper, lines: Lines) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{CORRECTED_LINES}")
    cursor.execute(
        f"CREATE TEMP TABLE {CORRECTED_LINES} (sheet text, row int, original_sheet text, original_row int) ON COMMIT DROP"
    )
    places = [(*line, *original) for line, original in lines.items()]
    kinds = {"sheet": pa.string(), "row": pa.int32(), "original_sheet": pa.string(), "original_row": pa.int32()}
    columns = zip(*places, strict=True) if places else [()] * len(kinds)
    staged = {name: pa.array(column, kind) for (name, kind), column in zip(kinds.items(), columns, strict=True)}
    copy_into(cursor, CORRECTED_LINES, pa.table(staged))
