"""A problem list comes back mended: its lines take the place of the lines they mend, the rest of the file stands.

Each mended line belongs to the person its original line was found for, whatever the sender corrected.
"""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
from django.db import connection
from django.db.backends.utils import CursorWrapper

from foundation.primitives.bulk import copy_into
from registry.models import Delivery

Lines = dict[tuple[str, int], int]
"""(Sheet of the mended file, line there) -> the line of the original file."""

_SAME_LINE = "o.delivery_id = %(mended)s AND o.row = m.original AND (o.sheet = m.sheet OR o.sheet = '')"
_OLD_NUMBERS = f"""
    UPDATE registry_personidentifier i SET superseded_at = %(at)s
    FROM mended m
    JOIN registry_deliveredrow o ON {_SAME_LINE} AND o.number_state <> 'ok'
    JOIN registry_deliveredrow c ON c.delivery_id = %(delivery)s AND c.sheet = m.sheet AND c.row = m.row AND c.member = o.member
    WHERE i.person_id = o.person_id AND i.number_id = o.number_id AND i.superseded_at IS NULL
      AND c.number_id IS NOT NULL AND c.number_id <> o.number_id
"""
_OLD_FACTS = f"""
    UPDATE registry_fact o SET superseded_at = %(at)s FROM mended m WHERE {_SAME_LINE} AND o.superseded_at IS NULL
"""
_PROBLEMS = f"""
    UPDATE registry_deliveryproblem o SET corrected_by_id = %(delivery)s FROM mended m
    WHERE {_SAME_LINE} AND o.action NOT IN ('skip', 'ignore_duplicate')
"""


def original_persons(delivery_id: int, lines: Lines) -> dict[tuple[str, int, int], int]:
    """Return (sheet, line, member) of the mended file -> the person the original line was found for. One query."""
    with connection.cursor() as cursor:
        _stage(cursor, lines)
        cursor.execute(
            f"SELECT m.sheet, m.row, o.member, o.person_id FROM mended m JOIN registry_deliveredrow o ON {_SAME_LINE}",
            {"mended": delivery_id},
        )
        return {(sheet, row, member): person for sheet, row, member, person in cursor.fetchall()}


def settle_corrections(delivery: Delivery, lines: Lines, *, at: datetime) -> int:
    """End what the mended lines replace: numbers that were wrong, facts of the old lines; mark the problems as settled.

    Effects: supersedes identifiers and facts, sets corrected_by. Returns how many problems are settled.
    """
    values = {"mended": delivery.corrects_id, "delivery": delivery.pk, "at": at}
    with connection.cursor() as cursor:
        _stage(cursor, lines)
        cursor.execute(_OLD_NUMBERS, values)
        cursor.execute(_OLD_FACTS, values)
        cursor.execute(_PROBLEMS, values)
        return int(cursor.rowcount)


def _stage(cursor: CursorWrapper, lines: Lines) -> None:
    cursor.execute("DROP TABLE IF EXISTS pg_temp.mended")
    cursor.execute("CREATE TEMP TABLE mended (sheet text, row int, original int) ON COMMIT DROP")
    sheets, rows = zip(*lines, strict=True) if lines else ((), ())
    staged = {"sheet": pa.array(sheets, pa.string()), "row": pa.array(rows, pa.int32())}
    copy_into(cursor, "mended", pa.table({**staged, "original": pa.array(list(lines.values()), pa.int32())}))
