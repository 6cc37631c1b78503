"""The layouts of the three lists of the poor: 建档立卡, 城乡低保, 特困供养."""

import numpy as np
from numpy.typing import NDArray

from demo.county.circumstances import Circumstances
from demo.county.draw import NOBODY, Generator, pick, stream, take_some
from demo.county.households import POVERTY_STATUSES, Poor
from demo.county.listing import Cell, Listing, plain_listing
from demo.county.people import ETHNIC_NAMES, SEX_WORDS, People
from demo.county.places import Places
from demo.county.poor_rows import FLOAT_MARK, PoorRows

Text = NDArray[np.str_]

POVERTY_HEADER = [
    "户编号", "人编号", "户主", "姓名", "性别", "证件号码", "与户主关系", "民族", "文化程度", "在校生状况", "健康状况", "劳动技能",
    "脱贫属性", "致贫原因", "行政村", "联系电话", "户籍地",
]  # fmt: skip
POVERTY_GROUPS = {
    0: "户信息",
    3: "人员基本信息",
    8: "人员状况",
    12: "帮扶信息",
    14: "行政村",
    15: "联系电话",
    16: "户籍地",
}
POVERTY_MERGES = [
    (0, 0, 0, 16),
    (1, 0, 1, 2),
    (1, 3, 1, 7),
    (1, 8, 1, 11),
    (1, 12, 1, 13),
    (1, 14, 2, 14),
    (1, 15, 2, 15),
    (1, 16, 2, 16),
]
CAUSES = (
    "因病",
    "因残",
    "因学",
    "因灾",
    "缺土地",
    "缺水",
    "缺技术",
    "缺劳力",
    "缺资金",
    "交通条件落后",
    "自身发展动力不足",
    "其它",
)
SCHOOLING = ("文盲或半文盲", "小学", "初中", "高中", "大专及以上")
VILLAGE_AS_CODE = 0.44
BLANK_LINES, REPEATED_HEADERS = 4, 2
DIBAO_MEMBERS = 6
PARTIAL_AMOUNTS = (260, 310, 354, 420, 481, 504)
FULL_AMOUNT = 620
TEKUN_BEFORE = 2018


def household_numbers(county: str, household: NDArray[np.int64]) -> Text:
    """Ten characters, unlike for different households, in no order."""
    return np.char.add(county[:4], np.char.zfill(((household * 739_391 + 317_806) % 1_000_000).astype("U6"), 6))


def person_numbers(county: str, household: NDArray[np.int64], position: NDArray[np.int64]) -> Text:
    return np.char.add(household_numbers(county, household), np.char.zfill(position.astype("U2"), 2))


def dibao_numbers(county: str, household: NDArray[np.int64]) -> Text:
    return np.char.add(
        county + "D", np.char.zfill(((household * 7_393_913_721 + 1_155_702_639) % 10_000_000_000).astype("U10"), 10)
    )


def tekun_numbers(county: str, serial: NDArray[np.int64]) -> Text:
    return np.char.add(county + "T", np.char.zfill(serial.astype("U6"), 5))


def telephones(rng: Generator, count: int) -> Text:
    """In a range never given to persons."""
    return np.char.add("154", np.char.zfill(rng.integers(0, 10**8, count).astype("U8"), 8))


def poverty_listing(
    seed: int, rows: PoorRows, poor: Poor, facts: Circumstances, people: People, places: Places, stamp: str
) -> Listing:
    """The poverty office's file: a title, two header rows, blank lines and repeated headers in between, a total, a signature."""
    rng = stream(seed, "poverty file")
    at = rows.of("poverty")
    uid, size = rows.uid[at], len(at)
    household = rows.household[at]
    first = np.searchsorted(poor.household, np.arange(poor.household_count))
    causes = np.array(CAUSES)[rng.integers(0, len(CAUSES), poor.household_count)]
    phones = telephones(rng, poor.household_count)
    as_code = (rng.random(len(poor)) < VILLAGE_AS_CODE)[uid]
    head = people.name_text(first)
    columns = {
        "户编号": household_numbers(places.county, household),
        "人编号": person_numbers(places.county, household, rows.position[at]),
        "户主": head[household],
        "姓名": rows.name[at],
        "性别": SEX_WORDS[people.sex[uid]],
        "证件号码": np.char.replace(rows.number[at], FLOAT_MARK, ""),
        "与户主关系": np.where(household == poor.household[uid], poor.relation[uid], "其他"),
        "民族": ETHNIC_NAMES[people.ethnic[uid]],
        "文化程度": _schooling(rng, facts.age)[uid],
        "在校生状况": _school_state(facts.age[uid], facts.student[uid]),
        "健康状况": _health(rng, facts)[uid],
        "劳动技能": _ability(rng, facts.age)[uid],
        "脱贫属性": POVERTY_STATUSES[poor.poverty_status[uid]],
        "致贫原因": causes[household],
        "行政村": np.where(as_code, places.code[rows.village[at]], places.full_name[rows.village[at]]),
        "联系电话": phones[household],
        "户籍地": places.full_name[people.village[uid]],
    }
    _repeat_lines(columns, rows.repeats[at])
    line, furniture = _poverty_furniture(rng, size, columns, places, stamp)
    numeric = np.flatnonzero(rows.numeric[at])
    typed = {(row, "证件号码"): float(columns["证件号码"][row]) for row in numeric.tolist()}
    name = f"建档立卡贫困人口信息_{stamp}.xlsx"
    return Listing("poverty", name, "贫困人口", 3, columns, line, furniture, POVERTY_MERGES, typed)


def _repeat_lines(columns: dict[str, NDArray], repeats: NDArray[np.int64]) -> None:
    """A repeated line is the same in every cell."""
    again = np.flatnonzero(repeats != NOBODY)
    for column in columns.values():
        column[again] = column[repeats[again]]


def _poverty_furniture(
    rng: Generator, size: int, columns: dict[str, NDArray], places: Places, stamp: str
) -> tuple[NDArray[np.int64], dict[int, list[Cell]]]:
    width = len(POVERTY_HEADER)
    between = np.sort(take_some(rng, np.ones(max(size - 1, 1), dtype=bool), BLANK_LINES + REPEATED_HEADERS)) + 1
    line = np.arange(size) + 4 + np.searchsorted(between, np.arange(size), side="right")
    furniture: dict[int, list[Cell]] = {
        1: [f"{places.county_name}建档立卡低收入农户人口信息表（{stamp[:4]}年{stamp[4:]}月）"],
        2: [POVERTY_GROUPS.get(column, "") for column in range(width)],
        3: [*POVERTY_HEADER[:14], "", "", ""],
    }
    headers = set(rng.permutation(between)[:REPEATED_HEADERS].tolist())
    for number, row in enumerate(between.tolist()):
        furniture[row + 4 + number] = list(POVERTY_HEADER) if row in headers else []
    end = int(line[-1])
    furniture[end + 1] = ["合计", "", "", size, *[""] * 8, int((columns["脱贫属性"] == "未脱贫").sum())]
    furniture[end + 2] = []
    signature = [
        "单位（盖章）：市扶贫工作领导小组办公室",
        "",
        "",
        "",
        "填表人：王建",
        "",
        "",
        "",
        "审核人：陈明",
        "",
        "",
        "",
    ]
    furniture[end + 3] = [*signature, f"{stamp[:4]}年{int(stamp[4:])}月25日"]
    return line, furniture


def _schooling(rng: Generator, age: NDArray) -> Text:
    young = pick(rng, SCHOOLING, (1, 12, 50, 25, 12), len(age))
    old = pick(rng, SCHOOLING, (38, 40, 17, 4, 1), len(age))
    return np.select([age < 7, age < 13, age < 16, age < 45], ["", "小学", "初中", young], old)


def _school_state(age: NDArray, student: NDArray) -> Text:
    states = ["学前教育", "九年制义务教育", "普通高中", "大专及以上"]
    return np.select(
        [(age >= 3) & (age < 6), (age >= 6) & (age < 16), student & (age < 18), student], states, "非在校生"
    )


def _health(rng: Generator, facts: Circumstances) -> Text:
    others = pick(rng, ("健康", "长期慢性病", "患有大病"), (70, 16, 14), len(facts.age))
    return np.where(facts.disability_kind > 0, "残疾", others)


def _ability(rng: Generator, age: NDArray) -> Text:
    working = pick(rng, ("普通劳动力", "技能劳动力", "丧失劳动力"), (65, 15, 20), len(age))
    return np.where((age < 16) | (age >= 75), "无劳动力", working)


def dibao_listing(
    seed: int, rows: PoorRows, poor: Poor, people: People, places: Places, stamp: str
) -> tuple[Listing, NDArray[np.int64]]:
    """Civil affairs' file: one line a household with up to six members, a total. Also returns the data row of each dibao row."""
    rng = stream(seed, "dibao file")
    at = rows.of("dibao")
    households, data_row = np.unique(rows.household[at], return_inverse=True)
    size = len(households)
    head = np.flatnonzero(rows.position[at] == 1)
    uid, village = rows.uid[at][head], rows.village[at][head]
    members = np.bincount(data_row, minlength=size)
    full, rural = poor.dibao_full[uid], poor.dibao_rural[uid]
    every = poor.household_count
    aid = np.where(
        full,
        pick(rng, ("全额", "全额救助"), (81, 19), every)[households],
        pick(rng, ("差额", "差额救助", "部分"), (70, 20, 10), every)[households],
    )
    amount = np.where(full, FULL_AMOUNT, rng.choice(PARTIAL_AMOUNTS, every)[households]) * members
    group, house = (rng.integers(1, most, every)[households].astype("U2") for most in (30, 60))
    address = places.township_name[village]
    for part in (places.name[village], group, "组", house, "号"):
        address = np.char.add(address, part)
    columns: dict[str, NDArray] = {
        "序号": np.arange(1, size + 1),
        "低保证号": dibao_numbers(places.county, households),
        "乡镇": places.township_name[village],
        "村(居)": places.name[village],
        "家庭住址": address,
        "户主姓名": people.name_text(uid),
        "救助类型": aid,
        "城乡类别": np.where(rural, "农村", "城市"),
        "保障人数": members,
        "月保障金": amount,
    }
    for place in range(1, DIBAO_MEMBERS + 1):
        here = rows.position[at] == place
        for label, text in ((f"成员{place}姓名", rows.name), (f"成员{place}身份证号", rows.number)):
            cells = np.full(size, "", dtype=text.dtype)
            cells[data_row[here]] = text[at][here]
            columns[label] = cells
    columns["联系电话"] = telephones(rng, every)[households]
    columns["备注"] = np.full(size, "", dtype="U1")
    listing = plain_listing("dibao", f"城乡低保家庭名册_{stamp}.xlsx", "低保", columns)
    listing.furniture[size + 2] = ["合计", *[""] * 7, int(members.sum()), int(amount.sum())]
    return listing, data_row


def tekun_listing(seed: int, rows: PoorRows, poor: Poor, people: People, places: Places, stamp: str) -> Listing:
    """Civil affairs' list of those in public care; the only one that states a birth date. Its last line is a total."""
    rng = stream(seed, "tekun file")
    at = rows.of("tekun")
    uid, size, village = rows.uid[at], len(at), rows.village[at]
    home = poor.tekun_in_home[uid]
    since = (rng.integers(2008, TEKUN_BEFORE, len(poor)) * 100 + rng.integers(1, 13, len(poor)))[uid]
    columns = {
        "地区": np.char.add(np.char.add(places.county_name, places.township_name[village]), places.name[village]),
        "供养证号": tekun_numbers(places.county, poor.tekun_serial[uid]),
        "姓名": rows.name[at],
        "身份证号": rows.number[at],
        "性别": SEX_WORDS[people.sex[uid]],
        "出生日期": rows.birth[at].astype("U8"),
        "供养方式": np.where(home, "集中供养", "分散供养"),
        "供养机构": np.where(home, np.char.add(places.township_name[village], "敬老院"), ""),
        "认定年月": since.astype("U6"),
        "备注": np.full(size, "", dtype="U1"),
    }
    listing = plain_listing("tekun", f"特困供养人员_{stamp}.csv", "", columns)
    listing.furniture[size + 2] = ["合计", size]
    return listing
