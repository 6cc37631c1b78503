"""The gaps coverage finds: each finder one statement that says which subject has which gap, for which reason.

A finder on persons returns person_id, kind, reason; one on feeds feed, kind, reason; the findings on roll lines bring the rest.
Registered with casework (apps.py), which alone opens and closes gaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from casework.constants import FEED_SUBJECT
from casework.finders import FOUND
from coverage.findings.workspace import NightWorkspace
from foundation.primitives.person_names import sort_key

_SQL = Path(__file__).parent / "sql" / "gaps"
PERSON_FINDERS = (
    "uninsured",
    "whereabouts",
    "newly_poor",
    "turning_60",
    "turning_16",
    "paused",
    "lapsed",
    "identity",
)
FEED_FINDERS = ("data_stale",)


def find_gaps(workspace: NightWorkspace) -> pa.Table:
    """Return one row a subject and kind that should be open after this night, with its name, place and evidence, as FOUND.

    Subjects of roll gaps who are poor persons no longer in any file are worked as lines of the roll.
    """
    with workspace.connect("verdict", "person", "person_variant", "person_link", "roll_finding", "feed") as database:
        rows = database.sql(
            f"""
            WITH found AS (
                SELECT person_id, kind, reason, '' AS evidence_class, '' AS scheme, '' AS roll_no, '[]' AS evidence,
                    '' AS roll_name, '' AS roll_unit_code FROM ({_together(PERSON_FINDERS)})
                UNION ALL
                SELECT NULL, kind, reason, '', '{FEED_SUBJECT}', feed, '[]', feed, '' FROM ({_together(FEED_FINDERS)})
                UNION ALL
                SELECT person_id, kind, reason, evidence_class, scheme, roll_no, evidence, roll_name, roll_unit_code
                FROM ({_statement("roll_lines")})
            )
            SELECT f.person_id, f.kind, f.reason, f.evidence_class, f.scheme, f.roll_no, f.evidence,
                coalesce(p.name, f.roll_name) AS subject_name, p.name_pinyin AS subject_pinyin,
                p.unit_id, CASE WHEN p.person_id IS NULL THEN f.roll_unit_code ELSE '' END AS unit_code
            FROM found f LEFT JOIN person p USING (person_id)
            ORDER BY f.kind, f.person_id, f.scheme, f.roll_no
            """
        ).to_arrow_table()
    return _with_pinyin(rows).select(FOUND.names)


def _together(names: Sequence[str]) -> str:
    return " UNION ALL ".join(f"({_statement(name)})" for name in names)


def _statement(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8")


def _with_pinyin(rows: pa.Table) -> pa.Table:
    known = rows["subject_pinyin"].to_pylist()
    written = rows["subject_name"].to_pylist()
    pinyin = [have or sort_key(name)[:200] for have, name in zip(known, written, strict=True)]
    position = rows.column_names.index("subject_pinyin")
    return rows.set_column(position, "subject_pinyin", pa.array(pinyin, pa.string()))
