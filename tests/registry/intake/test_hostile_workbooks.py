"""Workbooks written by hand to fill the memory or to keep a worker busy: refused, or read in a moment."""

from __future__ import annotations

import pytest

from registry.intake import workbooks
from registry.intake.errors import IntakeError
from registry.intake.files import sheets_of
from tests.registry.intake.test_bad_input import hand_made_workbook
from tests.registry.intake.test_hostile_cells import at_most
from tests.senders import zip_bytes

LONG = 780_000
"""Characters of one kind that pack to so little as a part may: a little more would be refused for its ratio."""
MIME = b"application/vnd.oasis.opendocument.spreadsheet"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def _refusal(data: bytes, name: str = "名册.xlsx") -> str:
    with pytest.raises(IntakeError) as refusal:
        sheets_of(data, name)
    return refusal.value.code


@pytest.mark.parametrize(
    "far",
    [
        '<row r="2"><c r="AZ900"><v>1</v></c></row>',
        '<row><c r="AZ900"><v>1</v></c></row>',
        '<row r="900"><c s=">" r="AZ900"><v>1</v></c></row>',
        '<row s=">" r="900"><c r="AZ1"><v>1</v></c></row>',
        '<row r="900"><c r="AZ1" s="/>"><v>1</v></c></row>',
        '<row r="900"><c r="AZ1"' + " " * 3_000 + "><v>1</v></c></row>",
        '<row r="900">' + "<c><v>1</v></c>" * 52 + "</row>",
        '<row r="900">' + '<c s="1" cm="r"><v>1</v></c>' * 52 + "</row>",
    ],
)
def test_a_far_cell_is_found_however_it_is_written(far: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader keeps the whole rectangle: 52 columns of 900 lines stand for 16,384 of a million."""
    monkeypatch.setattr(workbooks, "MOST_BOX_CELLS", 40_000)
    assert _refusal(hand_made_workbook(f'<row r="1"><c r="A1"><v>1</v></c></row>{far}')) == "far_cell"


def test_empty_cells_and_cells_without_a_place_are_no_far_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_BOX_CELLS", 4_000)
    rows = "".join(
        f'<row r="{row}"><c><v>1</v></c><c s="1"><v>2</v></c><c r="AZ{row}" s="2"/></row>' for row in range(1, 901)
    )
    (sheet,) = sheets_of(hand_made_workbook(rows), "名册.xlsx")
    assert (sheet.rows, sheet.cells[1].to_pylist()[899]) == (900, "2")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><f/>' + " " * LONG + "</d></row>",
        '<row hidden="1"' + "<row" * (LONG // 4),
        '<row r="1"><c ' + 'r="AA1" ' * (LONG // 8),
        "<row r=" * (LONG // 7),
        '<row r="1"><c ' + 't="s" ' * (LONG // 6),
        '<c r="A1"' * (LONG // 9) + "><f>",
        '<row r="1">' + "<c a" * (LONG // 4),
    ],
)
def test_a_sheet_that_is_none_is_refused_in_a_moment(rows: str) -> None:
    data = hand_made_workbook(rows, f"<si><t>{'x' * 2_000}</t></si>")
    with at_most(5.0):
        assert _refusal(data) == "not_a_workbook"


def test_words_of_a_row_that_are_none_are_read_over_in_a_moment() -> None:
    data = hand_made_workbook('<row r="1"><c r="A1"><v>1</v></c>' + 'row r="1" ' * (LONG // 10))
    with at_most(5.0):
        (sheet,) = sheets_of(data, "名册.xlsx")
    assert sheet.cells[0].to_pylist() == ["1"]


def test_shared_texts_without_an_end_are_refused_in_a_moment() -> None:
    data = hand_made_workbook('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', "<si " * (LONG // 4))
    with at_most(5.0):
        assert _refusal(data) == "not_a_workbook"


def test_a_long_text_behind_a_long_tag_is_refused() -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"{" " * 600}><v>0</v></c></row>' for row in range(1, 200))
    assert _refusal(hand_made_workbook(rows, f"<si><t>{'x' * 32_000}</t></si>")) == "not_a_workbook"


def _document(rows: str) -> bytes:
    content = (
        f'<office:document-content xmlns:office="{OFFICE}:office:1.0" xmlns:table="{OFFICE}:table:1.0" xmlns:text="{OFFICE}:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return zip_bytes({"mimetype": MIME, "META-INF/manifest.xml": manifest, "content.xml": content.encode()})


PADDING = f"<!-- {' '.join(str(place * place) for place in range(600_000))} -->"
CELL = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'


@pytest.mark.parametrize(
    "rows",
    [
        f'<table:table-row table:number-rows-repeated="1048576">{CELL}</table:table-row>',
        f'<table:table-row table:number-rows-repeated="1048576">{PADDING}{CELL}</table:table-row>',
        '<table:table-row><table:table-cell table:number-columns-repeated="16384" a=">" office:value-type="string"/></table:table-row>',
    ],
)
def test_repeated_lines_and_cells_of_a_document_are_refused(rows: str) -> None:
    assert _refusal(_document(rows), "名册.ods") == "far_cell"


def test_blank_lines_at_the_end_of_a_document_may_be_repeated() -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384"/>'
    blank = f'<table:table-row table:number-rows-repeated="1048000">{cell}</table:table-row>'
    (sheet,) = sheets_of(_document(f"<table:table-row>{CELL}</table:table-row>{blank}"), "名册.ods")
    assert sheet.cells[0].to_pylist()[0] == "x"


def test_a_repetition_of_no_cell_keeps_no_worker_busy() -> None:
    rows = "<table:table-row><table:table-cell " + 'columns-repeated="2000" ' * 32_000 + "/></table:table-row>"
    with at_most(5.0):
        assert _refusal(_document(rows), "名册.ods") == "empty_file"
