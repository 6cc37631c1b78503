"""Exports for checking and for departments: one statement each, as believed by the last night of a month.

Every export states a purpose and is entered in the register of disclosures. Files are written with mode 0600.
"""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from django.db import connection, transaction

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit import legal_basis
from foundation.audit.services import record_disclosure
from foundation.jobs.long_work import RunState
from foundation.primitives.bulk import whole_tables
from foundation.primitives.clock import now
from foundation.primitives.errors import NotFound
from foundation.primitives.periods import add_months
from foundation.regions.models import Unit
from nightly.models import NightRun
from portal.reports.columns import EXPORTED, Population, UnitBasis
from portal.reports.e1 import Asked, get_table
from registry.comparison.months import list_month_changes
from registry.constants import PERSON_FEEDS

_BELIEVED = "{0}.county_id = %(county)s AND {0}.recorded_at <= %(at)s AND ({0}.superseded_at IS NULL OR {0}.superseded_at > %(at)s)"
_ROWS = """
    (SELECT r.delivery_id, r.sheet, r.row, r.member, coalesce(a.canonical_id, r.person_id) AS person_id
     FROM registry_deliveredrow r LEFT JOIN person_alias_at(%(at)s) a ON a.person_id = r.person_id
     WHERE r.delivery_id = ANY(%(deliveries)s)) r JOIN registry_delivery d ON d.id = r.delivery_id
"""
_OF_MONTH = (
    "d.county_id = %(county)s AND d.state = 'applied' AND d.as_of_date >= %(month)s AND d.as_of_date < %(next_month)s"
)
_ADDRESS = (
    "d.feed, d.file_name AS file, r.sheet, r.row, CASE WHEN d.feed = 'dibao' THEN r.member::text ELSE '' END AS member"
)

STATEMENTS = {
    "links": f"""
        SELECT {_ADDRESS}, l.scheme, l.roll_no, f.file_name AS roll_file, l.part AS roll_part, l.line AS roll_line, l.rule, l.action,
            l.score, l.comparison_vector AS field_verdicts
        FROM coverage_link l JOIN {_ROWS} ON r.person_id = l.person_id JOIN registry_delivery f ON f.id = l.delivery_id
        WHERE {_BELIEVED.format("l")}
        ORDER BY d.feed, d.file_name, r.sheet, r.row, r.member, l.scheme, l.roll_no, l.line
    """,
    "verdicts": f"""
        SELECT {_ADDRESS}, r.person_id, v.verdict, v.e1_column, v.desk_reason
        FROM coverage_coverageverdict v JOIN {_ROWS} ON r.person_id = v.person_id
        WHERE {_BELIEVED.format("v")}
        ORDER BY d.feed, d.file_name, r.sheet, r.row, r.member
    """,
    "gaps": f"""
        SELECT {_ADDRESS}, g.person_id, g.kind, g.reason
        FROM casework_gap g JOIN {_ROWS} ON r.person_id = g.person_id
        WHERE g.county_id = %(county)s AND g.opened_at <= %(at)s AND (g.closed_at IS NULL OR g.closed_at > %(at)s)
        ORDER BY d.feed, d.file_name, r.sheet, r.row, r.member, g.kind
    """,
    "roll_findings": f"""
        SELECT f.scheme, f.roll_no, f.kind, f.evidence_class
        FROM coverage_finding f WHERE {_BELIEVED.format("f")} AND f.roll_no <> ''
        ORDER BY f.scheme, f.roll_no, f.kind
    """,
    "problems": f"""
        SELECT d.file_name AS file, p.sheet, p.row, p.reason, p.action
        FROM registry_deliveryproblem p JOIN registry_delivery d ON d.id = p.delivery_id
        WHERE {_OF_MONTH}
        ORDER BY d.feed, d.file_name, p.sheet, p.row, p.member, p.reason
    """,
    "persons": f"""
        WITH canonical AS (
            SELECT p.id, coalesce(a.canonical_id, p.id) AS person_id
            FROM registry_person p LEFT JOIN person_alias_at(now()) a ON a.person_id = p.id WHERE p.county_id = %(county)s
        ), category AS (
            SELECT c.person_id, string_agg(DISTINCT concat_ws(':', g.kind, nullif(g.status, ''), nullif(g.settlement, '')), ';'
                ORDER BY concat_ws(':', g.kind, nullif(g.status, ''), nullif(g.settlement, ''))) AS categories
            FROM registry_designation g JOIN canonical c ON c.id = g.person_id
            WHERE g.county_id = %(county)s AND g.superseded_at IS NULL AND g.valid_from < %(next_month)s
              AND (g.valid_to IS NULL OR g.valid_to >= %(next_month)s
                   OR g.valid_to > (SELECT max(d.as_of_date) FROM registry_delivery d WHERE {_OF_MONTH} AND d.feed = g.kind))
            GROUP BY c.person_id
        )
        SELECT {_ADDRESS}, c.person_id, p.name, coalesce(k.categories, '') AS categories
        FROM registry_deliveredrow r
        JOIN registry_delivery d ON d.id = r.delivery_id
        JOIN canonical c ON c.id = r.person_id
        JOIN registry_person p ON p.id = c.person_id
        LEFT JOIN category k ON k.person_id = c.person_id
        WHERE {_OF_MONTH}
        ORDER BY d.feed, d.file_name, r.sheet, r.row, r.member
    """,
    "merge_candidates": """
        SELECT m.person_a_id AS person_id_a, m.person_b_id AS person_id_b, m.reason
        FROM registry_mergeproposal m WHERE m.county_id = %(county)s AND m.state = 'open'
        ORDER BY m.person_a_id, m.person_b_id
    """,
}
_CODES_AT = "county_id = %(county)s AND recorded_at <= {0} AND (superseded_at IS NULL OR superseded_at > {0})"
_VERDICT_CHANGES = f"""
    WITH earlier AS (
        SELECT DISTINCT ON (person_id) coalesce(a.canonical_id, v.person_id) AS person_id, v.verdict
        FROM coverage_coverageverdict v LEFT JOIN person_alias_at(%(at)s) a ON a.person_id = v.person_id
        WHERE {_CODES_AT.format("%(before)s")} ORDER BY 1, a.canonical_id NULLS FIRST
    ), later AS (
        SELECT person_id, verdict FROM coverage_coverageverdict WHERE {_CODES_AT.format("%(at)s")}
    ), moved AS (
        SELECT person_id, coalesce(e.verdict, '') AS was, coalesce(l.verdict, '') AS now
        FROM earlier e FULL JOIN later l USING (person_id) WHERE e.verdict IS DISTINCT FROM l.verdict
    ), listed AS (
        SELECT r.*, coalesce(a.canonical_id, r.person_id) AS whose
        FROM registry_deliveredrow r LEFT JOIN person_alias_at(%(at)s) a ON a.person_id = r.person_id
        WHERE r.delivery_id = ANY(%(deliveries)s) OR r.delivery_id = ANY(%(deliveries_before)s)
    )
    SELECT {_ADDRESS}, m.person_id, m.was, m.now
    FROM moved m JOIN listed r ON r.whose = m.person_id JOIN registry_delivery d ON d.id = r.delivery_id
    WHERE d.id = ANY(CASE WHEN m.now = '' THEN %(deliveries_before)s ELSE %(deliveries)s END)
    ORDER BY d.feed, d.file_name, r.sheet, r.row, r.member
"""
"""Persons whose code differs from that of the last night of the month before; who left the lists stands with their old lines."""

E1, CHANGES, VERDICT_CHANGES = "e1", "changes", "verdict_changes"
NAMES = sorted([*STATEMENTS, E1, CHANGES, VERDICT_CHANGES])
WITHOUT_NIGHT = frozenset({"problems", "persons", "merge_candidates"})
"""What is read from the files as they were applied; the rest is what a night believed."""


@dataclass(frozen=True)
class Exported:
    """What was written: where, with how many rows."""

    path: Path
    rows: int


@dataclass(frozen=True)
class TableOf:
    """Which statutory table `e1` writes: who is counted, and where."""

    population: Population = Population.POVERTY_FILE
    basis: UnitBasis = UnitBasis.FILE


@transaction.atomic
def export(
    *, actor: Actor, name: str, county: Unit, month: date, out: Path, purpose: str, table: TableOf | None = None
) -> Exported:
    """Write one export as csv (UTF-8 with a header line).

    Effects: the file, beside its place first and renamed; one Disclosure. Errors: NotAllowed; NotFound when no night of the
    month is done.
    """
    actor.demand(Action.EXPORT_DATA)
    unfinished = out.with_name(out.name + ".unfinished")
    out.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        if name == E1:
            rows = _write_table(target, actor, county, month, table or TableOf())
        elif name == CHANGES:
            rows = _write_changes(target, county, month)
        elif name == VERDICT_CHANGES:
            rows = _copy(target, _VERDICT_CHANGES, {"county": county.pk, **_two_nights(county, month)})
        else:
            rows = _copy_statement(target, name, county, month)
    with unfinished.open(encoding="utf-8") as written:
        fields = written.readline().strip().split(",")
    record_disclosure(
        actor=actor,
        recipient=f"file {name}",
        purpose=purpose,
        legal_basis=legal_basis.EXPORT,
        fields=fields,
        row_count=rows,
    )
    unfinished.replace(out)
    return Exported(out, rows)


def _copy_statement(target: BinaryIO, name: str, county: Unit, month: date) -> int:
    values = {
        "county": county.pk,
        "month": month,
        "next_month": add_months(month, 1),
        **_night_values(name, county, month),
    }
    return _copy(target, STATEMENTS[name], values)


def _copy(target: BinaryIO, select: str, values: dict[str, object]) -> int:
    with connection.cursor() as cursor, whole_tables(cursor):
        statement = cursor.mogrify(f"COPY ({select}) TO STDOUT WITH (FORMAT csv, HEADER)", values)
        cursor.copy_expert(statement.decode("utf-8"), target)
        return int(cursor.rowcount)


def _write_table(target: BinaryIO, actor: Actor, county: Unit, month: date, wanted: TableOf) -> int:
    """Write the statutory table: the county and each township in which somebody is counted, by code of 6 or 9 digits."""
    day = last_night(county, month).as_of_date
    table = get_table(actor=actor, asked=Asked(county, day, wanted.population, wanted.basis))
    towns = [line for line in table.parts if line.code and line.counts["1_registered"]]
    units = {county.code[:6]: table.total, **{line.code[:9]: line for line in towns}}
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["month", "scope", "unit", *EXPORTED])
    for unit, line in units.items():
        rows.writerow([f"{month:%Y-%m}", wanted.population.value, unit, *(line.counts[name] for name in EXPORTED)])
    text.detach()
    return len(units)


def _write_changes(target: BinaryIO, county: Unit, month: date) -> int:
    """Write what the month's lists and rolls say otherwise than those before them."""
    changes = list_month_changes(county, month=month, next_month=add_months(month, 1), at=now())
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(changes.column_names)
    for batch in changes.to_batches():
        rows.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))
    text.detach()
    return int(changes.num_rows)


def _night_values(name: str, county: Unit, month: date) -> dict[str, object]:
    if name in WITHOUT_NIGHT:
        return {}
    night = last_night(county, month)
    return {"at": night.finished_at, "deliveries": _lists_of(night)}


def _two_nights(county: Unit, month: date) -> dict[str, object]:
    """The values of a month's last night and of the last one of the month before."""
    night, before = last_night(county, month), last_night(county, add_months(month, -1))
    return {
        "at": night.finished_at,
        "deliveries": _lists_of(night),
        "before": before.finished_at,
        "deliveries_before": _lists_of(before),
    }


def _lists_of(night: NightRun) -> list[int]:
    return [entry["delivery"] for feed in PERSON_FEEDS for entry in night.inputs.get(feed, [])]


def last_night(county: Unit, month: date) -> NightRun:
    """Return the county's last finished night as of a day in the month.

    Errors: NotFound.
    """
    night = (
        NightRun.objects.filter(
            county=county, state=RunState.DONE, as_of_date__gte=month, as_of_date__lt=add_months(month, 1)
        )
        .order_by("-finished_at")
        .first()
    )
    if night is None:
        raise NotFound(
            f"No finished night of {county.code[:6]} as of a day in {month:%Y-%m}; run one first.", code="no_night"
        )
    return night
