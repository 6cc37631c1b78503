"""Spoilt files by the hundred: a sentence or every line accounted for, and never a number other than the cell's.

`INTAKE_FUZZ=2000 ./run test tests/registry/intake/test_fuzz.py` spoils more of them; the seed of a failure is its number.
"""

import os
from collections import Counter

import pytest

from foundation.primitives.columns import clean_numbers
from registry.constants import RowAction
from registry.intake.errors import SENTENCES, IntakeError
from registry.intake.files import sheets_of
from registry.intake.reading import ReadSheet, read_rows
from registry.intake.recognising import find_layout
from registry.intake.sheets import Sheet
from tests.registry.intake.mangling import mangle

COUNT = int(os.environ.get("INTAKE_FUZZ", "400"))
AT_ONCE = 50
NOT_LOADED = {RowAction.SKIP.value, RowAction.REJECT_ROW.value}


def read(name: str, data: bytes) -> list[tuple[Sheet, ReadSheet]]:
    """Read every sheet that can be; nothing but an IntakeError may come out."""
    try:
        sheets = sheets_of(data, name)
    except IntakeError as refusal:
        return _refused(refusal)
    found = []
    for sheet in sheets:
        try:
            found.append((sheet, read_rows(sheet, find_layout(sheet, name))))
        except IntakeError as refusal:
            _refused(refusal)
    return found


def _refused(refusal: IntakeError) -> list[tuple[Sheet, ReadSheet]]:
    assert SENTENCES[refusal.code] % refusal.values
    return []


def every_line_ends_once(sheet: Sheet, found: ReadSheet) -> bool:
    """Lines without a person are named once; every other line gave a row, or more where it is a household."""
    gone = Counter(problem.row for problem in found.problems if problem.action in NOT_LOADED and problem.member == 0)
    loaded = set(found.rows["row"].to_pylist())
    rejected_members = {problem.row for problem in found.problems if problem.action in NOT_LOADED and problem.member}
    lines = set(range(1, sheet.rows + 1))
    return (
        max(gone.values(), default=1) == 1
        and (set(gone) | loaded | rejected_members) == lines
        and not set(gone) & loaded
        and len(set(zip(found.rows["row"].to_pylist(), found.rows["member"].to_pylist(), strict=True)))
        == found.rows.num_rows
    )


def numbers_are_the_cells(sheet: Sheet, found: ReadSheet) -> bool:
    """A loaded number is the content of one of the line's number cells, cleaned, and nothing else."""
    columns = {number for _, number in found.layout.members} or {found.layout.columns["number"]}
    plain = [clean_numbers(sheet.cells[column]).number.to_pylist() for column in columns]
    rows = zip(*(found.rows[name].to_pylist() for name in ("row", "number", "number_state")), strict=True)
    return all(number in {column[row - 1] for column in plain} for row, number, state in rows if state == "ok")


@pytest.mark.parametrize("first", range(0, COUNT, AT_ONCE))
def test_spoilt_files(first):
    for seed in range(first, min(first + AT_ONCE, COUNT)):
        for sheet, found in read(*mangle(seed)):
            assert every_line_ends_once(sheet, found), seed
            assert numbers_are_the_cells(sheet, found), seed
            outcomes = found.outcomes()
            assert outcomes["loaded"] >= 0, seed


def test_some_spoilt_files_are_still_read():
    """A fuzzer whose files are all refused proves nothing."""
    read_whole = sum(bool(read(*mangle(seed))) for seed in range(120))
    assert read_whole > 30
