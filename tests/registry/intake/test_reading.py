"""A sheet's lines: each one ends as a row, skipped, a duplicate or rejected, with its reason."""

from pathlib import Path

import pytest

from registry.intake.errors import IntakeError
from registry.intake.files import read_sheets
from registry.intake.reading import ReadSheet, read_rows
from registry.intake.recognising import find_layout
from tests import senders
from tests.oracles.numbers import make_number

GOOD = make_number("19500305", 2)
OTHER = make_number("19581215", 1)


def read(path: Path) -> ReadSheet:
    (sheet,) = read_sheets(path)
    return read_rows(sheet, find_layout(sheet, path.name))


def problems(sheet: ReadSheet) -> dict[tuple[int, int], tuple[str, str]]:
    return {(each.row, each.member): (each.reason, each.action) for each in sheet.problems}


def test_a_poverty_file_line_by_line(tmp_path):
    sheet = read(
        senders.poverty(
            tmp_path / "建档立卡.xlsx", [{"name": "张三", "number": GOOD}, {"name": "李四", "number": OTHER}]
        )
    )
    assert sheet.rows["row"].to_pylist() == [4, 5]
    assert problems(sheet) == {
        (1, 0): ("title_row", "skip"),
        (2, 0): ("header_row", "skip"),
        (3, 0): ("header_row", "skip"),
        (6, 0): ("total_row", "skip"),
        (7, 0): ("signature_line", "skip"),
    }
    assert sheet.outcomes() == {"loaded": 2, "skip": 5}


@pytest.mark.parametrize(
    ("number", "reason", "action", "stored"),
    [
        ("", "id_missing", "load_without_id_to_repair", ""),
        ("无", "id_missing", "load_without_id_to_repair", ""),
        (GOOD[:-1], "id_length", "reject_id_to_repair", GOOD[:-1]),
        (GOOD[:-1] + "0", "id_checksum_or_date", "reject_id_to_repair", GOOD[:-1] + "0"),
        (GOOD[:6] + GOOD[8:17], "id_15_digits", "convert_to_18_and_repair", GOOD),
        (GOOD + "43", "disability_number_in_id_column", "cut_to_18_and_repair", GOOD),
        (GOOD + "43B1", "disability_number_in_id_column", "cut_to_18_and_repair", GOOD),
        (float(GOOD[:17] + "0"), "id_numeric_float", "reject_id_to_repair", None),
        ("3.20697195003050E+17", "id_numeric_float", "reject_id_to_repair", None),
    ],
)
def test_a_broken_number_is_still_a_poor_person(tmp_path, number, reason, action, stored):
    sheet = read(senders.poverty(tmp_path / "建档立卡.xlsx", [{"name": "张三", "number": number}]))
    assert sheet.rows["name"].to_pylist() == ["张三"]
    assert problems(sheet)[4, 0] == (reason, action)
    if stored is not None:
        assert sheet.rows["number"].to_pylist() == [stored]
    assert sheet.rows["key"][0].is_valid == (action in ("convert_to_18_and_repair", "cut_to_18_and_repair"))


def test_a_certificate_is_no_problem_in_its_own_feed(tmp_path):
    row = ["320682111201", "张三", "男", GOOD + "43", "肢体", "一级", "20160712", "有效"]
    sheet = read(senders.write_csv(tmp_path / "重度残疾人.csv", [senders.DISABILITY, row]))
    assert (1, "header_row") in [(each.row, each.reason) for each in sheet.problems]
    assert len(sheet.problems) == 1


def test_the_same_line_again_is_a_duplicate_whatever_its_serial_number(tmp_path):
    rows = [["1", "公安", "张三", GOOD, "", "20181105", "", ""], ["2", "公安", "张三", GOOD, "", "20181105", "", ""]]
    sheet = read(senders.write_xlsx(tmp_path / "死亡.xlsx", [senders.DEATHS, *rows]))
    assert problems(sheet)[3, 0] == ("duplicate_of_row_2", "ignore_duplicate")
    assert sheet.rows["duplicate_of"].to_pylist() == [None, 2]


def test_blank_lines_and_a_header_repeated_in_the_middle(tmp_path):
    person = ["如皋市长江镇", "T1", "张三", GOOD, "男", "", "分散供养"]
    other = ["如皋市长江镇", "T2", "李四", OTHER, "男", "", "集中供养"]
    sheet = read(senders.write_csv(tmp_path / "特困.csv", [senders.TEKUN, person, [""] * 7, senders.TEKUN, other]))
    assert problems(sheet) == {
        (1, 0): ("header_row", "skip"),
        (3, 0): ("blank_row", "skip"),
        (4, 0): ("header_repeated", "skip"),
    }
    assert sheet.rows["row"].to_pylist() == [2, 5]


def test_a_person_whose_name_sounds_like_a_total_is_loaded(tmp_path):
    row = ["合计村", "T1", "合计", GOOD, "男", "", "分散供养"]
    assert read(senders.write_csv(tmp_path / "特困.csv", [senders.TEKUN, row])).rows.num_rows == 1


def test_a_household_line_names_its_members(tmp_path):
    households = [{"members": [("张三", GOOD), ("张小", GOOD[:-1])]}, {"members": [("李四", OTHER)]}]
    sheet = read(senders.dibao(tmp_path / "低保.xlsx", households))
    found = sorted(
        zip(
            sheet.rows["row"].to_pylist(), sheet.rows["member"].to_pylist(), sheet.rows["name"].to_pylist(), strict=True
        )
    )
    assert found == [(2, 1, "张三"), (2, 2, "张小"), (3, 1, "李四")]
    assert problems(sheet)[2, 2] == ("id_length", "reject_id_to_repair")
    assert problems(sheet)[4, 0] == ("total_row", "skip")


def test_a_household_line_without_names_is_a_problem_line(tmp_path):
    sheet = read(senders.dibao(tmp_path / "低保.xlsx", [{"members": [("张三", GOOD)]}, {"members": [("", "")]}]))
    assert problems(sheet)[3, 0] == ("name_missing", "reject_row")


def test_the_head_of_a_household_counts_once(tmp_path):
    header = [
        "低保证号",
        "户主姓名",
        "户主身份证号",
        "救助类型",
        "成员1姓名",
        "成员1身份证号",
        "成员2姓名",
        "成员2身份证号",
    ]
    listed = ["D1", "张三", GOOD, "全额", "张三", GOOD, "李四", OTHER]
    apart = ["D2", "张三", GOOD, "全额", "李四", OTHER, "", ""]
    sheet = read(senders.write_xlsx(tmp_path / "低保.xlsx", [header, listed, apart]))
    found = sorted(zip(*(sheet.rows[name].to_pylist() for name in ("row", "member", "name")), strict=True))
    assert found == [(2, 1, "张三"), (2, 2, "李四"), (3, 0, "张三"), (3, 1, "李四")]


def test_a_member_with_the_name_of_the_head_and_another_number_is_somebody_else(tmp_path):
    header = ["低保证号", "户主姓名", "户主身份证号", "救助类型", "成员1姓名", "成员1身份证号"]
    rows = [["D1", "张三", GOOD, "全额", "张三", OTHER], ["D2", "张三", GOOD, "全额", "张三", ""]]
    sheet = read(senders.write_xlsx(tmp_path / "低保.xlsx", [header, *rows]))
    found = sorted(zip(*(sheet.rows[name].to_pylist() for name in ("row", "member", "number")), strict=True))
    assert found == [(2, 0, GOOD), (2, 1, OTHER), (3, 0, GOOD)]


def test_two_names_with_one_number_in_a_household_are_two_persons(tmp_path):
    header = ["低保证号", "户主姓名", "户主身份证号", "救助类型", "成员1姓名", "成员1身份证号"]
    rows = [["D1", "张三", GOOD, "全额", "李四", GOOD], ["D2", "张三", GOOD, "全额", "张 三", GOOD]]
    sheet = read(senders.write_xlsx(tmp_path / "低保.xlsx", [header, *rows]))
    found = sorted(zip(*(sheet.rows[name].to_pylist() for name in ("row", "member", "name")), strict=True))
    assert [each[:2] for each in found] == [(2, 0), (2, 1), (3, 1)]


def test_a_line_without_a_name_is_not_loaded(tmp_path):
    sheet = read(
        senders.poverty(tmp_path / "建档立卡.xlsx", [{"name": " ", "number": GOOD}, {"name": "李四", "number": OTHER}])
    )
    assert problems(sheet)[4, 0] == ("name_missing", "reject_row")
    assert sheet.outcomes()["reject_row"] == 1
    assert sheet.outcomes()["loaded"] == 1


def test_headers_without_people(tmp_path):
    with pytest.raises(IntakeError, match="no_rows"):
        read(senders.write_csv(tmp_path / "特困.csv", [senders.TEKUN, ["合计", "0人"]]))


def test_every_line_has_exactly_one_end(tmp_path):
    people = [
        {"name": f"人{n}", "number": number} for n, number in enumerate([GOOD, "", GOOD[:-1], OTHER, "无", GOOD + "61"])
    ]
    path = senders.poverty(tmp_path / "建档立卡.xlsx", [*people, people[0]])
    sheet = read(path)
    (raw,) = read_sheets(path)
    assert sum(sheet.outcomes().values()) == raw.rows
    assert sheet.outcomes()["ignore_duplicate"] == 1
