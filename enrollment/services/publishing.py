"""A night's results become what is believed, in one transaction: what changed is superseded, what stayed is left alone.

Run again with the same results it changes nothing. Called by the night's last step only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from enrollment.casework.routing import route_cases
from enrollment.constants import GAP_FEEDS, LIST_FEEDS, MODEL_VERSION, UNINSURED_KINDS, VERDICT_FEEDS, Desk, GapKind
from enrollment.coverage.freshness import FRESH
from enrollment.coverage.inputs import Inputs
from enrollment.coverage.workspace import Workspace
from enrollment.models import WorkChange
from poverty_pension.policy.selectors import get_parameters
from poverty_pension.policy.working_days import CalendarMissing, add_working_days
from poverty_pension.primitives.bulk import copy_into
from poverty_pension.regions.models import Unit

BELIEFS = {
    "link": (
        "person_id",
        "scheme",
        "roll_no",
        "delivery_id",
        "part",
        "line",
        "rule",
        "action",
        "field_verdicts",
        "changed",
        "score",
        "model_version",
        "status",
    ),
    "finding": ("person_id", "scheme", "roll_no", "kind", "evidence_class", "evidence"),
    "coverageverdict": (
        "person_id",
        "verdict",
        "e1_column",
        "desk_reason",
        "in_poverty_file",
        "in_three_categories",
        "due_to_draw",
        "drawing",
        "pay_target",
        "out_of_province",
        "file_unit_id",
        "hukou_unit_id",
        "categories",
        "birth_date",
        "sex",
        "oldest_feed_date",
    ),
}
CHANGES_ARE_KEPT = timedelta(days=1)
EXPLANATION = ("score", "model_version")
"""Columns a new model changes: a link that stays keeps those it was explained with."""


@dataclass(frozen=True)
class Night:
    """Who publishes: the run, its county, its day, the moment."""

    run_id: int
    county: Unit
    as_of: date
    at: datetime
    oldest_feed_date: date


@transaction.atomic
def publish(night: Night, workspace: Workspace) -> dict[str, Any]:
    """Publish links, findings, codes, gaps and the cases that follow from them.

    Effects: supersedes and inserts beliefs, opens and closes gaps, opens, routes and resolves cases, under the county's lock;
    nothing half published.
    Returns the board: verdicts counted, codes changed from -> to, gaps opened, closed and open by kind, cases by verb.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('publish'), %s)", [night.county.pk])
        tables = {
            "link": _links(workspace),
            "finding": _findings(workspace),
            "coverageverdict": _verdicts(night, workspace),
        }
        for name, rows in tables.items():
            _stage(cursor, f"enrollment_{name}", rows)
        changed = _changed_codes(cursor, night)
        for name in tables:
            _believe(cursor, name, night)
        gaps = _move_gaps(cursor, night, workspace)
        cases = route_cases(cursor, county=night.county, day=night.as_of, at=night.at)
        WorkChange.objects.of_the_past(night.county, before=night.at - CHANGES_ARE_KEPT).delete()
        return {"verdicts": _counted(cursor, night), "changed": changed, **gaps, "cases": cases}


def _links(workspace: Workspace) -> pa.Table:
    columns = [*BELIEFS["link"][:-2], f"{MODEL_VERSION} AS model_version", "roll_status AS status"]
    with workspace.connect("person_link") as database:
        return database.sql(f"SELECT {', '.join(columns)} FROM person_link").to_arrow_table()


def _findings(workspace: Workspace) -> pa.Table:
    """Findings on persons, and those on roll lines with the person whose line it is."""
    with workspace.connect("person_finding", "roll_finding") as database:
        return database.sql(
            """
            SELECT person_id, '' AS scheme, '' AS roll_no, kind, evidence_class,
                to_json({'value': value, 'facts': facts, 'lines': lines})::VARCHAR AS evidence
            FROM person_finding
            UNION ALL
            SELECT person_id, scheme, roll_no, kind, evidence_class,
                to_json({'value': reason, 'facts': facts, 'other': other_line,
                    'lines': [{'scheme': scheme, 'roll_no': roll_no, 'delivery': delivery_id, 'part': part, 'line': line,
                               'status': status}]})::VARCHAR
            FROM roll_finding
            """
        ).to_arrow_table()


def _verdicts(night: Night, workspace: Workspace) -> pa.Table:
    rows = workspace.read("verdict")
    return rows.append_column("oldest_feed_date", pa.array([night.oldest_feed_date] * rows.num_rows, pa.date32()))


def _stage(cursor: CursorWrapper, table: str, rows: pa.Table) -> None:
    columns = BELIEFS[table.removeprefix("enrollment_")]
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.new_{table}")  # a caller's transaction may publish twice
    cursor.execute(
        f"CREATE TEMP TABLE new_{table} ON COMMIT DROP AS SELECT {', '.join(columns)} FROM {table} WITH NO DATA"
    )
    copy_into(cursor, f"new_{table}", rows.select(list(columns)))
    cursor.execute(f"ANALYZE new_{table}")


def _believe(cursor: CursorWrapper, name: str, night: Night) -> None:
    """Supersede what the night no longer says, insert what it newly says; equal rows keep their age."""
    table, columns = f"enrollment_{name}", BELIEFS[name]
    news = ", ".join(f"new.{column}" for column in columns)
    compared = [column for column in columns if column not in EXPLANATION]
    same = " IS NOT DISTINCT FROM ".join(
        f"({', '.join(f'{side}.{column}' for column in compared)})" for side in ("old", "new")
    )
    joined = "coalesce(old.person_id, 0) = coalesce(new.person_id, 0)"
    joined += " AND old.roll_no = new.roll_no AND old.kind = new.kind" if name == "finding" else ""
    values: dict[str, int | date] = {"county": night.county.pk, "at": night.at, "run": night.run_id, "day": night.as_of}
    believed = "old.county_id = %(county)s AND old.superseded_at IS NULL"
    cursor.execute(
        f"UPDATE {table} old SET superseded_at = %(at)s WHERE {believed} AND NOT EXISTS "
        f"(SELECT 1 FROM new_{table} new WHERE {joined} AND {same})",
        values,
    )
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}, county_id, night_id, as_of_date, recorded_at) "
        f"SELECT {news}, %(county)s, %(run)s, %(day)s, %(at)s FROM new_{table} new "
        f"WHERE NOT EXISTS (SELECT 1 FROM {table} old WHERE {believed} AND {joined} AND {same})",
        values,
    )


def _changed_codes(cursor: CursorWrapper, night: Night) -> list[dict[str, Any]]:
    cursor.execute(
        """
        SELECT coalesce(old.verdict, '') AS was, coalesce(new.verdict, '') AS now, count(*)
        FROM (SELECT person_id, verdict FROM enrollment_coverageverdict WHERE county_id = %s AND superseded_at IS NULL) old
        FULL JOIN new_enrollment_coverageverdict new USING (person_id)
        WHERE old.verdict IS DISTINCT FROM new.verdict
        GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
        """,
        [night.county.pk],
    )
    return [{"was": was, "now": now, "persons": count} for was, now, count in cursor.fetchall()]


def _counted(cursor: CursorWrapper, night: Night) -> dict[str, int]:
    cursor.execute(
        "SELECT verdict, count(*) FROM enrollment_coverageverdict WHERE county_id = %s AND superseded_at IS NULL "
        "GROUP BY verdict ORDER BY verdict",
        [night.county.pk],
    )
    return dict(cursor.fetchall())


_GAPS = """
UPDATE new_gap n SET unit_id = found.id
FROM (
    SELECT DISTINCT ON (w.unit_code) w.unit_code, u.id
    FROM (SELECT DISTINCT unit_code FROM new_gap WHERE unit_code <> '') w
    JOIN regions_unit u ON u.code IN (rpad(w.unit_code, 12, '0'), rpad(left(w.unit_code, 9), 12, '0'), rpad(left(w.unit_code, 6), 12, '0'))
    JOIN regions_unit c ON c.id = %(county)s AND starts_with(u.path, c.path)
    WHERE u.valid_to IS NULL
    ORDER BY w.unit_code, u.level DESC
) found
WHERE found.unit_code = n.unit_code;
UPDATE new_gap SET unit_id = %(county)s WHERE unit_id IS NULL;

CREATE TEMP TABLE gone_gap ON COMMIT DROP AS
SELECT g.id, array_to_string(ARRAY(
    SELECT feed FROM weak_feed WHERE feed = ANY(
        CASE WHEN g.person_id IS NOT NULL AND v.person_id IS NULL THEN %(lists)s::text[] || k.feeds
             WHEN k.by_code AND coalesce(c.feeds, ARRAY[]::text[]) <> ARRAY[]::text[] THEN c.feeds
             ELSE k.feeds END) ORDER BY feed), ' ') AS held_by
FROM enrollment_gap g
JOIN gap_rests k ON k.kind = g.kind
LEFT JOIN new_enrollment_coverageverdict v ON v.person_id = g.person_id
LEFT JOIN code_rests c ON c.verdict = v.verdict
WHERE g.county_id = %(county)s AND g.closed_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM new_gap n WHERE n.kind = g.kind AND n.scheme = g.scheme AND n.roll_no = g.roll_no
    AND coalesce(n.person_id, 0) = coalesce(g.person_id, 0));
UPDATE enrollment_gap g SET held_by = coalesce(o.held_by, '')
FROM enrollment_gap every LEFT JOIN gone_gap o ON o.id = every.id
WHERE g.id = every.id AND g.county_id = %(county)s AND g.closed_at IS NULL AND g.held_by <> coalesce(o.held_by, '');
UPDATE enrollment_gap g SET closed_at = %(at)s, closed_on = %(day)s FROM gone_gap o WHERE o.id = g.id AND o.held_by = '';
UPDATE enrollment_gap g SET reason = n.reason, evidence_class = n.evidence_class, evidence = n.evidence::jsonb, unit_id = n.unit_id,
    subject_name = n.subject_name, subject_pinyin = n.subject_pinyin
FROM new_gap n
WHERE g.county_id = %(county)s AND g.closed_at IS NULL AND n.kind = g.kind AND n.scheme = g.scheme AND n.roll_no = g.roll_no
  AND coalesce(n.person_id, 0) = coalesce(g.person_id, 0)
  AND (g.reason, g.evidence_class, g.evidence, g.unit_id, g.subject_name)
      IS DISTINCT FROM (n.reason, n.evidence_class, n.evidence::jsonb, n.unit_id, n.subject_name);
INSERT INTO enrollment_gap (county_id, unit_id, person_id, scheme, roll_no, subject_name, subject_pinyin, kind, reason, rank,
        evidence_class, evidence, desk, due_on, opened_on, opened_at)
    SELECT %(county)s, n.unit_id, n.person_id, n.scheme, n.roll_no, n.subject_name, n.subject_pinyin, n.kind, n.reason, n.rank,
        n.evidence_class, n.evidence::jsonb, k.desk, k.due_on, %(day)s, %(at)s
    FROM new_gap n JOIN gap_rests k ON k.kind = n.kind WHERE NOT EXISTS (
        SELECT 1 FROM enrollment_gap g WHERE g.county_id = %(county)s AND g.closed_at IS NULL AND n.kind = g.kind
        AND n.scheme = g.scheme AND n.roll_no = g.roll_no AND coalesce(n.person_id, 0) = coalesce(g.person_id, 0))
    ORDER BY n.rank;
"""


def _move_gaps(cursor: CursorWrapper, night: Night, workspace: Workspace) -> dict[str, dict[str, int]]:
    """Open, keep or close gaps so that the open ones are the night's; a gap that stays keeps its age.

    A gap the night found no more stays open, and says why, while a feed that its closing rests on is stale or withdrawn.
    """
    cursor.execute(
        "DROP TABLE IF EXISTS pg_temp.new_gap; "
        "CREATE TEMP TABLE new_gap (person_id bigint, kind text, reason text, evidence_class text, scheme text, roll_no text, "
        "evidence text, rank int, subject_name text, subject_pinyin text, unit_id bigint, unit_code text) ON COMMIT DROP"
    )
    copy_into(cursor, "new_gap", workspace.read("gap"))
    _stage_kinds(cursor, night, workspace)
    cursor.execute("ANALYZE new_gap")
    cursor.execute(_GAPS, {"county": night.county.pk, "at": night.at, "day": night.as_of, "lists": list(LIST_FEEDS)})
    counted = "SELECT kind, count(*) FROM enrollment_gap WHERE county_id = %s AND {} GROUP BY kind ORDER BY min(rank)"
    board = {}
    for name, condition, values in (
        ("opened", "opened_at = %s", [night.at]),
        ("closed", "closed_at = %s", [night.at]),
        ("open", "closed_at IS NULL", []),
    ):
        cursor.execute(counted.format(condition), [night.county.pk, *values])
        board[name] = dict(cursor.fetchall())
    return board


def _routes(night: Night) -> dict[str, tuple[str, date | None]]:
    """Return kind -> the desk it goes to and the day it is due, by the region's rules. A missing calendar leaves no day."""
    rules = get_parameters(("gap_desk", "gap_due_working_days"), unit=night.county, on=night.as_of)
    desks, days = rules["gap_desk"].value or {}, rules["gap_due_working_days"].value or {}
    due = {number: _due_on(night, number) for number in set(days.values())}
    return {kind: (desks.get(kind, Desk.COUNTY.value), due.get(days.get(kind))) for kind in GapKind.values}


def _due_on(night: Night, working_days: int) -> date | None:
    try:
        return add_working_days(night.as_of, working_days, region=night.county)
    except CalendarMissing:  # the night of a year nobody announced yet: the gap is worked without a day
        return None


def _stage_kinds(cursor: CursorWrapper, night: Night, workspace: Workspace) -> None:
    """Stage the feeds that are not fresh, what each kind of gap and each code rests on, and each kind's desk and due day."""
    weak = [row["feed"] for row in workspace.read("feed").to_pylist() if row["state"] != FRESH]
    routes = _routes(night)
    kinds = [
        (kind.value, list(feeds), kind in UNINSURED_KINDS, *routes[kind.value]) for kind, feeds in GAP_FEEDS.items()
    ]
    codes = [(verdict.value, list(feeds)) for verdict, feeds in VERDICT_FEEDS.items()]
    cursor.execute(
        "DROP TABLE IF EXISTS pg_temp.weak_feed, pg_temp.gap_rests, pg_temp.code_rests, pg_temp.gone_gap; "
        "CREATE TEMP TABLE weak_feed (feed text) ON COMMIT DROP; "
        "CREATE TEMP TABLE gap_rests (kind text, feeds text[], by_code boolean, desk text, due_on date) ON COMMIT DROP; "
        "CREATE TEMP TABLE code_rests (verdict text, feeds text[]) ON COMMIT DROP"
    )
    for table, rows in (("weak_feed", [(feed,) for feed in weak]), ("gap_rests", kinds), ("code_rests", codes)):
        if rows:  # one statement each: the history of changes reads statements, and cannot read many at once
            values = ", ".join(f"({', '.join(['%s'] * len(row))})" for row in rows)
            cursor.execute(f"INSERT INTO {table} VALUES {values}", [value for row in rows for value in row])


def oldest_feed_date(inputs: Inputs, as_of: date) -> date:
    """Return the oldest day of the feeds a night rests on; the night's own day when nothing came."""
    days = [date.fromisoformat(entry["as_of"]) for entries in inputs.values() for entry in entries]
    return min(days, default=as_of)
