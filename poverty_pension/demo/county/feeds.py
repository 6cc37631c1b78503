"""The other departments' files: deaths, hukou changes, prison, students, soldiers, disability, other provinces, survey results.

Each is a list of persons (uid, or NOBODY for people of no list) written with that department's usual errors.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from poverty_pension.demo.county import circumstances as so
from poverty_pension.demo.county import names, numbers
from poverty_pension.demo.county.circumstances import SOURCES, Circumstances
from poverty_pension.demo.county.dates import yyyymm, yyyymmdd
from poverty_pension.demo.county.draw import NOBODY, Generator, deal, pick, share_of, stream, take_some
from poverty_pension.demo.county.listing import Listing, numbered, plain_listing
from poverty_pension.demo.county.people import SEX_WORDS, People
from poverty_pension.demo.county.places import Places
from poverty_pension.demo.county.rolls import former_numbers
from poverty_pension.demo.county.strangers import Strangers
from poverty_pension.demo.county.written import list_tags

Text = NDArray[np.str_]

USUAL_ERRORS = {
    "name_homo": 0.010, "name_trad": 0.005, "name_variant": 0.002, "name_space": 0.003, "name_sep": 0.002, "id_15": 0.004,
    "id_missing": 0.006, "id_sub1": 0.008, "id_swap": 0.005, "id_2err": 0.0015, "id_daymonth": 0.001, "id_len": 0.001, "id_format": 0.016,
}  # fmt: skip
TRAILING_BLANK_SHARE = 0.02


@dataclass
class Feed:
    """A file and whom each of its data rows names."""

    listing: Listing
    uid: NDArray[np.int64]
    tags: Text
    detail: list[dict]

    def details(self) -> list[str]:
        return [json.dumps(detail, ensure_ascii=False) if detail else "" for detail in self.detail]


@dataclass
class Month:
    """What every feed is written from."""

    seed: int
    people: People
    facts: Circumstances
    strangers: Strangers
    places: Places
    as_of: np.datetime64

    @property
    def stamp(self) -> str:
        return str(self.as_of.astype("M8[M]")).replace("-", "")

    @property
    def start(self) -> np.datetime64:
        return self.as_of.astype("M8[M]").astype("M8[D]")

    def poor(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.flatnonzero(mask)

    def event(self, name: str) -> NDArray[np.int64]:
        return self.strangers.event[name]


def write_down(
    rng: Generator, people: People, uid: NDArray, errors: dict[str, float]
) -> tuple[Text, Text, dict[str, NDArray]]:
    """Names and numbers of these persons as a clerk of that department types them. At most one such error a row, plus a blank."""
    of_rows, digits = people.names.take(uid), people.digits(uid)
    name, number = names.as_text(of_rows).astype("U24"), numbers.as_text(digits).astype("U24")
    eligible = names.can_be_misspelt(of_rows)
    eligible["id_15"] = people.birth[uid] < np.datetime64("2000-01-01")
    dealt, labels = deal(rng, len(uid), errors, eligible)
    tags = {label: np.flatnonzero(dealt == position) for position, label in enumerate(labels)}
    for label, rows in tags.items():
        if label.startswith("name_"):
            name[rows] = names.MISSPELLINGS[label](rng, of_rows.take(rows))
        else:
            number[rows] = _NUMBER_DAMAGE[label](rng, digits[rows])
    blanks = take_some(rng, np.ones(len(uid), dtype=bool), share_of(len(uid), TRAILING_BLANK_SHARE))
    name[blanks] = names.add_trailing_blank(rng, name[blanks])
    tags["name_trail"] = blanks
    return name, number, tags


_NUMBER_DAMAGE: dict[str, Callable[[Generator, numbers.Digits], Text]] = {
    "id_15": lambda rng, digits: numbers.to_fifteen(digits),
    "id_missing": lambda rng, digits: np.full(len(digits), "", dtype="U1"),
    "id_sub1": lambda rng, digits: numbers.as_text(numbers.substitute_one(rng, digits)),
    "id_swap": lambda rng, digits: numbers.as_text(numbers.swap_neighbours(rng, digits)),
    "id_2err": lambda rng, digits: numbers.as_text(numbers.substitute_two(rng, digits)),
    "id_daymonth": lambda rng, digits: numbers.as_text(numbers.swap_day_and_month(digits)),
    "id_len": lambda rng, digits: numbers.lose_or_double_one(rng, digits),
    "id_format": lambda rng, digits: numbers.dress(rng, numbers.as_text(digits)),
}


# --- 死亡人员信息 -------------------------------------------------------------------------------------------------------------------

DATE_DISAGREES_SHARE, FIRST_OF_MONTH_SHARE = 0.10, 0.017


def deaths_feed(month: Month) -> Feed:
    """One row for each death an office reports, and a few reports of living people."""
    rng = stream(month.seed, "deaths")
    both = (month.facts.deaths, month.strangers.deaths)
    uid, day = np.concatenate([d.uid for d in both]), np.concatenate([d.day for d in both])
    person, source = np.nonzero(np.concatenate([d.sources for d in both]))
    false = month.poor(month.facts.false_death_report)
    row_uid = np.r_[uid[person], false]
    is_false = np.r_[np.zeros(len(person), dtype=bool), np.ones(len(false), dtype=bool)]
    true_day = np.r_[day[person], month.start + rng.integers(0, 12, len(false))]
    row_source = np.r_[source, np.full(len(false), SOURCES.index("卫健"))]
    order = rng.permutation(len(row_uid))
    row_uid, is_false, true_day, row_source = row_uid[order], is_false[order], true_day[order], row_source[order]
    given, date_tags = _misdate(rng, true_day, is_false, month.as_of)
    name, number, tags = write_down(rng, month.people, row_uid, USUAL_ERRORS)
    style = rng.integers(0, 4, len(row_uid))
    written = _write_dates(given, style)
    registered = np.minimum(np.maximum(given, month.start) + rng.integers(0, 5, len(given)), month.as_of)
    township = month.places.township_name[np.minimum(month.people.village[row_uid], month.places.village_count - 1)]
    columns = numbered(
        {
            "数据来源": np.array(SOURCES)[row_source],
            "姓名": name,
            "身份证号": number,
            "性别": SEX_WORDS[month.people.sex[row_uid]],
            "死亡日期": written,
            "登记日期": yyyymmdd(registered).astype("U8"),
            "地区": np.char.add(month.places.county_path, township),
        }
    )
    listing = plain_listing("deaths", f"死亡人员信息_{month.stamp}.xlsx", "死亡", columns)
    cell_kind = rng.random(len(row_uid))
    listing.typed_cells = _typed_dates(given, style, written, cell_kind)
    detail = [
        {"source": SOURCES[s], "written": w, "true_date": "" if f else str(d)}
        for s, w, d, f in zip(
            row_source.tolist(), written.tolist(), true_day.astype(str).tolist(), is_false.tolist(), strict=True
        )
    ]
    all_tags = tags | date_tags | {"false_report": np.flatnonzero(is_false)}
    return Feed(listing, row_uid, list_tags(len(row_uid), all_tags), detail)


def _misdate(
    rng: Generator, day: NDArray, is_false: NDArray, as_of: np.datetime64
) -> tuple[NDArray, dict[str, NDArray]]:
    """Some offices know another day, some only the month and write its first."""
    given = day.copy()
    dealt, labels = deal(
        rng,
        len(day),
        {"date_disagrees": DATE_DISAGREES_SHARE, "date_first_of_month": FIRST_OF_MONTH_SHARE},
        {"date_disagrees": ~is_false, "date_first_of_month": ~is_false},
    )
    at = {label: np.flatnonzero(dealt == number) for number, label in enumerate(labels)}
    shift = rng.choice([-30, -1, 1, 1, -1], len(at["date_disagrees"]))
    given[at["date_disagrees"]] = np.minimum(given[at["date_disagrees"]] + shift, as_of)
    given[at["date_first_of_month"]] = given[at["date_first_of_month"]].astype("M8[M]").astype("M8[D]")
    return given, at


def _write_dates(day: NDArray, style: NDArray) -> Text:
    dashed = day.astype(str)
    forms = [
        dashed,
        np.char.replace(dashed, "-", "/"),
        yyyymmdd(day).astype("U10"),
        yyyymm(day.astype("M8[M]").astype(int)).astype("U10"),
    ]
    return np.choose(style, forms)


def _typed_dates(day: NDArray, style: NDArray, written: Text, chance: NDArray) -> dict:
    """Some dates stand in date cells, some in number cells."""
    dates = np.flatnonzero((style <= 1) & (chance < 0.36)).tolist()
    figures = np.flatnonzero((style == 2) & (chance < 0.38)).tolist()
    as_date = day.astype(object)
    cells = {(row, "死亡日期"): as_date[row] for row in dates}
    return cells | {(row, "死亡日期"): int(written[row]) for row in figures}


# --- 户籍变动 -----------------------------------------------------------------------------------------------------------------------

BIRTHS_PER_STRANGER_MOVE = 1.1
DEATH_AT_POLICE_SHARE = 0.55
ANNOUNCED_NAME_CHANGE, ANNOUNCED_NUMBER_CHANGE = 0.6, 0.7
HUKOU_HEADER = ("变动类别", "姓名", "身份证号", "变动日期", "变动前", "变动后", "迁出地", "迁入地")


def hukou_feed(month: Month, newborn: People) -> Feed:
    """Births, moves, cancellations, deaths, changed names and numbers of the month."""
    rng = stream(month.seed, "hukou")
    facts, people, places = month.facts, month.people, month.places
    dead = facts.deaths.uid[rng.random(len(facts.deaths.uid)) < DEATH_AT_POLICE_SHARE]
    renamed, renumbered = month.event("name_change"), month.event("number_change")
    kinds = {
        "迁入": month.strangers.uids("moved_in"),
        "迁出": np.r_[month.poor(facts.police_moved_out), month.event("moved_out"), month.strangers.uids("moved_out")],
        "注销": np.r_[month.event("cancelled"), month.strangers.uids("cancelled")],
        "死亡": dead,
        "姓名变更": np.r_[
            month.poor(facts.name_change),
            renamed[: share_of(len(renamed), ANNOUNCED_NAME_CHANGE)],
            month.strangers.uids("renamed"),
        ],
        "身份证号变更": np.r_[
            month.poor(facts.number_change_announced), renumbered[: share_of(len(renumbered), ANNOUNCED_NUMBER_CHANGE)]
        ],
    }
    uid = np.concatenate(list(kinds.values()))
    kind = np.repeat(list(kinds), [len(of_kind) for of_kind in kinds.values()])
    born = len(newborn)
    name, number, tags = write_down(rng, people, uid, USUAL_ERRORS | {"id_2err": 0.0})
    day = month.start + rng.integers(0, int((month.as_of - month.start).astype(int)) + 1, len(uid))
    before, after, origin, target = _hukou_places(rng, people, uid, kind, places)
    died = kind == "死亡"
    day[died] = facts.death[uid[died]]
    columns = {
        "变动类别": np.r_[kind, np.full(born, "出生")],
        "姓名": np.r_[name, newborn.name_text(slice(None))],
        "身份证号": np.r_[number, newborn.number_text(slice(None))],
        "变动日期": np.r_[yyyymmdd(day), yyyymmdd(np.minimum(newborn.birth + 12, month.as_of))].astype("U8"),
        "变动前": np.r_[before, np.full(born, "")],
        "变动后": np.r_[after, np.full(born, "")],
        "迁出地": np.r_[origin, np.full(born, "")],
        "迁入地": np.r_[target, places.full_name[newborn.village]],
    }
    order = rng.permutation(len(uid) + born)
    columns = {header: column[order] for header, column in columns.items()}
    all_uids = np.r_[uid, np.full(born, NOBODY)][order]
    listing = plain_listing("hukou", f"户籍变动_{month.stamp}.csv", "", columns)
    all_tags = np.r_[list_tags(len(uid), tags), np.full(born, "")][order]
    return Feed(listing, all_uids, all_tags, [{"kind": word} for word in columns["变动类别"].tolist()])


def _hukou_places(
    rng: Generator, people: People, uid: NDArray, kind: NDArray, places: Places
) -> tuple[Text, Text, Text, Text]:
    """Columns 变动前, 变动后, 迁出地, 迁入地."""
    village = people.village[uid]
    home = places.full_name[
        np.where(village < places.village_count, village, rng.integers(0, places.village_count, len(uid)))
    ]
    away_now = np.where(village < places.village_count, rng.choice(places.elsewhere, len(uid)), village)
    away = places.full_name[away_now]
    name, number = people.name_text(uid), people.number_text(uid)
    old_name = names.as_text(names.former_names(people.names.take(uid)))
    old_number = numbers.as_text(former_numbers(people, uid))
    is_name, is_number = kind == "姓名变更", kind == "身份证号变更"
    leaves = np.isin(kind, ["迁出", "死亡"])
    return (
        np.select([is_name, is_number], [old_name, old_number], ""),
        np.select([is_name, is_number], [name, number], ""),
        np.select([leaves, kind == "迁入"], [home, away], ""),
        np.select([kind == "迁出", kind == "迁入"], [away, home], ""),
    )


# --- 服刑人员 -----------------------------------------------------------------------------------------------------------------------

PRISON_KINDS = ("监狱服刑", "看守所服刑", "社区矫正", "缓刑")


def prison_feed(month: Month) -> Feed:
    """Those in prison or remand, on probation or in community correction; some sentences have ended, one has just begun."""
    rng = stream(month.seed, "prison")
    facts = month.facts
    inside = np.r_[
        month.poor(facts.prisoner),
        month.event("prison_drawing"),
        month.event("prison_contributing"),
        month.strangers.uids("prisoner"),
    ]
    ended = month.poor(facts.ended_sentence)
    outside = np.r_[month.event("probation_drawing"), month.event("probation_contributing")]
    uid = np.r_[inside, ended, outside]
    group = np.repeat([0, 1, 2], [len(inside), len(ended), len(outside)])
    kind = np.where(
        group == 2, pick(rng, PRISON_KINDS[2:], (63, 35), len(uid)), pick(rng, PRISON_KINDS[:2], (80, 20), len(uid))
    )
    start = month.start - rng.integers(30, 1700, len(uid))
    end = month.as_of + rng.integers(20, 3600, len(uid))
    end[group == 1] = np.maximum(start, month.start - rng.integers(5, 700, len(uid)))[group == 1]
    start[group == 1] = end[group == 1] - rng.integers(180, 900, int((group == 1).sum()))
    begins_now = len(month.poor(facts.prisoner))  # the first stranger who draws
    start[begins_now : begins_now + 1] = month.start + 10
    order = rng.permutation(len(uid))
    uid, kind, start, end = uid[order], kind[order], start[order], end[order]
    name, number, tags = write_down(rng, month.people, uid, USUAL_ERRORS)
    columns = numbered(
        {
            "姓名": name,
            "身份证号": number,
            "类别": kind,
            "刑期起": yyyymmdd(start).astype("U8"),
            "刑期止": yyyymmdd(end).astype("U8"),
            "执行机关": np.where(kind == "监狱服刑", "省属监狱", "司法局"),
        }
    )
    listing = plain_listing("prison", f"服刑人员_{month.stamp}.xlsx", "名单", columns)
    listing.line = listing.line + 1
    listing.header_row = 2
    listing.furniture = {1: [f"{month.places.county_path}服刑人员名单"], 2: list(columns)}
    listing.merges = [(0, 0, 0, len(columns) - 1)]
    return Feed(listing, uid, list_tags(len(uid), tags), [{"kind": word} for word in kind.tolist()])


# --- 在校学生, 现役军人 -------------------------------------------------------------------------------------------------------------

COLLEGES = ("农业大学", "医科大学", "理工大学", "师范大学", "财经学院")
VOCATIONAL = ("工程职业学院", "职业技术学院")
MIDDLE = ("第一高级中学", "第二高级中学", "实验中学")
TECHNICAL = ("第一职业中专", "第二中等专业学校")
KNOWN_STUDENTS = 0.98


def students_feed(month: Month) -> Feed:
    """Pupils and students of 16 and over; the number is preceded by a tab."""
    rng = stream(month.seed, "students")
    poor = month.poor(month.facts.student)
    known = poor[rng.random(len(poor)) < KNOWN_STUDENTS]
    uid = rng.permutation(np.r_[known, month.strangers.uids("student")])
    size, year = len(uid), int(month.stamp[:4])
    year -= int(month.stamp[4:]) < 9  # the school year begins in September
    age = year - (month.people.birth[uid].astype("M8[Y]").astype(np.int64) + 1970)
    level, length = _levels(rng, age)
    entered = np.where(length == 3, year - rng.integers(0, 3, size), year - rng.integers(0, 3, size))
    name, number, tags = write_down(rng, month.people, uid, USUAL_ERRORS)
    columns = {
        "姓名": name,
        "身份证号": np.char.add("\t", number),
        "学校": _schools(rng, level),
        "层次": level,
        "入学年月": np.char.add(entered.astype("U4"), "09"),
        "预计毕业年月": np.char.add((entered + length).astype("U4"), "06"),
    }
    listing = plain_listing("students", f"在校学生_{month.stamp}.csv", "", columns)
    return Feed(listing, uid, list_tags(size, tags), [{}] * size)


def _levels(rng: Generator, age: NDArray) -> tuple[Text, NDArray]:
    young = pick(rng, ("普通高中", "中职"), (75, 25), len(age))
    grown = pick(rng, ("大学本科", "高职高专", "中职"), (52, 27, 21), len(age))
    older = pick(rng, ("成人教育", "硕士研究生"), (60, 40), len(age))
    level = np.select([age < 18, age < 23], [young, grown], older)
    return level, np.where(level == "大学本科", 4, 3)


def _schools(rng: Generator, level: Text) -> Text:
    schools = rng.choice(np.array(COLLEGES), len(level))
    for name, names_of_level in {"普通高中": MIDDLE, "中职": TECHNICAL, "高职高专": VOCATIONAL}.items():
        schools = np.where(level == name, rng.choice(np.array(names_of_level), len(level)), schools)
    return schools


def soldiers_feed(month: Month) -> Feed:
    rng = stream(month.seed, "soldiers")
    uid = rng.permutation(np.r_[month.poor(month.facts.soldier), month.strangers.uids("soldier")])
    name, number, tags = write_down(rng, month.people, uid, USUAL_ERRORS)
    joined = int(month.stamp[:4]) - 1 - rng.integers(0, 4, len(uid))
    columns = numbered(
        {
            "姓名": name,
            "身份证号": number,
            "入伍年月": np.char.add(joined.astype("U4"), "09"),
            "服役状态": pick(rng, ("现役", "义务兵", "士官"), (50, 26, 24), len(uid)),
        }
    )
    listing = plain_listing("soldiers", f"现役军人_{month.stamp}.xlsx", "名单", columns)
    return Feed(listing, uid, list_tags(len(uid), tags), [{}] * len(uid))


# --- 重度残疾人 ---------------------------------------------------------------------------------------------------------------------

DISABILITY_KINDS = np.array(["", "视力", "听力", "言语", "肢体", "智力", "精神", "多重"])
GRADE_WORDS = np.array(["", "一级", "二级", "三级", "四级"])
GRADE_UNKNOWN_SHARE, GRADE_AS_DIGIT_SHARE, CERTIFICATE_18_SHARE, REISSUED_SHARE = 0.0141, 0.0108, 0.0091, 0.079
CERTIFICATE_ERRORS = {
    "name_homo": 0.009, "name_trad": 0.005, "name_variant": 0.0016, "name_space": 0.003, "name_sep": 0.0034, "name_former": 0.0017,
    "id_sub1": 0.007, "id_swap": 0.005, "id_2err": 0.0014, "id_daymonth": 0.0012,
}  # fmt: skip


def disability_feed(month: Month) -> Feed:
    """The disability federation's certificates: the ID number, kind and grade; after a reissue B1 behind them."""
    rng = stream(month.seed, "disability")
    facts = month.facts
    poor, others = month.poor(facts.disability_kind > 0), month.event("disabled")
    uid = np.r_[poor, others]
    kind = np.r_[facts.disability_kind[poor], pick(rng, (1, 2, 3, 4, 5, 6, 7), (12, 9, 3, 45, 12, 15, 4), len(others))]
    grade = np.r_[facts.disability_grade[poor], pick(rng, (1, 2), (46, 54), len(others))]
    order = rng.permutation(len(uid))
    uid, kind, grade = uid[order], kind[order], grade[order]
    size = len(uid)
    name, number, tags = write_down(rng, month.people, uid, CERTIFICATE_ERRORS)
    dealt, labels = deal(rng, size, {"grade_unknown": GRADE_UNKNOWN_SHARE, "cert_18_only": CERTIFICATE_18_SHARE}, {})
    at = {label: np.flatnonzero(dealt == position) for position, label in enumerate(labels)}
    tail = np.char.add(kind.astype("U1"), grade.astype("U1")).astype("U4")
    reissued = rng.random(size) < REISSUED_SHARE
    tail[reissued] = np.char.add(tail[reissued], "B1")
    tail[at["cert_18_only"]] = ""
    words = np.where(rng.random(size) < GRADE_AS_DIGIT_SHARE, grade.astype("U1"), GRADE_WORDS[grade]).astype("U3")
    words[at["grade_unknown"]] = rng.choice(np.array(["", "不详", "未定级"]), len(at["grade_unknown"]))
    village = np.minimum(month.people.village[uid], month.places.village_count - 1)
    columns = {
        "行政区划": month.places.code[village],
        "姓名": name,
        "性别": SEX_WORDS[month.people.sex[uid]],
        "残疾证号": np.char.add(number, tail),
        "残疾类别": DISABILITY_KINDS[kind],
        "残疾等级": words,
        "发证日期": yyyymmdd(month.start - rng.integers(30, 3600, size)).astype("U8"),
        "证件状态": np.where(rng.random(size) < 0.0013, "注销", "有效"),
    }
    listing = plain_listing("disability", f"重度残疾人_{month.stamp}.csv", "", columns)
    told = zip(kind.tolist(), grade.tolist(), words.tolist(), strict=True)
    detail = [{"kind": k, "grade": g, "grade_written": w} for k, g, w in told]
    return Feed(listing, uid, list_tags(size, tags | at), detail)


# --- 省外参保比对结果 ---------------------------------------------------------------------------------------------------------------

OUTPROV_KINDS = {so.OUTPROV_EMPLOYEE: "企业职工", so.OUTPROV_CIVIL: "机关事业", so.OUTPROV_RESIDENT: "城乡居民"}
OUTPROV_ERRORS = {"name_homo": 0.026, "id_15": 0.006}
OTHER_PERSON_SHARE = 0.013


def outprov_feed(month: Month) -> tuple[Feed, NDArray[np.int64]]:
    """What came back for the poor who were sent up. Also returns, for a few rows, whose number another person bears there."""
    rng = stream(month.seed, "outprov")
    facts, people = month.facts, month.people
    scheme = np.where(facts.second_scheme == NOBODY, facts.situation, facts.second_scheme)
    insured = np.flatnonzero(np.isin(scheme, list(OUTPROV_KINDS)))
    ordinary = (facts.situation == so.RESIDENT) & (facts.second_scheme == NOBODY) & ~facts.dead
    misused = take_some(rng, ordinary, share_of(len(insured), OTHER_PERSON_SHARE))
    order = rng.permutation(len(insured) + len(misused))
    whose = np.r_[insured, misused][order]
    trap = np.r_[np.zeros(len(insured), dtype=bool), np.ones(len(misused), dtype=bool)][order]
    name, number, tags = write_down(rng, people, whose, OUTPROV_ERRORS)
    strangers = month.strangers.uids("employee")[: len(whose)]
    name[trap] = people.name_text(strangers[np.flatnonzero(trap)])
    number[trap] = people.number_text(whose[trap])
    tags = {tag: rows[~trap[rows]] for tag, rows in tags.items()}
    tags["dup_scheme"] = np.flatnonzero((facts.second_scheme[whose] != NOBODY) & ~trap)
    tags["trap_id_other_person"] = np.flatnonzero(trap)
    kind = np.array([OUTPROV_KINDS.get(value, "企业职工") for value in scheme[whose].tolist()])
    place = facts.employed_at[whose].copy()
    place[trap] = rng.choice(np.unique(facts.employed_at[insured]), int(trap.sum()))
    columns = _outprov_columns(rng, name, number, kind, place, facts.due[whose], month.places)
    listing = plain_listing("outprov", f"省外参保比对结果_{month.stamp}.xlsx", "比对结果", columns)
    detail = [{"kind": k, "place": p} for k, p in zip(kind.tolist(), place.tolist(), strict=True)]
    feed = Feed(listing, np.where(trap, NOBODY, whose), list_tags(len(whose), tags), detail)
    return feed, np.where(trap, whose, NOBODY)


def _outprov_columns(
    rng: Generator, name: Text, number: Text, kind: Text, place: Text, due: NDArray, places: Places
) -> dict:
    size = len(name)
    resident = kind == "城乡居民"
    working = np.where(
        resident,
        pick(rng, ("正常缴费", "暂停缴费"), (80, 20), size),
        pick(rng, ("正常参保", "参保暂停"), (80, 20), size),
    )
    county_names = _county_names(places)
    full = np.array([county_names[code] for code in place.tolist()])
    province = np.array([county_names[code[:2]] for code in place.tolist()])
    joined = rng.integers(2005, 2018, size) * 100 + rng.integers(1, 13, size)
    return numbered(
        {
            "姓名": name,
            "身份证号": number,
            "险种": kind,
            "参保省份": province,
            "参保地": full,
            "参保地区划": place,
            "参保状态": np.where(due, "正常待遇", working),
            "参保年月": joined.astype("U6"),
        }
    )


def _county_names(places: Places) -> dict[str, str]:
    """Full names of counties (six digits) and provinces (two digits), cut out of those of their townships."""
    code, full = places.code[places.village_count :], places.full_name[places.village_count :]
    own = places.name[places.village_count :]
    found: dict[str, str] = {}
    for township, path, name in zip(code.tolist(), full.tolist(), own.tolist(), strict=True):
        found.setdefault(township[:6], path[: -len(name)])
    for county, path in list(found.items()):
        found.setdefault(county[:2], _province(path))
    return found


def _province(path: str) -> str:
    for ending in ("自治区", "省", "市"):
        if ending in path[:9]:
            return path[: path.index(ending) + len(ending)]
    return path


# --- 核查结果反馈 -------------------------------------------------------------------------------------------------------------------

SURVEY_RESULTS = {so.CANNOT_BE_FOUND: "失联找不到人", so.WAIVED: "011 无参保意愿", so.ABROAD: "206 出国(境)"}
LEFT_EMPTY_SHARE = 0.02
SURVEY_NOTES = ("", "亲属代述", "电话核实", "入户核实")
SURVEYORS = ("王建", "王明", "李国", "李秀", "张建", "张华")


def survey_feed(month: Month) -> Feed:
    """Results of the household survey of the month before, in the townships' words."""
    rng = stream(month.seed, "survey")
    facts = month.facts
    answered = {word: month.poor(facts.situation == situation) for situation, word in SURVEY_RESULTS.items()}
    answered["户口不在本地"] = month.poor(facts.survey_moved_out)
    never = facts.situation == so.NEVER
    answered["空挂户"] = take_some(
        rng, never & ~facts.dead & ~facts.ended_sentence, share_of(int(never.sum()), LEFT_EMPTY_SHARE)
    )
    uid = np.concatenate(list(answered.values()))
    result = np.repeat(list(answered), [len(of_word) for of_word in answered.values()])
    order = np.argsort(uid, kind="stable")
    uid, result = uid[order], result[order]
    name, number, tags = write_down(rng, month.people, uid, {"id_format": 0.024, "id_sub1": 0.012, "id_missing": 0.012})
    columns = numbered(
        {
            "姓名": name,
            "证件号码": number,
            "核查结果": result,
            "核查日期": yyyymmdd(month.start - 30 + rng.integers(0, 40, len(uid))).astype("U8"),
            "核查人": rng.choice(np.array(SURVEYORS), len(uid)),
            "备注": pick(rng, SURVEY_NOTES, (42, 23, 20, 15), len(uid)),
        }
    )
    listing = plain_listing("survey", f"核查结果反馈_{month.stamp}.xlsx", "反馈", columns)
    return Feed(listing, uid, list_tags(len(uid), tags), [{"result": word} for word in result.tolist()])
