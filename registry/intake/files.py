"""A delivered file as sheets of text cells: xlsx, csv, text and zip, whatever the encoding. Knows nothing of feeds.

Refuses with IntakeError what cannot be read whole: a truncated zip, a password, a bomb, neither UTF-8 nor GB18030.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import python_calamine

from registry.intake.errors import IntakeError

LARGEST_PART_BYTES = 4 * 1024**3
LARGEST_RATIO = 200
LARGEST_DEPTH = 3
MOST_TYPED_COLUMNS = 200
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
TEXT_ENDINGS = {".csv", ".txt", ".tsv", ".dat"}
BOOK_ENDINGS = {".xlsx", ".xlsm", ".xls", ".et", ".ods"}
SEPARATORS = (",", "\t", "|", ";", "，")


@dataclass(frozen=True)
class Sheet:
    """One table of a file: cells[column] is an Arrow text column, row i stands on line first_line + i of the source.

    `figures[column]` marks cells a spreadsheet stored as a figure: digits beyond the fifteenth are lost there.
    """

    part: str
    name: str
    cells: list[pa.Array]
    figures: dict[int, np.ndarray] = field(default_factory=dict)
    encoding: str = "xlsx"

    @property
    def rows(self) -> int:
        return len(self.cells[0]) if self.cells else 0

    def head(self, count: int) -> list[list[str]]:
        """Return the first rows as lists of stripped text."""
        columns = [column.slice(0, count).to_pylist() for column in self.cells]
        return [[(cell or "").strip() for cell in row] for row in zip(*columns, strict=True)]


def read_sheets(path: Path, name: str | None = None) -> list[Sheet]:
    """Read every sheet and zip part of a file.

    Errors: IntakeError with a code whose sentence stands in errors.py.
    """
    if path.stat().st_size == 0:
        raise IntakeError("empty_file")
    sheets = list(_sheets(path.read_bytes(), name or path.name, "", 0))
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise IntakeError("empty_file")
    return sheets


def _sheets(data: bytes, name: str, part: str, depth: int) -> Iterator[Sheet]:
    ending = Path(name).suffix.lower()
    if data[:4] == b"PK\x03\x04" and ending not in BOOK_ENDINGS and not _is_book(data):
        yield from _zip_sheets(data, depth)
    elif data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        yield from _book_sheets(data, part)
    elif data[:5] == b"%PDF-":
        raise IntakeError("is_pdf")
    elif ending in BOOK_ENDINGS:
        raise IntakeError("not_a_workbook")
    elif ending == ".zip":
        raise IntakeError("zip_broken")
    else:
        yield _text_sheet(data, part)


def _is_book(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
        raise IntakeError("zip_broken") from error


def _zip_sheets(data: bytes, depth: int) -> Iterator[Sheet]:
    if depth >= LARGEST_DEPTH:
        raise IntakeError("zip_too_deep")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if entry.is_dir() or entry.filename.startswith("__MACOSX"):
                    continue
                _check_size(entry)
                yield from _sheets(archive.read(entry), entry.filename, _entry_name(entry), depth + 1)
    except RuntimeError as error:  # zipfile's word for an encrypted entry
        raise IntakeError("password") from error
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise IntakeError("zip_broken") from error


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """Chinese names in old zip files are GBK marked as CP437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _check_size(entry: zipfile.ZipInfo) -> None:
    if entry.file_size > LARGEST_PART_BYTES or entry.file_size > LARGEST_RATIO * max(entry.compress_size, 4096):
        raise IntakeError("zip_too_large", part=_entry_name(entry))
    if entry.flag_bits & 0x1:
        raise IntakeError("password")


def _book_sheets(data: bytes, part: str) -> Iterator[Sheet]:
    if data[:4] == b"PK\x03\x04":
        _check_book(data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield _grid_sheet(grid, name, part)
    except python_calamine.PasswordError as error:
        raise IntakeError("password") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise IntakeError("not_a_workbook") from error


def _check_book(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                _check_size(entry)
            if archive.testzip() is not None:
                raise IntakeError("zip_broken")
    except RuntimeError as error:
        raise IntakeError("password") from error
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise IntakeError("zip_broken") from error


def _grid_sheet(grid: Sequence[Sequence[object]], name: str, part: str) -> Sheet:
    if not grid:
        return Sheet(part, name, [])
    cells, figures = [], {}
    for index, column in enumerate(zip(*grid, strict=True)):
        cells.append(pa.array([_cell_text(cell) for cell in column], pa.string()))
        marks = np.fromiter((type(cell) is float or type(cell) is int for cell in column), bool, len(column))
        if marks.any():
            figures[index] = marks
    return Sheet(part, name, cells, figures)


def _cell_text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _text_sheet(data: bytes, part: str) -> Sheet:
    if not data:
        raise IntakeError("empty_file")
    if b"\x00" in data[:65536] and not data.startswith(UTF_16_MARKS):
        raise IntakeError("binary")
    text, encoding = _decode(data)
    separator = _separator(text[:8192])
    return Sheet(part, "", _csv_columns(text, separator), {}, encoding)


def _decode(data: bytes) -> tuple[str, str]:
    """Strict UTF-8 over the whole file first: half of short Chinese UTF-8 names also decode as GB18030."""
    if data[:3] == b"\xef\xbb\xbf":
        candidates: tuple[str, ...] = ("utf-8-sig",)
    elif data.startswith(UTF_16_MARKS):
        candidates = ("utf-16",)
    else:
        candidates = ("utf-8", "gb18030")
    for encoding in candidates:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise IntakeError("encoding")


def _separator(start: str) -> str:
    lines = [line for line in start.splitlines() if line.strip()][:5]
    return max(SEPARATORS, key=lambda separator: sum(line.count(separator) for line in lines))


def _csv_columns(text: str, separator: str) -> list[pa.Array]:
    """Fast where every line has the same width; line by line where a total or a signature is shorter."""
    plain = '"' not in text and len(separator.encode()) == 1
    return (_even_columns(text, separator) if plain else None) or _ragged_columns(text, separator)


def _even_columns(text: str, separator: str) -> list[pa.Array] | None:
    """Return the columns when every line has as many as the first, else None."""
    ragged: list[pacsv.InvalidRow] = []

    def skip_ragged(row: pacsv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    try:
        table = pacsv.read_csv(
            io.BytesIO(text.encode("utf-8")),
            read_options=pacsv.ReadOptions(autogenerate_column_names=True, block_size=16 << 20),
            parse_options=pacsv.ParseOptions(
                delimiter=separator, quote_char=False, ignore_empty_lines=False, invalid_row_handler=skip_ragged
            ),
            convert_options=pacsv.ConvertOptions(
                column_types={f"f{index}": pa.string() for index in range(MOST_TYPED_COLUMNS)},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    return None if ragged else [column.combine_chunks() for column in table.columns]


def _ragged_columns(text: str, separator: str) -> list[pa.Array]:
    """Read line by line. Where quotes do not pair they are plain characters: a stray one must not swallow lines."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=csv.QUOTE_NONE))
    width = max((len(row) for row in rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    return [pa.array(column, pa.string()) for column in zip(*padded, strict=True)]


def is_blank(column: pa.Array) -> np.ndarray:
    """Mark cells that hold nothing but blanks."""
    trimmed = pc.utf8_trim_whitespace(pc.fill_null(column, ""))
    return pc.equal(trimmed, "").to_numpy(zero_copy_only=False)
