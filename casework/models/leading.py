"""Which open gap of a subject is its gravest: kept with the gaps by the database, so that a list of subjects reads no other.

Worked off once a statement over the subjects whose gaps it opened or closed; a night's thousands are one update.
"""

from pathlib import Path

import pgtrigger

_MOVED = {
    pgtrigger.Insert: "SELECT person_id, county_id, scheme, roll_no FROM after",
    pgtrigger.Update: """
        SELECT after.person_id, after.county_id, after.scheme, after.roll_no FROM after JOIN before USING (id)
        WHERE (before.closed_at IS NULL) <> (after.closed_at IS NULL)
    """,
}
_APPOINT = (Path(__file__).parent / "sql" / "appoint_leading_gap.sql").read_text("utf-8")


def leading_gap_triggers() -> list[pgtrigger.Trigger]:
    """Return the triggers that keep `is_leading` true for the gravest open gap of each subject and for no other open one."""
    return [
        _appointing("leading_of_opened", pgtrigger.Insert, pgtrigger.Referencing(new="after")),  # type: ignore[no-untyped-call]
        _appointing("leading_of_moved", pgtrigger.Update, pgtrigger.Referencing(old="before", new="after")),  # type: ignore[no-untyped-call]
    ]


def _appointing(name: str, operation: pgtrigger.Operation, referencing: pgtrigger.Referencing) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=referencing,
        func=_APPOINT.format(moved=_MOVED[operation]),
    )
