"""The poor of the county: households with members of all ages, and which of the three lists each household stands on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.county import people
from demo.county.dates import Days, age_years
from demo.county.draw import Generator, pick, pick_index, share_of, stream, take_some
from demo.county.names import Names, give_rare_characters
from demo.county.people import MALE, People
from demo.county.places import Places

POVERTY, POVERTY_DIBAO, DIBAO, POVERTY_TEKUN, TEKUN = range(5)
PERSON_SHARES = (0.496, 0.282, 0.171, 0.029, 0.022)
SIZES = {1: 0.372, 2: 0.282, 3: 0.154, 4: 0.113, 5: 0.060, 6: 0.019}
MEMBER_LEFT_OUT_OF_DIBAO = 0.12
TWINS_SHARE, RARE_NAMES_SHARE = 0.0015, 0.0012

POVERTY_STATUSES = np.array(["未脱贫", "返贫", "已脱贫(享受政策)", "已脱贫(不享受政策)"])
STILL_POOR = (0, 1)
STATUS_WEIGHTS = {"alone": (541, 5, 272, 182), "with another list": (923, 5, 45, 27)}

HEAD, SPOUSE, CHILD, PARENT, GRANDCHILD, OTHER = range(6)
RELATIONS = np.array(
    [["户主", "配偶", "之女", "之母", "之孙女", "其他"], ["户主", "配偶", "之子", "之父", "之孙子", "其他"]]
)

HEAD_AGES = {(22, 35): 0.09, (35, 45): 0.18, (45, 55): 0.23, (55, 65): 0.25, (65, 75): 0.16, (75, 94): 0.09}
TEKUN_AGES = {(25, 60): 0.14, (60, 70): 0.36, (70, 80): 0.34, (80, 95): 0.16}


@dataclass
class Poor:
    """The poor persons; their uids run from 0. Columns of one length unless said."""

    people: People
    household: NDArray[np.int64]
    position: NDArray[np.int64]  # 0 is the head
    role: NDArray[np.int64]
    kind: NDArray[np.int64]  # which lists the household stands on
    in_poverty: NDArray[np.bool_]
    in_dibao: NDArray[np.bool_]
    in_tekun: NDArray[np.bool_]
    poverty_status: NDArray[np.int64]  # a position in POVERTY_STATUSES, one for a household
    dibao_full: NDArray[np.bool_]
    dibao_rural: NDArray[np.bool_]
    tekun_in_home: NDArray[np.bool_]
    tekun_serial: NDArray[np.int64]  # of the certificate, for those in public care
    twins: NDArray[np.int64]  # pairs of uids, one row a pair
    household_count: int

    def __len__(self) -> int:
        return len(self.household)

    @property
    def listed(self) -> NDArray[np.bool_]:
        return self.in_poverty | self.in_dibao | self.in_tekun

    @property
    def in_three_categories(self) -> NDArray[np.bool_]:
        """三类人员: in the poverty file and not marked out, dibao, tekun."""
        return (self.in_poverty & np.isin(self.poverty_status, STILL_POOR)) | self.in_dibao | self.in_tekun

    @property
    def relation(self) -> NDArray[np.str_]:
        return RELATIONS[self.people.sex, self.role]


def raise_households(seed: int, count: int, as_of: np.datetime64, places: Places) -> Poor:
    """Draw `count` poor persons in their households."""
    rng = stream(seed, "households")
    kind, size = _draw_sizes(rng, count)
    household = np.repeat(np.arange(len(size)), size)
    position = np.arange(count) - np.repeat(np.cumsum(size) - size, size)
    village = np.sort(rng.integers(0, places.village_count, len(size)))[household]
    head_birth = np.where(
        kind >= POVERTY_TEKUN,
        people.draw_births(rng, as_of, TEKUN_AGES, len(size)),
        people.draw_births(rng, as_of, HEAD_AGES, len(size)),
    )
    role = _draw_roles(rng, position, age_years(head_birth, as_of)[household])
    birth = _draw_births(rng, role, head_birth[household], as_of)
    sex = _draw_sex(rng, role, household, position, kind)
    ethnic = people.draw_peoples(rng, len(size))[household]
    persons = people.settle(rng, birth, sex, village, ethnic)
    persons.names = _share_surnames(rng, persons, household, role, len(size))
    rare = take_some(rng, ethnic == 0, share_of(count, RARE_NAMES_SHARE))
    persons.names = give_rare_characters(rng, persons.names, rare)
    twins = _make_twins(rng, persons, household, role, as_of)
    listed = kind[household]
    in_tekun = np.isin(listed, [POVERTY_TEKUN, TEKUN])
    left_out = (listed == POVERTY_DIBAO) & (position > 0) & (rng.random(count) < MEMBER_LEFT_OUT_OF_DIBAO)
    return Poor(
        people=persons,
        household=household,
        position=position,
        role=role,
        kind=listed,
        in_poverty=np.isin(listed, [POVERTY, POVERTY_DIBAO, POVERTY_TEKUN]),
        in_dibao=np.isin(listed, [POVERTY_DIBAO, DIBAO]) & ~left_out,
        in_tekun=in_tekun,
        poverty_status=_draw_statuses(rng, kind)[household],
        dibao_full=(rng.random(len(size)) < 0.46)[household],
        dibao_rural=(rng.random(len(size)) < 0.89)[household],
        tekun_in_home=(rng.random(len(size)) < 0.28)[household],
        tekun_serial=np.cumsum(in_tekun) - 1,
        twins=twins,
        household_count=len(size),
    )


def _draw_sizes(rng: Generator, count: int) -> tuple[NDArray, NDArray]:
    """Kinds and sizes of as many households as `count` persons fill; the last one is cut to fit."""
    mean = sum(s * w for s, w in SIZES.items()) / sum(SIZES.values())
    weights = [share / (1 if kind >= POVERTY_TEKUN else mean) for kind, share in enumerate(PERSON_SHARES)]
    kind = pick_index(rng, weights, count)
    size = np.where(kind >= POVERTY_TEKUN, 1, pick(rng, list(SIZES), list(SIZES.values()), count))
    filled = np.cumsum(size)
    enough = int(np.searchsorted(filled, count)) + 1
    size[enough - 1] -= filled[enough - 1] - count
    return kind[:enough], size[:enough]


def _draw_statuses(rng: Generator, kind: NDArray) -> NDArray:
    alone = pick_index(rng, STATUS_WEIGHTS["alone"], len(kind))
    return np.where(kind == POVERTY, alone, pick_index(rng, STATUS_WEIGHTS["with another list"], len(kind)))


def _draw_roles(rng: Generator, position: NDArray, head_age: NDArray) -> NDArray:
    second = pick_index(rng, [0, 0.76, 0.18, 0.06], len(position))
    later = pick_index(rng, [0, 0, 0.70, 0.17, 0.11, 0.02], len(position))
    role = np.select([position == 0, position == 1], [HEAD, second], later)
    role = np.where((role == PARENT) & (head_age > 66), CHILD, role)
    return np.where((role == GRANDCHILD) & (head_age < 48), CHILD, role)


def _draw_births(rng: Generator, role: NDArray, head_birth: Days, as_of: np.datetime64) -> Days:
    years = np.select(
        [role == SPOUSE, role == CHILD, role == PARENT, role == GRANDCHILD, role == OTHER],
        [
            rng.normal(0.5, 3, len(role)),
            rng.uniform(21, 36, len(role)),
            -rng.uniform(20, 31, len(role)),
            rng.uniform(46, 64, len(role)),
            rng.uniform(-12, 12, len(role)),
        ],
        0,
    )
    birth = head_birth + np.floor(years * 365.2425).astype(np.int64)
    infancy = as_of - rng.integers(20, 1100, len(role))
    return np.where(birth >= as_of - 20, infancy, birth)


def _draw_sex(rng: Generator, role: NDArray, household: NDArray, position: NDArray, kind: NDArray) -> NDArray:
    head_sex = (rng.random(len(kind)) < 0.71).astype(np.int8)[household]
    drawn = (rng.random(len(role)) < 0.52).astype(np.int8)
    return np.select([role == HEAD, role == SPOUSE, role == PARENT], [head_sex, 1 - head_sex, position % 2], drawn)


def _share_surnames(rng: Generator, persons: People, household: NDArray, role: NDArray, households: int) -> Names:
    """Children and grandchildren bear the father's surname; the wife and the head's mother keep their own."""
    own = persons.names
    first = np.searchsorted(household, np.arange(households))
    family = own.surname[first][household]
    bears = np.isin(role, [CHILD, GRANDCHILD]) | ((role == PARENT) & (persons.sex == MALE))
    bears &= (persons.ethnic == 0) | (persons.ethnic >= people.OTHER_PEOPLES[0])
    return Names(np.where(bears, family, own.surname), own.given1, own.given2)


def _make_twins(rng: Generator, persons: People, household: NDArray, role: NDArray, as_of: np.datetime64) -> NDArray:
    """Turn some pairs of grown children into twins: born the same day, of one sex, their names one character apart."""
    grown = (role == CHILD) & (age_years(persons.birth, as_of) >= 18) & (persons.ethnic == 0)
    pair = np.r_[grown[:-1] & grown[1:] & (household[:-1] == household[1:]), False]
    elder = take_some(rng, pair, share_of(len(household), TWINS_SHARE))
    elder = elder[np.r_[True, np.diff(elder) > 1]] if len(elder) else elder
    younger = elder + 1
    persons.birth[younger], persons.sex[younger] = persons.birth[elder], persons.sex[elder]
    persons.prefix[younger] = persons.prefix[elder]
    given1, given2 = persons.names.given1.copy(), persons.names.given2.copy()
    given1[younger] = given1[elder]
    given2[elder] = 1 + (given1[elder] + 3) % 40
    given2[younger] = 1 + (given1[elder] + 11) % 40
    persons.names = Names(persons.names.surname, given1, given2)
    return np.stack([elder, younger], axis=1)


def dibao_position(poor: Poor) -> NDArray[np.int64]:
    """The place of each dibao member in the household's line of that file, from 1; 0 for everybody else."""
    members = np.flatnonzero(poor.in_dibao)
    household = poor.household[members]
    place = np.zeros(len(poor), dtype=np.int64)
    place[members] = np.arange(len(members)) - np.searchsorted(household, household) + 1
    return place
