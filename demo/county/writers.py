"""Bytes of the files: xlsx, GB18030 text, zipped rolls, Parquet, compressed tables. The same content gives the same bytes.

Text files are joined column-wise by Arrow; only the small workbooks are written cell by cell.
"""

import gzip
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import xlsxwriter
from numpy.typing import NDArray

from demo.county.listing import Cell, Listing

ENCODING = "gb18030"
LINE_END = "\r\n"
SENT_AT = (9, 0, 0)  # o'clock on the 25th: the time stamp of every member of an archive
COMPRESSION = 5


def write_workbook(path: Path, listing: Listing, month: date) -> None:
    """One sheet; numbers stay numbers where the listing says so, everything else is text as typed."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(month.year, month.month, 25, *SENT_AT, tzinfo=UTC)})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(listing.sheet)
        merged = {(first_row, first_column): span for span in listing.merges for first_row, first_column in [span[:2]]}
        for number, cells in _lines(listing):
            _write_line(sheet, number - 1, cells, day)
        for (row, column), span in merged.items():
            sheet.merge_range(*span, "")
            text = (listing.furniture.get(row + 1) or [""])[column : column + 1]
            _write_line(sheet, row, text, day, column)


def _write_line(sheet: xlsxwriter.worksheet.Worksheet, row: int, cells: Iterable, day: object, first: int = 0) -> None:
    for column, value in enumerate(cells, first):
        if isinstance(value, str):
            if value:
                sheet.write_string(row, column, value)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, day)
        else:
            sheet.write_number(row, column, value)


def _lines(listing: Listing) -> Iterable[tuple[int, Sequence[Cell]]]:
    """Data and furniture in the order of the sheet."""
    headers = list(listing.columns)
    typed: dict[int, list[tuple[int, Cell]]] = {}
    for (row, header), value in listing.typed_cells.items():
        typed.setdefault(row, []).append((headers.index(header), value))
    furniture = sorted(listing.furniture.items(), reverse=True)
    columns = [column.tolist() for column in listing.columns.values()]
    for row, (line, cells) in enumerate(zip(listing.line.tolist(), zip(*columns, strict=True), strict=True)):
        while furniture and furniture[-1][0] < line:
            yield furniture.pop()
        yield line, _with_typed(cells, typed[row]) if row in typed else cells
    while furniture:
        yield furniture.pop()


def _with_typed(cells: Sequence[Cell], typed: list[tuple[int, Cell]]) -> Sequence[Cell]:
    changed = list(cells)
    for column, value in typed:
        changed[column] = value
    return changed


def listing_table(listing: Listing) -> pa.Table:
    return pa.table({header: pa.array(column).cast(pa.string()) for header, column in listing.columns.items()})


def write_text(path: Path, listing: Listing, encoding: str = ENCODING, separator: str = ",") -> None:
    """A text file with its header and, where there is one, its total line."""
    before = [cells for line, cells in sorted(listing.furniture.items()) if line < listing.line[0]]
    after = [cells for line, cells in sorted(listing.furniture.items()) if line > listing.line[-1]]
    plain = encoding.removesuffix("-sig")
    with path.open("wb") as target:
        target.write(_plain_lines(before, encoding, separator))
        target.write(_encode(_quoted(listing_table(listing), separator), plain, separator))
        target.write(_plain_lines(after, plain, separator))


def _plain_lines(lines: list[list], encoding: str = ENCODING, separator: str = ",") -> bytes:
    return "".join(separator.join(map(str, cells)) + LINE_END for cells in lines).encode(encoding)


def _quoted(table: pa.Table, separator: str) -> pa.Table:
    """Put quotes around cells that contain the separator: students' numbers follow a tab."""
    columns = [
        pc.if_else(pc.match_substring(column, separator), pc.binary_join_element_wise('"', column, '"', ""), column)
        for column in table.columns
    ]
    return pa.table(columns, table.column_names)


def _encode(table: pa.Table, encoding: str = ENCODING, separator: str = ",") -> bytes:
    """All rows as lines of text. No value contains the separator, or it is quoted already."""
    parts = [chunk.combine_chunks() if isinstance(chunk, pa.ChunkedArray) else chunk for chunk in table.columns]
    lines = pc.binary_join_element_wise(*parts[:-1], pc.binary_join_element_wise(parts[-1], LINE_END, ""), separator)
    whole = lines.combine_chunks() if isinstance(lines, pa.ChunkedArray) else lines
    offsets = np.frombuffer(whole.buffers()[1], dtype=np.int32)[whole.offset : whole.offset + len(whole) + 1]
    text = memoryview(whole.buffers()[2])[int(offsets[0]) : int(offsets[-1])]
    return str(text, "utf-8").encode(encoding)


def write_zipped_roll(path: Path, member: str, chunks: Iterable[pa.Table], month: date) -> None:
    """A zip with one text file in it, written a chunk at a time."""
    info = zipfile.ZipInfo(member, (month.year, month.month, 25, *SENT_AT))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    with zipfile.ZipFile(path, "w") as archive, archive.open(info, "w", force_zip64=True) as target:
        header_written = False
        for chunk in chunks:
            if not header_written:
                target.write(_plain_lines([chunk.column_names]))
                header_written = True
            target.write(_encode(chunk))


def write_parquet(path: Path, chunks: Iterable[pa.Table]) -> None:
    writer: pq.ParquetWriter | None = None
    for chunk in chunks:
        if writer is None:
            writer = pq.ParquetWriter(path, chunk.schema, compression="zstd")
        writer.write_table(chunk)
    if writer is not None:
        writer.close()


def truth_table(columns: dict[str, NDArray | pa.Array]) -> pa.Table:
    """Columns of a truth table as Arrow."""
    return pa.table({name: _as_column(values) for name, values in columns.items()})


def write_table(path: Path, table: pa.Table) -> None:
    """A truth table as compressed CSV in UTF-8."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", COMPRESSION, raw, mtime=0) as target:
        pyarrow.csv.write_csv(table, target)


def _as_column(values: NDArray | pa.Array | list) -> pa.Array:
    if isinstance(values, np.ndarray) and values.dtype == bool:
        return pa.array(np.where(values, "True", "False"))
    return values if isinstance(values, pa.Array) else pa.array(values)
