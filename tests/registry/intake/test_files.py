"""Files as they come: every bad one refused with its own sentence, every good one read whole."""

import random
import zipfile
from pathlib import Path

import pytest

from registry.intake.errors import SENTENCES, IntakeError, sentence
from registry.intake.files import read_sheets
from tests.senders import csv_bytes, write_csv, write_xlsx, zip_bytes

ROWS = [["姓名", "身份证号"], ["张三", "320697195003050025"], ["李四", "320697195812150018"]]


def refusal_of(path: Path) -> str:
    with pytest.raises(IntakeError) as refusal:
        read_sheets(path)
    assert refusal.value.code in SENTENCES
    assert "%(" not in sentence(refusal.value.as_json())
    return refusal.value.code


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def big_zip() -> bytes:
    noise = random.Random(1)
    rows = [["姓名", "号"], *([f"人{noise.random()}", str(noise.random())] for _ in range(3000))]
    return zip_bytes({"jm.csv": csv_bytes(rows)})


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9, 0.999])
def test_a_zip_cut_off_anywhere(tmp_path, share):
    whole = big_zip()
    assert refusal_of(put(tmp_path / "居保.zip", whole[: int(len(whole) * share)])) == "zip_broken"


def test_a_zip_with_a_flipped_byte(tmp_path):
    damaged = bytearray(big_zip())
    damaged[len(damaged) // 2] ^= 0xFF
    assert refusal_of(put(tmp_path / "居保.zip", bytes(damaged))) == "zip_broken"


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_workbook_cut_off_anywhere(tmp_path, share):
    whole = write_xlsx(tmp_path / "whole.xlsx", ROWS).read_bytes()
    cut = put(tmp_path / "cut.xlsx", whole[: int(len(whole) * share)])
    assert refusal_of(cut) in {"zip_broken", "not_a_workbook"}


def test_a_zip_with_a_password(tmp_path):
    marked = bytearray(zip_bytes({"jm.csv": csv_bytes(ROWS)}))
    marked[6] |= 1
    marked[marked.index(b"PK\x01\x02") + 8] |= 1
    assert refusal_of(put(tmp_path / "居保.zip", bytes(marked))) == "password"


def test_a_workbook_with_a_password_is_an_ole_container(tmp_path):
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2048
    assert refusal_of(put(tmp_path / "名册.xlsx", encrypted)) in {"password", "not_a_workbook"}


def test_a_bomb_is_not_opened(tmp_path):
    bomb = zip_bytes({"jm.csv": b"0" * 30_000_000})
    assert refusal_of(put(tmp_path / "居保.zip", bomb)) == "zip_too_large"


def test_a_bomb_called_workbook_is_not_opened(tmp_path):
    workbook = write_xlsx(tmp_path / "book.xlsx", ROWS)
    with zipfile.ZipFile(workbook, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image.png", b"0" * 30_000_000)
    assert refusal_of(workbook) == "zip_too_large"


def test_zips_in_zips(tmp_path):
    data = csv_bytes(ROWS)
    for depth in range(5):
        data = zip_bytes({f"level{depth}.csv" if depth == 0 else f"level{depth}.zip": data})
    assert refusal_of(put(tmp_path / "居保.zip", data)) == "zip_too_deep"


def test_a_zip_in_a_zip_is_read(tmp_path):
    inner = zip_bytes({"jm.csv": csv_bytes(ROWS)})
    (sheet,) = read_sheets(put(tmp_path / "居保.zip", zip_bytes({"inner.zip": inner})))
    assert sheet.head(3) == ROWS


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("名册.xlsx", b"%PDF-1.7 ...", "is_pdf"),
        ("名册.csv", b"%PDF-1.7 ...", "is_pdf"),
        ("名册.xlsx", "姓名,身份证号".encode(), "not_a_workbook"),
        ("名册.zip", "姓名,身份证号".encode(), "zip_broken"),
        ("名册.csv", b"\xd0\xd5,\x00\x00\x00", "binary"),
        ("名册.csv", b"", "empty_file"),
        ("名册.xlsx", b"", "empty_file"),
        ("名册.zip", zip_bytes({"empty.csv": b""}), "empty_file"),
        ("名册.zip", zip_bytes({}), "zip_broken"),
        ("名册.csv", "姓名,身份证号\r\n张三,1".encode("gb18030") + b"\xff\xff\n", "encoding"),
        ("名册.csv", "姓名".encode() + "身份证号".encode("gb18030")[:3] + b"\xff", "encoding"),
    ],
)
def test_a_file_that_is_not_what_it_says(tmp_path, name, data, code):
    assert refusal_of(put(tmp_path / name, data)) == code


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030"), ("utf-16", "utf-16")],
)
def test_encodings(tmp_path, encoding, name):
    (sheet,) = read_sheets(write_csv(tmp_path / "名册.csv", ROWS, encoding))
    assert sheet.encoding == name
    assert sheet.head(5) == ROWS


def test_short_utf8_names_are_not_taken_for_gb18030(tmp_path):
    rows = [["姓名", "号"], ["李明", "1"], ["王芳", "2"]]
    (sheet,) = read_sheets(write_csv(tmp_path / "名册.csv", rows, "utf-8"))
    assert sheet.head(3) == rows


def test_an_empty_workbook(tmp_path):
    assert refusal_of(write_xlsx(tmp_path / "名册.xlsx", [])) == "empty_file"


@pytest.mark.parametrize("separator", [",", "\t", "|", ";", "，"])
def test_separators(tmp_path, separator):
    text = "\n".join(separator.join(row) for row in ROWS)
    (sheet,) = read_sheets(put(tmp_path / "名册.txt", text.encode()))
    assert sheet.head(5) == ROWS


def test_ragged_and_blank_lines_keep_their_place(tmp_path):
    text = "姓名,身份证号,备注\n张三,1,a\n\n李四,2\n合计,2人,,多\n"
    (sheet,) = read_sheets(put(tmp_path / "名册.csv", text.encode()))
    assert sheet.head(9) == [
        ["姓名", "身份证号", "备注", ""],
        ["张三", "1", "a", ""],
        ["", "", "", ""],
        ["李四", "2", "", ""],
        ["合计", "2人", "", "多"],
    ]


def test_quoted_cells_may_hold_separators_and_line_ends(tmp_path):
    text = '姓名,备注\n张三,"甲,乙"\n李四,"甲\n乙"\n'
    (sheet,) = read_sheets(put(tmp_path / "名册.csv", text.encode()))
    assert sheet.head(3)[1:] == [["张三", "甲,乙"], ["李四", "甲\n乙"]]


@pytest.mark.parametrize("strays", [{3}, {3, 7}])
@pytest.mark.parametrize("count", [10, 30_000])
def test_a_stray_quote_swallows_no_lines(tmp_path, strays, count):
    lines = [f'"张{n},{n},x' if n in strays else f"李{n},{n},x" for n in range(count)]
    (sheet,) = read_sheets(put(tmp_path / "名册.csv", "\n".join(["姓名,号,备注", *lines]).encode()))
    assert sheet.rows == count + 1


def test_figures_and_dates_of_a_workbook(tmp_path):
    rows: list[list[object]] = [["号", "日"], [320697195003050025, 43465.0], ["320697195003050025", "20181231"]]
    (sheet,) = read_sheets(write_xlsx(tmp_path / "名册.xlsx", rows))
    assert sheet.figures[0].tolist() == [False, True, False]
    assert sheet.cells[1].to_pylist() == ["日", "43465", "20181231"]


def test_chinese_names_in_old_zip_files(tmp_path):
    packed = zip_bytes({"NAME.csv": csv_bytes(ROWS)}).replace(b"NAME", "居保".encode("gb18030"))
    (sheet,) = read_sheets(put(tmp_path / "a.zip", packed))
    assert sheet.part == "居保.csv"


def test_each_sheet_and_each_part_by_itself(tmp_path):
    (one, other) = read_sheets(
        put(tmp_path / "a.zip", zip_bytes({"1.csv": csv_bytes(ROWS), "2.csv": csv_bytes(ROWS[:2])}))
    )
    assert (one.part, one.rows, other.part, other.rows) == ("1.csv", 3, "2.csv", 2)
