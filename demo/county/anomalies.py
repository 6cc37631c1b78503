"""What is wrong on the resident roll: money to the dead, two pensions, bad statuses, wrong data; and what only looks wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from demo.county import scheme_rolls
from demo.county.dates import month_number, to_days
from demo.county.draw import NOBODY
from demo.county.feed import Feed, Month
from demo.county.pairs import join
from demo.county.people import People
from demo.county.rolls import (
    AAC008,
    AAC031,
    CONTRIBUTING,
    DRAWING,
    ENDED,
    INVALID,
    NOT_INSURED,
    PAUSED,
    ResidentRoll,
)
from demo.county.scheme_rolls import SchemeRoll

Text = NDArray[np.str_]
Rows = NDArray[np.int64]


@dataclass
class Anomalies:
    """Findings collected kind by kind; one entry of each list a kind."""

    row: list[Rows] = field(default_factory=list)
    kind: list[Text] = field(default_factory=list)
    months: list[Text] = field(default_factory=list)
    detail: list[Text] = field(default_factory=list)

    def add(self, kind: str, row: Rows, months: NDArray | str = "", detail: NDArray | str = "") -> None:
        self.row.append(row)
        self.kind.append(np.full(len(row), kind))
        self.months.append(np.broadcast_to(np.asarray(months).astype(str), len(row)))
        self.detail.append(np.broadcast_to(np.asarray(detail).astype(str), len(row)))


def find_anomalies(roll: ResidentRoll, others: list[SchemeRoll], feeds: dict[str, Feed], month: Month) -> Anomalies:
    found = Anomalies()
    by_uid = _RowsOfPerson(roll)
    _of_the_dead(found, roll, by_uid, month)
    _of_prisoners(found, roll, by_uid, feeds["prison"], month)
    _of_duplicates(found, roll)
    _of_two_schemes(found, roll, others, feeds["outprov"])
    _of_status(found, roll, month)
    _of_moves(found, roll, by_uid, feeds["hukou"])
    _of_data(found, roll, month.people)
    return found


class _RowsOfPerson:
    """Finds the rows of persons without sorting the roll again each time."""

    def __init__(self, roll: ResidentRoll) -> None:
        self.order = np.argsort(roll.uid, kind="stable")
        self.uids = roll.uid[self.order]

    def of(self, uid: Rows) -> tuple[Rows, Rows]:
        """Positions in `uid` and rows of the roll, for every pair."""
        low, high = np.searchsorted(self.uids, uid, "left"), np.searchsorted(self.uids, uid, "right")
        count = high - low
        who = np.repeat(np.arange(len(uid)), count)
        step = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
        return who, self.order[np.repeat(low, count) + step]


def _of_the_dead(found: Anomalies, roll: ResidentRoll, by_uid: _RowsOfPerson, month: Month) -> None:
    both = (month.facts.deaths, month.strangers.deaths)
    uid, day = np.concatenate([d.uid for d in both]), np.concatenate([d.day for d in both])
    who, row = by_uid.of(uid)
    passed = month_number(np.array([month.as_of]))[0] - month_number(day)[who]
    drawing = roll.status[row] == DRAWING
    contributing = np.isin(roll.status[row], [CONTRIBUTING, PAUSED])
    days = day[who].astype(str)
    for kind, mask in (
        ("dead_still_drawing", drawing & (passed > 0)),
        ("dead_this_month_still_drawing", drawing & (passed == 0)),
    ):
        found.add(kind, row[mask], passed[mask], days[mask])
    found.add("dead_still_contributing", row[contributing], "", days[contributing])
    who, row = by_uid.of(np.flatnonzero(month.facts.false_death_report))
    found.add("false_death_report_do_not_stop", row[roll.status[row] == DRAWING])


def _of_prisoners(found: Anomalies, roll: ResidentRoll, by_uid: _RowsOfPerson, prison: Feed, month: Month) -> None:
    columns = prison.listing.columns
    who, row = by_uid.of(prison.uid)
    kind, start, end = (columns[name][who] for name in ("类别", "刑期起", "刑期止"))
    drawing = roll.status[row] == DRAWING
    inside = np.isin(kind, ["监狱服刑", "看守所服刑"]) & (end.astype(int) >= int(month.stamp) * 100 + 1)
    began = start.astype(int) // 100
    now = int(month.stamp)
    passed = (now // 100 - began // 100) * 12 + now % 100 - began % 100
    for name, mask in (("prison_still_drawing", passed > 0), ("prison_from_this_month", passed == 0)):
        here = drawing & inside & mask
        found.add(name, row[here], passed[here], kind[here])
    probation = drawing & np.isin(kind, ["社区矫正", "缓刑"])
    found.add("probation_no_stop", row[probation], "", kind[probation])


def _of_duplicates(found: Anomalies, roll: ResidentRoll) -> None:
    """Both rows of a person; the detail is the number of the other row."""
    second = np.flatnonzero(roll.is_double)
    left, right = join(roll.uid[second], roll.uid)
    other = right[~roll.is_double[right]]
    second = second[left[~roll.is_double[right]]]
    drawing = roll.status[second] == DRAWING
    for kind, mask in (("drawing_twice", drawing), ("duplicate_rows", ~drawing)):
        rows = np.r_[second[mask], other[mask]]
        found.add(kind, rows, "", roll.roll_no[np.r_[other[mask], second[mask]]])


def _of_two_schemes(found: Anomalies, roll: ResidentRoll, others: list[SchemeRoll], outprov: Feed) -> None:
    """Drawing here and there, or paying here and there; a suspended line there, or a suspended benefit here, is neither."""
    for other in others:
        left, right = join(other.uid, roll.uid)
        both_draw = (roll.status[right] == DRAWING) & (other.status[left] == scheme_rolls.RETIRED)
        both_pay = (roll.status[right] != DRAWING) & (other.status[left] == scheme_rolls.CONTRIBUTING)
        left, right = left[both_draw | both_pay], right[both_draw | both_pay]
        _add_two_schemes(found, roll, right, np.char.add(other.scheme + ":", other.roll_no[left]))
    named = np.flatnonzero(outprov.uid != NOBODY)
    left, right = join(outprov.uid[named], roll.uid)
    _add_two_schemes(found, roll, right, np.char.add("outprov:", outprov.listing.columns["参保地区划"][named[left]]))


def _add_two_schemes(found: Anomalies, roll: ResidentRoll, row: Rows, detail: Text) -> None:
    drawing = roll.status[row] == DRAWING
    insured = np.isin(roll.status[row], [CONTRIBUTING, PAUSED])
    found.add("drawing_two_schemes", row[drawing], "", detail[drawing])
    found.add("duplicate_enrolment", row[insured], "", detail[insured])


def _of_status(found: Anomalies, roll: ResidentRoll, month: Month) -> None:
    sixty = month_number(month.people.birth[roll.uid]) + 720
    now = month_number(np.array([month.as_of]))[0]
    waiting = np.flatnonzero((sixty < now) & np.isin(roll.status, [CONTRIBUTING, PAUSED]))
    waiting = waiting[~np.isin(roll.uid[waiting], _dead(month))]
    found.add("due_not_drawing", waiting, now - sixty[waiting])
    early = month.event("drawing_before_60")
    found.add("drawing_before_60", np.flatnonzero(np.isin(roll.uid, early) & (roll.status == DRAWING)))
    found.add("invalid_status_pair", np.flatnonzero(np.isin(roll.status, INVALID)))
    found.add("registered_not_insured", np.flatnonzero(np.isin(roll.status, NOT_INSURED)))


def _dead(month: Month) -> Rows:
    return np.concatenate([month.facts.deaths.uid, month.strangers.deaths.uid])


def _of_moves(found: Anomalies, roll: ResidentRoll, by_uid: _RowsOfPerson, hukou: Feed) -> None:
    kinds, days = hukou.listing.columns["变动类别"], hukou.listing.columns["变动日期"].astype(np.int64)
    for kind, word in (("moved_out_on_roll", "迁出"), ("hukou_cancelled_on_roll", "注销")):
        named = np.flatnonzero(kinds == word)
        who, row = by_uid.of(hukou.uid[named])
        insured = ~np.isin(roll.status[row], [ENDED, *NOT_INSURED])
        found.add(kind, row[insured], "", to_days(days[named[who[insured]]]).astype(str))


def _of_data(found: Anomalies, roll: ResidentRoll, people: People) -> None:
    true_value: dict[str, Callable[[Rows], Text]] = {
        "roll_id": lambda uid: people.number_text(uid),
        "roll_name": lambda uid: people.name_text(uid),
        "roll_dob": lambda uid: people.birth[uid].astype(str),
        "roll_no": lambda uid: np.full(len(uid), ""),
    }
    for tag, rows in roll.tags.items():
        if tag == "roll_name_sep":
            continue
        value = true_value["_".join(tag.split("_")[:2])](roll.uid[rows])
        if len(rows):  # a small county may lack a class; numpy cannot replace within nothing
            found.add(f"data:{tag}", rows, "", np.char.replace(value, "-", ""))


def statuses(roll: ResidentRoll, rows: Rows) -> Text:
    return np.char.add(np.char.add(AAC008, "/"), AAC031)[roll.status[rows]]
