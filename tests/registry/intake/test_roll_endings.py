"""On whose report a line of a roll was ended for death: said in whichever column, never guessed."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from registry.intake.files import read_sheets
from registry.intake.reading import read_rows
from registry.intake.recognising import find_layout
from registry.intake.roll_endings import death_reporters
from registry.intake.rolls import prepare_roll
from tests import senders
from tests.oracles.numbers import make_number

BLANK = {"business": "终止参保", "end_reason": "", "end_source": "", "remark": ""}


def reporters(status: str = "4/3", **cells: str) -> str:
    line = pa.table({name: [cell] for name, cell in (BLANK | cells).items()})
    [found] = death_reporters(line, pa.array([status])).to_pylist()
    return str(found)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"end_reason": "死亡", "end_source": "公安"}, "police"),
        ({"end_reason": "参保人死亡", "end_source": "县殡仪馆火化数据"}, "funeral"),
        ({"end_reason": "死亡注销", "remark": "据卫健委死因监测数据"}, "health"),
        ({"end_reason": "死亡（村委会上报）"}, "village"),
        ({"end_reason": "死亡", "remark": "2018年10月死亡，公安、卫健比对"}, "health"),
        ({"end_reason": "死亡", "end_source": "公安、卫健"}, "health police"),
        ({"remark": "公安比对死亡"}, "police"),
        ({"remark": "2018.10.12病故，家属申报"}, "family"),
        ({"remark": "村干部来电告知已死亡"}, "village"),
        ({"end_reason": "死亡", "remark": "户籍注销"}, "police"),
        ({"end_reason": "宣告死亡", "end_source": "人民法院"}, "court"),
        ({"business": "死亡终止", "end_source": "派出所"}, "police"),
        ({"end_reason": "待遇领取人员死亡", "end_source": "民政部门"}, "funeral"),
        ({"end_reason": "死亡", "remark": "社区卫生服务中心上报死亡"}, "health"),
        ({"end_reason": "死亡", "end_source": "社区医院"}, "health"),
        ({"end_reason": "死亡", "remark": "社区民警核实"}, "police"),
        ({"end_reason": "死亡", "end_source": "公安、社区"}, "police village"),
        ({"end_reason": "死亡", "end_source": "无锡市公安局"}, "police"),
    ],
)
def test_the_roll_says_on_whose_report(cells, expected):
    assert reporters(**cells) == expected


@pytest.mark.parametrize(
    "cells",
    [
        {"end_reason": "死亡"},
        {"end_reason": "死亡", "end_source": "社保局"},
        {"end_reason": "死亡", "end_source": "系统比对"},
        {"end_reason": "死亡", "remark": "民政低保对象"},
        {"end_reason": "死亡", "remark": "户籍在外地"},
        {"end_reason": "死亡", "remark": "配偶健在"},
        {"end_reason": "死亡", "remark": "公安未反馈"},
        {"end_reason": "死亡", "end_source": "非公安"},
        {"end_reason": "死亡", "end_source": "死亡未经公安核实"},
        {"end_reason": "死亡", "end_source": "派出所未注销户籍"},
        {"end_reason": "死亡", "remark": "家属申报丧葬补助金"},
        {"end_reason": "死亡", "remark": "民政低保名单比对"},
        {"end_reason": "死亡", "remark": "未经公安比对"},
        {"end_reason": "疑似死亡", "end_source": "公安"},
        {"end_reason": "死亡待核实", "end_source": "公安"},
        {"end_reason": "未死亡", "end_source": "公安"},
        {"end_reason": "死亡", "end_source": "公安", "remark": "误注销，本人健在"},
        {"end_reason": "转入职保", "end_source": "公安"},
        {"end_reason": "出国定居", "remark": "公安通报"},
        {"remark": "配偶死亡，村委会上报"},
        {"remark": "其父去世，公安比对"},
    ],
)
def test_what_names_no_reporter_or_no_death_says_nothing(cells):
    assert reporters(**cells) == ""


@pytest.mark.parametrize("status", ["1/3", "1/1", "2/3", "1", ""])
def test_a_line_that_is_not_ended_says_nothing(status):
    assert reporters(status, end_reason="死亡", end_source="公安") == ""


@pytest.mark.parametrize(
    ("reason", "source"),
    [
        ("终止原因", "死亡信息来源"),
        ("注销原因", "注销依据"),
        ("终止参保原因", "死亡上报部门"),
        ("待遇终止原因", "死亡数据来源"),
        ("停保原因", "停保信息来源"),
        ("变更原因", "终止数据来源部门"),
    ],
)
def test_columns_are_read_by_what_their_headers_mean(tmp_path, reason, source):
    header = [*senders.RESIDENT, reason, source]
    lines = [
        [*senders.resident_row(f"R{place}", "张伟", make_number("19500305", place), "ended"), "死亡", word]
        for place, word in enumerate(["公安", "卫健", "", "社保局"])
    ]
    path = senders.write_csv(tmp_path / "居保参保人员.csv", [header, *lines])
    [sheet] = read_sheets(path)
    prepared = prepare_roll([("", read_rows(sheet, find_layout(sheet, path.name)))], target=tmp_path / "1.parquet")
    assert pq.read_table(prepared.path)["death_source"].to_pylist() == ["police", "health", "", ""]


@pytest.mark.parametrize("word", ["参保人员", "1", "2018年", "终止参保人", "公安比对", "据公安"])
def test_no_cell_keeps_a_worker_busy(word):
    """A reading that tries all ways to cut such a cell would not end in a lifetime."""
    assert reporters(end_reason="死亡", remark=word * 14) in ("", "police")
    assert reporters(remark=(word * 2000)[:8000]) == ""
