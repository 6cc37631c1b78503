"""Cells as their senders meant them: what spreadsheets, forms and web pages put around a text is taken off, in every column of every feed.

Marks nobody sees (directions, joiners, fillers, byte order), blanks of every width, ="…" around a text, an apostrophe before it. A
column without any of them, as nearly every one is, costs one search.
"""

from __future__ import annotations

import re
import unicodedata
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
MOST_MARKS, LONG_TEXT_BYTES = 8, 500
_MANY_MARKS = rf"\p{{M}}{{{MOST_MARKS + 1}}}"
"""More marks over one letter than any script has. To put a long cell of nothing else into order takes seconds."""
_TRACES = rf"[{_UNSEEN}{_BLANKS}{_APOSTROPHES}=]"
"""Every character of which something is taken off."""
_SUSPECT = rf"[{_UNSEEN}{_BLANKS}]|^\s*=\s*[{_QUOTES}]|^\s*[{_APOSTROPHES}]"
_UNSEEN_MARK, _WIDE_BLANK = re.compile(f"[{_UNSEEN}]"), re.compile(f"[{_BLANKS}]")


def unwrap_cells(sheet: Sheet) -> Sheet:
    """Return the sheet with plain cells; the same sheet where they are plain already."""
    cells = [_unwrapped(column) for column in sheet.cells]
    return (
        replace(sheet, cells=cells)
        if any(new is not old for new, old in zip(cells, sheet.cells, strict=True))
        else sheet
    )


def _unwrapped(column: pa.Array) -> pa.Array:
    is_long = (pc.max(pc.binary_length(column)).as_py() or 0) > LONG_TEXT_BYTES
    if not is_long and not _has_traces(column):
        return column
    pattern = f"{_SUSPECT}|{_MANY_MARKS}" if is_long else _SUSPECT
    suspect = pc.fill_null(pc.match_substring_regex(column, pattern), False)
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
    return _without_apostrophes(_without_formula(_with_few_marks(plain)))


def _with_few_marks(text: str) -> str:
    """Keep of the marks over one letter the first eight; a text's different characters are few, however long it is."""
    if text.isascii():
        return text
    marks = "".join(sorted(each for each in set(text) if unicodedata.category(each).startswith("M")))
    return re.sub(f"([{marks}]{{{MOST_MARKS}}})[{marks}]+", r"\1", text) if marks else text


def _without_formula(text: str) -> str:
    """Return what stands between the quotes of ="…"; by hand, because patterns search a long text from each of its characters."""
    formula = text.lstrip()
    inside = formula[1:].lstrip()
    if not formula.startswith("=") or not inside.startswith(tuple(_QUOTES)):
        return text
    inside = inside[1:].rstrip()
    return inside[:-1] if inside.endswith(tuple(_QUOTES)) else inside


def _without_apostrophes(text: str) -> str:
    """Return what follows apostrophes that begin a text, without those that end it."""
    marked = text.lstrip()
    return marked.lstrip(_APOSTROPHES).rstrip().rstrip(_APOSTROPHES) if marked.startswith(tuple(_APOSTROPHES)) else text
