"""What a person is called, where they live, when they were born: read from the files, the same in whatever order they came.

The file that still names the person and stands first in FILE_ORDER decides; of its lines the newest. `registry_person` stores
the details of today for lists and searches (services/current_details.py); those of an earlier moment are read here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import connection

from foundation.regions.models import Unit
from registry.constants import PERSON_FEEDS
from registry.models import Person

FILE_ORDER = [feed.value for feed in PERSON_FEEDS]
_SOURCE_ROWS = (Path(__file__).parent / "sql" / "source_rows.sql").read_text("utf-8")
DETAILS_OF_SOURCE_ROWS = (Path(__file__).parent / "sql" / "details_of_source_rows.sql").read_text("utf-8")
"""Reads `source_rows`, which the caller defines from source_rows_query."""


@dataclass(frozen=True)
class CurrentDetails:
    """What was known of a person at a moment; birth date and sex as a right number states them, else None."""

    name: str
    unit_id: int | None
    birth_date: date | None
    sex: int | None


def source_rows_query(persons: str) -> str:
    """Return the query of sql/source_rows.sql for the persons of a condition; parameters `order` and `known`."""
    return _SOURCE_ROWS.format(persons=persons)


def details_as_known(person_ids: Iterable[int], *, known: datetime) -> dict[int, CurrentDetails]:
    """Return person id -> details, for those whom a file had named by the moment. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH source_rows AS MATERIALIZED ({source_rows_query('= ANY(%(persons)s)')}) {DETAILS_OF_SOURCE_ROWS}",
            {"order": FILE_ORDER, "known": known, "persons": list(person_ids)},
        )
        return {row[0]: CurrentDetails(*row[1:]) for row in cursor.fetchall()}


def show_as_known(person: Person, known: datetime) -> None:
    """Set name, place, birth date and sex of a loaded person to what was known at the moment; nothing is saved."""
    details = details_as_known([person.pk], known=known).get(person.pk)
    if details is None:
        return
    person.name = details.name
    person.unit = Unit.objects.get(pk=details.unit_id) if details.unit_id is not None else None
    person.birth_date, person.sex = details.birth_date or person.birth_date, details.sex or person.sex
