"""Zip files: sizes checked before anything is opened, one budget for the whole delivery."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from registry.intake.errors import IntakeError

LARGEST_PART_BYTES = 3 << 29  # a full sheet of twenty columns; parts of workbooks are read in pieces
LARGEST_TOTAL_BYTES = 2 << 30
LARGEST_RATIO = 200
MOST_PARTS = 2_000
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1


@contextmanager
def refuse_broken() -> Iterator[None]:
    """Translate the errors of zipfile into refusals."""
    try:
        yield
    except RuntimeError as error:  # zipfile's error for an encrypted entry
        raise IntakeError("password") from error
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, KeyError) as error:
        raise IntakeError("zip_broken") from error


def unpack(data: bytes, budget: list[int]) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of every file in a zip file; `budget` holds the bytes unpacked so far over all depths.

    Errors: IntakeError zip_broken, zip_too_large, password.
    """
    with refuse_broken(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if not _is_beside(entry)]
        if len(entries) > MOST_PARTS:
            raise IntakeError("zip_too_large", part=f"{len(entries)}")
        for entry in entries:
            check_entry(entry, budget)
            yield entry_name(entry), archive.read(entry)


def is_workbook(data: bytes) -> bool:
    """Answer whether a zip file is a workbook, whatever its name."""
    with refuse_broken(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
    return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names


def is_binary_workbook(data: bytes) -> bool:
    """Answer whether a zip file is a workbook in the binary format, which cannot be checked before it is opened."""
    with refuse_broken(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(name.lower().endswith("workbook.bin") for name in archive.namelist())


def is_alone(data: bytes) -> bool:
    """Answer whether a zip file contains exactly one file."""
    with refuse_broken(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        return sum(not _is_beside(entry) for entry in archive.infolist()) == 1


def _is_beside(entry: zipfile.ZipInfo) -> bool:
    """Folders, and what operating systems put beside the files."""
    last = entry.filename.rsplit("/", 1)[-1]
    return (
        entry.is_dir() or entry.filename.startswith("__MACOSX") or last.startswith((".", "~$")) or last == "Thumbs.db"
    )


def entry_name(entry: zipfile.ZipInfo) -> str:
    """Return the name; Chinese names in old zip files are GBK marked as CP437."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        raw = entry.filename.encode("cp437")
    except UnicodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeError:
            continue
    return entry.filename


def check_entry(entry: zipfile.ZipInfo, budget: list[int]) -> None:
    """Refuse an entry that unpacks to more than is plausible, or is encrypted."""
    budget[0] += entry.file_size
    too_large = entry.file_size > LARGEST_PART_BYTES or budget[0] > LARGEST_TOTAL_BYTES
    if too_large or entry.file_size > LARGEST_RATIO * max(entry.compress_size, 4096):
        raise IntakeError("zip_too_large", part=entry_name(entry))
    if entry.flag_bits & _ENCRYPTED:
        raise IntakeError("password")
