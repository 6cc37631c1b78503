"""Which line of a list of the poor and which line of a roll are one person, and which only look alike."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.county import names
from demo.county.draw import NOBODY
from demo.county.people import People
from demo.county.poor_rows import PoorRows
from demo.county.written import Changes, list_tags

Text = NDArray[np.str_]
DIFFERING_NUMBER = ("id_sub1", "id_swap", "id_2err", "id_daymonth", "id_relative", "id_near_twin")
UNUSABLE_NUMBER = ("id_len", "id_numeric")
NO_NUMBER = ("id_missing", "id_none")
DIFFERING_ROLL_NUMBER = ("roll_id_sub1", "roll_id_swap", "roll_id_before_change")


@dataclass
class RollLines:
    """The lines of one roll that can concern the poor. Columns of one length."""

    scheme: str
    uid: NDArray[np.int64]
    row: NDArray[np.int64]  # position in the roll
    line: NDArray[np.int64]  # of the file
    roll_no: Text
    name: Text
    tags: Text


def roll_lines(
    scheme: str,
    uids: NDArray[np.int64],
    rows: NDArray[np.int64],
    roll_no: Text,
    people: People,
    name: Changes,
    tags: dict[str, NDArray[np.int64]],
) -> RollLines:
    """The lines at `rows` of a roll whose whole uid column is `uids`."""
    uid = uids[rows]
    here = {tag: np.flatnonzero(np.isin(rows, at)) for tag, at in tags.items()}
    written = name.at(rows, people.name_text(uid))
    return RollLines(scheme, uid, rows, rows + 2, roll_no, written, list_tags(len(rows), here))


def join(left: NDArray, right: NDArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of all equal pairs of two key columns."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    low, high = np.searchsorted(ordered, left, "left"), np.searchsorted(ordered, left, "right")
    count = high - low
    of_left = np.repeat(np.arange(len(left)), count)
    step = np.arange(len(of_left)) - np.repeat(np.cumsum(count) - count, count)
    return of_left, order[np.repeat(low, count) + step]


@dataclass
class Pairs:
    """Columns of one length: a row of the lists of the poor and a line of a roll."""

    poor_row: NDArray[np.int64]
    scheme: Text
    roll_no: Text
    roll_line: NDArray[np.int64]
    match: NDArray[np.int64]
    action: Text
    why: Text
    roll_errors: Text


def true_pairs(rows: PoorRows, lines: RollLines) -> Pairs:
    """Every row of a person with every line of the same person, and what can be expected of a matcher for it."""
    left, right = join(rows.uid, lines.uid)
    number = _number_verdict(rows.tags, lines.tags, left, right)
    renamed = names.bare(rows.name)[left] != names.bare(lines.name)[right]
    why = np.where((number != "") & renamed, np.char.add(number, "+name_differs"), number)
    action = np.select([number != "", renamed], ["review", "auto_repair_name"], "auto")
    return _pairs(left, right, lines, np.ones(len(left), dtype=np.int64), action, why)


def _number_verdict(row_tags: Text, line_tags: Text, left: NDArray, right: NDArray) -> Text:
    missing, unusable, wrong = (_any_tag(row_tags, tags) for tags in (NO_NUMBER, UNUSABLE_NUMBER, DIFFERING_NUMBER))
    wrong_on_roll = _any_tag(line_tags, DIFFERING_ROLL_NUMBER)
    return np.select(
        [missing[left], unusable[left], wrong[left] | wrong_on_roll[right]], ["no_id", "id_unusable", "id_differs"], ""
    )


def _any_tag(tags: Text, wanted: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.logical_or.reduce([np.char.find(tags, tag) >= 0 for tag in wanted])


def false_pairs(rows: PoorRows, lines: RollLines, why: str, looks_like: NDArray[np.int64]) -> Pairs:
    """Rows with the lines of somebody else they could be taken for; `looks_like` is that person's uid by row, or NOBODY."""
    left, right = join(np.where(looks_like == NOBODY, -2, looks_like), lines.uid)
    size = len(left)
    return _pairs(
        left, right, lines, np.zeros(size, dtype=np.int64), np.full(size, "must_not_match"), np.full(size, why)
    )


def _pairs(left: NDArray, right: NDArray, lines: RollLines, match: NDArray, action: Text, why: Text) -> Pairs:
    size = len(left)
    return Pairs(
        poor_row=left,
        scheme=np.full(size, lines.scheme),
        roll_no=lines.roll_no[right],
        roll_line=lines.line[right],
        match=match,
        action=action,
        why=why,
        roll_errors=lines.tags[right],
    )


def joined(parts: list[Pairs]) -> Pairs:
    return Pairs(*(np.concatenate([getattr(part, name) for part in parts]) for name in Pairs.__annotations__))
