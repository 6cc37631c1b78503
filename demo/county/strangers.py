"""Everybody who is not poor but stands in a file: on the rolls, in school, in the army, in prison, moving in or out.

Their uids follow those of the poor, group after group in the order of GROUPS.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.county import people
from demo.county.circumstances import Deaths, draw_death_days, draw_sources, is_due
from demo.county.dates import age_years
from demo.county.draw import Generator, deal, stream, take_some
from demo.county.names import Names, give_rare_characters, is_han
from demo.county.people import People
from demo.county.places import Places

GROUPS = (
    "resident",
    "employee",
    "civil",
    "student",
    "soldier",
    "prisoner",
    "moved_in",
    "moved_out",
    "cancelled",
    "renamed",
)
AGES: dict[str, dict[tuple[int, int], float]] = {
    "resident": {
        (16, 20): 7.9, (20, 30): 47, (30, 40): 76, (40, 50): 99, (50, 55): 55, (55, 60): 63, (60, 65): 95, (65, 70): 79,
        (70, 75): 60, (75, 80): 42, (80, 90): 42, (90, 101): 8,
    },
    "employee": {(18, 30): 18, (30, 40): 24, (40, 50): 26, (50, 60): 14, (60, 70): 11, (70, 90): 7},
    "civil": {(22, 30): 14, (30, 40): 22, (40, 50): 25, (50, 60): 18, (60, 70): 12, (70, 90): 9},
    "student": {(16, 18): 30, (18, 23): 56, (23, 30): 10, (30, 50): 4},
    "soldier": {(18, 25): 1},
    "prisoner": {(18, 35): 4, (35, 55): 5, (55, 80): 2},
    "moved_in": {(1, 16): 2, (16, 45): 5, (45, 90): 2},
    "moved_out": {(1, 16): 2, (16, 45): 6, (45, 80): 2},
    "cancelled": {(1, 45): 5, (45, 90): 3},
    "renamed": {(1, 30): 1},
}  # fmt: skip
ARRIVALS = ("moved_in", "moved_out", "cancelled", "renamed")
"""Groups the police list only in the month in which it happens: other people each month."""
PER_ROLL_ROW = {
    "employee": 0.1826,
    "civil": 0.0307,
    "student": 0.01134,
    "soldier": 0.00088,
    "prisoner": 0.00030,
    "moved_in": 0.00060,
    "moved_out": 0.00021,
    "cancelled": 0.00003,
    "renamed": 0.00003,
}
RARE_NAMES_SHARE, NAMESAKES_PER_POOR = 0.0003, 0.0026

EVENT_SHARES = {
    "dead_drawing": 0.00178,
    "dead_contributing": 0.00010,
    "drawing_before_60": 0.000047,
    "invalid_pair": 0.000078,
    "not_insured": 0.000025,
    "prison_drawing": 0.000035,
    "prison_contributing": 0.00012,
    "probation_drawing": 0.000015,
    "probation_contributing": 0.00006,
    "moved_out": 0.00031,
    "cancelled": 0.000033,
    "name_change": 0.00007,
    "number_change": 0.00004,
    "draws_two_schemes": 0.00054,
    "enrolled_in_two_schemes": 0.00066,
    "draws_twice": 0.00064,
    "enrolled_twice": 0.00053,
    "due_contributing": 0.00065,
    "due_paused": 0.00022,
    "benefit_paused": 0.0034,
    "disabled": 0.0108,
}


@dataclass
class Strangers:
    people: People
    first: dict[str, int]  # group -> uid of its first member
    count: dict[str, int]
    event: dict[str, NDArray[np.int64]]  # what befell some of the insured residents: uids
    deaths: Deaths
    namesakes: NDArray[np.int64]  # pairs: uid of a poor person, uid of a stranger of the same name and birth date

    def uids(self, group: str) -> NDArray[np.int64]:
        return np.arange(self.first[group], self.first[group] + self.count[group])


def gather_strangers(
    seed: int,
    residents: int,
    roll: int,
    poor: People,
    insured_poor: NDArray,
    as_of: np.datetime64,
    places: Places,
    months: int = 1,
) -> Strangers:
    """Draw everybody else. `residents` is how many of them are on the resident roll, `roll` its size in all."""
    rng = stream(seed, "strangers")
    count = {"resident": residents} | {group: max(2, round(roll * share)) for group, share in PER_ROLL_ROW.items()}
    count |= {group: count[group] * months for group in ARRIVALS}
    groups = [_draw_group(rng, group, count[group], as_of, places) for group in GROUPS]
    everybody = groups[0]
    for group in groups[1:]:
        everybody = everybody + group
    rare = take_some(rng, is_han(everybody.names), round(len(everybody) * RARE_NAMES_SHARE))
    everybody.names = give_rare_characters(rng, everybody.names, rare)
    starts = len(poor) + np.cumsum([0, *(count[group] for group in GROUPS)])
    namesakes = _make_namesakes(rng, poor, insured_poor, everybody, residents)
    apart = rng.integers(1, places.village_count, len(namesakes))
    everybody.village[namesakes[:, 1]] = (poor.village[namesakes[:, 0]] + apart) % places.village_count
    event = _deal_events(rng, everybody, residents, namesakes[:, 1], len(poor), as_of)
    dead = np.concatenate([event["dead_drawing"], event["dead_contributing"]])
    return Strangers(
        people=everybody,
        first=dict(zip(GROUPS, starts.tolist(), strict=False)),
        count=count,
        event=event,
        deaths=Deaths(dead, draw_death_days(rng, len(dead), as_of), draw_sources(rng, len(dead))),
        namesakes=np.stack([namesakes[:, 0], namesakes[:, 1] + len(poor)], axis=1),
    )


def _draw_group(rng: Generator, group: str, count: int, as_of: np.datetime64, places: Places) -> People:
    births = people.draw_births(rng, as_of, AGES[group], count)
    village = rng.integers(0, places.village_count, count)
    if group == "moved_out":
        village = rng.choice(places.elsewhere, count)
    return people.settle(rng, births, (rng.random(count) < 0.502).astype(np.int8), village)


def _make_namesakes(rng: Generator, poor: People, insured: NDArray, strangers: People, residents: int) -> NDArray:
    """Strangers of the same name, sex and birth date as an insured poor person, living elsewhere in the county."""
    wanted = max(1, round(len(poor) * NAMESAKES_PER_POOR))
    originals = take_some(rng, insured, wanted)
    namesakes = take_some(rng, np.ones(residents, dtype=bool), len(originals))
    strangers.birth[namesakes], strangers.sex[namesakes] = (
        poor.birth[originals],
        poor.sex[originals],
    )
    columns = {part: getattr(strangers.names, part).copy() for part in Names.__annotations__}
    for part, column in columns.items():
        column[namesakes] = getattr(poor.names, part)[originals]
    strangers.names = Names(**columns)
    strangers.ethnic[namesakes] = poor.ethnic[originals]
    return np.stack([originals, namesakes], axis=1)


def _deal_events(
    rng: Generator, everybody: People, residents: int, set_aside: NDArray, first: int, as_of: np.datetime64
) -> dict[str, NDArray[np.int64]]:
    birth = everybody.birth[:residents]
    due, age = is_due(birth, as_of), age_years(birth, as_of)
    ordinary = np.ones(residents, dtype=bool)
    ordinary[set_aside] = False
    drawing, contributing = ordinary & due, ordinary & ~due
    of_contributors = {
        "dead_contributing", "drawing_before_60", "invalid_pair", "not_insured", "prison_contributing",
        "probation_contributing", "enrolled_in_two_schemes", "enrolled_twice",
    }  # fmt: skip
    anybody = {"moved_out", "cancelled", "name_change", "number_change", "disabled"}
    eligible = {
        name: ordinary if name in anybody else contributing if name in of_contributors else drawing
        for name in EVENT_SHARES
    }
    eligible["drawing_before_60"] = contributing & (age < 59)
    dealt, names = deal(rng, residents, EVENT_SHARES, eligible)
    return {name: first + np.flatnonzero(dealt == number) for number, name in enumerate(names)}
