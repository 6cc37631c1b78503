"""A workbook as sheets: checked before it is opened, then read by calamine. Macros and formulas never run.

The check is for whatever makes a small file fill the memory: entity declarations, parts that unpack to implausible sizes, one
cell at the far corner of the sheet, one long text that a million cells refer to.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import python_calamine
from defusedxml import ElementTree

from registry.intake.cell_texts import unwrap_cells
from registry.intake.errors import IntakeError
from registry.intake.packing import check_entry, is_binary_workbook, refuse_broken
from registry.intake.sheets import LONGEST_CELL, Merge, Sheet, check_cells

DEEPEST_MERGED_HEADER = 15
MOST_ROWS = 1_048_576
MOST_BOX_CELLS = 33_000_000  # the reader keeps the whole rectangle in memory
MOST_REPEATED_BYTES = 200_000_000
MOST_REPEATED_CELLS = 1_000
"""Of an OpenDocument cell with a value, and of a line with one."""
SMALL_PART_BYTES = 20_000_000
PIECE = 4 << 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""The part of a compound file that holds a workbook somebody protected with a password."""
ROWS_AT_ONCE = 2_000  # these fit into the processor's cache while they are turned into columns
_DECLARATION = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_FAR_CELL_BEGINS = rb"r\s*=\s*[\"']\s*[A-Za-z]{2,9}\d"
_FAR_CELL = re.compile(
    rb"r\s*=\s*[\"']\s*([A-Za-z]{2,9})\d+[\"'](?!(?:\s{1,8}[\w:]{1,32}\s{0,8}=\s{0,8}(?:\"[^\"<>]{0,64}\"|'[^'<>]{0,64}')){0,8}\s{0,8}/>)"
)
"""A cell beyond column Z that is not an empty one, wherever it stands in its tag: an attribute before it may contain anything."""
_ROW = re.compile(rb"r\s*=\s*[\"']\s*[A-Za-z]{0,9}0*(\d{1,18})[\"']")
"""The line of a row or of a cell: either may lie beyond the other."""
_CELL_WITHOUT_PLACE = re.compile(
    rb"</?(?:\w+:)?row\b|<(?:\w+:)?(c)(?:\s+(?:[a-qs-zA-Z_][\w:.-]*|r[\w:.-]+)\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>"
)
"""A row, or a cell that does not state its place: then the reader counts the cells of the row."""
_WITHOUT_PLACE_BEGINS = rb"<(?:\w+:)?c(?:\s+(?:[a-qs-zA-Z_][\w:.-]*|r[\w:.-]+)\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>"
_TEXT_OF_CELL = re.compile(rb"\bt\s*=\s*[\"']s[\"'][^<]{0,500}?>\s*+<(?:\w+:)?v>\s*+(\d+)")
_LONG_TAG_OF_TEXT = rb"\bt\s*=\s*[\"']s[\"'][^<]{500}"
"""No program writes so much between the kind of a cell and its text."""
_SHARED_TEXT_BEGINS = re.compile(rb"<(?:\w+:)?si[\s>]")
_UNREAD = re.compile(
    rb"<c r=\"([A-Z]{1,7})(\d{1,9})\"[^<>]*+>\s*+<f[^<>]*+(?:(?<=/)>|>[^<]*+</f>)\s*+(?:<v\s*+/>|<v>\s*+</v>)?+\s*+</c>"
)
_HIDDEN_ROW = re.compile(rb"<row(?=[^<>]*\shidden=\"(?:1|true)\")[^<>]*?\sr=\"(\d{1,9})\"")
_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"'](\d+)")
_CELL_REPEATED = re.compile(rb"columns-repeated\s*=\s*[\"'](\d+)")
_ROWS_REPEATED = re.compile(rb"rows-repeated\s*=\s*[\"']0*(\d{4,})")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bmp", ".tif", ".tiff", ".vml", ".svg")
_NAMES = {"main": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Marks:
    """What the parts of a workbook state that its reader does not: cells whose formula has no value, lines hidden and struck out."""

    unread: set[tuple[int, int]] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    struck: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.unread or self.hidden or self.struck)


NO_MARKS = Marks()


def read_workbook(data: bytes, part: str) -> Iterator[Sheet]:
    """Read every sheet of a workbook.

    Errors: IntakeError not_a_workbook, zip_broken, zip_too_large, password, xml_declarations, far_cell, cell_too_long.
    """
    if data[:8] == OLE and ENCRYPTED_PACKAGE in data:
        raise IntakeError("password")
    marks = _check_parts(data) if data[:4] == b"PK\x03\x04" else {}
    with _refusals():
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = book.sheets_metadata
    for each in sheets:
        with _refusals():
            sheet = _read_sheet(book.get_sheet_by_name(each.name), each.name, part, marks.get(each.name, NO_MARKS))
        if sheet is not None:
            is_hidden = each.visible != python_calamine.SheetVisibleEnum.Visible
            yield unwrap_cells(check_cells(replace(sheet, is_hidden=is_hidden)))


@contextmanager
def _refusals() -> Iterator[None]:
    """Translate the reader's errors into refusals; a panic of its native part is no Exception."""
    try:
        yield
    except python_calamine.PasswordError as error:
        raise IntakeError("password") from error
    except python_calamine.WorksheetNotFound:
        return  # a chart or a macro sheet
    except (python_calamine.CalamineError, ValueError, OSError, OverflowError) as error:
        raise IntakeError("not_a_workbook") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IntakeError("not_a_workbook") from error


def _check_parts(data: bytes) -> dict[str, Marks]:
    """Check every part, reading each once; returns the marks of the sheets that have any by their names."""
    marks: dict[str, Marks] = {}
    with refuse_broken(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        budget = [0]
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if is_binary_workbook(data):
            raise IntakeError("not_a_workbook")  # the binary format cannot be checked
        for entry in entries:
            check_entry(entry, budget)
        long_texts = _long_texts(archive)
        struck = _struck_cells(archive)
        for entry in entries:
            if found := _check_part(archive, entry, long_texts, struck):
                marks[entry.filename] = found
        sheets = _sheet_parts(archive) if marks else {}
    return {name: marks[part] for name, part in sheets.items() if part in marks}


def _struck_cells(archive: zipfile.ZipFile) -> re.Pattern[bytes] | None:
    """Return what a cell looks like whose style strikes its text out; None where no style does."""
    try:
        styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    except (KeyError, ElementTree.ParseError):
        return None
    fonts = styles.findall("main:fonts/main:font", _NAMES)
    struck = {place for place, font in enumerate(fonts) if _is_set(font.find("main:strike", _NAMES))}
    styled = styles.findall("main:cellXfs/main:xf", _NAMES)
    numbers = [str(place) for place, each in enumerate(styled) if int(each.get("fontId", 0)) in struck]
    if not numbers:
        return None
    return re.compile(rf"<c r=\"[A-Z]+(\d+)\"[^>]*? s=\"(?:{'|'.join(numbers)})\"".encode())


def _is_set(element: Any) -> bool:
    return element is not None and element.get("val", "1") not in ("0", "false")


def _check_part(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, long_texts: dict[int, int], struck: re.Pattern[bytes] | None
) -> Marks:
    """Read a part to its end, in pieces: its checksum, and for a sheet its extent and its marks."""
    is_xml = not entry.filename.lower().endswith(_PICTURES)
    columns, rows, repeated, marks = 1, 1, 0, Marks()
    unplaced, document = _Unplaced(), _Repeats()
    rest = b""
    with archive.open(entry) as source:
        while piece := source.read(PIECE):
            whole = rest + piece
            if is_xml and _DECLARATION.search(whole):
                raise IntakeError("xml_declarations")
            if entry.filename == "content.xml":
                document.check(whole, len(rest))
            if is_xml:
                columns = max(
                    [columns, *(_column_number(found) for found in _far_cells(whole)), unplaced.count(whole, rest)]
                )
                rows = max([rows, *map(int, set(_ROW.findall(whole)))])
                if long_texts and _is_there(_LONG_TAG_OF_TEXT, whole):
                    raise IntakeError("not_a_workbook")
                if long_texts:
                    repeated += sum(long_texts.get(int(found), 0) for found in _TEXT_OF_CELL.findall(whole))
                _add_marks(marks, whole, struck)
            rest = whole[max(0, len(whole) - 2048) :] if is_xml else b""
    if columns * rows > MOST_BOX_CELLS:
        raise IntakeError("far_cell", columns=columns, rows=rows)
    if repeated > MOST_REPEATED_BYTES:
        raise IntakeError("too_many_cells", most=MOST_REPEATED_BYTES)
    return marks


def _add_marks(marks: Marks, piece: bytes, struck: re.Pattern[bytes] | None) -> None:
    if b"<f" in piece:
        marks.unread |= {(int(row) - 1, _column_number(letters) - 1) for letters, row in _UNREAD.findall(piece)}
    if b"hidden=" in piece:
        marks.hidden |= {int(row) for row in _HIDDEN_ROW.findall(piece)}
    if struck is not None:
        marks.struck |= {int(row) for row in struck.findall(piece)}


def _is_there(pattern: bytes, piece: bytes) -> bool:
    """Answer whether a pattern is found; RE2 answers this seven times faster than Python's own search finds it."""
    return bool(pc.match_substring_regex(pa.array([piece], pa.binary()), pattern.decode())[0].as_py())


def _far_cells(piece: bytes) -> set[bytes]:
    return set(_FAR_CELL.findall(piece)) if _is_there(_FAR_CELL_BEGINS, piece) else set()


class _Unplaced:
    """Counts the cells of a row that do not state their place, over the pieces of a part."""

    def __init__(self) -> None:
        self._cells = self._most = 0

    def count(self, piece: bytes, seen: bytes) -> int:
        """Return the most such cells of a row so far; `seen` is the beginning of the piece that was in the piece before."""
        if self._cells or _is_there(_WITHOUT_PLACE_BEGINS, piece):
            for found in _CELL_WITHOUT_PLACE.finditer(piece):
                if found.end() > len(seen):
                    self._cells = self._cells + 1 if found[1] else 0
                    self._most = max(self._most, self._cells)
        return self._most


class _Repeats:
    """Refuses OpenDocument cells and lines that are repeated too often: one may state a million repetitions."""

    def __init__(self) -> None:
        self._is_in_repeated_line = False

    def check(self, piece: bytes, seen: int) -> None:
        """Check a piece of which the first `seen` bytes were in the piece before. Errors: IntakeError far_cell."""
        repeats = max(map(int, _REPEATED.findall(piece)), default=0)
        cells = _most_repeated_with_value(piece)
        lines = self._repeated_lines(piece, seen)
        if repeats > MOST_ROWS or max(cells, lines) > MOST_REPEATED_CELLS:
            raise IntakeError("far_cell", columns=max(cells, 1), rows=max(repeats, lines, 1))

    def _repeated_lines(self, piece: bytes, seen: int) -> int:
        """Return how often a line with a value is repeated, where that is often; a line may go on in the next piece."""
        begun = [(int(found[1]), found.end()) for found in _ROWS_REPEATED.finditer(piece)]
        if self._is_in_repeated_line:
            begun.insert(0, (MOST_ROWS, seen))
        most = 0
        for repeats, start in begun:
            end = piece.find(b"table-row", start)
            self._is_in_repeated_line = end < 0
            if b"value-type" in piece[start : end if end >= 0 else len(piece)]:
                most = max(most, repeats)
        return most


def _most_repeated_with_value(piece: bytes) -> int:
    """Return how often a cell whose tag states a value is repeated; each tag is looked at once."""
    most = looked_at = 0
    for found in _CELL_REPEATED.finditer(piece):
        if found.start() >= looked_at and int(found[1]) > MOST_REPEATED_CELLS:
            start, end = piece.rfind(b"<", looked_at, found.start()), piece.find(b"<", found.end())
            looked_at = end if end >= 0 else len(piece)
            if b"value-type" in piece[max(start, 0) : looked_at]:
                most = max(most, int(found[1]))
    return most


def _long_texts(archive: zipfile.ZipFile) -> dict[int, int]:
    """The shared texts so long that a few thousand cells referring to them would fill the memory."""
    name = next((each for each in archive.namelist() if each.lower().endswith("sharedstrings.xml")), None)
    if name is None or archive.getinfo(name).file_size < 1000:
        return {}
    texts = archive.read(name)
    if len(texts) > SMALL_PART_BYTES * 20:
        raise IntakeError("too_many_cells", most=MOST_REPEATED_BYTES)
    starts = [*(found.start() for found in _SHARED_TEXT_BEGINS.finditer(texts)), len(texts)]
    longest = {place: end - start for place, (start, end) in enumerate(pairwise(starts)) if end - start > 1000}
    if any(size > LONGEST_CELL * 6 for size in longest.values()):
        raise IntakeError("cell_too_long", row="?", most=LONGEST_CELL)
    return longest


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet name -> its part in the archive, as the workbook states."""
    try:
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {each.get("Id"): str(each.get("Target", "")) for each in relations}
        sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).iterfind("main:sheets/main:sheet", _NAMES)
    except (KeyError, ElementTree.ParseError) as error:
        raise IntakeError("not_a_workbook") from error
    return {
        str(sheet.get("name")): "xl/" + targets.get(sheet.get(_RELATION), "").removeprefix("/xl/") for sheet in sheets
    }


def _read_sheet(source: Any, name: str, part: str, marks: Marks) -> Sheet | None:
    """Turn rows into columns, some thousand rows at a time: Python objects of a whole sheet would fill the memory."""
    if source.start is None:
        return None
    first_column = int(source.start[1])
    chunks: list[list[pa.Array]] = []
    flags: list[list[npt.NDArray[np.bool_]]] = []
    rows = source.iter_rows()
    while block := list(islice(rows, ROWS_AT_ONCE)):
        columns = [_read_column(column) for column in zip(*block, strict=True)]
        chunks.append([text for text, _ in columns])
        flags.append([figures for _, figures in columns])
    if not chunks:
        return None
    cells = [pa.concat_arrays(list(pieces)) for pieces in zip(*chunks, strict=True)]
    figures = {index: np.concatenate(pieces) for index, pieces in enumerate(zip(*flags, strict=True))}
    merges = [_shifted(merge, first_column) for merge in source.merged_cell_ranges or ()]
    return Sheet(
        part,
        name,
        _filled(cells, merges),
        {index: marked for index, marked in figures.items() if marked.any()},
        unread=frozenset((row, column - first_column) for row, column in marks.unread),
        hidden_rows=len(marks.hidden),
        struck_rows=len(marks.struck),
    )


def _read_column(column: tuple[object, ...]) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """Some cells of a column as text, and which of them are figures; most columns hold nothing but text."""
    try:
        return pa.array(column, pa.string()), np.zeros(len(column), dtype=bool)
    except pa.ArrowTypeError:
        text = pa.array([_cell_text(cell) for cell in column], pa.string())
        return text, np.array([type(cell) in (float, int) for cell in column])


def _shifted(merge: Merge, columns: int) -> Merge:
    (top, left), (bottom, right) = merge
    return (top, left - columns), (bottom, right - columns)


def _filled(cells: list[pa.Array], merges: list[Merge]) -> list[pa.Array]:
    """Give every cell of a merged range its value: down everywhere, to the right only among the headers.

    A title or a total over the whole width remains in its first cell: it would look like a line of data.
    """
    height = len(cells[0])
    sources: dict[int, npt.NDArray[np.int64]] = {}
    across: list[Merge] = []
    for (top, left), (bottom, right) in merges:
        if not (0 <= left < len(cells) and 0 <= top < height):
            continue
        if bottom > top:
            source = sources.setdefault(left, np.arange(height))
            source[top : min(bottom, height - 1) + 1] = top
        if right > left and top < DEEPEST_MERGED_HEADER and right - left + 1 < len(cells):
            across.append(((top, left), (min(bottom, height - 1), min(right, len(cells) - 1))))
    filled = list(cells)
    for column, source in sources.items():
        filled[column] = filled[column].take(pa.array(source))
    for (top, left), (bottom, right) in across:
        for column in range(left + 1, right + 1):
            filled[column] = _with_value(filled[column], top, bottom, filled[left][top])
    return filled


def _with_value(column: pa.Array, top: int, bottom: int, value: pa.Scalar) -> pa.Array:
    mask = np.zeros(len(column), dtype=bool)
    mask[top : bottom + 1] = True
    return pc.if_else(pa.array(mask), value, column)


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
