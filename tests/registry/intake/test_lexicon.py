"""What headers and words mean, by the lexicon: those of several counties, and those that must not be taken."""

from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from registry.constants import Feed
from registry.intake.contents import KINDS
from registry.intake.errors import IntakeError
from registry.intake.layouts import ReadBy, get_layout
from registry.intake.lexicon import LIKELY, SURE, UNSURE, field_grade, plain, read_words
from registry.intake.recognising import find_layout
from registry.intake.sheets import Sheet

WRITTEN = yaml.safe_load((Path(__file__).parent / "departments_words.yaml").read_text("utf-8"))


@pytest.mark.parametrize("feed", WRITTEN["headers"])
def test_the_headers_of_several_counties(feed):
    layout = get_layout(feed)
    wrong = []
    for field, headers in WRITTEN["headers"][feed].items():
        for header in headers:
            grades = {each: field_grade(feed, each, header) for each in WRITTEN["headers"][feed]}
            if header not in layout.columns[field] and grades[field] < max(grades.values()) - 1e-9:
                wrong.append((field, header))
    assert wrong == []


@pytest.mark.parametrize("feed", WRITTEN["words"])
def test_the_words_of_several_counties(feed):
    layout = get_layout(feed)
    read = {
        (column, word): (layout.value(column, word), ours)
        for column, meanings in WRITTEN["words"][feed].items()
        for ours, words in meanings.items()
        for word in words
    }
    assert {place: got for place, (got, ours) in read.items() if got != ours} == {}


@pytest.mark.parametrize(
    ("feed", "field", "header"),
    [
        ("tekun", "name", "入住五保老人姓名（必填）"),
        ("poverty", "number", "3．家庭成员有效身份证件号码"),
        ("prison", "to", "刑期届满日期"),
        ("prison", "to", "矫正终止时间"),
        ("prison", "from", "服刑起始年月日"),
        ("resident", "unit_code", "所在村/社区"),
        ("resident", "benefit_start", "首次领取养老待遇年月"),
        ("dibao", "household_no", "最低生活保障证编号"),
        ("hukou", "event", "变动发生时间"),
        ("students", "to", "拟毕业年月"),
    ],
)
def test_combinations_nobody_listed(feed, field, header):
    grades = {each: field_grade(feed, each, header) for each in get_layout(feed).columns}
    assert max(grades, key=grades.__getitem__) == field


@pytest.mark.parametrize(
    ("feed", "field", "header"),
    [
        ("poverty", "name", "监护人姓名"),
        ("poverty", "name", "户主姓名"),
        ("poverty", "number", "户主身份证号"),
        ("poverty", "number", "身份证类型"),
        ("poverty", "status", "脱贫年度人数"),
        ("dibao", "number", "低保证号码类型"),
        ("deaths", "event", "录入日期"),
        ("resident", "joined", "数据更新日期"),
        ("tekun", "name", "照料人姓名"),
        ("disability", "number", "监护人身份证号"),
    ],
)
def test_what_a_header_does_not_say(feed, field, header):
    assert field_grade(feed, field, header) == 0


def test_a_header_with_unknown_words_needs_its_cells():
    assert field_grade("tekun", "name", "姓名") == SURE
    assert UNSURE - 0.1 < field_grade("tekun", "name", "入住姓名簿册甲") <= UNSURE
    assert LIKELY - 0.1 < field_grade("tekun", "status", "类别") <= LIKELY


def test_numbering_and_notes_are_taken_off():
    assert plain("3．姓 名（必填）") == "姓名"
    assert plain("＊证件号码(18位)：") == "证件号码"
    assert read_words("村(居)名称").unknown == 0


NUMBERS = ["320697195001010013", "320697196203041289", "320697197111110024", "320697194412120036"]
NAMES = ["张建国", "李秀英", "王桂兰", "赵长江"]


def sheet_of(*columns: list[str], name: str = "Sheet1") -> Sheet:
    return Sheet("", name, [pa.array(column, pa.string()) for column in columns])


def test_cells_confirm_a_header_nobody_knows():
    sheet = sheet_of(
        ["入住老汉姓名", *NAMES], ["身份证号", *NUMBERS], ["养法", "集中供养", "分散供养", "集中供养", "分散供养"]
    )
    found = find_layout(sheet, "敬老院.xlsx", (get_layout("tekun"),))
    assert found.columns == {"name": 0, "number": 1, "status": 2}
    assert [found.reasons[field].by for field in ("name", "number", "status")] == [
        ReadBy.HEADER,
        ReadBy.USUAL_HEADER,
        ReadBy.CELLS,
    ]


def test_two_columns_that_may_both_be_the_name_are_asked_about():
    sheet = sheet_of(
        ["人员姓名", *NAMES], ["公民姓名", *reversed(NAMES)], ["证件号码", *NUMBERS], ["供养方式", *["集中"] * 4]
    )
    with pytest.raises(IntakeError) as refusal:
        find_layout(sheet, "特困.xlsx")
    assert refusal.value.code == "columns_to_confirm"


@pytest.mark.parametrize(
    ("feed", "column", "sheet_name", "ours"),
    [
        (Feed.OUTPROV, "scheme", "企业职工", "employee"),
        (Feed.DEATHS, "source", "县公安局", "police"),
        (Feed.PRISON, "event_kind", "社区矫正人员", "probation"),
        (Feed.TEKUN, "status", "集中供养", "residential"),
    ],
)
def test_a_value_of_all_lines_is_the_name_of_the_sheet(feed, column, sheet_name, ours):
    layout = get_layout(feed.value)
    others = {
        "province": ["参保省份", *["上海"] * 4],
        "event": ["死亡日期", *["20181203"] * 4],
    }
    columns = [
        others[name] for name in ("province", "event") if name in layout.columns and feed in (Feed.OUTPROV, Feed.DEATHS)
    ]
    found = find_layout(
        sheet_of(["姓名", *NAMES], ["身份证号", *NUMBERS], *columns, name=sheet_name), f"{layout.title}.xlsx"
    )
    assert layout.value(column, found.constants[column]) == ours
    assert found.reasons[column].by == ReadBy.SHEET


def test_the_usual_title_of_a_feed_states_no_value():
    with pytest.raises(IntakeError) as refusal:
        find_layout(sheet_of(["姓名", *NAMES], ["身份证号", *NUMBERS], name="服刑人员"), "服刑人员_201812.xlsx")
    assert refusal.value.code == "missing_columns"


@pytest.mark.parametrize("cell", ["西山社区居民委员会", "凤山村民委员会", "巴彦嘎查", "浩特苏木"])
def test_villages_are_places_also_where_their_full_title_is_written(cell):
    assert KINDS["place"](cell)
