"""A delivered file as sheets of text cells: workbook, text or zip of these, whatever it is called. Independent of feeds.

Refuses with IntakeError what cannot be read whole: a truncated zip, a password, a bomb, a text in two encodings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from registry.intake.errors import IntakeError
from registry.intake.packing import is_alone, is_binary_workbook, is_workbook, unpack
from registry.intake.sheets import BETWEEN_NAMES, LONGEST_NAME, Sheet
from registry.intake.texts import read_text_sheet
from registry.intake.workbooks import OLE, read_workbook

LARGEST_DEPTH = 3
ZIP = b"PK\x03\x04"
WORKBOOK_ENDINGS = {".xlsx", ".xlsm", ".xls", ".et", ".ods"}
TEXT_NAMED_WORKBOOK = {".xls", ".et"}  # many systems hand out text with tabs under this name
DATA_ENDINGS = {".rar", ".7z", ".gz", ".tar", ".dbf", ".mdb", ".accdb", ".xlsb"}
PICTURE_ENDINGS = {".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".heic", ".webp"}
UNREADABLE_ENDINGS = DATA_ENDINGS | PICTURE_ENDINGS | {".pdf", ".doc", ".docx", ".wps", ".rtf", ".ppt", ".pptx", ".ofd"}
OTHER_PACKERS = {b"Rar!": "rar", b"7z\xbc\xaf": "7z", b"\x1f\x8b\x08": "gz"}
TABLE_ENDINGS = {*WORKBOOK_ENDINGS, ".csv", ".txt", ".tsv", ".dat", ".zip", ""}


def read_sheets(path: Path, name: str | None = None) -> list[Sheet]:
    """Read every sheet and zip part of a file.

    Errors: IntakeError with a code of errors.py.
    """
    return sheets_of(path.read_bytes(), name or path.name)


@dataclass(frozen=True)
class UnreadPart:
    """A file inside a zip that is no table this product reads: its name, and what it is by its ending; "" where it is empty."""

    name: str
    kind: str

    @property
    def is_picture(self) -> bool:
        """Answer whether it is a picture: mostly of somebody's paper, and called so."""
        return f".{self.kind}" in PICTURE_ENDINGS

    @property
    def may_hold_data(self) -> bool:
        """Answer whether it is an archive or a table of a kind that is not read: a letter or a picture lists nobody."""
        return f".{self.kind}" in DATA_ENDINGS


@dataclass(frozen=True)
class OpenedFile:
    """Every sheet of a file, no two of one name, and every part that was not opened."""

    sheets: list[Sheet]
    unread: list[UnreadPart]


def sheets_of(data: bytes, name: str) -> list[Sheet]:
    """Read every sheet and zip part of a file's bytes. Errors: as open_file."""
    return open_file(data, name).sheets


def open_file(data: bytes, name: str) -> OpenedFile:
    """Read every sheet and zip part of a file's bytes; its name's ending is used where the bytes are ambiguous.

    No two sheets have the same name: a line is found again by its sheet and its number.
    Errors: IntakeError with a code of errors.py.
    """
    if not data:
        raise IntakeError("empty_file")
    unread: list[UnreadPart] = []
    sheets = [sheet for sheet in _sheets(data, name, "", 0, [0], unread) if sheet.rows]
    if not sheets:
        raise IntakeError("empty_file")
    return OpenedFile(_named_apart(sheets), unread)


def _named_apart(sheets: list[Sheet]) -> list[Sheet]:
    """Put the part before a name that several parts have: tables without names in one zip, or workbooks with a Sheet1 each."""
    alike = Counter(sheet.name[:LONGEST_NAME] for sheet in sheets)
    taken: set[str] = set()
    named = []
    for sheet in sheets:
        name = sheet.name[:LONGEST_NAME]
        if alike[name] > 1:
            name = BETWEEN_NAMES.join(filter(None, (sheet.part, sheet.name)))[-LONGEST_NAME:]
        if name in taken:
            name = f"{len(taken) + 1}{BETWEEN_NAMES}{name}"[:LONGEST_NAME]
        taken.add(name)
        named.append(sheet if name == sheet.name else replace(sheet, name=name))
    return named


def only_text(data: bytes, name: str) -> tuple[str, bytes] | None:
    """Return part and bytes of a file that is one text, bare or alone in a zip; None for every other file.

    Errors: as read_sheets.
    """
    part, ending = "", Path(name).suffix.lower()
    if data[:4] == ZIP and ending not in WORKBOOK_ENDINGS and not is_workbook(data):
        if not is_alone(data):
            return None
        [(part, data)] = unpack(data, [0])
        ending = Path(part).suffix.lower()
    if not data or data[:4] == ZIP or data[:8] == OLE or ending not in TABLE_ENDINGS:
        return None
    _refuse_others(data, ending)
    return part, data


def _sheets(
    data: bytes, name: str, part: str, depth: int, budget: list[int], unread: list[UnreadPart]
) -> Iterator[Sheet]:
    ending = Path(name).suffix.lower()
    if data[:4] == ZIP and ending not in WORKBOOK_ENDINGS and not is_workbook(data):
        yield from _zip_sheets(data, depth, budget, unread)
    elif data[:4] == ZIP or data[:8] == OLE:
        yield from read_workbook(data, part)
    else:
        _refuse_others(data, ending)
        yield read_text_sheet(data, part)


def _zip_sheets(data: bytes, depth: int, budget: list[int], unread: list[UnreadPart]) -> Iterator[Sheet]:
    if depth >= LARGEST_DEPTH:
        raise IntakeError("zip_too_deep")
    parts = 0
    for name, inside in unpack(data, budget):
        ending = Path(name).suffix.lower()
        if _is_unreadable(inside, ending):
            unread.append(UnreadPart(name, ending.removeprefix(".") or "?"))
            continue
        parts += 1
        if not inside:
            unread.append(UnreadPart(name, ""))
        else:
            yield from _sheets(inside, name, name, depth + 1, budget, unread)
    if not parts:
        raise IntakeError("empty_zip")


def _is_unreadable(data: bytes, ending: str) -> bool:
    """Answer whether a part of a zip file is a letter, a picture or a table of a kind this product does not read."""
    if ending in UNREADABLE_ENDINGS:
        return not (ending == ".xlsb" and data[:4] == ZIP and not is_binary_workbook(data))
    if ending in TABLE_ENDINGS or data[:4] == ZIP:
        return data.startswith((b"%PDF-", *OTHER_PACKERS))
    return True


def _refuse_others(data: bytes, ending: str) -> None:
    """Refuse what has the name of a table and is none."""
    if data[:5] == b"%PDF-":
        raise IntakeError("is_pdf")
    packer = next((name for mark, name in OTHER_PACKERS.items() if data.startswith(mark)), None)
    if packer is not None:
        raise IntakeError("other_packer", packer=packer)
    if data.lstrip()[:1] == b"<":
        raise IntakeError("is_web_page")
    if ending in WORKBOOK_ENDINGS - TEXT_NAMED_WORKBOOK:
        raise IntakeError("not_a_workbook")
    if ending == ".zip":
        raise IntakeError("zip_broken")
