"""Writing one export as a csv file, entered with its purpose in the register of disclosures. Files have mode 0600."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from django.db import connection, transaction

from enrollment.constants import ApplicationKind
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit import legal_basis
from foundation.audit.services import record_disclosure
from foundation.primitives.bulk import whole_tables
from foundation.primitives.clock import now
from foundation.primitives.csv_cells import safe_cell_sql, write_csv
from foundation.primitives.periods import add_months
from foundation.regions.models import Unit
from payments.selectors.batches import get_latest_plan
from portal.exports.eligibility import TESTED_COLUMNS, list_tested_lines
from portal.exports.nights import compared_values, get_last_night, night_values
from portal.exports.roll_numbers import write_as_sent
from portal.exports.status_words import sender_words, to_sender_words
from portal.reports.columns import EXPORTED, Population, UnitBasis
from portal.reports.e1 import Asked, get_table
from registry.comparison.months import list_month_changes
from registry.constants import PERSON_FEEDS

_SQL = Path(__file__).parent / "sql"
OF_NIGHT = ("links", "verdicts", "gaps", "roll_findings")
"""Exports of what was current at the end of a month's last night."""
OF_FILES = ("problems", "persons", "merge_candidates")
"""Exports of the files as they were applied; no night is needed."""
E1, CHANGES, VERDICT_CHANGES = "e1", "changes", "verdict_changes"
ELIGIBILITY, APPLICATIONS = "eligibility", "applications"
CONTRIBUTION_PLAN = "contribution_plan"
WITH_ROLL_NUMBERS = ("links", "roll_findings")
"""Exports of lines of rolls: whoever states a purpose gets their numbers as the department sent them."""
_STATUSES = ("old", "new")
"""Columns of the changes export that contain statuses of a list, beside other values."""
TEXT_TYPES = frozenset({25, 1042, 1043})
"""The types text, char and varchar as PostgreSQL numbers them."""
OF_MONTH = (*OF_NIGHT, *OF_FILES, E1, CHANGES, VERDICT_CHANGES)
"""Exports of one month."""
NAMES = sorted([*OF_MONTH, ELIGIBILITY, APPLICATIONS])


@dataclass(frozen=True)
class ExportedFile:
    """What was written: where, with how many rows."""

    path: Path
    rows: int


@dataclass(frozen=True)
class TableChoice:
    """Which statutory table `e1` writes: who is counted, and where."""

    population: Population = Population.POVERTY_FILE
    basis: UnitBasis = UnitBasis.FILE


@transaction.atomic
def export(
    *, actor: Actor, name: str, county: Unit, month: date, out: Path, purpose: str, table: TableChoice | None = None
) -> ExportedFile:
    """Write one export as csv (UTF-8 with a header line).

    Effects: the file, first written under another name and then renamed; one Disclosure. Errors: NotAllowed; NotFound when no
    night of the month is done.
    """
    with disclosed_file(actor=actor, name=name, out=out, purpose=purpose) as file:
        if name == E1:
            file.rows = _write_table(file.target, actor, county, month, table or TableChoice())
        elif name == CHANGES:
            file.rows = _write_changes(file.target, county, month)
        else:
            file.rows = _copy_statement(file.target, name, _statement_values(name, county, month))
        if name in WITH_ROLL_NUMBERS:
            file.target.flush()
            write_as_sent(file.path, get_last_night(county, month))
    return ExportedFile(out, file.rows)


@transaction.atomic
def export_eligibility(
    *, actor: Actor, county: Unit, kind: ApplicationKind, day: date, out: Path, purpose: str
) -> ExportedFile:
    """Write what the conditions of a kind come to on a day for everybody with an open gap the kind answers, line by delivered line.

    Effects and errors as export; NotFound also when no night is as of the day or before. Errors: ParameterMissing.
    """
    actor.demand(Action.EXPORT_DATA)
    lines = list_tested_lines(county=county, kind=kind, day=day)
    with disclosed_file(actor=actor, name=ELIGIBILITY, out=out, purpose=purpose) as file:
        text = io.TextIOWrapper(file.target, encoding="utf-8", newline="", write_through=True)
        write_csv(text, [TESTED_COLUMNS, *lines], line_end="\n")
        text.detach()
        file.rows = len(lines)
    return ExportedFile(out, file.rows)


@transaction.atomic
def export_applications(*, actor: Actor, county: Unit, out: Path, purpose: str) -> ExportedFile:
    """Write the county's applications in the order in which they were begun, one line each. Effects and errors as export."""
    with disclosed_file(actor=actor, name=APPLICATIONS, out=out, purpose=purpose) as file:
        file.rows = _copy_statement(file.target, APPLICATIONS, {"county": county.pk})
    return ExportedFile(out, file.rows)


@transaction.atomic
def export_contribution_plan(*, actor: Actor, county: Unit, year: int, out: Path, purpose: str) -> ExportedFile:
    """Write the plan of a year, line by delivered line; the amount of a person stands on one line. Effects and errors as export.

    Errors: BadInput when the plan was never computed.
    """
    plan = get_latest_plan(county, year)
    values = {"county": county.pk, "year": year, "known": now(), "lists": json.dumps(plan.lists)}
    with disclosed_file(actor=actor, name=CONTRIBUTION_PLAN, out=out, purpose=purpose) as file:
        file.rows = _copy_statement(file.target, CONTRIBUTION_PLAN, values)
    return ExportedFile(out, file.rows)


@dataclass
class UnfinishedFile:
    """A file being written under another name; `rows` is set by whoever writes it."""

    path: Path
    target: BinaryIO
    rows: int = 0


@contextmanager
def disclosed_file(*, actor: Actor, name: str, out: Path, purpose: str) -> Iterator[UnfinishedFile]:
    """Write a csv file of mode 0600 that appears under its name when it is whole, and enter it in the register of disclosures.

    Errors: NotAllowed.
    """
    actor.demand(Action.EXPORT_DATA)
    unfinished = out.with_name(out.name + ".unfinished")
    out.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        file = UnfinishedFile(unfinished, target)
        yield file
    with unfinished.open(encoding="utf-8") as written:
        fields = written.readline().strip().split(",")
    record_disclosure(
        actor=actor,
        recipient=f"file {name}",
        purpose=purpose,
        legal_basis=legal_basis.EXPORT,
        fields=fields,
        row_count=file.rows,
    )
    unfinished.replace(out)


def _statement_values(name: str, county: Unit, month: date) -> dict[str, object]:
    """Return what a statement takes. Errors: NotFound when it needs a night the month does not have."""
    values: dict[str, object] = {"county": county.pk}
    if name == VERDICT_CHANGES:
        return values | compared_values(county, month)
    if name in OF_NIGHT:
        return values | night_values(county, month)
    words = json.dumps(sender_words(), ensure_ascii=False)
    return values | {"month": month, "next_month": add_months(month, 1), "sender_words": words}


def _copy_statement(target: BinaryIO, name: str, values: dict[str, object]) -> int:
    """Copy a statement's rows; a text that a spreadsheet program would run as a formula is made harmless."""
    select = (_SQL / f"{name}.sql").read_text("utf-8")
    with connection.cursor() as cursor, whole_tables(cursor):
        whole = cursor.mogrify(select, values).decode("utf-8")
        cursor.execute(f"SELECT * FROM ({whole}) AS exported LIMIT 0")
        columns = ", ".join(_exported_column(each.name, each.type_code) for each in cursor.description)
        statement = f"COPY (SELECT {columns} FROM ({whole}) AS exported) TO STDOUT WITH (FORMAT csv, HEADER)"
        cursor.copy_expert(statement, target)
        return int(cursor.rowcount)


def _exported_column(name: str, type_code: int) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    return f"{safe_cell_sql(quoted)} AS {quoted}" if type_code in TEXT_TYPES else quoted


def _write_table(target: BinaryIO, actor: Actor, county: Unit, month: date, wanted: TableChoice) -> int:
    """Write the statutory table: the county and each township in which somebody is counted, by code of 6 or 9 digits."""
    day = get_last_night(county, month).as_of_date
    table = get_table(actor=actor, asked=Asked(county, day, wanted.population, wanted.basis))
    towns = [line for line in table.parts if line.code and line.counts["1_registered"]]
    units = {county.code[:6]: table.total, **{line.code[:9]: line for line in towns}}
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
    write_csv(text, [["month", "scope", "unit", *EXPORTED]], line_end="\n")
    scope = wanted.population.value
    lines = ([f"{month:%Y-%m}", scope, unit, *(line.counts[name] for name in EXPORTED)] for unit, line in units.items())
    write_csv(text, lines, line_end="\n")
    text.detach()
    return len(units)


def _write_changes(target: BinaryIO, county: Unit, month: date) -> int:
    """Write how the month's lists and rolls differ from those before them."""
    changes = list_month_changes(county, month=month, next_month=add_months(month, 1), at=now())
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
    write_csv(text, [changes.column_names], line_end="\n")
    for batch in changes.to_batches():
        lines = batch.to_pylist()
        for line in lines:
            if line["feed"] in PERSON_FEEDS:
                line |= {name: to_sender_words(line[name]) for name in _STATUSES}
        write_csv(text, (list(line.values()) for line in lines), line_end="\n")
    text.detach()
    return int(changes.num_rows)
