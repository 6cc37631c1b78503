"""The gap finders: each one statement that says which subject has which gap, for which reason. Only gaps.py opens them.

A finder on persons returns person_id, kind, reason; one on feeds feed, kind, reason. The roll finders of the coverage room
bring the rest: a line that is a poor person's becomes that person's gap, any other is a gap of the line itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from enrollment.constants import FEED_SUBJECT, GAP_RANK
from enrollment.coverage.workspace import Workspace
from poverty_pension.primitives.person_names import sort_key

_SQL = Path(__file__).parent / "sql"
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

_ROLL_GAPS = """
    SELECT person_id, kind, min(reason) AS reason, min(evidence_class) AS evidence_class, '' AS scheme, '' AS roll_no,
        list({'scheme': scheme, 'roll_no': roll_no, 'delivery': delivery_id, 'part': part, 'line': line, 'status': status,
              'other': other_line, 'facts': facts} ORDER BY roll_no, delivery_id, line) AS evidence,
        min(name) AS roll_name, min(unit_code) AS roll_unit_code
    FROM roll_finding WHERE person_id IS NOT NULL GROUP BY person_id, kind
    UNION ALL
    SELECT NULL, kind, min(reason), min(evidence_class), scheme, roll_no,
        list({'scheme': scheme, 'roll_no': roll_no, 'delivery': delivery_id, 'part': part, 'line': line, 'status': status,
              'other': other_line, 'facts': facts} ORDER BY delivery_id, line),
        min(name), min(unit_code)
    FROM roll_finding WHERE person_id IS NULL GROUP BY scheme, roll_no, kind
"""


def find_gaps(workspace: Workspace) -> int:
    """Write `gap`: one row a subject and kind that should be open after this night, with rank, name, unit and evidence.

    Subjects of roll gaps who are poor persons no longer in any file are worked as lines of the roll.
    """
    with workspace.connect("verdict", "person", "person_form", "person_link", "roll_finding", "feed") as database:
        ranks = pa.table({"kind": [kind.value for kind in GAP_RANK], "rank": list(GAP_RANK.values())})
        database.register("ranked", ranks)
        rows = database.sql(
            f"""
            WITH found AS (
                SELECT person_id, kind, reason, '' AS evidence_class, '' AS scheme, '' AS roll_no, '[]' AS evidence,
                    '' AS roll_name, '' AS roll_unit_code FROM ({_together(PERSON_FINDERS)})
                UNION ALL
                SELECT NULL, kind, reason, '', '{FEED_SUBJECT}', feed, '[]', feed, '' FROM ({_together(FEED_FINDERS)})
                UNION ALL
                SELECT person_id, kind, reason, evidence_class, scheme, roll_no, to_json(evidence)::VARCHAR, roll_name, roll_unit_code
                FROM ({_ROLL_GAPS})
            )
            SELECT f.person_id, f.kind, f.reason, f.evidence_class, f.scheme, f.roll_no, f.evidence, ranked.rank,
                coalesce(p.name, f.roll_name) AS subject_name, p.name_pinyin AS subject_pinyin,
                p.unit_id, CASE WHEN p.person_id IS NULL THEN f.roll_unit_code ELSE '' END AS unit_code
            FROM found f JOIN ranked USING (kind) LEFT JOIN person p USING (person_id)
            ORDER BY ranked.rank, f.person_id, f.scheme, f.roll_no
            """
        ).to_arrow_table()
    return workspace.write("gap", _with_pinyin(rows))


def _together(names: Sequence[str]) -> str:
    return " UNION ALL ".join(f"({(_SQL / f'{name}.sql').read_text('utf-8')})" for name in names)


def _with_pinyin(rows: pa.Table) -> pa.Table:
    known = rows["subject_pinyin"].to_pylist()
    written = rows["subject_name"].to_pylist()
    pinyin = [have or sort_key(name)[:200] for have, name in zip(known, written, strict=True)]
    position = rows.column_names.index("subject_pinyin")
    return rows.set_column(position, "subject_pinyin", pa.array(pinyin, pa.string()))
