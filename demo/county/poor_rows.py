"""The lines of the three lists of the poor: who stands where, and what is wrong with the name, number and birth date in each line.

A row of this module is one person in one list (in the dibao list one member of a household's line).
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from demo.county import circumstances as so
from demo.county import names, numbers
from demo.county.circumstances import Circumstances
from demo.county.dates import yyyymmdd
from demo.county.draw import NOBODY, Generator, deal, share_of, stream, take_some
from demo.county.households import Poor, dibao_position
from demo.county.people import People
from demo.county.places import Places
from demo.county.written import list_tags

Text = NDArray[np.str_]
FEEDS = ("poverty", "dibao", "tekun")

NUMBER_ERROR_SHARES = {
    "id_missing": 0.0127,
    "id_near_twin": 0.0004,
    "id_relative": 0.0016,
    "id_numeric": 0.0017,
    "id_15": 0.0098,
    "id_disab": 0.0125,
    "id_sub1": 0.0124,
    "id_swap": 0.0074,
    "id_2err": 0.0032,
    "id_daymonth": 0.0019,
    "id_len": 0.0026,
    "id_format": 0.0226,
}
NAME_ERROR_SHARES = {
    "name_former": 0.0020,
    "name_translit": 0.0003,
    "name_homo": 0.0158,
    "name_trad": 0.0080,
    "name_variant": 0.0026,
    "name_space": 0.0028,
    "name_rare": 0.0007,
    "name_sep": 0.0025,
}
TRAILING_BLANK_SHARE = 0.0193
BIRTH_ERROR_SHARES = {"dob_year": 0.019, "dob_month_only": 0.014, "dob_swapped": 0.002}
FILED_TWICE_SHARE, REPEATED_SHARE = 0.0020, 0.0021
NO_NUMBER_WORDS = np.array(["", "无", "暂无", "—"])
FLOAT_MARK = "float:"  # how the truth tables write a number that Excel has rounded


@dataclass
class PoorRows:
    """Lines in file order, list after list. Columns of one length."""

    feed: NDArray[np.int8]
    uid: NDArray[np.int64]
    household: NDArray[np.int64]
    position: NDArray[np.int64]  # in the household, from 1; for dibao the place in the line
    village: NDArray[np.int32]  # of the list, not the hukou
    repeats: NDArray[np.int64]  # the row (an index here) that this one repeats word for word, or NOBODY
    name: Text
    number: Text
    birth: NDArray[np.int64]  # as written in the tekun list
    numeric: NDArray[np.bool_]  # the number stands in an Excel number cell
    tags: Text
    borrowed_from: NDArray[np.int64]  # uid of the relative whose number is written, or NOBODY

    def __len__(self) -> int:
        return len(self.uid)

    def only(self, keep: NDArray[np.bool_]) -> "PoorRows":
        """These rows, in their order; a repeated one must be kept with the one it repeats."""
        place = np.cumsum(keep) - 1
        columns = {each.name: getattr(self, each.name)[keep] for each in fields(self)}
        columns["repeats"] = np.where(columns["repeats"] == NOBODY, NOBODY, place[columns["repeats"]])
        return PoorRows(**columns)

    def of(self, feed: str) -> NDArray[np.int64]:
        return np.flatnonzero(self.feed == FEEDS.index(feed))


def list_poor_rows(
    seed: int, poor: Poor, facts: Circumstances, people: People, village: NDArray, places: Places
) -> PoorRows:
    """Arrange the lines of the three lists and put the usual errors into them. `village` is where each person's household is listed."""
    rng = stream(seed, "poor rows")
    rows = _arrange(rng, poor, facts, village, places)
    original = rows.repeats == NOBODY
    again = np.flatnonzero(~original)
    source = rows.repeats[again]
    original[source] = (
        False  # a repeated line is otherwise correct: it is refused for being repeated and for nothing else
    )
    tags: dict[str, NDArray[np.int64]] = {}
    filed_twice = np.flatnonzero(rows.tags == "filed_twice")
    if len(filed_twice):
        tags["filed_twice"] = filed_twice
    _damage_numbers(rng, rows, poor, facts, people, original, tags)
    _damage_names(rng, rows, people, original, tags)
    _damage_births(rng, rows, people, tags)
    rows.tags = list_tags(len(rows), tags)
    rows.name[again], rows.number[again] = rows.name[source], rows.number[source]
    return rows


def _arrange(rng: Generator, poor: Poor, facts: Circumstances, village: NDArray, places: Places) -> PoorRows:
    poverty = np.flatnonzero(poor.in_poverty)
    dibao = np.flatnonzero(poor.in_dibao)
    tekun = rng.permutation(np.flatnonzero(poor.in_tekun))
    uid, household, position, where, twice = _file_some_twice(rng, poor, facts, poverty, village)
    repeated = take_some(rng, ~twice & (facts.situation[uid] != so.NO_NUMBER), share_of(len(uid), REPEATED_SHARE))
    at = np.sort(np.r_[np.arange(len(uid)), repeated])
    is_repeat = np.r_[False, at[1:] == at[:-1]]
    count = len(at) + len(dibao) + len(tekun)
    in_line = dibao_position(poor)
    all_uids = np.r_[uid[at], dibao, tekun]
    return PoorRows(
        feed=np.repeat(np.arange(3), [len(at), len(dibao), len(tekun)]).astype(np.int8),
        uid=all_uids,
        household=np.r_[household[at], poor.household[dibao], poor.household[tekun]],
        position=np.r_[position[at], in_line[dibao], np.ones(len(tekun), dtype=np.int64)],
        village=np.r_[where[at], village[dibao], village[tekun]].astype(np.int32),
        repeats=np.r_[np.where(is_repeat, np.arange(len(at)) - 1, NOBODY), np.full(len(dibao) + len(tekun), NOBODY)],
        name=np.zeros(0, dtype="U1"),
        number=np.zeros(0, dtype="U1"),
        birth=yyyymmdd(poor.people.birth[all_uids]),
        numeric=np.zeros(count, dtype=bool),
        tags=np.r_[np.where(twice, "filed_twice", "")[at], np.full(len(dibao) + len(tekun), "")],
        borrowed_from=np.full(count, NOBODY),
    )


def _file_some_twice(
    rng: Generator, poor: Poor, facts: Circumstances, uid: NDArray, village: NDArray
) -> tuple[NDArray, ...]:
    """List a few persons once more, as a further member of a household of another village."""
    adult = (facts.situation[uid] != so.UNDER_16) & (poor.position[uid] > 0)
    again = uid[take_some(rng, adult, share_of(len(uid), FILED_TWICE_SHARE))]
    hosts = uid[rng.integers(0, len(uid), len(again))]
    elsewhere = village[hosts] != village[again]
    again, hosts = again[elsewhere], hosts[elsewhere]
    everyone = np.r_[uid, again]
    household = np.r_[poor.household[uid], poor.household[hosts]]
    last = np.zeros(poor.household_count, dtype=np.int64)
    np.maximum.at(last, poor.household[uid], poor.position[uid] + 1)
    extra = last[poor.household[hosts]] + 1 + _earlier_of_same(poor.household[hosts])
    position = np.r_[poor.position[uid] + 1, extra]
    order = np.lexsort([position, household])
    twice = np.r_[np.zeros(len(uid), dtype=bool), np.ones(len(again), dtype=bool)]
    where = np.r_[village[uid], village[hosts]]
    return everyone[order], household[order], position[order], where[order], twice[order]


def _earlier_of_same(values: NDArray) -> NDArray[np.int64]:
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(values) else np.array([], dtype=np.int64)
    earlier = np.empty(len(values), dtype=np.int64)
    earlier[order] = np.arange(len(values)) - np.repeat(starts, np.diff(np.r_[starts, len(values)]))
    return earlier


def _damage_numbers(
    rng: Generator, rows: PoorRows, poor: Poor, facts: Circumstances, people: People, original: NDArray, tags: dict
) -> None:
    uid = rows.uid
    digits = people.digits(uid)
    rows.number = numbers.as_text(digits).astype("U24")
    poverty = rows.feed == FEEDS.index("poverty")
    no_number = facts.situation[uid] == so.NO_NUMBER
    free = original & ~no_number
    twin_of = np.full(len(poor), NOBODY)
    twin_of[poor.twins[:, 0]], twin_of[poor.twins[:, 1]] = poor.twins[:, 1], poor.twins[:, 0]
    relative = _relatives(poor)
    eligible = dict.fromkeys(NUMBER_ERROR_SHARES, free)
    eligible |= {
        "id_numeric": free & poverty & (digits[:, 17] != ord("X")),
        "id_15": free & (people.birth[uid] < np.datetime64("2000-01-01")),
        "id_disab": free & (facts.disability_kind[uid] > 0) & ~(rows.feed == FEEDS.index("dibao")),
        "id_relative": free & (relative[uid] != NOBODY),
        "id_near_twin": free & (twin_of[uid] != NOBODY),
    }
    dealt, labels = deal(rng, len(rows), NUMBER_ERROR_SHARES, eligible)
    at = {label: np.flatnonzero(dealt == number) for number, label in enumerate(labels)}
    written = {
        "id_missing": rng.choice(NO_NUMBER_WORDS, len(at["id_missing"])),
        "id_near_twin": numbers.as_text(
            numbers.neighbour_of_twin(digits[at["id_near_twin"]], people.digits(twin_of[uid[at["id_near_twin"]]]))
        ),
        "id_relative": people.number_text(relative[uid[at["id_relative"]]]),
        "id_numeric": _as_excel_rounds(digits[at["id_numeric"]]),
        "id_15": numbers.to_fifteen(digits[at["id_15"]]),
        "id_disab": _disability_numbers(rng, digits[at["id_disab"]], facts, uid[at["id_disab"]]),
        "id_sub1": numbers.as_text(numbers.substitute_one(rng, digits[at["id_sub1"]])),
        "id_swap": numbers.as_text(numbers.swap_neighbours(rng, digits[at["id_swap"]])),
        "id_2err": numbers.as_text(numbers.substitute_two(rng, digits[at["id_2err"]])),
        "id_daymonth": numbers.as_text(numbers.swap_day_and_month(digits[at["id_daymonth"]])),
        "id_len": numbers.lose_or_double_one(rng, digits[at["id_len"]]),
        "id_format": numbers.format_badly(rng, numbers.as_text(digits[at["id_format"]])),
    }
    for label, text in written.items():
        rows.number[at[label]] = text
        tags[label] = at[label]
    rows.numeric[at["id_numeric"]] = True
    rows.borrowed_from[at["id_relative"]] = relative[uid[at["id_relative"]]]
    without = np.flatnonzero(no_number)
    rows.number[without] = rng.choice(np.array(["", "无", "无户口"]), len(without))
    tags["id_none"] = without


def _relatives(poor: Poor) -> NDArray[np.int64]:
    """Another member of each person's household (the head, for the head the next one), or NOBODY for those who live alone."""
    size = np.bincount(poor.household, minlength=poor.household_count)[poor.household]
    here = np.arange(len(poor))
    head = here - poor.position
    relative = np.where(poor.position == 0, here + 1, head)
    return np.where(size > 1, relative, NOBODY)


def _as_excel_rounds(digits: numbers.Digits) -> Text:
    """What Excel keeps of a number typed without an apostrophe: fifteen digits, then the nearest double."""
    typed = digits.copy()
    typed[:, 15:] = ord("0")
    rounded = numbers.as_text(typed).astype(np.float64)
    return np.char.add(FLOAT_MARK, rounded.astype(np.int64).astype("U18"))


def _disability_numbers(rng: Generator, digits: numbers.Digits, facts: Circumstances, uid: NDArray) -> Text:
    """The disability certificate instead of the ID number: kind and grade behind it, after a reissue also B1."""
    tail = np.char.add(facts.disability_kind[uid].astype("U1"), facts.disability_grade[uid].astype("U1"))
    reissued = np.where(rng.random(len(uid)) < 0.1, "B1", "")
    return names.join(numbers.as_text(digits), tail, reissued)


def _damage_names(rng: Generator, rows: PoorRows, people: People, original: NDArray, tags: dict) -> None:
    of_rows = people.names.take(rows.uid)
    rows.name = names.as_text(of_rows).astype("U24")
    possible = names.can_be_misspelt(of_rows)
    dealt, labels = deal(
        rng, len(rows), NAME_ERROR_SHARES, {tag: possible[tag] & original for tag in NAME_ERROR_SHARES}
    )
    for number, label in enumerate(labels):
        at = np.flatnonzero(dealt == number)
        rows.name[at] = names.MISSPELLINGS[label](rng, of_rows.take(at))
        tags[label] = at
    trailing = take_some(
        rng, original & ~np.isin(dealt, [labels.index("name_space")]), share_of(len(rows), TRAILING_BLANK_SHARE)
    )
    rows.name[trailing] = names.add_trailing_blank(rng, rows.name[trailing])
    tags["name_trail"] = trailing


def _damage_births(rng: Generator, rows: PoorRows, people: People, tags: dict) -> None:
    """Only the tekun list states a birth date."""
    tekun = rows.of("tekun")
    births = people.birth[rows.uid[tekun]]
    month, day = rows.birth[tekun] // 100 % 100, rows.birth[tekun] % 100
    dealt, labels = deal(rng, len(tekun), BIRTH_ERROR_SHARES, {"dob_swapped": (day <= 12) & (day != month)})
    other_year = yyyymmdd(numbers.other_birth_year(births, rng))
    swapped = rows.birth[tekun] // 10000 * 10000 + day * 100 + month
    wrong = {"dob_year": other_year, "dob_month_only": rows.birth[tekun] // 100, "dob_swapped": swapped}
    for number, label in enumerate(labels):
        at = np.flatnonzero(dealt == number)
        rows.birth[tekun[at]] = wrong[label][at]
        tags[label] = tekun[at]
