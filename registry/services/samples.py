"""The first lines of the table a user must state columns or words of, stored where a worker read it: no page reads a whole file.

Made again from the original when it is missing, was changed, or its key is not in the ring.
"""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from foundation.primitives.ciphertext import CiphertextError
from foundation.primitives.disk import refusing_full_disk
from foundation.primitives.encrypted_files import decrypt_file, encrypt_file
from registry.intake.contents import MOST_CHARACTERS
from registry.intake.delivery_layouts import sheet_to_map
from registry.intake.headers import DEEPEST_HEADER_ROW
from registry.intake.mapping_guess import DEEPEST_LINE
from registry.intake.sheets import Sheet
from registry.models import Delivery
from registry.selectors.numbers import cipher
from registry.selectors.stored_files import SAMPLES

MOST_CELLS = 2_000_000
"""Of a table of so many columns that its first lines alone would be long, fewer lines are kept."""
_PART, _NAME = b"part", b"name"


def get_sample(delivery: Delivery) -> Sheet:
    """Return the first lines of the sheet the mapping page is about. Effects: as keep_sample where there is none.

    Errors: IntakeError and Conflict as sheet_to_map.
    """
    try:
        return _read(decrypt_file(cipher(), _place(delivery), _path(delivery)))
    except (CiphertextError, OSError, pa.ArrowInvalid):
        return keep_sample(delivery)


def keep_sample(delivery: Delivery) -> Sheet:
    """Store the first lines of the sheet the mapping page is about, in place of those stored before, and return them.

    Effects: one encrypted file under DATA_DIR. Errors: IntakeError and Conflict as sheet_to_map; Conflict when the disk is full.
    Cost: the whole file is read.
    """
    sample = first_lines(sheet_to_map(delivery))
    with refusing_full_disk():
        encrypt_file(cipher(), _place(delivery), io.BytesIO(_written(sample)), _path(delivery))
    return sample


def first_lines(sheet: Sheet) -> Sheet:
    """Return as much of a sheet as a guess ever looks at; of cells below any header only their beginnings."""
    lines = min(DEEPEST_LINE, max(DEEPEST_HEADER_ROW * 2, MOST_CELLS // max(1, len(sheet.cells))))
    return Sheet(sheet.part, sheet.name, [_shortened(column.slice(0, lines)) for column in sheet.cells])


def _shortened(column: pa.Array) -> pa.Array:
    head, rest = column.slice(0, DEEPEST_HEADER_ROW), column.slice(DEEPEST_HEADER_ROW)
    return pa.concat_arrays([head, pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(rest), 0, MOST_CHARACTERS)])


def _written(sheet: Sheet) -> bytes:
    metadata = {
        _PART: sheet.part.encode("utf-8", "surrogateescape"),
        _NAME: sheet.name.encode("utf-8", "surrogateescape"),
    }
    table = pa.table(sheet.cells, names=[str(place) for place in range(len(sheet.cells))]).replace_schema_metadata(
        metadata
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as written:
        written.write_table(table)
    return bytes(sink.getvalue())


def _read(content: bytes) -> Sheet:
    table = pa.ipc.open_file(content).read_all()
    metadata = table.schema.metadata
    cells = [column.combine_chunks() for column in table.columns]
    return Sheet(
        metadata[_PART].decode("utf-8", "surrogateescape"), metadata[_NAME].decode("utf-8", "surrogateescape"), cells
    )


def _place(delivery: Delivery) -> str:
    return f"{SAMPLES}:{delivery.pk}"


def _path(delivery: Delivery) -> Path:
    return settings.DATA_DIR / SAMPLES / delivery.county.code[:6] / f"{delivery.pk % 100:02}" / str(delivery.pk)
