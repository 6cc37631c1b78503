"""Everybody who stands in any file, as columns of one length; a person's `uid` is the position in them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.county import names, numbers
from demo.county.dates import Days
from demo.county.draw import Generator, pick_index
from demo.county.names import Names

FEMALE, MALE = 0, 1
SEX_WORDS = np.array(["女", "男"])
ETHNIC_NAMES = np.array(["汉族", "彝族", "维吾尔族", "藏族", "苗族", "布依族", "水族", "毛南族"])
ETHNIC_CODES = np.array(["01", "07", "05", "04", "06", "09", "25", "36"])  # GB/T 3304
OTHER_PEOPLES = np.arange(3, len(ETHNIC_NAMES))  # peoples with names of the Han shape
TRANSLITERATED_SHARE, OTHER_PEOPLES_SHARE = 0.0058, 0.008


@dataclass
class People:
    birth: Days
    sex: NDArray[np.int8]
    names: Names
    ethnic: NDArray[np.int8]
    village: NDArray[np.int32]  # hukou: a position in Places
    prefix: NDArray[np.int8]
    serial: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.birth)

    def digits(self, rows: NDArray | slice) -> numbers.Digits:
        return numbers.compose(self.birth[rows], self.serial[rows], self.prefix[rows])

    def number_text(self, rows: NDArray | slice) -> NDArray[np.str_]:
        return numbers.as_text(self.digits(rows))

    def name_text(self, rows: NDArray | slice) -> NDArray[np.str_]:
        return names.as_text(self.names.take(rows))

    def __add__(self, other: "People") -> "People":
        def both(field: str) -> NDArray:
            return np.concatenate([getattr(self, field), getattr(other, field)])

        joined = [
            np.concatenate([getattr(self.names, part), getattr(other.names, part)]) for part in Names.__annotations__
        ]
        columns = {field: both(field) for field in People.__annotations__ if field != "names"}
        return People(names=Names(*joined), **columns)


def settle(rng: Generator, births: Days, sex: NDArray, village: NDArray, people_of: NDArray | None = None) -> People:
    """Give people of known birth and sex a name, a people and a hukou; numbers are allocated when everybody is known."""
    count = len(births)
    ethnic = draw_peoples(rng, count) if people_of is None else people_of
    drawn = names.draw_names(rng, sex, births.astype("M8[Y]").astype(np.int64) + 1970)
    return People(
        birth=births,
        sex=sex.astype(np.int8),
        names=names.give_minority_names(rng, drawn, ethnic),
        ethnic=ethnic.astype(np.int8),
        village=village.astype(np.int32),
        prefix=pick_index(rng, numbers.PREFIX_WEIGHTS, count).astype(np.int8),
        serial=np.zeros(count, dtype=np.int16),
    )


def draw_peoples(rng: Generator, count: int) -> NDArray[np.int8]:
    chance = rng.random(count)
    ethnic = np.where(chance < TRANSLITERATED_SHARE, 1 + (chance < TRANSLITERATED_SHARE / 2), 0)
    other = (chance >= TRANSLITERATED_SHARE) & (chance < TRANSLITERATED_SHARE + OTHER_PEOPLES_SHARE)
    ethnic[other] = rng.choice(OTHER_PEOPLES, int(other.sum()))
    return ethnic.astype(np.int8)


def draw_births(rng: Generator, as_of: np.datetime64, ages: dict[tuple[int, int], float], count: int) -> Days:
    """Birth days by weighted age bands (from, to) in years, even within a band."""
    bands = np.array(list(ages))
    band = bands[pick_index(rng, list(ages.values()), count)]
    years = band[:, 0] + rng.random(count) * (band[:, 1] - band[:, 0])
    return as_of - np.floor(years * 365.2425).astype(np.int64)
