"""A night's results become current, in the caller's transaction: rows that changed are superseded, unchanged rows are kept.

Run again with the same results it changes nothing. Called by the night's last step, before casework moves the gaps.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db.backends.utils import CursorWrapper

from casework.services.opening_gaps import KEPT_OPEN
from coverage.constants import GAP_FEEDS, LIST_FEEDS, MODEL_VERSION, UNINSURED_KINDS, VERDICT_FEEDS
from coverage.findings.freshness import FRESH
from coverage.findings.tables import FEED, PERSON_FINDING, PERSON_LINK, ROLL_FINDING, VERDICT
from coverage.findings.workspace import NightWorkspace
from foundation.primitives.bulk import copy_into, copy_out
from foundation.regions.models import Unit

_LIST_KEPT_OPEN = (Path(__file__).parent / "sql" / "list_kept_open.sql").read_text("utf-8")
EXPLANATION = ("score", "model_version")
"""Columns a new model changes: an unchanged link keeps those it was explained with."""


@dataclass(frozen=True)
class ResultTable:
    """One table of results: its columns as a night writes them, and what makes two rows the same subject."""

    name: str
    columns: tuple[str, ...]
    same_subject: str = "coalesce(old.person_id, 0) = coalesce(new.person_id, 0)"

    @property
    def staged(self) -> str:
        """The temporary table that holds what the night found."""
        return f"new_{self.name}"

    @property
    def compared(self) -> str:
        """The condition that an old and a new row are equal."""
        compared = [column for column in self.columns if column not in EXPLANATION]
        old, new = (f"({', '.join(f'{side}.{column}' for column in compared)})" for side in ("old", "new"))
        return f"{self.same_subject} AND {old} IS NOT DISTINCT FROM {new}"


LINKS = ResultTable(
    "coverage_link",
    (
        "person_id", "scheme", "roll_no", "delivery_id", "part", "line", "rule", "action", "comparison_vector", "changed", "score",
        "model_version", "status",
    ),
)  # fmt: skip
FINDINGS = ResultTable(
    "coverage_finding",
    ("person_id", "scheme", "roll_no", "kind", "evidence_class", "evidence"),
    "coalesce(old.person_id, 0) = coalesce(new.person_id, 0) AND old.roll_no = new.roll_no AND old.kind = new.kind",
)
VERDICTS = ResultTable(
    "coverage_coverageverdict",
    (
        "person_id", "verdict", "e1_column", "desk_reason", "in_poverty_file", "in_three_categories", "due_to_draw", "drawing",
        "pay_target", "out_of_province", "by_portal", "file_unit_id", "hukou_unit_id", "categories", "birth_date", "sex",
        "oldest_feed_date",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class PublishedNight:
    """Identifies what is published: the run, its county, its day, the moment, and the oldest day of the feeds it rests on."""

    run_id: int
    county: Unit
    as_of: date
    at: datetime
    oldest_feed_date: date


def publish_results(cursor: CursorWrapper, night: PublishedNight, workspace: NightWorkspace) -> dict[str, Any]:
    """Make links, findings and codes of a night current.

    Effects: supersedes and inserts results. Returns of the board: verdicts counted, codes changed from -> to.
    """
    tables = {LINKS: _links(workspace), FINDINGS: _findings(workspace), VERDICTS: _verdicts(night, workspace)}
    for table, rows in tables.items():
        _stage(cursor, table, rows)
    changed = _changed_codes(cursor, night)
    for table in tables:
        _make_current(cursor, table, night)
    return {"verdicts": _counted(cursor, night), "changed": changed}


def list_kept_open(cursor: CursorWrapper, night: PublishedNight, workspace: NightWorkspace) -> pa.Table:
    """List the open gaps this night may not close, with the feeds, too old or withdrawn, that their closing rests on.

    Shape: casework's KEPT_OPEN. Called after publish_results: the rule reads the codes it made current.
    """
    weak = [row["feed"] for row in workspace.read(FEED).to_pylist() if row["state"] != FRESH]
    if not weak:
        return KEPT_OPEN.empty_table()
    kinds = [
        {"kind": kind.value, "feeds": list(feeds), "by_code": kind in UNINSURED_KINDS}
        for kind, feeds in GAP_FEEDS.items()
    ]
    codes = [{"verdict": verdict.value, "feeds": list(feeds)} for verdict, feeds in VERDICT_FEEDS.items()]
    values = {"county": night.county.pk, "weak": weak, "lists": list(LIST_FEEDS)}
    values |= {"kinds": json.dumps(kinds), "codes": json.dumps(codes)}
    return copy_out(cursor, _LIST_KEPT_OPEN, KEPT_OPEN, values)


def _links(workspace: NightWorkspace) -> pa.Table:
    columns = [*LINKS.columns[:-2], f"{MODEL_VERSION} AS model_version", "roll_status AS status"]
    with workspace.connect(PERSON_LINK) as database:
        return database.sql(f"SELECT {', '.join(columns)} FROM {PERSON_LINK}").to_arrow_table()


def _findings(workspace: NightWorkspace) -> pa.Table:
    """Return the findings on persons, and those on roll lines with the person whose line it is."""
    with workspace.connect(PERSON_FINDING, ROLL_FINDING) as database:
        return database.sql((Path(__file__).parent / "sql" / "join_findings.sql").read_text("utf-8")).to_arrow_table()


def _verdicts(night: PublishedNight, workspace: NightWorkspace) -> pa.Table:
    rows = workspace.read(VERDICT)
    return rows.append_column("oldest_feed_date", pa.array([night.oldest_feed_date] * rows.num_rows, pa.date32()))


def _stage(cursor: CursorWrapper, table: ResultTable, rows: pa.Table) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table.staged}")  # a caller's transaction may publish twice
    cursor.execute(
        f"CREATE TEMP TABLE {table.staged} ON COMMIT DROP AS SELECT {', '.join(table.columns)} FROM {table.name} WITH NO DATA"
    )
    copy_into(cursor, table.staged, rows.select(list(table.columns)))
    cursor.execute(f"ANALYZE {table.staged}")


def _make_current(cursor: CursorWrapper, table: ResultTable, night: PublishedNight) -> None:
    """Supersede rows the night no longer finds, insert those it finds anew; equal rows keep their age."""
    values: dict[str, int | date | datetime] = {
        "county": night.county.pk,
        "at": night.at,
        "run": night.run_id,
        "day": night.as_of,
    }
    current = "old.county_id = %(county)s AND old.superseded_at IS NULL"
    cursor.execute(
        f"UPDATE {table.name} old SET superseded_at = %(at)s WHERE {current} AND NOT EXISTS "
        f"(SELECT 1 FROM {table.staged} new WHERE {table.compared})",
        values,
    )
    cursor.execute(
        f"INSERT INTO {table.name} ({', '.join(table.columns)}, county_id, night_id, as_of_date, recorded_at) "
        f"SELECT {', '.join(f'new.{column}' for column in table.columns)}, %(county)s, %(run)s, %(day)s, %(at)s "
        f"FROM {table.staged} new WHERE NOT EXISTS (SELECT 1 FROM {table.name} old WHERE {current} AND {table.compared})",
        values,
    )


def _changed_codes(cursor: CursorWrapper, night: PublishedNight) -> list[dict[str, Any]]:
    cursor.execute(
        f"""
        SELECT coalesce(old.verdict, '') AS was, coalesce(new.verdict, '') AS now, count(*)
        FROM (SELECT person_id, verdict FROM {VERDICTS.name} WHERE county_id = %s AND superseded_at IS NULL) old
        FULL JOIN {VERDICTS.staged} new USING (person_id)
        WHERE old.verdict IS DISTINCT FROM new.verdict
        GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
        """,
        [night.county.pk],
    )
    return [{"was": was, "now": now, "persons": count} for was, now, count in cursor.fetchall()]


def _counted(cursor: CursorWrapper, night: PublishedNight) -> dict[str, int]:
    cursor.execute(
        f"SELECT verdict, count(*) FROM {VERDICTS.name} WHERE county_id = %s AND superseded_at IS NULL "
        "GROUP BY verdict ORDER BY verdict",
        [night.county.pk],
    )
    return dict(cursor.fetchall())
