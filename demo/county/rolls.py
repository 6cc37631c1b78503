"""The three rolls: who stands on them, with which status and dates, and what is wrong with single rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from demo.county import circumstances as so
from demo.county import names, numbers
from demo.county.circumstances import Circumstances, is_due
from demo.county.dates import month_number, yyyymm, yyyymmdd
from demo.county.draw import NOBODY, Generator, deal, pick_index, share_of, stream, take_some
from demo.county.households import Poor
from demo.county.people import ETHNIC_CODES, SEX_WORDS, People
from demo.county.places import Places
from demo.county.strangers import Strangers
from demo.county.written import Changes

CONTRIBUTING, DRAWING, PAUSED, BENEFIT_PAUSED, ENDED = range(5)
STATUS_WORD = np.array(
    ["正常缴费", "正常待遇", "暂停缴费", "暂停待遇", "终止参保", "未参保", "未参保", "", "", "", "", ""]
)
AAC008 = np.array(["1", "1", "2", "2", "4", "1", "0", "9", "1", "2", "4", "4"])
AAC031 = np.array(["1", "3", "2", "3", "3", "", "0", "3", "2", "1", "1", "2"])
INSURED = np.array([CONTRIBUTING, DRAWING, PAUSED, BENEFIT_PAUSED])
NOT_INSURED = np.array([5, 6])
INVALID = np.array([7, 8, 9, 10, 11])

IDENTITIES = np.array(["011", "021", "022", "023", "031", "051", "052", "061", "062", "071", "090"])
STRANGER_IDENTITY_WEIGHTS = (956, 4, 6, 8, 0, 0, 0, 9, 7, 2, 5)
POOR_IDENTITY_WEIGHTS = {
    "poverty": (350, 5, 5, 5, 10, 400, 120, 90, 15, 0, 0),
    "other": (350, 5, 5, 5, 60, 20, 5, 450, 100, 0, 0),
}
FLAGS = {"被征地身份": 0.0112, "退捕渔民身份": 0.0019, "核工业身份": 0.0003, "老农保身份": 0.0297}
JOIN_YEARS = {2010: 325, 2011: 325, 2012: 326, 2013: 5.5, 2014: 4.8, 2015: 4.2, 2016: 3.4, 2017: 2.7, 2018: 3}
URBAN_SHARE = 0.1135
JOIN_WITH_DAY, START_WITH_DAY, BIRTH_TO_THE_MONTH = 0.30, 0.008, 0.0151
FIRST_BENEFIT_MONTH = (2010 - 1970) * 12
PAUSED_SHARE, LAPSED_POOR_SHARE, ENDED_SHARE = 0.098, 0.07, 0.005
DUE_POOR_STATUS = {DRAWING: 0.9855, CONTRIBUTING: 0.0070, PAUSED: 0.0033, BENEFIT_PAUSED: 0.0042}
POOR_TWICE_SHARE, OTHER_VILLAGE_SHARE, OTHER_VILLAGE_OF_DOUBLE = 0.0011, 0.0026, 0.5

NUMBER_ERROR_SHARES = {"roll_id_15": 0.0062, "roll_id_sub1": 0.00102, "roll_id_swap": 0.00046}
NAME_ERROR_SHARES = {"roll_name_homo": 0.00197, "roll_name_trad": 0.00031}
DOUBLE_WITH_15_DIGITS, SEPARATOR_SHARE, RARE_LOST_SHARE = 0.25, 0.35, 0.25
BIRTH_WRONG_SHARE, NO_START_SHARE = 0.00079, 0.00039
CHUNK_ROWS = 500_000


@dataclass
class ResidentRoll:
    """The resident roll in file order. Columns of one length."""

    uid: NDArray[np.int64]
    status: NDArray[np.int8]
    village: NDArray[np.int32]
    join: NDArray[np.int64]  # yyyymm or yyyymmdd, as written
    start: NDArray[np.int64]  # 0 where none is written
    birth: NDArray[np.int64]  # yyyymm or yyyymmdd, as written
    identity: NDArray[np.int8]
    roll_no: NDArray[np.int64]
    is_double: NDArray[np.bool_]  # the second row of one person
    name: Changes = field(default_factory=Changes)
    number: Changes = field(default_factory=Changes)
    tags: dict[str, NDArray[np.int64]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.uid)


def count_resident_rows(size: int, poor: Poor, facts: Circumstances) -> tuple[int, int, int]:
    """How `size` rows divide: rows of poor persons, of strangers, and second rows of a few of both.

    Errors: ValueError when the roll is too small for the poor.
    """
    of_poor = int(facts.has_resident_row.sum())
    second_rows = share_of(len(poor), POOR_TWICE_SHARE) + 2 * share_of(size, 0.0006)
    strangers = size - of_poor - second_rows
    if strangers < 1000:
        raise ValueError(
            f"a resident roll of {size} rows is too small for {len(poor)} poor persons; give at least {of_poor + 2000}"
        )
    return of_poor, strangers, second_rows


def keep_resident_roll(
    seed: int,
    size: int,
    poor: Poor,
    facts: Circumstances,
    strangers: Strangers,
    people: People,
    as_of: np.datetime64,
    places: Places,
) -> ResidentRoll:
    """Write the resident roll of the month, in an order of its own."""
    rng = stream(seed, "resident roll")
    of_poor = np.flatnonzero(facts.has_resident_row)
    others = strangers.uids("resident")
    uid = np.concatenate([of_poor, others])
    status = np.concatenate(
        [_status_of_poor(rng, of_poor, facts), _status_of_strangers(rng, others, strangers, people, as_of)]
    )
    twice = _choose_duplicates(rng, size - len(uid), uid, status, facts, strangers)
    is_double = np.r_[np.zeros(len(uid), dtype=bool), np.ones(len(twice), dtype=bool)]
    uid, status = np.r_[uid, uid[twice]], np.r_[status, status[twice]]
    order = rng.permutation(size)
    uid, status, is_double = uid[order], status[order].astype(np.int8), is_double[order]
    roll = ResidentRoll(
        uid=uid,
        status=status,
        village=_villages(rng, uid, is_double, people, places),
        join=_join_dates(rng, people.birth[uid], as_of),
        start=_start_months(rng, people.birth[uid], status, as_of),
        birth=yyyymmdd(people.birth[uid]),
        identity=_identities(rng, uid, poor),
        roll_no=int(places.county[:4]) * 10**10 + 1_000_000 + rng.permutation(size),
        is_double=is_double,
    )
    _damage(rng, roll, facts, strangers, people)
    return roll


def _status_of_poor(rng: Generator, uid: NDArray, facts: Circumstances) -> NDArray:
    due, situation = facts.due[uid], facts.situation[uid]
    of_due = np.array(list(DUE_POOR_STATUS))[pick_index(rng, list(DUE_POOR_STATUS.values()), len(uid))]
    of_others = np.where(rng.random(len(uid)) < LAPSED_POOR_SHARE, PAUSED, CONTRIBUTING)
    status = np.where(due, of_due, of_others)
    dead_when_due = facts.dead[uid] & (facts.age[uid] >= 61)
    status[dead_when_due] = DRAWING
    status[facts.row_ended[uid] | (situation == so.ENDED)] = ENDED
    refused = np.flatnonzero(situation == so.NOT_INSURED)
    status[refused] = rng.choice(NOT_INSURED, len(refused), p=[0.8, 0.2])
    status[facts.false_death_report[uid]] = DRAWING
    return status


def _status_of_strangers(
    rng: Generator, uid: NDArray, strangers: Strangers, people: People, as_of: np.datetime64
) -> NDArray:
    first, event = strangers.first["resident"], strangers.event
    due = is_due(people.birth[uid], as_of)
    chance = rng.random(len(uid))
    status = np.where(due, DRAWING, np.where(chance < PAUSED_SHARE, PAUSED, CONTRIBUTING))
    status[~due & (chance > 1 - ENDED_SHARE)] = ENDED
    for name, value in {
        "dead_contributing": CONTRIBUTING,
        "drawing_before_60": DRAWING,
        "prison_contributing": CONTRIBUTING,
        "probation_contributing": CONTRIBUTING,
        "due_contributing": CONTRIBUTING,
        "due_paused": PAUSED,
        "benefit_paused": BENEFIT_PAUSED,
    }.items():
        status[event[name] - first] = value
    for name in ("enrolled_in_two_schemes", "enrolled_twice"):
        rows = event[name] - first
        status[rows[status[rows] == ENDED]] = CONTRIBUTING
    status[event["invalid_pair"] - first] = INVALID[np.arange(len(event["invalid_pair"])) % len(INVALID)]
    status[event["not_insured"] - first] = NOT_INSURED[np.arange(len(event["not_insured"])) % len(NOT_INSURED)]
    return status


def _choose_duplicates(
    rng: Generator, count: int, uid: NDArray, status: NDArray, facts: Circumstances, strangers: Strangers
) -> NDArray:
    """Positions of `count` insured rows that stand on the roll a second time: poor persons first, then the strangers set aside."""
    poor = uid < len(facts.age)
    ordinary = poor & np.isin(status, INSURED)
    ordinary[poor] &= (facts.second_scheme == NOBODY)[uid[poor]] & ~facts.dead[uid[poor]]
    of_poor = take_some(rng, ordinary, share_of(len(facts.age), POOR_TWICE_SHARE))
    known = np.concatenate([strangers.event["draws_twice"], strangers.event["enrolled_twice"]])
    position = np.flatnonzero(~poor)[0] + known - strangers.first["resident"]
    wanted = count - len(of_poor)
    if wanted > len(position):
        spare = ~poor & (status == CONTRIBUTING)
        spare[position] = False
        position = np.r_[position, take_some(rng, spare, wanted - len(position))]
    return np.r_[of_poor, rng.permutation(position)[:wanted]]


def _villages(rng: Generator, uid: NDArray, is_double: NDArray, people: People, places: Places) -> NDArray:
    village = people.village[uid].copy()
    moved = (village >= places.village_count) | (rng.random(len(uid)) < OTHER_VILLAGE_SHARE)
    moved |= is_double & (rng.random(len(uid)) < OTHER_VILLAGE_OF_DOUBLE)
    village[moved] = rng.integers(0, places.village_count, int(moved.sum()))
    return village


def _join_dates(rng: Generator, birth: NDArray, as_of: np.datetime64) -> NDArray[np.int64]:
    size = len(birth)
    year = np.array(list(JOIN_YEARS))[pick_index(rng, list(JOIN_YEARS.values()), size)]
    month = (year - 1970) * 12 + rng.integers(0, 12, size)
    latest = month_number(np.array([as_of]))[0]
    sixteen = month_number(birth) + 16 * 12 + rng.integers(0, 6, size)
    month = np.minimum(np.maximum(month, sixteen), latest)
    date = yyyymm(month)
    with_day = rng.random(size) < JOIN_WITH_DAY
    return np.where(with_day, date * 100 + rng.integers(1, 29, size), date)


def _start_months(rng: Generator, birth: NDArray, status: NDArray, as_of: np.datetime64) -> NDArray[np.int64]:
    latest = month_number(np.array([as_of]))[0]
    month = np.minimum(np.maximum(month_number(birth) + 721, FIRST_BENEFIT_MONTH), latest)
    start = yyyymm(month)
    start = np.where(rng.random(len(birth)) < START_WITH_DAY, start * 100 + 1, start)
    return np.where(np.isin(status, [DRAWING, BENEFIT_PAUSED]), start, 0)


def _identities(rng: Generator, uid: NDArray, poor: Poor) -> NDArray[np.int8]:
    identity = pick_index(rng, STRANGER_IDENTITY_WEIGHTS, len(uid))
    for kind, weights in POOR_IDENTITY_WEIGHTS.items():
        rows = np.flatnonzero(uid < len(poor))
        rows = rows[poor.in_poverty[uid[rows]] == (kind == "poverty")]
        identity[rows] = pick_index(rng, weights, len(rows))
    return identity.astype(np.int8)


def _damage(rng: Generator, roll: ResidentRoll, facts: Circumstances, strangers: Strangers, people: People) -> None:
    """Put the usual errors into single rows."""
    size = len(roll)
    renamed = _rows_of(roll, np.flatnonzero(facts.name_change), strangers.event["name_change"])
    renumbered = _rows_of(roll, np.flatnonzero(facts.number_change), strangers.event["number_change"])
    untouched = np.ones(size, dtype=bool)
    untouched[renamed] = untouched[renumbered] = False
    twentieth_century = people.birth[roll.uid] < np.datetime64("2000-01-01")
    _damage_numbers(rng, roll, people, untouched & twentieth_century, renumbered)
    _damage_names(rng, roll, people, untouched, renamed)
    _damage_dates(rng, roll, people)


def _rows_of(roll: ResidentRoll, *uids: NDArray) -> NDArray[np.int64]:
    return np.flatnonzero(np.isin(roll.uid, np.concatenate(uids)))


def _damage_numbers(rng: Generator, roll: ResidentRoll, people: People, eligible: NDArray, renumbered: NDArray) -> None:
    dealt, labels = deal(rng, len(roll), NUMBER_ERROR_SHARES, dict.fromkeys(NUMBER_ERROR_SHARES, eligible))
    doubled = roll.is_double & eligible & (rng.random(len(roll)) < DOUBLE_WITH_15_DIGITS)
    dealt[doubled] = labels.index("roll_id_15")
    damage = {
        "roll_id_15": lambda digits: numbers.to_fifteen(digits),
        "roll_id_sub1": lambda digits: numbers.as_text(numbers.substitute_one(rng, digits)),
        "roll_id_swap": lambda digits: numbers.as_text(numbers.swap_neighbours(rng, digits)),
    }
    for number, label in enumerate(labels):
        rows = np.flatnonzero(dealt == number)
        roll.number.put(rows, damage[label](people.digits(roll.uid[rows])))
        roll.tags[label] = rows
    before = numbers.as_text(former_numbers(people, roll.uid[renumbered]))
    roll.number.put(renumbered, before)
    roll.tags["roll_id_before_change"] = renumbered


def former_numbers(people: People, uid: NDArray) -> numbers.Digits:
    """The number a person had before the police corrected the birth year; no other person ever has it."""
    shift = np.array([-36, -24, -12, 12, 24, 36])[uid % 6]
    month = people.birth[uid].astype("M8[M]")
    day = np.minimum((people.birth[uid] - month.astype("M8[D]")).astype(np.int64), 27)
    birth = (month + shift).astype("M8[D]") + day
    return numbers.compose(birth, 998 + people.sex[uid].astype(np.int64), people.prefix[uid])


def _damage_names(rng: Generator, roll: ResidentRoll, people: People, eligible: NDArray, renamed: NDArray) -> None:
    size = len(roll)
    possible = _possible_misspellings(roll, people)
    dealt, labels = deal(rng, size, NAME_ERROR_SHARES, {tag: eligible & possible[tag[5:]] for tag in NAME_ERROR_SHARES})
    for tag, share in (("roll_name_rare", RARE_LOST_SHARE), ("roll_name_sep", SEPARATOR_SHARE)):
        dealt[possible[tag[5:]] & eligible & (rng.random(size) < share)] = len(labels)
        labels.append(tag)
    dealt[renamed] = len(labels)
    labels.append("roll_name_former")
    for number, label in enumerate(labels):
        rows = np.flatnonzero(dealt == number)
        text = names.MISSPELLINGS[label[5:]](rng, people.names.take(roll.uid[rows]))
        roll.name.put(rows, text)
        roll.tags[label] = rows


def _possible_misspellings(roll: ResidentRoll, people: People) -> dict[str, NDArray[np.bool_]]:
    """Worked out once a person, then spread over the rows."""
    by_person = names.can_be_misspelt(people.names)
    return {tag: by_person[tag][roll.uid] for tag in ("name_homo", "name_trad", "name_rare", "name_sep")}


def _damage_dates(rng: Generator, roll: ResidentRoll, people: People) -> None:
    size = len(roll)
    to_month = np.flatnonzero(rng.random(size) < BIRTH_TO_THE_MONTH)
    wrong = take_some(rng, roll.birth % 100 > 1, share_of(size, BIRTH_WRONG_SHARE))
    year, month, day = roll.birth[wrong] // 10000, roll.birth[wrong] // 100 % 100, roll.birth[wrong] % 100
    swappable = (day <= 12) & (day != month)
    roll.birth[to_month] //= 100
    roll.birth[wrong] = np.where(swappable, year * 10000 + day * 100 + month, year * 10000 + month * 100 + 1)
    roll.tags["roll_dob_wrong"] = wrong
    unstarted = take_some(rng, roll.start > 0, share_of(int((roll.start > 0).sum()), NO_START_SHARE))
    roll.start[unstarted] = 0
    roll.tags["roll_no_start"] = unstarted


RESIDENT_HEADER = (
    "行政区划", "户籍性质", "个人编号", "姓名", "证件类型", "证件号码", "性别", "出生日期", "民族", "参保身份", "业务状态",
    "参保状态", "缴费状态", "被征地身份", "退捕渔民身份", "核工业身份", "老农保身份", "参保时间", "待遇开始年月",
)  # fmt: skip


def resident_chunks(seed: int, roll: ResidentRoll, people: People, places: Places) -> Iterator[pa.Table]:
    """The roll as text columns of the file, a chunk at a time."""
    for start in range(0, len(roll), CHUNK_ROWS):
        rows = slice(start, min(start + CHUNK_ROWS, len(roll)))
        uid, size = roll.uid[rows], rows.stop - start
        status = roll.status[rows]
        chance = partial(_chance_of_line, seed, roll.roll_no[rows])
        flags = [pa.array(np.where(chance(flag) < share, "1", "0")) for flag, share in FLAGS.items()]
        columns = [
            _choose(places.code, roll.village[rows]),
            pa.array(np.where(chance("户籍性质") < URBAN_SHARE, "10", "20")),
            pa.array(roll.roll_no[rows]).cast(pa.string()),
            roll.name.apply(names.as_arrow(people.names.take(uid)), start),
            pa.repeat(pa.scalar("居民身份证"), size),
            roll.number.apply(numbers.as_arrow(people.digits(uid)), start),
            _choose(SEX_WORDS, people.sex[uid]),
            pa.array(roll.birth[rows]).cast(pa.string()),
            _choose(ETHNIC_CODES, people.ethnic[uid]),
            _choose(IDENTITIES, roll.identity[rows]),
            _choose(STATUS_WORD, status),
            _choose(AAC008, status),
            _choose(AAC031, status),
            *flags,
            pa.array(roll.join[rows]).cast(pa.string()),
            _or_blank(roll.start[rows]),
        ]
        yield pa.table(dict(zip(RESIDENT_HEADER, columns, strict=True)))


def _chance_of_line(seed: int, roll_no: NDArray[np.int64], subject: str) -> NDArray[np.float64]:
    """A chance for each line by its number: the same whatever other lines there are, in whichever month."""
    start = crc32(f"{seed} {subject}".encode()) * 0x9E3779B97F4A7C15 % 2**64
    mixed = roll_no.astype(np.uint64) + np.uint64(start)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return (mixed ^ (mixed >> np.uint64(31))) / 2.0**64


def _choose(words: NDArray[np.str_], index: NDArray) -> pa.Array:
    return pa.array(words).take(pa.array(index))


def _or_blank(values: NDArray[np.int64]) -> pa.Array:
    text = pa.array(values).cast(pa.string())
    return pc.if_else(pa.array(values > 0), text, "")
