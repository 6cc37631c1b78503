"""One file of another department: whom each row names, and how a clerk there types names and numbers."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.county import names, numbers
from demo.county.circumstances import Circumstances
from demo.county.draw import Generator, deal, share_of, take_some
from demo.county.listing import Listing
from demo.county.people import People
from demo.county.places import Places
from demo.county.strangers import Strangers

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
    "id_format": lambda rng, digits: numbers.format_badly(rng, numbers.as_text(digits)),
}
