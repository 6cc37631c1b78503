"""A household in one line: each member has a record key of their own, the same next month."""

import pytest

from registry.models import Designation
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

ZHANG, LI = make_number("19500305", 1), make_number("19581215", 2)
HEADER = ["户编号", "行政村", "脱贫属性", "成员1姓名", "成员1身份证号", "成员2姓名", "成员2身份证号"]


def test_members_of_a_poverty_household_in_one_line(tmp_path, take_in):
    row = ["3206000001", "如皋市长江镇二案村委会", "未脱贫", "张三", ZHANG, "李四", LI]
    delivery = take_in(senders.write_xlsx(tmp_path / "建档立卡.xlsx", [HEADER, row], "贫困人口"))
    assert delivery.refusal == {}
    keys = dict(Designation.objects.values_list("person__name", "record_key"))
    assert keys == {"张三": "POV|3206000001|1", "李四": "POV|3206000001|2"}
    again = senders.write_xlsx(tmp_path / "建档立卡1.xlsx", [HEADER, [*row[:5], "李四", LI[:-1]]], "贫困人口")
    assert take_in(again, "2019-01-31").row_counts["changes"]["designations_closed"] == 0
    assert Designation.objects.as_known().count() == 2
