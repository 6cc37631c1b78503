"""Birth dates lists state: read beside the number and kept apart from it; an impossible one is a problem line and states nothing."""

from datetime import date

import pyarrow.parquet as pq
import pytest
from django.conf import settings

from coverage.models import Link
from registry.intake.births import is_impossible_birth, is_placeholder_birth
from registry.models import DeliveryProblem, Fact, Person, RollSnapshot
from tests import senders
from tests.oracles.numbers import make_number
from tests.plugins.month import run_night_of

AS_OF = date(2018, 12, 31)
IMPOSSIBLE = [
    "20310305",
    "2019-01-01",
    "1849-12-31",
    "19500230",
    "1950-13-01",
    "1950年2月30日",
    "00000000",
    "2030",
    "１９５００２３０",
    "1950/4/31",
]
POSSIBLE = [
    "19500305",
    "2018-12-31",
    "1850-01-01",
    "195003",
    "1950",
    "2018",
    "",
    "不详",
    "3/12/1950",
    "1900-01-00",
    "30年代",
    "1950.3",
]


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_a_day_nobody_can_be_born_on(text):
    assert is_impossible_birth(text, AS_OF)


@pytest.mark.parametrize("text", POSSIBLE)
def test_a_day_somebody_may_be_born_on_or_none(text):
    assert not is_impossible_birth(text, AS_OF)


@pytest.mark.parametrize("text", ["1900-01-01", "19000101", "1900/1/1", "1900年1月1日", " 1900-01-01 "])
def test_the_first_day_of_1900_stands_for_no_day(text):
    assert is_placeholder_birth(text)
    assert not is_impossible_birth(text, AS_OF)


@pytest.mark.parametrize("text", ["1900", "190001", "19000102", "", "19500305"])
def test_other_days_of_1900_are_days(text):
    assert not is_placeholder_birth(text)


def problems() -> dict[str, list[int]]:
    found = DeliveryProblem.objects.filter(reason="birth_impossible").order_by("row")
    return {
        feed: list(found.filter(delivery__feed=feed).values_list("row", flat=True))
        for feed in found.values_list("delivery__feed", flat=True)
    }


@pytest.mark.django_db
@pytest.mark.parametrize("birth", ["20310305", "19500230", "17500305", "19000101", "19500305"])
def test_the_same_impossible_birth_date_on_two_lists_is_no_agreement(tmp_path, take_in, county, birth):
    """With a day that may be, name, birth date and village confirm the line."""
    lines = [
        ["320682111201", "T1", "张伟", "", "男", birth, "集中供养"],
        ["320682111201", "T2", "李芳", "", "女", "19510305", "集中供养"],
    ]
    take_in(senders.write_csv(tmp_path / "特困.csv", [senders.TEKUN, *lines]))
    rows = [
        senders.resident_row("R1", "张伟", "", birth=birth, unit="320682111201"),
        senders.resident_row("R2", "李芳", "", birth="19510305", unit="320682111201"),
    ]
    take_in(senders.resident(tmp_path / "居保.zip", rows))
    run_night_of(county, "2018-12-31")
    confirmed = set(Link.objects.filter(action="auto").values_list("roll_no", flat=True))
    is_possible = birth == "19500305"
    assert confirmed == ({"R1", "R2"} if is_possible else {"R2"})
    has_none = is_possible or birth == "19000101"
    assert problems() == ({} if has_none else {"tekun": [2], "resident": [2]})
    assert Person.objects.get(name="张伟").birth_date == (date(1950, 3, 5) if is_possible else None)


@pytest.mark.django_db
def test_a_number_of_somebody_not_born_yet_states_no_birth_date(tmp_path, take_in):
    number = make_number("20310305", 1)
    take_in(
        senders.write_csv(
            tmp_path / "特困.csv", [senders.TEKUN, ["320682111201", "T1", "张伟", number, "男", "", "集中供养"]]
        )
    )
    take_in(senders.resident(tmp_path / "居保.zip", [senders.resident_row("R1", "张伟", number, birth="")]))
    assert problems() == {"tekun": [2], "resident": [2]}
    snapshot = settings.DATA_DIR / RollSnapshot.objects.get().path
    assert pq.read_table(snapshot)["birth"].to_pylist() == [None]


NUMBER = make_number("19800305", 1)
FACTS = {
    "死亡.csv": (["数据来源", "姓名", "身份证号", "死亡日期"], ["公安", "张伟", NUMBER, "20181201"]),
    "服刑人员.csv": (["姓名", "身份证号", "类别", "刑期起"], ["张伟", NUMBER, "监狱服刑", "20170101"]),
    "在校学生.csv": (["姓名", "身份证号", "学校"], ["张伟", NUMBER, "如皋中学"]),
    "现役军人.csv": (["姓名", "身份证号", "服役状态"], ["张伟", NUMBER, "现役"]),
    "户籍变动.csv": (["变动类别", "姓名", "身份证号", "变动日期"], ["迁出", "张伟", NUMBER, "20181201"]),
    "核查结果反馈.csv": (["姓名", "证件号码", "核查结果"], ["张伟", NUMBER, "参军"]),
    "省外参保比对结果.csv": (["姓名", "身份证号", "险种"], ["张伟", NUMBER, "企业职工"]),
    "重度残疾人.csv": (["姓名", "残疾证号", "残疾等级"], ["张伟", NUMBER, "一级"]),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", FACTS)
def test_every_list_of_facts_keeps_what_it_states_apart_from_the_number(tmp_path, take_in, name):
    header, line = FACTS[name]
    other = [cell.replace(NUMBER, make_number("19810305", 1)) for cell in line]
    rows = [[*header, "性别", "出生年月日"], [*line, "女", "1979-04-06"], [*other, "男", "2031-01-01"]]
    delivery = take_in(senders.write_csv(tmp_path / name, rows))
    assert delivery.state == "applied", delivery.refusal
    facts = Fact.objects.order_by("row")
    assert [(fact.birth_date, fact.sex) for fact in facts] == [(date(1979, 4, 6), 2), (None, 1)]
    assert problems() == {delivery.feed: [3]}


@pytest.mark.django_db
def test_nobody_died_before_the_birth_date_their_list_states(tmp_path, take_in):
    header = ["数据来源", "姓名", "身份证号", "死亡日期", "出生日期"]
    take_in(senders.write_csv(tmp_path / "死亡.csv", [header, ["公安", "张伟", "", "20100101", "20110101"]]))
    assert [fact.event_date for fact in Fact.objects.all()] == [None]
