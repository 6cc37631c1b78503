"""The resident roll of two months: the lines new in the second, and what changes on the others."""

from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from demo.county.circumstances import is_due
from demo.county.dates import month_number, yyyymm
from demo.county.draw import Generator, deal, share_of, stream, take_some
from demo.county.feed import Month
from demo.county.next_month import Turn
from demo.county.rolls import AAC008, AAC031, BENEFIT_PAUSED, CONTRIBUTING, DRAWING, ENDED, PAUSED, ResidentRoll
from demo.county.written import Changes

NEW_ROWS_SHARE = 0.0015
STARTS_AT_60_SHARE, ENDED_AFTER_DEATH_SHARE, DOUBLE_REMOVED_SHARE = 0.92, 0.6, 0.05
STATUS_CHANGES = {
    "late_start_drawing": ((CONTRIBUTING, PAUSED), DRAWING, 0.00027),
    "paused": ((CONTRIBUTING,), PAUSED, 0.0028),
    "resumed": ((PAUSED,), CONTRIBUTING, 0.0014),
    "benefit_paused": ((DRAWING,), BENEFIT_PAUSED, 0.00077),
    "benefit_resumed": ((BENEFIT_PAUSED,), DRAWING, 0.00009),
}
MOVED_SHARE, NUMBER_CORRECTED_SHARE, NAME_CORRECTED_SHARE = 0.0015, 0.05, 0.03
CORRECTED_NUMBERS, CORRECTED_NAMES = (
    ("roll_id_15", "roll_id_sub1", "roll_id_swap"),
    ("roll_name_homo", "roll_name_trad"),
)


class RollChanges:
    """What changed on the roll, for the truth: one list a column."""

    def __init__(self) -> None:
        self.kind: list[str] = []
        self.roll_no: list[str] = []
        self.uid: list[int] = []
        self.old: list[str] = []
        self.new: list[str] = []

    def add(
        self, kind: str, roll: ResidentRoll, rows: NDArray, old: NDArray | None = None, new: NDArray | None = None
    ) -> None:
        blank = np.full(len(rows), "")
        self.kind += [kind] * len(rows)
        self.roll_no += roll.roll_no[rows].astype(str).tolist()
        self.uid += roll.uid[rows].tolist()
        self.old += (blank if old is None else old).tolist()
        self.new += (blank if new is None else new).tolist()


def new_rows(seed: int, count: int, roll: ResidentRoll, turn: Turn, month: Month) -> NDArray[np.bool_]:
    """Mark `count` lines that are on the roll from the second month on: those of the poor who enrol, and of ordinary contributors."""
    of_enrolled = np.isin(roll.uid, np.flatnonzero(turn.enrolled))
    ordinary = _quiet(roll, month) & (roll.status == CONTRIBUTING) & (roll.uid >= len(month.facts.age))
    marked = of_enrolled.copy()
    rest = take_some(stream(seed, "new rows"), ordinary, max(0, count - int(of_enrolled.sum())))
    marked[rest] = True
    return marked


def _quiet(roll: ResidentRoll, month: Month) -> NDArray[np.bool_]:
    """Lines of living people of whom no other list tells anything, once on the roll and without error."""
    facts, strangers = month.facts, month.strangers
    special = facts.dead | facts.student | facts.soldier | facts.prisoner | facts.ended_sentence
    special |= facts.false_death_report | facts.name_change | facts.number_change
    told_of = [np.flatnonzero(special), strangers.namesakes[:, 1], strangers.deaths.uid, *strangers.event.values()]
    quiet = ~np.isin(roll.uid, np.concatenate([*told_of, roll.uid[roll.is_double]]))
    for rows in roll.tags.values():
        quiet[rows] = False
    return quiet


def only(roll: ResidentRoll, keep: NDArray[np.bool_]) -> ResidentRoll:
    """Return these lines of the roll, in their order."""
    place = np.cumsum(keep) - 1

    def moved(changes: Changes) -> Changes:
        here = keep[changes.row]
        return Changes(place[changes.row[here]], changes.text[here])

    columns = {each.name: getattr(roll, each.name)[keep] for each in fields(roll) if _is_column(each.name)}
    tags = {tag: place[rows[keep[rows]]] for tag, rows in roll.tags.items()}
    return ResidentRoll(**columns, name=moved(roll.name), number=moved(roll.number), tags=tags)


def _is_column(name: str) -> bool:
    return name not in ("name", "number", "tags")


def first_roll(roll: ResidentRoll, later: NDArray[np.bool_]) -> ResidentRoll:
    return only(roll, ~later)


def second_roll(
    roll: ResidentRoll, later: NDArray[np.bool_], turn: Turn, before: Month, month: Month
) -> tuple[ResidentRoll, RollChanges]:
    """Return the roll of the second month and what changed on it."""
    rng = stream(month.seed, "next roll")
    ours = replace(
        roll, **{each.name: getattr(roll, each.name).copy() for each in fields(roll) if _is_column(each.name)}
    )
    ours.tags = dict(roll.tags)
    changes = RollChanges()
    now = int(yyyymm(month_number(np.array([month.as_of])))[0])
    ours.join[later] = now
    ours.status[later] = CONTRIBUTING
    ours.start[later] = 0
    changes.add("new_row", ours, np.flatnonzero(later))
    quiet = _quiet(roll, month) & ~later
    _change_statuses(rng, ours, quiet, before, month, now, changes)
    _end_after_death(rng, ours, turn, before, changes)
    _move(rng, ours, quiet, month, changes)
    _correct(rng, ours, later, month, changes)
    removed = take_some(rng, ours.is_double, share_of(int(ours.is_double.sum()), DOUBLE_REMOVED_SHARE))
    changes.add("duplicate_removed", ours, removed)
    keep = np.ones(len(ours), dtype=bool)
    keep[removed] = False
    birth, paying = month.people.birth[ours.uid], np.isin(ours.status, [CONTRIBUTING, PAUSED])
    reached = is_due(birth, month.as_of) & ~is_due(birth, before.as_of)
    changes.add("reached_60_not_drawing", ours, np.flatnonzero(reached & paying & keep))
    return only(ours, keep), changes


def _change_statuses(
    rng: Generator, roll: ResidentRoll, quiet: NDArray, before: Month, month: Month, now: int, changes: RollChanges
) -> None:
    birth, paying = month.people.birth[roll.uid], np.isin(roll.status, [CONTRIBUTING, PAUSED])
    was_due, due = is_due(birth, before.as_of), is_due(birth, month.as_of)
    reached = np.flatnonzero(quiet & paying & due & ~was_due)
    starts = rng.random(len(reached)) < STARTS_AT_60_SHARE
    _set(roll, reached[starts], DRAWING, now, "reached_60_drawing", changes)
    eligible = {}
    for kind, (statuses, _, _) in STATUS_CHANGES.items():
        eligible[kind] = (
            quiet
            & np.isin(roll.status, statuses)
            & (due == (kind in ("late_start_drawing", "benefit_paused", "benefit_resumed")))
        )
        eligible[kind][reached] = False
    dealt, kinds = deal(rng, len(roll), {kind: share for kind, (_, _, share) in STATUS_CHANGES.items()}, eligible)
    for number, kind in enumerate(kinds):
        _set(roll, np.flatnonzero(dealt == number), STATUS_CHANGES[kind][1], now, kind, changes)


def _set(roll: ResidentRoll, rows: NDArray, status: int, now: int, kind: str, changes: RollChanges) -> None:
    pair = np.char.add(AAC008, AAC031)
    changes.add(kind, roll, rows, pair[roll.status[rows]], np.full(len(rows), pair[status]))
    if status == DRAWING:
        roll.start[rows] = np.where(roll.start[rows] > 0, roll.start[rows], now)
    roll.status[rows] = status


def _end_after_death(rng: Generator, roll: ResidentRoll, turn: Turn, before: Month, changes: RollChanges) -> None:
    """The lines of most of those known to be dead in the first month are ended."""
    known = np.concatenate([d.uid[d.sources.any(axis=1)] for d in (before.facts.deaths, before.strangers.deaths)])
    of_dead = np.isin(roll.uid, known) & np.isin(roll.status, [CONTRIBUTING, DRAWING, PAUSED, BENEFIT_PAUSED])
    rows = take_some(rng, of_dead, share_of(int(of_dead.sum()), ENDED_AFTER_DEATH_SHARE))
    _set(roll, rows, ENDED, 0, "terminated_death", changes)


def _move(rng: Generator, roll: ResidentRoll, quiet: NDArray, month: Month, changes: RollChanges) -> None:
    places = month.places
    rows = take_some(rng, quiet, share_of(len(roll), MOVED_SHARE))
    village = (roll.village[rows] + rng.integers(1, places.village_count, len(rows))) % places.village_count
    changes.add("moved", roll, rows, places.code[roll.village[rows]], places.code[village])
    roll.village[rows] = village


def _correct(rng: Generator, roll: ResidentRoll, later: NDArray, month: Month, changes: RollChanges) -> None:
    """Some wrong numbers and names are put right."""
    people = month.people
    for kind, labels, share, column, right in (
        ("id_corrected", CORRECTED_NUMBERS, NUMBER_CORRECTED_SHARE, "number", people.number_text),
        ("name_corrected", CORRECTED_NAMES, NAME_CORRECTED_SHARE, "name", people.name_text),
    ):
        wrong = np.zeros(len(roll), dtype=bool)
        wrong[np.concatenate([roll.tags[label] for label in labels])] = True
        wrong &= ~later
        rows = take_some(rng, wrong, share_of(int(wrong.sum()), share))
        written: Changes = getattr(roll, column)
        changes.add(kind, roll, rows, written.at(rows, right(roll.uid[rows])), right(roll.uid[rows]))
        stays = ~np.isin(written.row, rows)
        setattr(roll, column, Changes(written.row[stays], written.text[stays]))
        for label in labels:
            roll.tags[label] = np.setdiff1d(roll.tags[label], rows)
