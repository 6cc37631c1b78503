"""What changed between two months: on the resident roll, and in the three lists of the poor."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from demo.county.households import POVERTY_STATUSES, Poor
from demo.county.next_month import Repairs, Turn
from demo.county.next_roll import RollChanges
from demo.county.poor_rows import FEEDS, FLOAT_MARK, PoorRows
from demo.county.truth.county import Columns, row_keys

DIBAO_KINDS = np.array(["差额", "全额"])


@dataclass
class _Changes:
    kind: list[str] = field(default_factory=list)
    feed: list[str] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    uid: list[int] = field(default_factory=list)
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)

    def add(self, kind: str, feed: str, key: str, uid: int, old: str = "", new: str = "") -> None:
        for column, value in zip(vars(self).values(), (kind, feed, key, uid, old, new), strict=True):
            column.append(value)


def change_rows(
    rows: PoorRows,
    kept: tuple[NDArray, NDArray],
    poor: Poor,
    turn: Turn,
    repairs: Repairs,
    roll: RollChanges,
    county: str,
) -> Columns:
    """Return one line a change. `rows` are those of both months, `kept` which of them each month has; a repeated row changes nothing."""
    found = _Changes(
        roll.kind.copy(),
        ["roll"] * len(roll.kind),
        roll.roll_no.copy(),
        roll.uid.copy(),
        roll.old.copy(),
        roll.new.copy(),
    )
    before, after = (keep & (rows.repeats < 0) for keep in kept)
    keys = [_short(key) for key in row_keys(rows, poor, county).tolist()]
    for at in np.flatnonzero(before != after).tolist():
        uid = int(rows.uid[at])
        gone = "poor_removed_dead" if turn.removed_dead[uid] else "poor_exit"
        found.add("poor_new" if after[at] else gone, FEEDS[rows.feed[at]], keys[at], uid)
    both = before & after
    for at in np.flatnonzero(both & (rows.feed == 0) & turn.moved_out[rows.uid]).tolist():
        found.add("hukou", "poverty", keys[at], int(rows.uid[at]))
    _of_statuses(found, rows, both, poor, turn, keys)
    for kind, row, old, new in zip(repairs.kind, repairs.row, repairs.old, repairs.new, strict=True):
        if both[row]:
            found.add(kind, FEEDS[rows.feed[row]], keys[row], int(rows.uid[row]), old.replace(FLOAT_MARK, ""), new)
    return {name: column if name != "uid" else np.array(column, dtype=np.int64) for name, column in vars(found).items()}


def _of_statuses(found: _Changes, rows: PoorRows, both: NDArray, poor: Poor, turn: Turn, keys: list[str]) -> None:
    """A line a person of the poverty file, a line a household of the dibao list."""
    uid = rows.uid
    for at in np.flatnonzero(both & (rows.feed == 0) & (poor.poverty_status != turn.poverty_status)[uid]).tolist():
        old, new = POVERTY_STATUSES[poor.poverty_status[uid[at]]], POVERTY_STATUSES[turn.poverty_status[uid[at]]]
        found.add("poverty_status", "poverty", keys[at], int(uid[at]), str(old), str(new))
    changed = both & (rows.feed == 1) & (rows.position == 1) & (poor.dibao_full != turn.dibao_full)[uid]
    for at in np.flatnonzero(changed).tolist():
        old, new = DIBAO_KINDS[int(poor.dibao_full[uid[at]])], DIBAO_KINDS[int(turn.dibao_full[uid[at]])]
        found.add("dibao_kind", "dibao", keys[at], int(uid[at]), str(old), str(new))


def _short(key: str) -> str:
    """Household and person of the poverty file, the certificate of the others."""
    kind, first, second = key.split("|")
    return f"{first}/{second}" if kind == "POV" else first if kind == "DB" else f"/{first}"
