"""The night's hand on cases: what it opens, routes and resolves follows from the gaps it has just opened and closed.

One case a subject, at the desk of its gravest open gap, due on the nearest day of all of them. Called by publishing, inside
its transaction, after the gaps; run again over the same gaps it changes nothing. What people made of a case stays: the night
opens, routes, opens again what a newer gap concerns, and resolves what has no gap left; it gives and takes no open case.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

from foundation.accounts.permissions import SYSTEM_ROLE
from foundation.regions.models import Unit

OPEN, REOPEN, ROUTE, RESOLVE = "open_case", "reopen_case", "route_case", "resolve_case"

_WISH = """
CREATE TEMP TABLE planned_move ON COMMIT DROP AS
WITH wanted AS (
    SELECT coalesce(person_id, 0) AS whose, scheme, roll_no, min(due_on) AS due_on, max(opened_at) AS newest_at,
        (array_agg(id ORDER BY rank, id))[1] AS gap_id
    FROM casework_gap WHERE county_id = %(county)s AND closed_at IS NULL GROUP BY 1, 2, 3
), known AS (
    SELECT id, coalesce(person_id, 0) AS whose, scheme, roll_no, unit_id, state, desk, due_on, closed_at
    FROM casework_case WHERE county_id = %(county)s
), gone AS (
    SELECT DISTINCT coalesce(person_id, 0) AS whose, scheme, roll_no
    FROM casework_gap WHERE county_id = %(county)s AND closed_at = %(at)s
), judged AS (
    SELECT c.id AS case_id, c.state, w.gap_id, w.due_on, CASE
        WHEN c.id IS NULL THEN %(open)s
        WHEN w.gap_id IS NULL AND c.closed_at IS NULL AND gone.whose IS NOT NULL THEN %(resolve)s
        WHEN w.gap_id IS NOT NULL AND (c.state = 'resolved' OR w.newest_at > c.closed_at) THEN %(reopen)s
        WHEN w.gap_id IS NOT NULL AND c.closed_at IS NULL
            AND (c.desk, c.due_on, c.unit_id) IS DISTINCT FROM (g.desk, w.due_on, g.unit_id) THEN %(route)s
        END AS verb
    FROM wanted w
    FULL JOIN known c USING (whose, scheme, roll_no)
    LEFT JOIN gone USING (whose, scheme, roll_no)
    LEFT JOIN casework_gap g ON g.id = w.gap_id
)
SELECT * FROM judged WHERE verb IS NOT NULL
"""
"""What the night wants of each case; those it leaves alone are not in it."""

_LOCK = """
SELECT count(*) FROM (
    SELECT id FROM casework_case WHERE id IN (SELECT case_id FROM planned_move) ORDER BY id FOR UPDATE
) locked
"""
"""In the order in which clerks lock them, too."""

_TELL = """
told AS (
    INSERT INTO casework_caseevent (case_id, at, actor_name, actor_role, verb, state_before, state_after, note, detail)
    SELECT id, %(at)s, %(role)s, %(role)s, verb, before, after, '',
        jsonb_strip_nulls(jsonb_build_object('day', %(day)s::date, 'desk', desk, 'kind', kind, 'due_on', due_on))
    FROM moved ORDER BY id
    RETURNING verb
)
SELECT verb, count(*) FROM told GROUP BY verb
"""

_OPEN = f"""
WITH opened AS (
    INSERT INTO casework_case
        (county_id, unit_id, person_id, scheme, roll_no, state, close_reason, desk, due_on, opened_at)
    SELECT g.county_id, g.unit_id, g.person_id, g.scheme, g.roll_no, 'open', '', g.desk, w.due_on, %(at)s
    FROM planned_move w JOIN casework_gap g ON g.id = w.gap_id WHERE w.verb = %(open)s ORDER BY g.rank, g.id
    ON CONFLICT DO NOTHING
    RETURNING id, coalesce(person_id, 0) AS whose, scheme, roll_no, state, desk, due_on
), moved AS (
    SELECT o.id, w.verb, '' AS before, o.state AS after, o.desk, g.kind, o.due_on
    FROM planned_move w JOIN casework_gap g ON g.id = w.gap_id
    JOIN opened o ON o.whose = coalesce(g.person_id, 0) AND o.scheme = g.scheme AND o.roll_no = g.roll_no
), {_TELL}
"""
"""A clerk who opened the same case a moment before keeps it; the next night routes it."""

_MOVE = f"""
WITH changed AS (
    UPDATE casework_case c SET
        state = CASE w.verb WHEN %(resolve)s THEN 'resolved' WHEN %(reopen)s THEN 'reopened' ELSE c.state END,
        closed_at = CASE w.verb WHEN %(resolve)s THEN %(at)s::timestamptz END,
        close_reason = '',
        owner_id = CASE w.verb WHEN %(reopen)s THEN NULL ELSE c.owner_id END,
        unit_id = CASE w.verb WHEN %(resolve)s THEN c.unit_id ELSE g.unit_id END,
        desk = CASE w.verb WHEN %(resolve)s THEN c.desk ELSE g.desk END,
        due_on = CASE w.verb WHEN %(resolve)s THEN c.due_on ELSE w.due_on END
    FROM planned_move w LEFT JOIN casework_gap g ON g.id = w.gap_id
    WHERE c.id = w.case_id AND c.state = w.state
    RETURNING c.id, w.verb, w.state AS before, c.state AS after, c.desk, g.kind, c.due_on
), moved AS (
    SELECT id, verb, before, after, CASE WHEN kind IS NOT NULL THEN desk END AS desk, kind,
        CASE WHEN kind IS NOT NULL THEN due_on END AS due_on
    FROM changed
), {_TELL}
"""
"""A case somebody moved since it was looked at keeps what they made of it."""


def route_cases(cursor: CursorWrapper, *, county: Unit, day: date, at: datetime) -> dict[str, int]:
    """Open, route, open again and resolve the county's cases after the gaps of a night; return how many by verb.

    Effects: cases and their stories.
    Cost: the same statements whatever the gaps; 50,000 new cases take 6.7 s, 57,000 looked at without a change 0.6 s.
    """
    words: dict[str, Any] = {"county": county.pk, "at": at, "day": day, "role": SYSTEM_ROLE}
    words |= {"open": OPEN, "reopen": REOPEN, "route": ROUTE, "resolve": RESOLVE}
    cursor.execute("DROP TABLE IF EXISTS pg_temp.planned_move")  # a caller's transaction may publish twice
    for statement in (_WISH, "ANALYZE planned_move", _LOCK):
        cursor.execute(statement, words)
    counts: dict[str, int] = {}
    for statement in (_OPEN, _MOVE):
        cursor.execute(statement, words)
        counts.update(cursor.fetchall())
    return counts
