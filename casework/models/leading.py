"""Which open gap of a subject is its gravest: kept with the gaps by the database, so that a list of subjects reads no other.

Worked off once a statement over the subjects whose gaps it opened or closed; a night's thousands are one update.
"""

import pgtrigger

_MOVED = {
    pgtrigger.Insert: "SELECT person_id, county_id, scheme, roll_no FROM after",
    pgtrigger.Update: """
        SELECT after.person_id, after.county_id, after.scheme, after.roll_no FROM after JOIN before USING (id)
        WHERE (before.closed_at IS NULL) <> (after.closed_at IS NULL)
    """,
}
_APPOINT = """
IF NOT EXISTS ({moved}) THEN
    RETURN NULL;  -- also where the update below comes by again
END IF;
WITH moved AS (SELECT DISTINCT * FROM ({moved}) every), theirs AS (
    SELECT g.* FROM casework_gap g JOIN moved USING (person_id) WHERE g.closed_at IS NULL
    UNION ALL
    SELECT g.* FROM casework_gap g JOIN moved USING (county_id, scheme, roll_no)
    WHERE g.closed_at IS NULL AND g.person_id IS NULL AND moved.person_id IS NULL
), placed AS (
    SELECT id, is_leading, row_number() OVER (
        PARTITION BY coalesce(person_id, 0), county_id, scheme, roll_no ORDER BY rank, id) = 1 AS is_first
    FROM theirs
)  -- as an array: joined, thousands of new gaps are held against thousands one by one while nothing is known of their number
UPDATE casework_gap SET is_leading = NOT is_leading
WHERE id = ANY (ARRAY(SELECT id FROM placed WHERE is_leading <> is_first));
RETURN NULL;
"""


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
