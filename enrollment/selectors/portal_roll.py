"""Our own enrolments as one more roll of the night: whom this portal enrolled, as known at a moment."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
from django.db import connection

from coverage.findings.tables import PORTAL_COLUMNS
from foundation.primitives.bulk import copy_out
from foundation.regions.models import Unit

_READ = (Path(__file__).parent / "sql" / "portal_roll.sql").read_text("utf-8")


def read_portal_roll(*, county: Unit, day: date, known_at: datetime) -> pa.Table:
    """Return the enrolments of a county that hold on a day, as known at a moment: the same for ever, since rows are dated twice.

    Shape: PORTAL_COLUMNS, a row a person. One statement.
    """
    with connection.cursor() as cursor:
        return copy_out(cursor, _READ, PORTAL_COLUMNS, {"county": county.pk, "day": day, "known": known_at})
