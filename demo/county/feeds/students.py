"""在校学生: pupils and students of sixteen and over."""

import numpy as np
from numpy.typing import NDArray

from demo.county.draw import Generator, pick, stream
from demo.county.feed import USUAL_ERRORS, Feed, Month, write_down
from demo.county.listing import plain_listing
from demo.county.written import list_tags

Text = NDArray[np.str_]

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
