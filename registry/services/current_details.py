"""The details of today written to `registry_person`, after files were applied or undone. Read: selectors/details.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db.backends.utils import CursorWrapper

from foundation.primitives.person_names import sort_key
from registry.selectors.details import DETAILS_OF_SOURCE_ROWS, FILE_ORDER, source_rows_query

_REFRESH = (Path(__file__).parent / "sql" / "refresh_persons.sql").read_text("utf-8")


def refresh_persons(
    cursor: CursorWrapper,
    *,
    affected: str,
    at: datetime,
    values: Mapping[str, int | str | datetime | None] | None = None,
) -> int:
    """Bring registry_person up to what the files now state, for the persons of the query `affected`; return how many changed.

    Effects: updates registry_person. Cost: in proportion to the persons affected.
    """
    source_rows = source_rows_query("IN (SELECT person_id FROM affected_person)")
    statement = _REFRESH.format(affected=affected, source_rows=source_rows, details=DETAILS_OF_SOURCE_ROWS)
    cursor.execute(statement, {**(values or {}), "order": FILE_ORDER, "known": at})
    cursor.execute("SELECT DISTINCT name FROM changed_person WHERE is_renamed")
    names = [name for (name,) in cursor.fetchall()]
    cursor.execute(
        """
        UPDATE changed_person s SET pinyin = k.pinyin
        FROM unnest(%s::text[], %s::text[]) AS k (name, pinyin) WHERE k.name = s.name AND s.is_renamed;
        UPDATE registry_person p
        SET name = s.name, unit_id = s.unit_id, birth_date = s.birth_date, sex = s.sex,
            name_pinyin = coalesce(s.pinyin, p.name_pinyin)
        FROM changed_person s WHERE s.person_id = p.id;
        """,
        [names, [sort_key(name)[:200] for name in names]],
    )
    return int(cursor.rowcount)
