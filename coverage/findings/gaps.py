"""The gaps coverage finds: each finder is one statement that returns which subject has which gap, for which reason.

A finder on persons returns person_id, kind, reason; one on feeds feed, kind, reason; the findings on roll lines bring the rest.
Registered with casework (apps.py), which alone opens and closes gaps.
"""

from __future__ import annotations

import pyarrow as pa

from casework.constants import FEED_SUBJECT
from casework.finders import FOUND
from coverage.findings.statements import read_statement, union_statements
from coverage.findings.tables import FEED, PERSON, PERSON_FINDING, PERSON_LINK, PERSON_VARIANT, ROLL_FINDING, VERDICT
from coverage.findings.workspace import NightWorkspace
from foundation.primitives.person_names import sort_key

PERSON_FINDERS = (
    "gaps/uninsured",
    "gaps/whereabouts",
    "gaps/newly_poor",
    "gaps/turning_60",
    "gaps/turning_16",
    "gaps/paused",
    "gaps/lapsed",
    "gaps/identity",
)
FEED_FINDERS = ("gaps/data_stale",)


def find_gaps(workspace: NightWorkspace) -> pa.Table:
    """Return one row a subject and kind of gap open after this night, with its name, place and evidence, as FOUND."""
    with workspace.connect(
        VERDICT, PERSON, PERSON_VARIANT, PERSON_LINK, PERSON_FINDING, ROLL_FINDING, FEED
    ) as database:
        database.execute(f"CREATE TEMP VIEW person_gap AS {union_statements(PERSON_FINDERS)}")
        database.execute(f"CREATE TEMP VIEW feed_gap AS {union_statements(FEED_FINDERS)}")
        database.execute(f"CREATE TEMP VIEW roll_line_gap AS {read_statement('gaps/roll_lines')}")
        values = {"feed_subject": FEED_SUBJECT}
        rows = database.sql(read_statement("gather_gaps"), params=values).to_arrow_table()
    return _with_pinyin(rows).select(FOUND.names)


def _with_pinyin(rows: pa.Table) -> pa.Table:
    known = rows["subject_pinyin"].to_pylist()
    written = rows["subject_name"].to_pylist()
    pinyin = [have or sort_key(name)[:200] for have, name in zip(known, written, strict=True)]
    position = rows.column_names.index("subject_pinyin")
    return rows.set_column(position, "subject_pinyin", pa.array(pinyin, pa.string()))
