"""Names as three positions in tables (surname, given, given), so that ten million of them stay small, and their misspellings.

Transliterated names fit the same shape: the part before the interpunct is the surname (with the dot), the part after it the given name.
"""

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from demo.county.draw import Generator, pick_index
from demo.county.places import DEMO_DATA

Index = NDArray[np.int16]
Text = NDArray[np.str_]

HAN, YI, UYGHUR = 0, 1, 2
INTERPUNCT = "·"
RARE_CHARACTERS = "𤩽㛃䜣䶮㵾𠅤㬎"
RARE_READINGS = ("chang", "jing", "xin", "yan", "fei", "tou", "xian")
YOUNGER_GENERATION_FROM = 1976
SINGLE_GIVEN_SHARE = 0.22
HOMOPHONES = 6


@dataclass(frozen=True)
class Names:
    """Positions in the tables; the columns have one length."""

    surname: Index
    given1: Index
    given2: Index

    def take(self, rows: NDArray | slice) -> "Names":
        return Names(self.surname[rows], self.given1[rows], self.given2[rows])

    def with_surname_of(self, other: "Names", where: NDArray[np.bool_]) -> "Names":
        return Names(np.where(where, other.surname, self.surname), self.given1, self.given2)


@dataclass(frozen=True)
class NameTables:
    """The parts of names. `given` begins with the empty part; rare characters and parts after an interpunct stand at its end."""

    surname: Text
    surname_weight: NDArray
    surname_traditional: Text
    surname_respelled: Text
    given: Text
    given_weight: NDArray  # generation and sex by character
    given_traditional: Text
    given_variant: Text
    given_respelled: Text
    homophones: Text  # given by up to HOMOPHONES characters, empty where there are none
    first_rare: int
    minority_first: dict[int, NDArray]  # people -> positions in surname
    minority_last: dict[int, NDArray]

    @property
    def homophone_count(self) -> NDArray:
        return (self.homophones != "").sum(axis=1)


@cache
def tables() -> NameTables:
    surnames, given, parts = _read("surnames.csv"), _read("given_characters.csv"), _read("minority_name_parts.csv")
    people = np.array([{"yi": YI, "uyghur": UYGHUR}[row["people"]] for row in parts])
    characters = [row["character"] for row in given]
    weights = np.array(
        [[int(row[c]) for c in ("male_older", "female_older", "male_younger", "female_younger")] for row in given]
    )
    tail = len(RARE_CHARACTERS) + len(parts)
    blanks = [""] * tail
    return NameTables(
        surname=np.array([row["surname"] for row in surnames] + [row["part"] + INTERPUNCT for row in parts]),
        surname_weight=np.array([int(row["weight"]) for row in surnames]),
        surname_traditional=np.array([row["traditional"] for row in surnames] + [""] * len(parts)),
        surname_respelled=np.array(
            [""] * len(surnames) + [row["other_spelling"] and row["other_spelling"] + INTERPUNCT for row in parts]
        ),
        given=np.array(["", *characters, *RARE_CHARACTERS, *(row["part"] for row in parts)]),
        given_weight=weights,
        given_traditional=np.array(["", *(row["traditional"] for row in given), *blanks]),
        given_variant=np.array(["", *(row["variant"] for row in given), *blanks]),
        given_respelled=np.array(
            [""] * (1 + len(given) + len(RARE_CHARACTERS)) + [row["other_spelling"] for row in parts]
        ),
        homophones=np.array(
            [[""] * HOMOPHONES]
            + [(list(row["homophones"]) + [""] * HOMOPHONES)[:HOMOPHONES] for row in given]
            + [[""] * HOMOPHONES] * tail
        ),
        first_rare=1 + len(given),
        minority_first={p: len(surnames) + np.flatnonzero(people == p) for p in (YI, UYGHUR)},
        minority_last={p: 1 + len(given) + len(RARE_CHARACTERS) + np.flatnonzero(people == p) for p in (YI, UYGHUR)},
    )


def _read(name: str) -> list[dict[str, str]]:
    with (DEMO_DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def draw_names(rng: Generator, sex: NDArray, birth_year: NDArray) -> Names:
    """Han names: the surname by frequency, the given name by sex and generation."""
    table = tables()
    given1, given2 = np.zeros((2, len(sex)), dtype=np.int16)
    style = (birth_year >= YOUNGER_GENERATION_FROM) * 2 + (sex == 0)
    for number in range(4):
        here = np.flatnonzero(style == number)
        weights = table.given_weight[:, number]
        given1[here] = 1 + pick_index(rng, weights, len(here))
        given2[here] = 1 + pick_index(rng, weights, len(here))
    given2[rng.random(len(sex)) < SINGLE_GIVEN_SHARE] = 0
    return Names(pick_index(rng, table.surname_weight, len(sex)).astype(np.int16), given1, given2)


def give_minority_names(rng: Generator, names: Names, people: NDArray) -> Names:
    """Replace the names of Yi and Uyghur people by transliterated ones."""
    table = tables()
    surname, given1, given2 = names.surname.copy(), names.given1.copy(), names.given2.copy()
    for group in (YI, UYGHUR):
        here = np.flatnonzero(people == group)
        surname[here] = rng.choice(table.minority_first[group], len(here))
        given1[here] = rng.choice(table.minority_last[group], len(here))
        given2[here] = 0
    return Names(surname, given1, given2)


def give_rare_characters(rng: Generator, names: Names, rows: NDArray) -> Names:
    """Put a character that old systems cannot write at the end of some given names."""
    given2 = names.given2.copy()
    given2[rows] = tables().first_rare + rng.integers(0, len(RARE_CHARACTERS), len(rows))
    return Names(names.surname, names.given1, given2)


def as_text(names: Names) -> Text:
    table = tables()
    return join(table.surname[names.surname], table.given[names.given1], table.given[names.given2])


def as_arrow(names: Names) -> pa.StringArray:
    table = tables()
    parts = (
        pa.array(part).take(pa.array(index))
        for part, index in ((table.surname, names.surname), (table.given, names.given1), (table.given, names.given2))
    )
    return pc.binary_join_element_wise(*parts, "")


def join(*parts: Text) -> Text:
    text = parts[0]
    for part in parts[1:]:
        text = np.char.add(text, part)
    return text


def is_han(names: Names) -> NDArray[np.bool_]:
    return names.surname < len(tables().surname_weight)


# --- which names can be misspelt in which way ---------------------------------------------------------------------------------------


def _last_given(names: Names) -> Index:
    return np.where(names.given2 > 0, names.given2, names.given1)


def can_be_misspelt(names: Names) -> dict[str, NDArray[np.bool_]]:
    """Shape: error tag -> mask of the names it can befall."""
    table = tables()
    han, last = is_han(names), _last_given(names)
    has_traditional = (table.surname_traditional != "")[names.surname]
    for given in (names.given1, names.given2):
        has_traditional |= (table.given_traditional != "")[given]
    respelled = (table.surname_respelled != "")[names.surname] | (table.given_respelled != "")[names.given1]
    return {
        "name_homo": han & (table.homophone_count[last] > 0),
        "name_trad": han & has_traditional,
        "name_variant": (table.given_variant != "")[last],
        "name_former": han,
        "name_rare": (names.given2 >= table.first_rare) & han,
        "name_sep": ~han,
        "name_translit": respelled,
        "name_space": han & (names.given2 == 0),
    }


# --- misspellings: names in, written text out ---------------------------------------------------------------------------------------


def write_homophone(rng: Generator, names: Names) -> Text:
    table, last = tables(), _last_given(names)
    chosen = table.homophones[last, (rng.random(len(last)) * table.homophone_count[last]).astype(int)]
    single = names.given2 == 0
    surname, given1 = table.surname[names.surname], table.given[names.given1]
    return join(surname, np.where(single, "", given1), chosen)


def write_traditional(rng: Generator, names: Names) -> Text:
    table = tables()

    def prefer(changed: Text, plain: Text) -> Text:
        return np.where(changed == "", plain, changed)

    return join(
        prefer(table.surname_traditional[names.surname], table.surname[names.surname]),
        prefer(table.given_traditional[names.given1], table.given[names.given1]),
        prefer(table.given_traditional[names.given2], table.given[names.given2]),
    )


def write_variant(rng: Generator, names: Names) -> Text:
    table, last = tables(), _last_given(names)
    before = np.where(names.given2 > 0, table.given[names.given1], "")
    return join(table.surname[names.surname], before, table.given_variant[last])


def write_former(rng: Generator, names: Names) -> Text:
    return as_text(former_names(names))


def former_names(names: Names) -> Names:
    """The name a person had before changing it: the same surname and quite another given name, always the same one."""
    count = len(tables().given_weight)
    given1 = 1 + (names.given1.astype(np.int64) * 31 + names.given2 * 17 + 7) % count
    return Names(names.surname, given1.astype(np.int16), (1 + (given1 * 13 + 5) % count).astype(np.int16))


def write_without_rare(rng: Generator, names: Names) -> Text:
    table = tables()
    readings = np.array([f"({reading})" for reading in RARE_READINGS])[names.given2 - table.first_rare]
    style = rng.integers(0, 4, len(readings))
    substitute = np.where(style == 3, readings, np.array(["？", "*", "?", ""])[style])
    return join(table.surname[names.surname], table.given[names.given1], substitute)


def write_other_separator(rng: Generator, names: Names) -> Text:
    separator = rng.choice(np.array(["•", "‧", ".", "-", " ", "", "・", "●"]), len(names.surname))
    first = np.char.rstrip(tables().surname[names.surname], INTERPUNCT)
    return join(first, separator, tables().given[names.given1])


def write_other_spelling(rng: Generator, names: Names) -> Text:
    table = tables()
    first, last = table.surname_respelled[names.surname], table.given_respelled[names.given1]
    return join(
        np.where(first == "", table.surname[names.surname], first),
        np.where(last == "", table.given[names.given1], last),
    )


def write_spaced(rng: Generator, names: Names) -> Text:
    gap = rng.choice(np.array([" ", "  ", "\u3000"]), len(names.surname))
    return join(tables().surname[names.surname], gap, tables().given[names.given1])


MISSPELLINGS = {
    "name_homo": write_homophone,
    "name_trad": write_traditional,
    "name_variant": write_variant,
    "name_former": write_former,
    "name_rare": write_without_rare,
    "name_sep": write_other_separator,
    "name_translit": write_other_spelling,
    "name_space": write_spaced,
}


def add_trailing_blank(rng: Generator, text: Text) -> Text:
    return join(text, rng.choice(np.array(["\u3000", " "]), len(text)))


_BLANKS_AND_SEPARATORS = " \u3000·•‧.-・●"


def bare(text: Text) -> Text:
    """A name without blanks and separators: two spellings that agree in this are the same name to any clerk."""
    for character in _BLANKS_AND_SEPARATORS:
        text = np.char.replace(text, character, "")
    return text
