"""Values as offices really send them: wrapped, masked, rounded by a spreadsheet, counted in the middle; read, or named, never changed."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter

from foundation.primitives.columns import NUMBER_STATES, clean_numbers
from registry.intake.cell_texts import unwrap
from registry.intake.errors import IntakeError
from registry.intake.files import read_sheets
from registry.intake.keys import LOST
from registry.intake.reading import ReadSheet, read_rows
from registry.intake.recognising import find_layout
from tests import senders
from tests.oracles.numbers import make_number
from tests.senders import csv_bytes, write_xlsx

HEADER = ["户编号", "人编号", "姓名", "证件号码", "脱贫属性", "乡镇", "行政村"]
NUMBER = make_number("19500305", 2)
ENDING_IN_X = next(number for n in range(1, 400) if (number := make_number("19581215", n)).endswith("X"))


def line(place: int, name: str = "王建国", number: str = NUMBER, **fields: str) -> list[str]:
    row = {"household": f"3206970{place:04}", "person": f"3206970{place:04}01", "name": name, "number": number} | fields
    status = row.get("status", "未脱贫")
    return [row["household"], row["person"], row["name"], row["number"], status, "长江镇", "二案村"]


def read(path: Path) -> ReadSheet:
    [sheet] = read_sheets(path)
    return read_rows(sheet, find_layout(sheet, path.name))


def sent(folder: Path, rows: list[list[str]]) -> ReadSheet:
    path = folder / "贫困人口.csv"
    path.write_bytes(csv_bytes([HEADER, *rows]))
    return read(path)


def problems(sheet: ReadSheet) -> list[tuple[int, str]]:
    return [(each.row, each.reason) for each in sheet.problems if each.row > 1]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="公安"', "公安"),
        ("=“公安”", "公安"),
        ("'320123", "320123"),
        ("‘杨志明’", "杨志明"),
        ("\u202d杨志明\u202c", "杨志明"),
        ("\u200e3206\u20099719\u202f50", "3206 9719 50"),
        ("杨志明\u3164", "杨志明"),
        ("\ufeff姓名", "姓名"),
        ("=1+2", "=1+2"),
        ("O'Neil", "O'Neil"),
    ],
)
def test_characters_around_a_text_are_removed(cell, text):
    assert unwrap(cell) == text


def test_cells_are_unwrapped_in_every_column_of_a_file(tmp_path):
    rows = [[f'="{cell}"' for cell in line(1)], [f"\u202d{cell}\u202c" for cell in line(2, "李秀英", ENDING_IN_X)]]
    sheet = sent(tmp_path, rows)
    assert sheet.rows.select(["name", "number", "household_no", "status"]).to_pylist() == [
        {"name": "王建国", "number": NUMBER, "household_no": "32069700001", "status": "未脱贫"},
        {"name": "李秀英", "number": ENDING_IN_X, "household_no": "32069700002", "status": "未脱贫"},
    ]
    assert not problems(sheet)


@pytest.mark.parametrize(
    "written",
    [
        f"身份证：{NUMBER}",
        f"{NUMBER[:6]}-{NUMBER[6:14]}-{NUMBER[14:]}",
        f"{NUMBER}（已换证）",
        f"{NUMBER}.0",
        NUMBER.replace("0", "O"),
        NUMBER.replace("1", "l"),
        f"{NUMBER[:6]} {NUMBER[6:]}",
    ],
)
def test_a_number_written_otherwise_is_the_number(written):
    found = clean_numbers(pa.array([written]))
    assert (found.number.to_pylist(), NUMBER_STATES[found.state[0]]) == ([NUMBER], "ok")


@pytest.mark.parametrize("end", ["10", "х", "Х", "×", "x"])
def test_characters_written_in_place_of_x(end):
    assert clean_numbers(pa.array([ENDING_IN_X[:17] + end])).number.to_pylist() == [ENDING_IN_X]


def test_a_letter_is_a_digit_only_where_the_check_character_says_so():
    damaged = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")
    written = damaged.replace("0", "O")
    found = clean_numbers(pa.array([written]))
    assert (found.number.to_pylist(), NUMBER_STATES[found.state[0]]) == ([written], "checksum")


def test_masked_numbers_are_named_and_a_masked_list_is_refused(tmp_path):
    masked = f"{NUMBER[:6]}********{NUMBER[14:]}"
    sheet = sent(tmp_path, [line(1), line(2, "李秀英", masked), line(3, "赵德发", ENDING_IN_X)])
    assert problems(sheet) == [(3, "id_masked")]
    assert sheet.rows["number"].to_pylist() == [NUMBER, "", ENDING_IN_X]
    with pytest.raises(IntakeError, match="masked_numbers"):
        sent(tmp_path, [line(place, number=masked) for place in range(6)])


def test_a_list_whose_names_lost_characters_is_refused(tmp_path):
    with pytest.raises(IntakeError, match="names_damaged"):
        sent(tmp_path, [line(place, "王??", make_number("19500305", place)) for place in range(6)])
    assert sent(tmp_path, [line(place, "王?" if place == 1 else "王建国") for place in range(6)]).rows.num_rows == 6


def test_numbers_that_went_through_a_spreadsheet_s_figures_are_not_trusted(tmp_path):
    rounded = [f"{make_number('19500305', place)[:15]}000" for place in range(8)]
    sheet = sent(tmp_path, [line(place, number=number) for place, number in enumerate(rounded)])
    assert {reason for _, reason in problems(sheet)} == {"id_numeric_float"}
    assert sheet.rows["key"].null_count == 8
    mixed = [NUMBER, ENDING_IN_X, *(make_number("19600101", place) for place in range(1, 7)), rounded[0]]
    kept = sent(tmp_path, [line(place, number=number) for place, number in enumerate(mixed)])
    assert "id_numeric_float" not in {reason for _, reason in problems(kept)}


def test_one_key_is_one_key_however_it_is_written(tmp_path):
    keys = ["3206970001", "3206970001.0", "'3206970001", "３２０６９７０００１", " 3206970001 "]
    sheet = sent(tmp_path, [line(place, household=key, person=key) for place, key in enumerate(keys)])
    assert set(sheet.rows["household_no"].to_pylist()) == {"3206970001"} == set(sheet.rows["person_no"].to_pylist())


def figures(path: Path, header: list[str], rows: Sequence[Sequence[object]]) -> Path:
    """Write a workbook in which keys are figures, as a spreadsheet keeps them: fifteen digits."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Sheet1")
        for place, row in enumerate([header, *rows]):
            for column, cell in enumerate(row):
                sheet.write(place, column, float(cell) if isinstance(cell, int) else cell)
    return path


def test_keys_whose_digits_are_lost_are_none(tmp_path):
    rows: list[list[object]] = [
        [320697001200010017 + n, 320697001200010017 + n, name, "", "未脱贫", "长江镇", "二案村"]
        for n, name in enumerate(["王建国", "李秀英", "赵德发"])
    ]
    sheet = read(figures(tmp_path / "贫困人口.xlsx", HEADER, rows))
    assert set(sheet.rows["household_no"].to_pylist()) == {""} == set(sheet.rows["person_no"].to_pylist())
    short = read(
        figures(tmp_path / "贫困人口.xlsx", HEADER, [[32069700 + n, 1, *row[2:]] for n, row in enumerate(rows)])
    )
    assert short.rows["household_no"].to_pylist() == ["32069700", "32069701", "32069702"]


def test_roll_lines_whose_numbers_are_lost_stay_apart_and_the_same_next_month(tmp_path):
    rows = [senders.resident_row("x", name, make_number("19500305", n)) for n, name in enumerate(["王建国", "李秀英"])]
    column = senders.RESIDENT.index("个人编号")
    made = [[*row[:column], 132069700010000101 + n, *row[column + 1 :]] for n, row in enumerate(rows)]
    first = read(figures(tmp_path / "城乡居保.xlsx", senders.RESIDENT, made)).rows["roll_no"].to_pylist()
    again = read(figures(tmp_path / "城乡居保.xlsx", senders.RESIDENT, made[::-1])).rows["roll_no"].to_pylist()
    assert len(set(first)) == 2
    assert first == again[::-1]
    assert all(number.startswith(LOST) for number in first)


@pytest.mark.parametrize(
    "cells",
    [
        ["二案村小计", "", "2人"],
        ["本页小计", "", "2人"],
        ["长江镇合计：", "2", "2"],
        ["", "合计", "2人"],
        ["", "", "合计2人"],
        ["总人数", "", "8"],
        ["其中：女", "", "3"],
        ["户数：4户", "", "人数：8人"],
        ["", "", "4人"],
    ],
)
def test_a_line_that_counts_is_no_person(tmp_path, cells):
    path = write_xlsx(
        tmp_path / "贫困人口.xlsx", [HEADER, line(1), [*cells, "", "", "", ""], line(2, "李秀英", ENDING_IN_X)]
    )
    sheet = read(path)
    assert problems(sheet) == [(3, "total_row")]
    assert sheet.rows["name"].to_pylist() == ["王建国", "李秀英"]


def test_somebody_without_a_number_is_no_total_whatever_a_remark_says(tmp_path):
    header, extra = [*HEADER, "备注"], [["其中：补发"], ["救助金合计"], [""]]
    rows = [[*line(place, name, ""), *extra[place]] for place, name in enumerate(["王建国", "李秀英", "赵德发"])]
    path = write_xlsx(tmp_path / "贫困人口.xlsx", [header, *rows, ["", "", "长江镇", "", "小计", "", "", ""]])
    sheet = read(path)
    assert sheet.rows["name"].to_pylist() == ["王建国", "李秀英", "赵德发"]
    assert problems(sheet)[0] == (5, "total_row")


def test_a_password_is_named(tmp_path):
    path = tmp_path / "贫困人口.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512
    )
    with pytest.raises(IntakeError, match="password"):
        read_sheets(path)


def test_a_status_nobody_has_explained_is_named_once(tmp_path):
    words = ["未脱贫"] * 12 + ["待核实", "", "待核实", "自然减少", ""]
    rows = [line(place, number=make_number("19500305", place), status=word) for place, word in enumerate(words)]
    found = [
        (each.row, each.reason, each.action) for each in sent(tmp_path, rows).problems if each.reason == "word_unknown"
    ]
    assert found == [(row, "word_unknown", "load_with_unknown_word_to_repair") for row in (14, 15, 17)]


def test_a_note_beside_a_name_is_a_lead(tmp_path):
    rows = [
        ["1", "1", "王建国(已故)", make_number("19500305", 1), "未脱贫"],
        ["1", "2", "李秀英（户口已迁出）", make_number("19500305", 2), "未脱贫"],
        ["1", "3", "张玉兰(户主)", make_number("19500305", 3), "未脱贫"],
    ]
    (sheet,) = read_sheets(
        senders.write_csv(tmp_path / "贫困人口.csv", [["户编号", "人编号", "姓名", "证件号码", "脱贫属性"], *rows])
    )
    read = read_rows(sheet, find_layout(sheet, "贫困人口.csv"))
    assert read.rows["name"].to_pylist() == ["王建国", "李秀英", "张玉兰"]
    assert [(each.row, each.reason) for each in read.problems[1:]] == [(2, "note_in_name"), (3, "note_in_name")]
