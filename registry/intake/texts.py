"""A text file as a sheet: its encoding, its separator, its lines; csv, pipes, tabs and columns set with blanks.

Strict UTF-8 over the whole file comes before GB18030: half of short Chinese UTF-8 names also decode as GB18030. A file that
mixes the two is refused with its lines, because either reading would silently change names.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from registry.intake.cell_texts import unwrap_cells
from registry.intake.errors import IntakeError
from registry.intake.sheets import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_HEADER_COLUMNS, Sheet, check_cells

SEPARATORS = (",", "\t", "|", ";", "，", "；", "\x01", "^", "~")
SLICE = 16 << 20
SAMPLED_LINES = 60
ROWS_AT_ONCE = 50_000
WIDE_MARKS = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NEWLINE, _CHINESE_BYTE, _OTHER_BYTE = 1, 2, 3
_BYTE_KINDS = np.array(
    [
        _NEWLINE
        if byte == 10
        else 0
        if byte < 0x80
        else _CHINESE_BYTE
        if byte < 0xC0 or 0xE2 <= byte <= 0xEF
        else _OTHER_BYTE
        for byte in range(256)
    ],
    dtype=np.uint8,
)
_CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef\x00-\x7f·—“”‘’…]*")
_IN_PRIVATE = re.compile("[\ue7c7-\ue864]")
# Rare characters that GB18030-2000 had in the private use area; their places since the edition of 2005 and in Unicode 4.1.
_PRIVATE = {
    0xE7C7: 0x1E3F, 0xE7C8: 0x01F9, 0xE815: 0x2E81, 0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE819: 0x2E84,
    0xE81A: 0x3473, 0xE81B: 0x3447, 0xE81C: 0x2E88, 0xE81D: 0x2E8B, 0xE81E: 0x9FB4, 0xE81F: 0x359E, 0xE820: 0x361A,
    0xE821: 0x360E, 0xE822: 0x2E8C, 0xE823: 0x2E97, 0xE824: 0x396E, 0xE825: 0x3918, 0xE826: 0x9FB5, 0xE827: 0x39CF,
    0xE828: 0x39DF, 0xE829: 0x3A73, 0xE82A: 0x39D0, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7, 0xE82D: 0x3B4E, 0xE82E: 0x3C6E,
    0xE82F: 0x3CE0, 0xE830: 0x2EA7, 0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE833: 0x2EAA, 0xE834: 0x4056, 0xE835: 0x415F,
    0xE836: 0x2EAE, 0xE837: 0x4337, 0xE838: 0x2EB3, 0xE839: 0x2EB6, 0xE83A: 0x2EB7, 0xE83B: 0x2298F, 0xE83C: 0x43B1,
    0xE83D: 0x43AC, 0xE83E: 0x2EBB, 0xE83F: 0x43DD, 0xE840: 0x44D6, 0xE841: 0x4661, 0xE842: 0x464C, 0xE843: 0x9FB9,
    0xE844: 0x4723, 0xE845: 0x4729, 0xE846: 0x477C, 0xE847: 0x478D, 0xE848: 0x2ECA, 0xE849: 0x4947, 0xE84A: 0x497A,
    0xE84B: 0x497D, 0xE84C: 0x4982, 0xE84D: 0x4983, 0xE84E: 0x4985, 0xE84F: 0x4986, 0xE850: 0x499F, 0xE851: 0x499B,
    0xE852: 0x49B7, 0xE853: 0x49B6, 0xE854: 0x9FBA, 0xE855: 0x241FE, 0xE856: 0x4CA3, 0xE857: 0x4C9F, 0xE858: 0x4CA0,
    0xE859: 0x4CA1, 0xE85A: 0x4C77, 0xE85B: 0x4CA2, 0xE85C: 0x4D13, 0xE85D: 0x4D14, 0xE85E: 0x4D15, 0xE85F: 0x4D16,
    0xE860: 0x4D17, 0xE861: 0x4D18, 0xE862: 0x4D19, 0xE863: 0x4DAE, 0xE864: 0x9FBB,
}  # fmt: skip


def read_text_sheet(data: bytes, part: str) -> Sheet:
    """Read a text file.

    Errors: IntakeError empty_file, binary, encoding, mixed_encodings, cell_too_long, too_many_columns.
    """
    if not data:
        raise IntakeError("empty_file")
    text, encoding = _to_utf8(data)
    text = _with_plain_line_ends(text)
    start = text[: 1 << 16].decode("utf-8", "ignore").split("\n")
    separator = find_separator(start)
    if separator is None and (places := _blank_places(start)):
        cells, widths = _columns_set_with_blanks(text, places), None
    else:
        cells, widths = _separated_columns(text, separator or ",")
    return unwrap_cells(check_cells(Sheet(part, "", cells, {}, encoding, widths=widths)))


def has_one_record_per_line(text: bytes) -> bool:
    """Answer whether every line feed ends a line of the table, so that some lines can be read without the others.

    Not in UTF-16, not where a return alone ends a line, nor where a quote may hide the end of one.
    """
    if b"\x00" in text or text.startswith((b"\xff\xfe", b"\xfe\xff")) or text.count(b"\r") != text.count(b"\r\n"):
        return False
    if b'"' not in text:
        return True
    plain = text.replace(b"\r", b"")
    start = plain[: 1 << 16].decode("gb18030", "replace").split("\n")
    separator = find_separator(start) or ","
    return len(separator.encode()) == 1 and _quotes_pair(plain, separator)


def _with_plain_line_ends(text: bytes) -> bytes:
    """Turn every kind of line end into one line feed."""
    returns = text.count(b"\r")
    if not returns:
        return text
    if returns == text.count(b"\r\n"):
        return text.replace(b"\r\n", b"\n")
    return text.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _to_utf8(data: bytes) -> tuple[bytes, str]:
    """Return the text as UTF-8, and the encoding it came in."""
    if data[:3] == codecs.BOM_UTF8:
        return _checked_utf8(data[3:], data), "utf-8-sig"
    wide = next((name for mark, name in WIDE_MARKS if data.startswith(mark)), None) or _unmarked_utf16(data)
    if wide is not None:
        return _decoded(data, wide), "utf-16" if wide.startswith("utf-16") else wide
    if b"\x00" in data:
        raise IntakeError("binary")
    if _is_utf8(data):
        return data, "utf-8"
    return _from_gb18030(data), "gb18030"


def _is_utf8(data: bytes) -> bool:
    try:
        for start in range(0, len(data), SLICE):
            end = start + SLICE
            data[_boundary(data, start) : _boundary(data, end)].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _boundary(data: bytes, place: int) -> int:
    """Step back to the beginning of a UTF-8 character."""
    while 0 < place < len(data) and data[place] & 0xC0 == 0x80:
        place -= 1
    return min(place, len(data))


def _checked_utf8(text: bytes, whole: bytes) -> bytes:
    if b"\x00" in text:
        raise IntakeError("binary")
    if not _is_utf8(text):
        raise _encoding_refusal(whole)
    return text


def _unmarked_utf16(data: bytes) -> str | None:
    """Guess UTF-16 without a mark: line ends and digits leave every other byte zero."""
    if b"\x00" not in data:
        return None
    start = data[:65536]
    odd, even = start[1::2].count(0), start[0::2].count(0)
    if max(odd, even) < 10 * min(odd, even) + 2:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _decoded(data: bytes, encoding: str) -> bytes:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise IntakeError("encoding") from error
    if "\x00" in text:
        raise IntakeError("binary")
    return text.encode("utf-8", "surrogatepass") if text.isascii() else _without_surrogates(text)


def _without_surrogates(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise IntakeError("encoding") from error


def _from_gb18030(data: bytes) -> bytes:
    """Decode in slices: the text of a province's roll is in memory once."""
    decoder = codecs.getincrementaldecoder("gb18030")()
    written = io.BytesIO()
    try:
        for start in range(0, len(data), SLICE):
            piece = decoder.decode(data[start : start + SLICE], final=start + SLICE >= len(data))
            written.write((piece.translate(_PRIVATE) if _IN_PRIVATE.search(piece) else piece).encode())
    except UnicodeDecodeError as error:
        raise _encoding_refusal(data) from error
    if lines := _utf8_lines(data):
        raise IntakeError("mixed_encodings", rows=_some(lines))
    return written.getvalue()


def _utf8_lines(data: bytes) -> list[int]:
    """The lines of a GB18030 file that are UTF-8: wholly valid, Chinese, and no plain GB2312 text at the same time."""
    found = []
    for row, line in _lines_that_may_be_utf8(data):
        try:
            reading = line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if _CHINESE.fullmatch(reading) and not _decodes(line, "gb2312"):
            found.append(row)
    return found


def _lines_that_may_be_utf8(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the lines whose high bytes can all be Chinese UTF-8: few lines of GB18030 text are."""
    start = row = 0
    while start < len(data):
        end = (
            len(data) if start + SLICE >= len(data) else max(data.rfind(b"\n", start, start + SLICE) + 1, start + SLICE)
        )
        kinds = _BYTE_KINDS[np.frombuffer(data, dtype=np.uint8, count=end - start, offset=start)]
        starts = np.append(0, np.flatnonzero(kinds == _NEWLINE) + 1)
        starts = starts[starts < end - start]
        most = np.maximum.reduceat(kinds, starts)
        for line in np.flatnonzero(most == _CHINESE_BYTE):
            first = start + int(starts[line])
            last = data.find(b"\n", first)
            yield row + int(line) + 1, data[first : last if last >= 0 else len(data)]
        row += int((kinds == _NEWLINE).sum())
        start = end


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _encoding_refusal(data: bytes) -> IntakeError:
    """Name the lines that are not like the others, where most can be read."""
    lines = data.split(b"\n")
    utf8 = [row for row, line in enumerate(lines, 1) if not line.isascii() and _decodes(line, "utf-8")]
    chinese = sum(not line.isascii() for line in lines)
    odd = {row for row, line in enumerate(lines, 1) if not line.isascii()} - set(utf8)
    if utf8 and all(_decodes(lines[row - 1], "gb18030") for row in odd):
        few = sorted(odd) if len(utf8) * 2 > chinese else utf8
        return IntakeError("mixed_encodings", rows=_some(few))
    return IntakeError("encoding")


def _some(rows: list[int]) -> str:
    return "、".join(map(str, rows[:10])) + ("…" if len(rows) > 10 else "")


def find_separator(lines: list[str]) -> str | None:
    """Return the mark that splits most of the first lines into the same number of cells; None where none does."""
    sampled = [line for line in lines if line.strip()][:SAMPLED_LINES]
    scored = []
    for separator in SEPARATORS:
        counts = Counter(line.count(separator) for line in sampled)
        counts.pop(0, None)
        if counts:
            usual, lines_with_it = counts.most_common(1)[0]
            scored.append((lines_with_it * usual**0.5, usual, separator))
    best = max(scored, default=None)
    if best is None or best[0] < 0.4 * len(sampled):
        return None
    return best[2]


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _laid_out(line: str) -> str:
    """Put a filler behind every wide character, so that columns aligned on the screen are aligned here."""
    return "".join(c if _width(c) == 1 or c == "\u3000" else c + "\x1f" for c in line.replace("\u3000", "  "))


def _blank_places(lines: list[str]) -> list[tuple[int, int]]:
    """Find the columns of a text aligned with blanks: the places blank in every line, of at least two."""
    lines = [_laid_out(line.rstrip()) for line in lines if len(re.split(r"\s{2,}|\t", line.strip())) > 1][
        :SAMPLED_LINES
    ]
    if len(lines) < 2:
        return []
    width = max(map(len, lines))
    written = np.array([[c != " " for c in line.ljust(width)] for line in lines])
    used = np.flatnonzero(written.any(axis=0))
    breaks = np.flatnonzero(np.diff(used) > 1)
    starts = [int(used[0]), *(int(used[place + 1]) for place in breaks)]
    if not 1 < len(starts) <= MOST_HEADER_COLUMNS:
        return []
    return list(zip(starts, [*starts[1:], 1 << 30], strict=True))


def _columns_set_with_blanks(text: bytes, places: list[tuple[int, int]]) -> list[pa.Array]:
    _check_size(len(places), text)
    lines = [_laid_out(line) for line in text.decode().removesuffix("\n").split("\n")]
    return [
        pa.array([line[start:end].replace("\x1f", "").strip() for line in lines], pa.string()) for start, end in places
    ]


def _separated_columns(text: bytes, separator: str) -> tuple[list[pa.Array], npt.NDArray[np.int64] | None]:
    """Fast where quotes pair within their lines and lines are even; line by line where they are not."""
    if len(separator.encode()) > 1:
        text, separator = text.replace(b"\x1f", b" ").replace(separator.encode(), b"\x1f"), "\x1f"
    quoted = b'"' in text
    if quoted and not _quotes_pair(text, separator):
        return _line_by_line(text, separator)
    if quoted:
        columns = _even_columns(text, separator, quoted=True)
        return (columns, None) if columns is not None else _line_by_line(text, separator)
    columns = _even_columns(text, separator, quoted=False)
    if columns is not None:
        return columns, None
    padded, widths = _padded(text, separator.encode()[0])
    columns = _even_columns(padded, separator, quoted=False)
    return (columns, widths) if columns is not None else _line_by_line(text, separator)


def _quotes_pair(text: bytes, separator: str) -> bool:
    """Answer whether every line has an even number of quotes, each at the edge of a cell or doubled."""
    marks = np.frombuffer(b"\n" + text + b"\n", dtype=np.uint8)
    quotes = np.flatnonzero(marks == ord('"'))
    before_line_end = np.searchsorted(quotes, np.flatnonzero(marks == 10))
    is_edge = np.zeros(256, dtype=bool)
    is_edge[[ord(separator), 10, ord('"')]] = True
    at_edge = is_edge[marks[quotes - 1]] | is_edge[marks[quotes + 1]]
    return bool((before_line_end % 2 == 0).all() and at_edge.all())


def _even_columns(text: bytes, separator: str, *, quoted: bool) -> list[pa.Array] | None:
    """Return the columns when every line has as many as the first, else None."""
    first = text[: text.find(b"\n") if b"\n" in text else len(text)].decode()
    try:
        width = len(next(csv.reader([first], delimiter=separator))) if quoted else first.count(separator) + 1
    except csv.Error:
        return None
    _check_size(width, text)
    ragged: list[pacsv.InvalidRow] = []

    def skip_ragged(row: pacsv.InvalidRow) -> str:
        ragged.append(row)
        return "skip"

    names = [f"f{index}" for index in range(width)]
    try:
        table = pacsv.read_csv(
            io.BytesIO(text),
            read_options=pacsv.ReadOptions(column_names=names, block_size=SLICE),
            parse_options=pacsv.ParseOptions(
                delimiter=separator,
                quote_char='"' if quoted else False,
                ignore_empty_lines=False,
                invalid_row_handler=skip_ragged,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return None if ragged or not table.num_rows else [column.combine_chunks() for column in table.columns]


def _check_size(width: int, text: bytes) -> None:
    if width > MOST_COLUMNS:
        raise IntakeError("too_many_columns", columns=width, most=MOST_COLUMNS)
    if width * (text.count(b"\n") + 1) > MOST_CELLS:
        raise IntakeError("too_many_cells", most=MOST_CELLS)


def _padded(text: bytes, separator: int) -> tuple[bytes, npt.NDArray[np.int64]]:
    """Give short lines the separators they lack; returns the text and how many cells each line had."""
    marks = np.frombuffer(text, dtype=np.uint8)
    ends = np.flatnonzero(marks == 10)
    if not text.endswith(b"\n"):
        ends = np.append(ends, len(text))
    before = np.searchsorted(np.flatnonzero(marks == separator), ends)
    widths = np.diff(before, prepend=0) + 1
    widest = int(widths.max())
    _check_size(widest, text)
    pieces, start = [], 0
    filler = bytes([separator])
    for line in np.flatnonzero(widths < widest):
        end = int(ends[line])
        pieces += [text[start:end], filler * (widest - int(widths[line]))]
        start = end
    return b"".join([*pieces, text[start:]]), widths.astype(np.int64)


def _line_by_line(text: bytes, separator: str) -> tuple[list[pa.Array], npt.NDArray[np.int64]]:
    """Where quotes do not pair they are plain characters: a stray one must not swallow lines."""
    csv.field_size_limit(LONGEST_CELL)
    lines = text.decode()
    try:
        return _columns_of(csv.reader(io.StringIO(lines, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return _columns_of(line.split(separator) for line in lines.removesuffix("\n").split("\n"))


def _columns_of(rows: Iterable[list[str]]) -> tuple[list[pa.Array], npt.NDArray[np.int64]]:
    """Turn rows into columns, some thousand at a time; short rows are filled up with blanks."""
    rows, blocks, widths = iter(rows), [], []
    while block := list(islice(rows, ROWS_AT_ONCE)):
        widths += [len(row) for row in block]
        width = max(widths)
        if width > MOST_COLUMNS:
            raise IntakeError("too_many_columns", columns=width, most=MOST_COLUMNS)
        if width * len(widths) > MOST_CELLS:
            raise IntakeError("too_many_cells", most=MOST_CELLS)
        columns = [*zip_longest(*block, fillvalue="")] or [("",) * len(block)]
        blocks.append([pa.array(column, pa.string()) for column in columns])
    width = max(map(len, blocks), default=0)
    for columns in blocks:
        columns += [pa.array([""] * len(columns[0]), pa.string())] * (width - len(columns))
    return [pa.concat_arrays(list(pieces)) for pieces in zip(*blocks, strict=True)], np.array(widths, dtype=np.int64)
