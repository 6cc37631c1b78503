"""The windows within which life is certified: one statement over who draws, the evidence and the rule (sql/windows.sql)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from django.db import connection
from django.utils.translation import gettext as _

from enrollment.certification.inputs import read_evidence, read_rule
from enrollment.certification.tables import SUBJECT_COLUMNS
from foundation.jobs.duckdb_connections import open_duckdb
from registry.constants import LifeSource
from registry.models import Person
from registry.selectors.roll_lines import read_lines

_SQL = Path(__file__).parent / "sql"
_STATEMENT, _SUBJECT = ((_SQL / name).read_text("utf-8") for name in ("windows.sql", "read_subject.sql"))


@dataclass(frozen=True)
class Window:
    """The first window of a person without evidence of life; it may not have begun.

    `seen_on`, `source`: the latest evidence, before the window. `is_due`: to be certified now. `is_over`: the window ended, and the benefit
    may be paused from the first day of month `pause_from` on.
    """

    person_id: int
    window_first: date
    window_last: date
    seen_on: date | None
    source: str | None
    needs_visit: bool
    opens_on: date
    pause_from: date
    is_due: bool
    is_over: bool

    @property
    def source_words(self) -> str:
        """The kind of source of the latest evidence, in words."""
        if self.source is None:
            return ""
        return str(LifeSource(self.source).label) if self.source in LifeSource.values else _("unknown source")


def compute_windows(database: duckdb.DuckDBPyConnection) -> pa.Table:
    """Compute the windows of everybody in `subject`, from `evidence` and `rule`, as windows.sql states them; none without a rule.

    Cost: 0.2 s for 316,200 persons with 900,000 pieces of evidence on two cores.
    """
    database.execute(
        "CREATE TEMP MACRO window_around(day, of_month) AS "
        "make_date(year(day) - CASE WHEN month(day) < of_month THEN 1 ELSE 0 END, of_month, 1)"
    )
    return database.sql(_STATEMENT).to_arrow_table()


def find_window(*, person: Person, day: date, known: datetime, evidence: pa.Table | None = None) -> Window | None:
    """Find the window of one person of the register, as known at a moment. `evidence`: as read before, read here without it.

    None where the person does not draw here, has no birth date, or the county has received no list of certifications: nobody knows.
    Cost: at most five queries and a few lines of a roll. Errors: ParameterMissing.
    """
    rule = read_rule(county=person.county, day=day, known=known)
    subject = _read_subject(person, day, known) if rule.num_rows else None
    if subject is None:
        return None
    if evidence is None:
        evidence = read_evidence(county=person.county, day=day, known=known, persons=[person.pk])
    with open_duckdb() as database:
        for name, rows in (("subject", subject), ("evidence", evidence), ("rule", rule)):
            database.register(name, rows)
        found = compute_windows(database).to_pylist()
    return Window(**found[0]) if found else None


def _read_subject(person: Person, day: date, known: datetime) -> pa.Table | None:
    """Read one person who draws here, by the newest night or our own enrolment; none who does not, or is known to be dead."""
    values: dict[str, int | date | datetime] = {
        "person": person.pk,
        "county": person.county_id,
        "day": day,
        "known": known,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUBJECT, values)
        row = cursor.fetchone()
    if row is None:
        return None
    birth_date, drawn, own_from, is_disabled = row
    if drawn is None and own_from is None:
        return None
    places = [(line["delivery"], line["part"], line["line"]) for lines in json.loads(drawn or "[]") for line in lines]
    lines = read_lines(places) if places else {}
    started_on = min((each.benefit_start_month for each in lines.values() if each.benefit_start_month), default=None)
    subject = {
        "person_id": person.pk,
        "birth_date": birth_date,
        "started_on": own_from if drawn is None else started_on,
        "is_disabled": is_disabled,
    }
    return pa.Table.from_pylist([subject], schema=SUBJECT_COLUMNS)
