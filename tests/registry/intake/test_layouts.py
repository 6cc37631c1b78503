"""Every layout is valid, recognises a minimal file of its feed, and states clearly what a file lacks."""

import pyarrow as pa
import pytest

from registry.constants import FACT_FEEDS, PERSON_FEEDS, FactKind, Feed, RowReason
from registry.intake.errors import IntakeError, sentence
from registry.intake.fields import label_of
from registry.intake.layouts import Layout, all_layouts
from registry.intake.recognising import find_layout
from registry.intake.sheets import Sheet
from registry.presenters.file_words import FILE_WORDS
from tests import senders

HEADERS = {
    Feed.POVERTY: senders.POVERTY[:8],
    Feed.DIBAO: [*senders.DIBAO, "成员1姓名", "成员1身份证号"],
    Feed.TEKUN: senders.TEKUN,
    Feed.DISABILITY: senders.DISABILITY,
    Feed.RESIDENT: senders.RESIDENT,
    Feed.EMPLOYEE: senders.SCHEME,
    Feed.CIVIL: senders.SCHEME,
    Feed.OUTPROV: senders.OUTPROV,
    Feed.DEATHS: senders.DEATHS,
    Feed.HUKOU: senders.HUKOU,
    Feed.PRISON: senders.PRISON,
    Feed.STUDENTS: senders.STUDENTS,
    Feed.SOLDIERS: senders.SOLDIERS,
    Feed.SURVEY: senders.SURVEY,
    Feed.CERTIFICATION: senders.CERTIFICATION,
}
NAMES = {
    Feed.POVERTY: "建档立卡贫困人口信息_201812.xlsx",
    Feed.DIBAO: "城乡低保家庭名册_201812.xlsx",
    Feed.TEKUN: "特困供养人员_201812.csv",
    Feed.DISABILITY: "重度残疾人_201812.csv",
    Feed.RESIDENT: "城乡居保参保人员_201812.zip",
    Feed.EMPLOYEE: "企业职工养老参保_201812.csv.zip",
    Feed.CIVIL: "机关事业养老参保_201812.csv.zip",
    Feed.OUTPROV: "省外参保比对结果_201812.xlsx",
    Feed.DEATHS: "死亡人员信息_201812.xlsx",
    Feed.HUKOU: "户籍变动_201812.csv",
    Feed.PRISON: "服刑人员_201812.xlsx",
    Feed.STUDENTS: "在校学生_201812.csv",
    Feed.SOLDIERS: "现役军人_201812.xlsx",
    Feed.SURVEY: "核查结果反馈_201812.xlsx",
    Feed.CERTIFICATION: "资格认证_201812.xlsx",
}


def sheet_of(*rows: list[str], name: str = "Sheet1") -> Sheet:
    width = max(len(row) for row in rows)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    return Sheet("", name, [pa.array(column, pa.string()) for column in zip(*padded, strict=True)])


def by_feed(feed: Feed) -> Layout:
    return next(layout for layout in all_layouts() if layout.feed == feed)


def test_every_feed_has_a_layout():
    assert {layout.feed for layout in all_layouts()} == set(Feed)


@pytest.mark.parametrize("layout", all_layouts(), ids=lambda layout: layout.name)
def test_a_layout_speaks_of_columns_it_has(layout):
    columns = set(layout.columns)
    assert {name for group in layout.required for name in group.split("|")} <= columns
    assert set(layout.record_key) <= columns
    assert set(layout.values) <= columns
    assert set(layout.must_be_known) <= columns
    assert set(layout.must_be_known.values()) <= set(RowReason.values)
    assert {"name", "number"} <= columns
    for aliases in layout.columns.values():
        assert len(set(aliases)) == len(aliases)


@pytest.mark.parametrize("layout", [by_feed(feed) for feed in FACT_FEEDS], ids=lambda layout: layout.name)
def test_the_layout_of_a_fact_feed_says_what_becomes_a_fact(layout):
    rule = layout.fact
    dated = {rule[name] for name in ("event", "from", "to", "source", "kind_column") if name in rule}
    assert dated <= set(layout.columns)
    kinds = {rule["kind"]} if "kind" in rule else set(layout.values[rule["kind_column"]].values())
    assert kinds <= set(FactKind.values)


@pytest.mark.parametrize("feed", Feed)
def test_a_file_with_a_usual_name_is_known(feed):
    found = find_layout(sheet_of(HEADERS[feed]), NAMES[feed])
    assert found.layout.feed == feed


@pytest.mark.parametrize("feed", [feed for feed in Feed if feed not in (Feed.EMPLOYEE, Feed.CIVIL)])
def test_its_headers_alone_are_enough(feed):
    assert find_layout(sheet_of(HEADERS[feed]), "新建文件.xlsx").layout.feed == feed


@pytest.mark.parametrize(
    ("employer", "feed"),
    [("江安俊发建筑有限公司", Feed.EMPLOYEE), ("九华镇人民政府", Feed.CIVIL), ("实验中学", Feed.CIVIL)],
)
def test_employee_and_public_sector_are_distinguished_by_the_employers(employer, feed):
    row = ["320682", "32068201619", employer, "E1", "张三", "320697195003050025", "男", "1", "199407"]
    assert find_layout(sheet_of(senders.SCHEME, row, row), "data.csv").layout.feed == feed


def test_a_header_in_two_merged_rows_under_a_title():
    sheet = sheet_of(
        ["如皋市人口信息表"],
        senders.POVERTY_TOP,
        senders.POVERTY,
        ["1", "1", "", "张三", "男", "1", "户主", "未脱贫", "x", "y"],
    )
    found = find_layout(sheet, "file.xlsx")
    assert (found.layout.feed, found.header_row, found.header_rows) == (Feed.POVERTY, 2, 2)
    assert found.columns["place"] == 8
    assert found.columns["hukou"] == 9


def test_a_heading_over_columns_names_no_source():
    """户籍 is a word for the police as the source of a death; over 户籍村 it says which columns are about the registration."""
    person = ["双群社区", "2018-11-08", "32069719521013599X", "钱明"]
    for title, named in (
        ("户籍情况", {}),
        ("户籍", {}),
        ("公安", {"source": "公安"}),
        ("公安局提供的死亡人员名单", {"source": "公安"}),
    ):
        table = sheet_of([title, "", "", ""], ["户籍村", "死亡时间", "身份证号", "姓名"], person)
        assert find_layout(table, "上报数据.csv").constants == named


def test_household_members_in_order():
    header = [*senders.DIBAO, "成员1姓名", "成员1身份证号", "成员2姓名", "成员2身份证号"]
    assert find_layout(sheet_of(header), "低保.xlsx").members == ((7, 8), (9, 10))


@pytest.mark.parametrize("written", ["姓 名", "姓名：", "*姓名", "姓名（必填）", "姓名\n", "成员姓名", "\ufeff姓名"])
def test_headers_as_people_write_them(written):
    header = [written if cell == "姓名" else cell for cell in senders.POVERTY[:8]]
    assert find_layout(sheet_of(header), "x.xlsx").layout.feed == Feed.POVERTY


@pytest.mark.parametrize(
    ("feed", "lost", "named"),
    [
        (Feed.POVERTY, "脱贫属性", "status"),
        (Feed.TEKUN, "供养方式", "status"),
        (Feed.DEATHS, "死亡日期", "event"),
        (Feed.RESIDENT, "个人编号", "roll_no"),
        (Feed.POVERTY, "证件号码", "number"),
    ],
)
def test_a_missing_column_is_named(feed, lost, named):
    header = [cell for cell in HEADERS[feed] if cell != lost]
    with pytest.raises(IntakeError) as refusal:
        find_layout(sheet_of(header), NAMES[feed])
    assert refusal.value.code == "missing_columns"
    assert refusal.value.values == {"feed": feed.value, "fields": named}
    assert label_of(named, feed) in sentence(refusal.value.as_json())


def test_a_file_without_known_headers_is_refused_without_a_word_of_it():
    for first_line in (["车牌号", "颜色"], ["张三", "320697195001010013"]):
        with pytest.raises(IntakeError) as refusal:
            find_layout(sheet_of(first_line, ["苏F1", "红"]), "车辆.xlsx")
        assert refusal.value.as_json() == {"code": "unknown_layout", "values": {}}


def test_unknown_words_are_not_repeated():
    rows = [[f"张{n}", f"32069719500101{n:04}", f"李四{n}"] for n in range(9)]
    with pytest.raises(IntakeError) as refusal:
        find_layout(sheet_of(["姓名", "证件号码", "脱贫属性"], *rows), "建档立卡.xlsx")
    assert refusal.value.code == "unknown_words"
    assert "李四" not in str(refusal.value.as_json())


@pytest.mark.parametrize(
    ("feed", "column", "word", "ours"),
    [
        (Feed.POVERTY, "status", "未脱贫户", "poor"),
        (Feed.POVERTY, "status", "已脱贫（享受政策）", "out_supported"),
        (Feed.POVERTY, "status", "什么", None),
        (Feed.DIBAO, "status", "全额", "full"),
        (Feed.DIBAO, "status", "差额", "partial"),
        (Feed.DIBAO, "settlement", "城镇", "urban"),
        (Feed.TEKUN, "status", "集中", "residential"),
        (Feed.DEATHS, "source", "派出所", "police"),
        (Feed.OUTPROV, "status", "正常领取", "drawing"),
        (Feed.OUTPROV, "status", "暂停缴费", "paused"),
        (Feed.OUTPROV, "status", "终止参保", "ended"),
        (Feed.OUTPROV, "status", "未参保", "not_insured"),
        (Feed.PRISON, "event_kind", "缓刑", "probation"),
        (Feed.PRISON, "event_kind", "社区矫正", "probation"),
        (Feed.PRISON, "event_kind", "看守所服刑", "prison"),
        (Feed.SURVEY, "answer", "失联找不到人", "not_found"),
        (Feed.SURVEY, "answer", "011 无参保意愿", "declined"),
        (Feed.RESIDENT, "business", "正常待遇", "1,3"),
        (Feed.POVERTY, "place", "任何文字", "任何文字"),
    ],
)
def test_words_of_departments(feed, column, word, ours):
    assert by_feed(feed).value(column, word) == ours


def test_the_usual_word_of_a_code_is_the_first_that_is_no_figure():
    assert by_feed(Feed.POVERTY).usual_words("status")["out_supported"] == "已脱贫(享受政策)"
    assert by_feed(Feed.EMPLOYEE).usual_words("status")["1"] == "正常参保"


def test_every_status_of_the_poor_has_a_name_in_the_interface():
    codes = {code for feed in PERSON_FEEDS for code in by_feed(feed).usual_words("status")}
    assert codes <= set(FILE_WORDS)


GROUPS = ["户信息", "", "人员基本信息", "", "人员状况", "帮扶信息", "", "行政村", "联系电话", "户籍地"]
BELOW = ["户编号", "人编号", "姓名", "证件号码", "在校生状况", "脱贫退出情况", "致贫原因", "", "", ""]
PERSONS = [
    [
        "3206317806",
        "320631780601",
        "张三",
        "320697196510170010",
        "非在校生",
        "未脱贫",
        "因病",
        "320682001001",
        "15400000001",
        "如皋市长江镇",
    ],
    [
        "3206317807",
        "320631780701",
        "李四",
        "320697195410110024",
        "非在校生",
        "返贫",
        "因残",
        "320682001002",
        "15400000002",
        "如皋市白蒲镇",
    ],
]


def test_a_field_of_the_household_may_be_under_the_heading_of_those_who_help_it():
    """帮扶信息 above 姓名 gives the name to somebody else, above the household's status it does not."""
    found = find_layout(sheet_of(GROUPS, BELOW, *PERSONS * 3), "贫困人口.xlsx")
    assert found.layout.feed == Feed.POVERTY
    assert found.columns["status"] == 5


def test_a_header_repeated_below_persons_never_takes_them_for_titles():
    """The header repeated in one line may fit better than the merged one above the first persons."""
    repeated = [
        "户编号",
        "人编号",
        "姓名",
        "证件号码",
        "在校生状况",
        "脱贫属性",
        "致贫原因",
        "行政村",
        "联系电话",
        "户籍地",
    ]
    groups = [*GROUPS[:5], "其他", *GROUPS[6:]]
    found = find_layout(sheet_of(groups, BELOW, *PERSONS, repeated, *PERSONS * 3), "贫困人口.xlsx")
    assert found.header_row == 1
