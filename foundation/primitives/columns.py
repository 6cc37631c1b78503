"""Whole columns of numbers, names and dates cleaned at once: Arrow in, Arrow out, no loop over rows.

A text column becomes one array of code points with row offsets; a lookup table is applied to all of it. Six million names
a second; the rules for one value it must agree with are in `resident_id.py` and `person_names.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foundation.primitives import person_names as names
from foundation.primitives.resident_id import CHECK_CHARACTERS, WEIGHTS, is_valid

Points = npt.NDArray[np.uint32]
Offsets = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# The state of a number after cleaning; the order of OK to MISSING is that of NUMBER_STATES.
NUMBER_STATES = ("ok", "fifteen", "cut", "checksum", "length", "missing")
OK, FIFTEEN, CUT, CHECKSUM, LENGTH, MISSING = range(6)


@dataclass(frozen=True)
class Text:
    """A text column as code points: row i is points[offsets[i]:offsets[i + 1]]."""

    points: Points
    offsets: Offsets

    @property
    def lengths(self) -> Offsets:
        return np.diff(self.offsets)

    def mapped(self, table: Points) -> Text:
        """Return the text with every code point replaced by table's; 0 deletes it."""
        points = table[self.points]
        kept = points != 0
        before = np.zeros(len(points) + 1, dtype=np.int64)
        np.cumsum(kept, out=before[1:])
        return Text(points[kept], before[self.offsets])

    def matrix(self, rows: npt.NDArray[np.intp], width: int) -> Points:
        """Return the first `width` code points of the given rows, which must be at least that long."""
        return self.points[self.offsets[:-1][rows][:, None] + np.arange(width)]

    def to_arrow(self) -> pa.Array:
        data = self.points.tobytes().decode("utf-32-le").encode("utf-8")
        sizes = 1 + (self.points > 0x7F) + (self.points > 0x7FF).astype(np.int64) + (self.points > 0xFFFF)
        ends = np.zeros(len(self.points) + 1, dtype=np.int64)
        np.cumsum(sizes, out=ends[1:])
        offsets = pa.py_buffer(ends[self.offsets].astype(np.int64).tobytes())
        return pa.LargeStringArray.from_buffers(len(self.offsets) - 1, offsets, pa.py_buffer(data)).cast(pa.string())


def read_text(column: pa.Array | pa.ChunkedArray) -> Text:
    """Read an Arrow text column; null counts as empty."""
    whole = pc.fill_null(column.cast(pa.large_string()), "")
    array = whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
    if len(array) == 0:
        return Text(np.zeros(0, np.uint32), np.zeros(1, np.int64))
    ends = np.frombuffer(array.buffers()[1], dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    data = array.buffers()[2]
    text = bytes(memoryview(data)[ends[0] : ends[-1]]).decode("utf-8") if data is not None else ""
    offsets = np.zeros(len(array) + 1, dtype=np.int64)
    np.cumsum(pc.utf8_length(array).to_numpy(zero_copy_only=False), out=offsets[1:])
    return Text(np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32), offsets)


@cache
def _number_table() -> Points:
    """Half-width, upper-case; blanks, quotes and invisible characters deleted."""
    table = np.arange(names.UNICODE, dtype=np.uint32)
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F)
    table[ord("ａ") : ord("ｚ") + 1] = np.arange(ord("A"), ord("Z") + 1)
    table[ord("a") : ord("z") + 1] = np.arange(ord("A"), ord("Z") + 1)
    for mark in names.INVISIBLE + "＇＂=":
        table[ord(mark)] = 0
    for cross in "×✕ХΧхχ":
        table[ord(cross)] = ord("X")
    return table


def half_width_numbers(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return texts as numbers are compared: half-width, upper-case, without blanks and quotes."""
    return read_text(column).mapped(_number_table()).to_arrow()


@dataclass(frozen=True)
class Numbers:
    """A column of identity numbers, cleaned.

    Shape: one row a row. `number` text: 18 characters where the state is ok, fifteen (converted) or cut (from a disability
    certificate), else the cleaned text as it stands, empty when missing. `key`: body x 11 + check place, null unless the
    number is right. `birth`: the date in the number when it is one, also of a damaged number; null else. `sex` 0, 1, 2.
    """

    number: pa.Array
    state: npt.NDArray[np.int8]
    valid: Flags
    key: pa.Array
    birth: pa.Array
    sex: npt.NDArray[np.int8]


def clean_numbers(column: pa.Array | pa.ChunkedArray) -> Numbers:
    """Clean a column of identity numbers.

    Source: docs/rules.md R1, R2 and R3 (GB 11643): 15 digits are converted, a certificate of 20 or more characters is cut to 18; what is
    no number as it stands is read as `plain_number` does; a number whose check character or date is wrong stays as it is, with its state.
    Cost: about a million numbers a second on one core.
    """
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    numbers = _clean_as_written(whole)
    doubtful = np.flatnonzero(np.isin(numbers.state, (CUT, CHECKSUM, LENGTH)))
    written = half_width_numbers(whole.take(pa.array(doubtful)))
    odd = pc.invert(pc.match_substring_regex(written, _AS_NUMBERS_ARE)).to_numpy(zero_copy_only=False)
    if not odd.any():
        return numbers
    doubtful, written = doubtful[odd], written.filter(pa.array(odd))
    plain = pa.array([plain_number(text) for text in written.to_pylist()], pa.string())
    other = pc.not_equal(plain, written).to_numpy(zero_copy_only=False)
    return (
        _replaced(numbers, doubtful[other], _clean_as_written(plain.filter(pa.array(other))))
        if other.any()
        else numbers
    )


def _replaced(numbers: Numbers, rows: npt.NDArray[np.intp], others: Numbers) -> Numbers:
    """Return the numbers with those of some rows replaced."""
    there = np.zeros(len(numbers.state), dtype=bool)
    there[rows] = True
    mask = pa.array(there)
    state, valid, sex = numbers.state.copy(), numbers.valid.copy(), numbers.sex.copy()
    state[rows], valid[rows], sex[rows] = others.state, others.valid, others.sex
    return Numbers(
        pc.replace_with_mask(numbers.number, mask, others.number),
        state,
        valid,
        pc.replace_with_mask(numbers.key, mask, others.key),
        pc.replace_with_mask(numbers.birth, mask, others.birth),
        sex,
    )


def _clean_as_written(column: pa.Array) -> Numbers:
    text = read_text(column).mapped(_number_table())
    lengths = text.lengths
    cleaned = text.to_arrow()
    missing = _without_digits(cleaned, lengths)
    state = np.where(missing, MISSING, LENGTH).astype(np.int8)
    places = np.full((len(lengths), 18), 255, dtype=np.uint8)
    eighteen = np.flatnonzero(lengths == 18)
    certificate = np.flatnonzero((lengths >= 20) & (lengths <= 24))
    fifteen = np.flatnonzero(lengths == 15)
    places[eighteen] = place_values(text.matrix(eighteen, 18))
    places[certificate] = place_values(text.matrix(certificate, 18))
    places[fifteen] = _upgrade(place_values(text.matrix(fifteen, 15)))
    read = read_places(places)
    state[eighteen] = np.where(read.valid[eighteen], OK, CHECKSUM)
    state[certificate] = np.where(read.valid[certificate], CUT, LENGTH)
    state[fifteen] = np.where(read.valid[fifteen], FIFTEEN, LENGTH)
    rewritten = read.valid & (state != OK)
    return Numbers(
        number=_rewrite(cleaned, missing, rewritten, places),
        state=state,
        valid=read.valid,
        key=pa.array(read.body * 11 + read.check_place, mask=~read.valid),
        birth=pa.array(read.birth_days.astype(np.int32), mask=~read.dated).cast(pa.date32()),
        sex=np.where(read.dated, np.where(places[:, 16] % 2, 1, 2), 0).astype(np.int8),
    )


def plain_number(text: str) -> str:
    """Return the number in a half-width text written in another way, if its check character is right; else the text as it is.

    Notes in brackets, words before it, dashes and points between its parts, letters that look like digits, 10 for X: each is taken
    off or replaced, and the check character decides whether that was right (one in eleven would be by chance, and no letter but X
    ever belongs to a number).
    """
    bare = _NUMBER_NOTE.sub("", text)
    bare = _BESIDE_DIGITS.sub("", bare)
    for number in (bare, bare.translate(_LIKE_DIGITS), f"{bare[:17]}X" if bare[17:] == "10" else bare):
        if is_valid(number):
            return number
    return text


_NUMBER_NOTE = re.compile(r"[(（\[【<《].*?[)）\]】>》]")
_BESIDE_DIGITS = re.compile(r"\.0+$|[\u3400-\u9fff:：\-－—–_.,，、。/;；|*·]+")
_AS_NUMBERS_ARE = r"^(?:[0-9]{0,18}|[0-9]{17}X|[0-9]{18}[1-9]|[0-9]{20,24})$"
_LIKE_DIGITS = str.maketrans("OQDLI|!ZSB", "0001111258")


def _without_digits(cleaned: pa.Array, lengths: Offsets) -> Flags:
    """Nothing, 0, or words such as 无, 暂无, 无户口: no number at all rather than a damaged one."""
    missing = lengths <= 1
    odd = np.flatnonzero((lengths != 18) & ~missing)
    if len(odd):
        missing[odd] = ~pc.match_substring_regex(cleaned.take(pa.array(odd)), "[0-9]").to_numpy(zero_copy_only=False)
    return missing


@dataclass(frozen=True)
class ReadPlaces:
    """The contents of eighteen places: the weighted sum decides `valid`, digits 7 to 14 `dated`."""

    body: npt.NDArray[np.int64]
    check_place: npt.NDArray[np.int64]
    birth_days: npt.NDArray[np.int64]
    dated: Flags
    valid: Flags


@cache
def _weights() -> npt.NDArray[np.float64]:
    """One matrix that reads weighted sum, body (in two halves, exact in floating point), year, month and day at once."""
    read = np.zeros((18, 6))
    read[:17, 0] = WEIGHTS
    read[:9, 1] = 10.0 ** np.arange(8, -1, -1)
    read[9:17, 2] = 10.0 ** np.arange(7, -1, -1)
    read[6:10, 3] = (1000, 100, 10, 1)
    read[10:12, 4] = (10, 1)
    read[12:14, 5] = (10, 1)
    return read


def read_places(places: npt.NDArray[np.uint8]) -> ReadPlaces:
    total, high, low, year, month, day = (places.astype(np.float64) @ _weights()).astype(np.int64).T
    digits = (places[:, 6:14] <= 9).all(axis=1)
    plausible = digits & (year >= 1850) & (year <= 2100) & (month >= 1) & (month <= 12) & (day >= 1)
    month_start = np.where(plausible, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    start = month_start.astype("datetime64[D]").astype(np.int64)
    dated = plausible & (day <= (month_start + 1).astype("datetime64[D]").astype(np.int64) - start)
    check_place = (1 - total) % 11
    readable = (places[:, :17] <= 9).all(axis=1)
    valid = readable & dated & (check_place == places[:, 17])
    return ReadPlaces(high * 10**8 + low, check_place, start + np.where(dated, day, 1) - 1, dated, valid)


def place_values(points: Points) -> npt.NDArray[np.uint8]:
    """Digits as 0..9, X as 10, anything else as 255."""
    small = np.minimum(points, 255).astype(np.uint8)
    values = np.full(256, 255, dtype=np.uint8)
    values[ord("0") : ord("9") + 1] = np.arange(10)
    values[ord("X")] = 10
    return values[small]


def _upgrade(places: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Fifteen digits to eighteen places; sequences 996 to 999 belong to people born in 18xx."""
    wide = np.full((len(places), 18), 255, dtype=np.uint8)
    wide[:, :6], wide[:, 8:17] = places[:, :6], places[:, 6:]
    sequence = places[:, 12].astype(int) * 100 + places[:, 13].astype(int) * 10 + places[:, 14]
    wide[:, 6], wide[:, 7] = 1, np.where((sequence >= 996) & (sequence <= 999), 8, 9)
    wide[:, 17] = read_places(wide).check_place
    return wide


def _rewrite(cleaned: pa.Array, missing: Flags, rewritten: Flags, places: npt.NDArray[np.uint8]) -> pa.Array:
    """The cleaned text; rows that were converted or cut get their eighteen characters, missing ones nothing."""
    column = pc.if_else(pa.array(missing), "", cleaned)
    if not rewritten.any():
        return column
    alphabet = np.frombuffer(b"0123456789X", dtype=np.uint8)
    characters = np.ascontiguousarray(alphabet[places[rewritten]])
    whole = pa.array(characters.view("S18").ravel().astype(str))
    return pc.replace_with_mask(column, pa.array(rewritten), whole)


@dataclass(frozen=True)
class Names:
    """A column of names: `name` cleaned as written, `plain` in simplified characters, `phonetic_key` one string per reading."""

    name: pa.Array
    plain: pa.Array
    phonetic_key: pa.Array


def clean_names(column: pa.Array | pa.ChunkedArray) -> Names:
    """Clean a column of names.

    Rules: blanks and invisible characters go, one interpunct, one mark for lost characters; a bracket or figure after a
    name is no part of it, except a reading spelled out for a character that could not be typed, whose phonetic key is that reading.
    Cost: about six million names a second on one core.
    """
    text = read_text(column)
    written = text.mapped(_written_table()).to_arrow()
    odd = pc.match_substring_regex(written, r"[(（\[【0-9A-Za-z]").to_numpy(zero_copy_only=False)
    spelled = written
    if odd.any():
        odd_names = written.filter(pa.array(odd)).to_pylist()
        written = pc.replace_with_mask(
            written, pa.array(odd), pa.array([_strip(name, names.LOST) for name in odd_names], pa.string())
        )
        spelled = pc.replace_with_mask(
            spelled, pa.array(odd), pa.array([_strip(name, None) for name in odd_names], pa.string())
        )
    plain = read_text(written).mapped(names.same_character_table()).to_arrow()
    phonetic_key = read_text(spelled).mapped(names.phonetic_key_table()).to_arrow()
    return Names(written, plain, phonetic_key)


@cache
def _written_table() -> Points:
    table = np.arange(names.UNICODE, dtype=np.uint32)
    for mark in names.INVISIBLE:
        table[ord(mark)] = 0
    for mark in names.INTERPUNCTS:
        table[ord(mark)] = ord(names.INTERPUNCT)
    for mark in names.LOST_MARKS:
        table[ord(mark)] = ord(names.LOST)
    return table


def _strip(name: str, lost: str | None) -> str:
    """Take a trailing bracket or figure off; a spelled-out reading becomes `lost`, or its representative when None."""

    def read(match: re.Match[str]) -> str:
        reading = match[1].lower().replace("ü", "v")
        return lost or names.representatives().get(reading, names.LOST)

    def read_bare(match: re.Match[str]) -> str:
        return read(match) if match[1] in names.representatives() else match[0]

    spelled = names.SPELLED_OUT_BARE.sub(read_bare, names.SPELLED_OUT.sub(read, name))
    return names.TRAILING_MARK.sub("", spelled)


def check_characters() -> str:
    """Return the check characters in the order of their place value, for SQL that writes a number from its key."""
    return "".join(sorted(CHECK_CHARACTERS, key=lambda c: 10 if c == "X" else int(c)))
