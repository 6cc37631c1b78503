"""Everything bad a file can be: refused with a sentence in both languages, or loaded with the line named. Never a traceback."""

import io
import time
import zipfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.utils import translation

from registry.intake.dates import read_date
from registry.intake.errors import SENTENCES, IntakeError, sentence
from registry.intake.files import read_sheets
from registry.intake.reading import ReadSheet, read_rows
from registry.intake.recognising import find_layout
from tests import senders
from tests.oracles.numbers import make_number
from tests.registry.intake.varieties import LONG, poverty_table, put, tekun_table, zipped
from tests.senders import csv_bytes, write_xlsx, zip_bytes

GOOD, OTHER = make_number("19500305", 2), make_number("19581215", 1)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def read(path: Path) -> list[ReadSheet]:
    return [read_rows(sheet, find_layout(sheet, path.name)) for sheet in read_sheets(path)]


def refusal_of(path: Path) -> str:
    with pytest.raises(IntakeError) as refusal:
        read(path)
    refused = refusal.value.as_json()
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert "%(" not in sentence(refused)
    return refusal.value.code


def problems(sheet: ReadSheet) -> dict[tuple[int, int], tuple[str, str]]:
    return {(each.row, each.member): (each.reason, each.action) for each in sheet.problems}


def hand_made_workbook(rows: str, texts: str = "<si><t>x</t></si>", before: str = "") -> bytes:
    """Write a workbook part by part, with contents no program would write."""
    return zip_bytes(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>'.encode(),
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="a" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="b" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'.encode(),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode(),
            "xl/sharedStrings.xml": f'{before}<sst xmlns="{MAIN}">{texts}</sst>'.encode(),
        }
    )


def test_every_sentence_is_there_in_chinese():
    with translation.override("zh-hans"):
        refused = {code: str(words) for code, words in SENTENCES.items()}
    assert not [
        code for code, words in refused.items() if not any("\u4e00" <= character <= "\u9fff" for character in words)
    ]


@pytest.mark.parametrize("corner", ["XFD1048576", "xfd1048576", "ZZZZ99999999"])
@pytest.mark.parametrize("attributes", ['r="{}" t="s"', 't="s" r="{}"', "t='s' r = '{}'"])
def test_a_cell_at_the_far_corner(tmp_path, corner, attributes):
    rows = f'<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c {attributes.format(corner)}><v>0</v></c></row>'
    if "1048576" in corner:
        rows += '<row r="1048576"></row>'
    assert refusal_of(put(tmp_path / "名册.xlsx", hand_made_workbook(rows))) == "far_cell"


def test_entities_are_not_expanded(tmp_path):
    before = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    workbook = hand_made_workbook('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', "<si><t>&b;</t></si>", before)
    assert refusal_of(put(tmp_path / "名册.xlsx", workbook)) == "xml_declarations"


def test_one_long_text_many_cells_point_to(tmp_path):
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001))
    workbook = hand_made_workbook(rows, f"<si><t>{'x' * 32_000}</t></si>")
    assert refusal_of(put(tmp_path / "名册.xlsx", workbook)) == "too_many_cells"


@pytest.mark.parametrize("quote", ["", '"'])
def test_ten_megabytes_in_a_cell_of_a_text(tmp_path, quote):
    text = f"姓名,身份证号\n张三,{quote}{'x' * 10_000_000}{quote}\n"
    assert refusal_of(put(tmp_path / "名册.csv", text.encode())) == "cell_too_long"


def test_ten_megabytes_in_a_cell_of_a_workbook(tmp_path):
    noise = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(3_000_000))
    workbook = hand_made_workbook('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', f"<si><t>{noise}</t></si>")
    assert refusal_of(put(tmp_path / "名册.xlsx", workbook)) in {"cell_too_long", "zip_too_large"}


def test_as_many_columns_as_a_sheet_has(tmp_path):
    table = tekun_table()
    wide = [[*row, *([""] * (16_383 - len(row))), "x"] for row in [table.headers, *table.rows]]
    (sheet,) = read(put(tmp_path / "特困.csv", csv_bytes(wide)))
    assert sheet.rows.num_rows == len(table.rows)


@pytest.mark.parametrize("texts", [("姓名",), ("姓名", "身份证号"), ("身份证号1", "姓名1", "备注")])
def test_a_header_is_looked_for_in_four_hundred_columns(tmp_path, texts):
    """Fifteen lines of 16,384 texts are a small file; comparing each with every layout held a worker for a minute."""
    line = ",".join(texts[column % len(texts)] for column in range(16_000))
    (tmp_path / "wide.csv").write_text(f"{line}\n" * 15, "utf-8")
    (sheet,) = read_sheets(tmp_path / "wide.csv")
    assert {len(row) for row in sheet.head(15)} == {400}
    began = time.monotonic()
    with suppress(IntakeError):
        find_layout(sheet, "wide.csv")
    assert time.monotonic() - began < 20


def test_more_columns_than_a_sheet_has(tmp_path):
    assert refusal_of(put(tmp_path / "特困.csv", b"," * 16_384 + b"\n")) == "too_many_columns"


def test_as_many_lines_as_a_sheet_has(tmp_path):
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_048_577))
    (sheet,) = read_sheets(put(tmp_path / "名册.xlsx", hand_made_workbook(rows)))
    assert sheet.rows == 1_048_576


def test_macros_stay_asleep_and_the_table_is_read(tmp_path):
    path = tmp_path / "特困.xlsm"
    table = tekun_table()
    write_xlsx(path, [table.headers, *table.rows])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0Sub Auto_Open()")
    (sheet,) = read(path)
    assert sheet.rows.num_rows == len(table.rows)


def book_with(
    path: Path, headers: list[str], rows: list[list[Any]], formulas: dict[tuple[int, int], tuple[str, str]]
) -> Path:
    with xlsxwriter.Workbook(str(path)) as workbook:
        page = workbook.add_worksheet()
        for line, row in enumerate([headers, *rows]):
            page.write_row(line, 0, row)
        for (line, column), (formula, value) in formulas.items():
            page.write_formula(line, column, formula, None, value)
    return path


def test_a_formula_counts_with_its_value_and_without_one_the_line_says_so(tmp_path):
    rows = [["T1", "张三", GOOD, "分散"], ["T2", "李四", OTHER, "集中"], ["T3", "王五", GOOD, "集中"]]
    formulas = {(1, 2): ('="3206"&"97"', GOOD), (2, 2): ("=A1", ""), (3, 1): ("=A1", "")}
    (sheet,) = read(book_with(tmp_path / "特困.xlsx", ["供养证号", "姓名", "身份证号", "供养方式"], rows, formulas))
    assert dict(zip(sheet.rows["name"].to_pylist(), sheet.rows["number"].to_pylist(), strict=True)) == {
        "张三": GOOD,
        "李四": "",
    }
    assert problems(sheet)[3, 0] == ("formula_without_value", "load_without_id_to_repair")
    assert problems(sheet)[4, 0] == ("formula_without_value", "reject_row")


@pytest.mark.parametrize(
    "written",
    [
        20181105,
        "2018-11-05",
        "2018/11/5",
        "2018年11月5日",
        "2018.11.05",
        date(2018, 11, 5),
        datetime(2018, 11, 5, 9, 30),  # noqa: DTZ001
        43409,
    ],
)
def test_dates_in_their_forms(tmp_path, written):
    path = tmp_path / "死亡.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        page = workbook.add_worksheet()
        page.write_row(0, 0, senders.DEATHS)
        page.write_row(1, 0, ["1", "公安", "张三", GOOD, "男"])
        if isinstance(written, date):
            page.write_datetime(1, 5, written, workbook.add_format({"num_format": "yyyy-mm-dd"}))
        else:
            page.write(1, 5, written)
    (sheet,) = read(path)
    found = read_date(sheet.rows["event"][0].as_py())
    assert found is not None
    assert found[0] == date(2018, 11, 5)


def test_full_width_digits(tmp_path):
    wide = "".join(chr(ord(character) + 0xFEE0) for character in GOOD)
    (sheet,) = read(senders.tekun(tmp_path / "特困.csv", [{"name": "张三", "number": wide}]))
    assert sheet.rows["number"].to_pylist() == [GOOD]


@pytest.mark.parametrize(("most", "few"), [("gb18030", "utf-8"), ("utf-8", "gb18030")])
def test_two_encodings_in_one_file_are_refused_with_the_lines(tmp_path, most, few):
    lines = [",".join(row) + "\n" for row in [tekun_table().headers, *tekun_table().rows]]
    data = b"".join(line.encode(few if place == 5 else most) for place, line in enumerate(lines))
    with pytest.raises(IntakeError) as refusal:
        read_sheets(put(tmp_path / "特困.csv", data))
    assert (refusal.value.code, refusal.value.values) == ("mixed_encodings", {"rows": "6"})


@pytest.mark.parametrize("place", [0, 1, 200, -1])
def test_a_nul_byte_anywhere(tmp_path, place):
    data = bytearray(csv_bytes([tekun_table().headers, *tekun_table().rows]))
    data[place] = 0
    assert refusal_of(put(tmp_path / "特困.csv", bytes(data))) in {"binary", "encoding"}


def test_a_line_shifted_by_a_lost_or_doubled_separator_is_not_loaded(tmp_path):
    table = tekun_table()
    lines = [[*table.headers, "备注"], *([*row, ""] for row in table.rows)]
    lines[3] = [lines[3][0] + lines[3][1], *lines[3][2:]]
    lines[5] = [lines[5][0], "x", *lines[5][1:], "y"]
    (sheet,) = read(put(tmp_path / "特困.csv", csv_bytes(lines)))
    assert problems(sheet)[4, 0] == ("wrong_number_of_columns", "reject_row")
    assert problems(sheet)[6, 0] == ("wrong_number_of_columns", "reject_row")
    assert sheet.rows.num_rows == len(table.rows) - 2


def test_two_people_with_one_number_and_one_with_two_names_are_all_loaded(tmp_path):
    people = [{"name": "张三", "number": GOOD}, {"name": "李四", "number": GOOD}, {"name": "张叁", "number": GOOD}]
    (sheet,) = read(senders.tekun(tmp_path / "特困.csv", people))
    assert sheet.rows["name"].to_pylist() == ["张三", "李四", "张叁"]


def test_a_column_that_occurs_twice(tmp_path):
    table = tekun_table()
    rows = [[*row, row[1]] for row in [table.headers, *table.rows]]
    (sheet,) = read(write_xlsx(tmp_path / "特困.xlsx", rows))
    assert sheet.rows["name"].to_pylist() == [row[1] for row in table.rows]


def test_headers_over_the_wrong_columns_are_not_accepted(tmp_path):
    table = tekun_table()
    headers = list(table.headers)
    headers[1], headers[2] = headers[2], headers[1]
    assert refusal_of(write_xlsx(tmp_path / "特困.xlsx", [headers, *table.rows])) == "missing_columns"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("名册.xls", b"<html><table><tr><td>x</td></tr></table></html>", "is_web_page"),
        ("名册.zip", b"Rar!\x1a\x07\x00", "other_packer"),
        ("名册.zip", zip_bytes({"说明.docx.txt.pdf": b"%PDF-1.4"}), "empty_zip"),
        ("名册.xlsx", b"%PDF-1.7", "is_pdf"),
        ("名册.xlsx", b"", "empty_file"),
    ],
)
def test_files_that_are_no_table(tmp_path, name, data, code):
    assert refusal_of(put(tmp_path / name, data)) == code


@pytest.mark.parametrize("way", ["gb18030", "utf8_mark", "workbook", "zipped"])
def test_a_file_cut_anywhere(tmp_path, way):
    """At every byte of its beginning and its end, which holds every kind of place, and at every fifth between."""
    table = poverty_table()
    path = zipped(table, tmp_path) if way == "zipped" else LONG[way](table, tmp_path)
    whole = path.read_bytes()
    right = {row[table.column("number")] for row in table.rows}
    end = min(2048, len(whole))
    for length in sorted({*range(1, 400), *range(400, end, 5), *range(end - 100, end)}):
        cut = put(tmp_path / f"建档立卡{path.suffix}", whole[:length])
        try:
            sheets = read(cut)
        except IntakeError as refusal:
            assert refusal.code in SENTENCES  # noqa: PT017
            continue
        for sheet in sheets:
            sure = zip(sheet.rows["number"].to_pylist(), sheet.rows["number_state"].to_pylist(), strict=True)
            assert {number for number, state in sure if state == "ok"} <= right


def test_a_number_read_from_a_figure_is_never_accepted(tmp_path):
    rows: list[list[Any]] = [["T1", "张三", float(GOOD[:17] + "0"), "分散"], ["T2", "李四", OTHER, "集中"]]
    (sheet,) = read(write_xlsx(tmp_path / "特困.xlsx", [["供养证号", "姓名", "身份证号", "供养方式"], *rows]))
    assert problems(sheet)[2, 0] == ("id_numeric_float", "reject_id_to_repair")
    assert not sheet.rows["key"][0].is_valid


def test_an_opendocument_cell_that_repeats_itself(tmp_path):
    content = (
        '<office:document-content><table:table><table:table-row><table:table-cell table:number-columns-repeated="900000" '
        'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    assert refusal_of(put(tmp_path / "名册.ods", buffer.getvalue())) == "far_cell"
