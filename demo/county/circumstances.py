"""The true circumstances of each poor person at the end of the month: where insured, or what keeps them out, who died, who moved.

This is the truth. The files are written from it, with errors; the tables beside them are written from it, without.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.county.dates import Days, age_years, month_number
from demo.county.draw import NOBODY, Generator, deal, pick, pick_index, stream
from demo.county.households import Poor
from demo.county.places import Places

Mask = NDArray[np.bool_]

(
    UNDER_16,
    RESIDENT,
    EMPLOYEE,
    CIVIL,
    OUTPROV_EMPLOYEE,
    OUTPROV_CIVIL,
    OUTPROV_RESIDENT,
    STUDENT,
    SOLDIER,
    PRISONER,
    ABROAD,
    WAIVED,
    CANNOT_BE_FOUND,
    ELSEWHERE,
    ENDED,
    NOT_INSURED,
    NO_NUMBER,
    NEVER,
) = range(18)

SITUATION_SHARES = {
    "employee": 0.0469,
    "civil": 0.0022,
    "outprov_employee": 0.0118,
    "outprov_civil": 0.0004,
    "outprov_resident": 0.0052,
    "student": 0.0263,
    "soldier": 0.0017,
    "prisoner": 0.0016,
    "abroad": 0.0005,
    "waived": 0.0009,
    "cannot_be_found": 0.0018,
    "elsewhere": 0.0036,
    "ended": 0.0012,
    "not_insured": 0.0010,
    "no_number": 0.00013,
    "never_before_60": 0.0115,
    "never_after_60": 0.0046,
}
SITUATION_OF = {
    "employee": EMPLOYEE,
    "civil": CIVIL,
    "outprov_employee": OUTPROV_EMPLOYEE,
    "outprov_civil": OUTPROV_CIVIL,
    "outprov_resident": OUTPROV_RESIDENT,
    "student": STUDENT,
    "soldier": SOLDIER,
    "prisoner": PRISONER,
    "abroad": ABROAD,
    "waived": WAIVED,
    "cannot_be_found": CANNOT_BE_FOUND,
    "elsewhere": ELSEWHERE,
    "ended": ENDED,
    "not_insured": NOT_INSURED,
    "no_number": NO_NUMBER,
    "never_before_60": NEVER,
    "never_after_60": NEVER,
}
SECOND_SCHEME_SHARES = {"employee": 0.0072, "civil": 0.0005, "outprov_employee": 0.0014, "outprov_resident": 0.0008}
MONTHS_SINCE_DEATH = {0: 0.52, 1: 0.26, 2: 0.095, 3: 0.066, 4: 0.037, 5: 0.010, 8: 0.012}
DEATH_SHARES = {"resident": 0.0040, "nobody": 0.0014}
ENDED_AFTER_DEATH = 0.30
SOURCES = ("公安", "卫健", "殡葬")
SOURCE_SETS = {
    (1, 1, 1): 305,
    (1, 0, 1): 284,
    (1, 0, 0): 220,
    (1, 1, 0): 210,
    (0, 1, 1): 146,
    (0, 0, 1): 120,
    (0, 1, 0): 70,
}
REPORTED_SHARE = 0.98
EXTRA_SHARES = {
    "active_prisoner": 0.0015,
    "ended_sentence": 0.0013,
    "insured_student": 0.0011,
    "false_death_report": 0.0002,
    "name_change": 0.0029,
    "number_change": 0.0030,
}
NUMBER_CHANGE_ANNOUNCED = 0.45
DISABLED_SHARE, DISABLED_MORE_FROM_50 = 0.10, 1.6
MOVED_WITH_POLICE_ROW, MOVED_WITH_SURVEY_ROW = 0.70, 0.50
REGISTRY_AGES = (16, 23)  # of pupils and students in the regular forms


@dataclass
class Deaths:
    """When people died and which offices say so; one line a dead person, whoever it is."""

    uid: NDArray[np.int64]
    day: Days
    sources: NDArray[np.int64]  # one column for each of SOURCES, 1 where that office reports


@dataclass
class Circumstances:
    """One column entry a poor person."""

    age: NDArray[np.int64]
    due: Mask  # reached 60 in an earlier month
    situation: NDArray[np.int64]
    second_scheme: NDArray[np.int64]  # EMPLOYEE, CIVIL, OUTPROV_… beside RESIDENT, or NOBODY
    employed_at: NDArray[np.str_]  # six-digit county of the employee, civil or out-of-province insurance
    death: Days  # NaT for the living
    deaths: Deaths
    row_ended: Mask  # the resident row of a dead person was ended
    student: Mask
    soldier: Mask
    prisoner: Mask  # in prison now
    ended_sentence: Mask
    false_death_report: Mask
    name_change: Mask
    number_change: Mask
    number_change_announced: Mask
    police_moved_out: Mask
    survey_moved_out: Mask
    disability_kind: NDArray[np.int64]
    disability_grade: NDArray[np.int64]

    @property
    def dead(self) -> Mask:
        return ~np.isnat(self.death)

    @property
    def has_resident_row(self) -> Mask:
        return np.isin(self.situation, [RESIDENT, ENDED, NOT_INSURED])

    @property
    def severely_disabled(self) -> Mask:
        return np.isin(self.disability_grade, [1, 2])


def is_due(birth: Days, as_of: np.datetime64) -> Mask:
    """The pension begins the month after the 60th birthday."""
    return month_number(birth) + 720 < month_number(np.array([as_of]))[0]


def decide_circumstances(seed: int, poor: Poor, as_of: np.datetime64, places: Places) -> Circumstances:
    rng = stream(seed, "circumstances")
    birth, size = poor.people.birth, len(poor)
    age, due = age_years(birth, as_of), is_due(birth, as_of)
    twin = np.zeros(size, dtype=bool)
    twin[poor.twins] = True
    situation = _deal_situations(rng, age, due, twin, poor)
    insured = (situation == RESIDENT) & ~twin
    second, schemes = deal(rng, size, SECOND_SCHEME_SHARES, dict.fromkeys(SECOND_SCHEME_SHARES, insured))
    second_scheme = np.append([SITUATION_OF[name] for name in schemes], NOBODY)[second]
    free = insured & (second_scheme == NOBODY)
    deaths = _deal_deaths(rng, situation, free, as_of)
    death = np.full(size, np.datetime64("NaT"), dtype="M8[D]")
    death[deaths.uid] = deaths.day
    alive = free & np.isnat(death)
    extras, names = deal(
        rng,
        size,
        EXTRA_SHARES,
        {
            "active_prisoner": alive,
            "ended_sentence": alive | (situation == NEVER),
            "insured_student": alive & (age < 24),
            "false_death_report": alive & due,
            "name_change": alive,
            "number_change": alive,
        },
    )
    has = {name: extras == number for number, name in enumerate(names)}
    elsewhere = situation == ELSEWHERE
    police = elsewhere & (rng.random(size) < MOVED_WITH_POLICE_ROW)
    kind, grade = _deal_disabilities(rng, age)
    return Circumstances(
        age=age,
        due=due & (situation != UNDER_16) & np.isnat(death),
        situation=situation,
        second_scheme=second_scheme,
        employed_at=_deal_places_of_work(rng, np.where(second_scheme == NOBODY, situation, second_scheme), places),
        death=death,
        deaths=_report(rng, deaths),
        row_ended=(situation == RESIDENT) & ~np.isnat(death) & (rng.random(size) < ENDED_AFTER_DEATH),
        student=(situation == STUDENT) | has["insured_student"],
        soldier=situation == SOLDIER,
        prisoner=(situation == PRISONER) | has["active_prisoner"],
        ended_sentence=has["ended_sentence"],
        false_death_report=has["false_death_report"],
        name_change=has["name_change"],
        number_change=has["number_change"],
        number_change_announced=has["number_change"] & (rng.random(size) < NUMBER_CHANGE_ANNOUNCED),
        police_moved_out=police,
        survey_moved_out=elsewhere & (rng.random(size) < MOVED_WITH_SURVEY_ROW),
        disability_kind=kind,
        disability_grade=grade,
    )


def _deal_situations(rng: Generator, age: NDArray, due: Mask, twin: Mask, poor: Poor) -> NDArray:
    adult = (age >= 16) & ~twin
    young = adult & (age >= REGISTRY_AGES[0]) & (age < REGISTRY_AGES[1])
    working = adult & (age < 62)
    eligible = dict.fromkeys(SITUATION_SHARES, adult)
    eligible |= {"student": young, "soldier": young & (age >= 17), "never_after_60": adult & due}
    eligible |= {
        "never_before_60": adult & ~due,
        "employee": working,
        "civil": working,
        "abroad": working,
        "prisoner": working,
    }
    eligible |= {"ended": adult & ~due, "outprov_employee": working, "no_number": adult & (age > 40) & poor.in_poverty}
    dealt, labels = deal(rng, len(age), SITUATION_SHARES, eligible)
    situation = np.append([SITUATION_OF[label] for label in labels], RESIDENT)[dealt]
    return np.where(age < 16, UNDER_16, situation)


def _deal_deaths(rng: Generator, situation: NDArray, free: Mask, as_of: np.datetime64) -> Deaths:
    shares = {"resident": DEATH_SHARES["resident"], "nobody": DEATH_SHARES["nobody"]}
    dealt, _ = deal(rng, len(situation), shares, {"resident": free, "nobody": situation == NEVER})
    uid = np.flatnonzero(dealt != NOBODY)
    return Deaths(uid, draw_death_days(rng, len(uid), as_of), draw_sources(rng, len(uid)))


def draw_death_days(rng: Generator, count: int, as_of: np.datetime64) -> Days:
    months_ago = pick(rng, list(MONTHS_SINCE_DEATH), list(MONTHS_SINCE_DEATH.values()), count)
    month = as_of.astype("M8[M]") - months_ago
    return month.astype("M8[D]") + rng.integers(0, 28, count)


def draw_sources(rng: Generator, count: int) -> NDArray:
    return np.array(list(SOURCE_SETS))[pick_index(rng, list(SOURCE_SETS.values()), count)]


def _report(rng: Generator, deaths: Deaths) -> Deaths:
    """A few deaths no office has reported yet."""
    silent = rng.random(len(deaths.uid)) > REPORTED_SHARE
    return Deaths(deaths.uid, deaths.day, deaths.sources * ~silent[:, None])


def _deal_places_of_work(rng: Generator, scheme: NDArray, places: Places) -> NDArray[np.str_]:
    """The county of insurance: mostly this one, else another of the province, or one of another province."""
    size = len(scheme)
    outside = np.isin(scheme, [OUTPROV_EMPLOYEE, OUTPROV_CIVIL, OUTPROV_RESIDENT])
    foreign = np.unique([code[:6] for code in places.code[places.village_count :] if code[:2] != places.county[:2]])
    within = np.where(rng.random(size) < 0.8, places.county, rng.choice(places.sister_counties, size))
    there = np.where(outside, rng.choice(foreign, size), within)
    return np.where(np.isin(scheme, [EMPLOYEE, CIVIL]) | outside, there, "")


def _deal_disabilities(rng: Generator, age: NDArray) -> tuple[NDArray, NDArray]:
    disabled = rng.random(len(age)) < DISABLED_SHARE * np.where(age >= 50, DISABLED_MORE_FROM_50, 1)
    kind = pick(rng, [1, 2, 3, 4, 5, 6, 7], [12, 9, 3, 45, 12, 15, 4], len(age))
    grade = pick(rng, [1, 2, 3, 4], [25, 31, 26, 18], len(age))
    return kind * disabled, grade * disabled


def choose_movers(rng: Generator, circumstances: Circumstances, poor: Poor, places: Places) -> None:
    """Write the new hukou of those who moved away; the file of the poor still has them in their village."""
    gone = np.flatnonzero(circumstances.situation == ELSEWHERE)
    poor.people.village[gone] = rng.choice(places.elsewhere, len(gone))
