"""The employee and the civil roll of the province: the same layout, far fewer rows, workplaces instead of villages."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from demo.county import circumstances as so
from demo.county import names, numbers
from demo.county.circumstances import Circumstances, is_due
from demo.county.draw import Generator, deal, pick_index, stream
from demo.county.people import SEX_WORDS, People
from demo.county.places import Places
from demo.county.strangers import Strangers
from demo.county.written import Changes

CONTRIBUTING, RETIRED, PAUSED = 1, 2, 3
WORKING_STATUS = {1: 0.855, 3: 0.133, 4: 0.008, 5: 0.004}
ROLL_SHARES = {"employee": 120_000 / 651_800, "civil": 20_000 / 651_800}
ERROR_SHARES = {"roll_id_15": 0.006, "roll_name_homo": 0.002}
AT_HOME_SHARE = {"employee": 0.80, "civil": 0.963}
SITUATION = {"employee": so.EMPLOYEE, "civil": so.CIVIL}
EMPLOYERS_PER_ROW = {"employee": 0.0222, "civil": 0.0222}
TRADES = (
    "服饰有限公司",
    "建筑有限公司",
    "物流有限公司",
    "电子有限公司",
    "纺织有限公司",
    "食品有限公司",
    "商贸有限公司",
    "环保有限公司",
)
OFFICES = ("农技站", "供销社", "文化站", "人民政府", "卫生院", "中学", "小学", "财政所", "水利站")
SCHEME_HEADER = ("参保地", "单位编号", "单位名称", "个人编号", "姓名", "身份证号", "性别", "参保状态", "参保年月")


@dataclass
class SchemeRoll:
    scheme: str
    uid: NDArray[np.int64]
    status: NDArray[np.int8]
    place: NDArray[np.str_]
    employer: NDArray[np.int64]
    employer_names: NDArray[np.str_]
    joined: NDArray[np.int64]  # yyyymm
    roll_no: NDArray[np.str_]
    name: Changes = field(default_factory=Changes)
    number: Changes = field(default_factory=Changes)
    tags: dict[str, NDArray[np.int64]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.uid)


def keep_scheme_roll(
    seed: int,
    scheme: str,
    roll_size: int,
    facts: Circumstances,
    strangers: Strangers,
    people: People,
    as_of: np.datetime64,
    places: Places,
) -> SchemeRoll:
    """Write one of the two rolls; its size follows that of the resident roll."""
    rng = stream(seed, f"{scheme} roll")
    kind = SITUATION[scheme]
    poor = np.flatnonzero((facts.situation == kind) | (facts.second_scheme == kind))
    both = _strangers_in_both(scheme, strangers)
    size = max(round(roll_size * ROLL_SHARES[scheme]), len(poor) + len(both))
    uid = np.r_[poor, both, strangers.uids(scheme)[: size - len(poor) - len(both)]]
    uid = rng.permutation(uid)
    count = len(uid)
    working = np.array(list(WORKING_STATUS))[pick_index(rng, list(WORKING_STATUS.values()), count)]
    working[np.isin(uid, strangers.event["enrolled_in_two_schemes"])] = CONTRIBUTING
    working[(uid < len(facts.age)) & np.isin(working, [4, 5])] = PAUSED
    employers = max(3, round(count * EMPLOYERS_PER_ROW[scheme]))
    roll = SchemeRoll(
        scheme=scheme,
        uid=uid,
        status=np.where(is_due(people.birth[uid], as_of), RETIRED, working).astype(np.int8),
        place=_places_of_insurance(rng, scheme, uid, facts, places),
        employer=rng.integers(0, employers, count),
        employer_names=_employer_names(rng, scheme, employers, places),
        joined=_join_months(rng, people, uid, as_of),
        roll_no=_roll_numbers(rng, scheme, count, places),
    )
    _damage(rng, roll, people)
    return roll


def _strangers_in_both(scheme: str, strangers: Strangers) -> NDArray[np.int64]:
    """Of those in two schemes one in twelve is with the civil roll."""
    both = np.r_[strangers.event["draws_two_schemes"], strangers.event["enrolled_in_two_schemes"]]
    return both[(both % 12 == 0) == (scheme == "civil")]


def _places_of_insurance(
    rng: Generator, scheme: str, uid: NDArray, facts: Circumstances, places: Places
) -> NDArray[np.str_]:
    away = rng.random(len(uid)) > AT_HOME_SHARE[scheme]
    place = np.where(away, rng.choice(places.sister_counties, len(uid)), places.county)
    poor = uid < len(facts.age)
    place[poor] = facts.employed_at[uid[poor]]
    return place


def _join_months(rng: Generator, people: People, uid: NDArray, as_of: np.datetime64) -> NDArray[np.int64]:
    now = int(str(as_of.astype("M8[Y]")))
    born = people.birth[uid].astype("M8[Y]").astype(np.int64) + 1970
    earliest = np.minimum(np.maximum(born + 18, 1992), now - 1)
    year = earliest + (rng.random(len(uid)) * (now - earliest)).astype(np.int64)
    return year * 100 + rng.integers(1, 13, len(uid))


def _roll_numbers(rng: Generator, scheme: str, count: int, places: Places) -> NDArray[np.str_]:
    letter = {"employee": "E", "civil": "C"}[scheme]
    serial = int(places.county[:2]) * 10**9 + 4_000_000 + rng.permutation(count)
    return np.char.add(letter, serial.astype("U11"))


def _employer_names(rng: Generator, scheme: str, count: int, places: Places) -> NDArray[np.str_]:
    towns = np.unique(places.township_name[: places.village_count])
    town = rng.choice(towns, count)
    if scheme == "civil":
        return names.join(town, rng.choice(np.array(OFFICES), count))
    short = np.char.rstrip(np.char.rstrip(town, "街道"), "镇")
    given = names.tables().given[1 : names.tables().first_rare]
    return names.join(short, rng.choice(given, count), rng.choice(given, count), rng.choice(np.array(TRADES), count))


def _damage(rng: Generator, roll: SchemeRoll, people: People) -> None:
    of_roll = people.names.take(roll.uid)
    eligible = {
        "roll_id_15": people.birth[roll.uid] < np.datetime64("2000-01-01"),
        "roll_name_homo": names.can_be_misspelt(of_roll)["name_homo"],
    }
    dealt, labels = deal(rng, len(roll), ERROR_SHARES, eligible)
    rows = {label: np.flatnonzero(dealt == number) for number, label in enumerate(labels)}
    roll.number.put(rows["roll_id_15"], numbers.to_fifteen(people.digits(roll.uid[rows["roll_id_15"]])))
    roll.name.put(rows["roll_name_homo"], names.write_homophone(rng, of_roll.take(rows["roll_name_homo"])))
    roll.tags = rows


def scheme_table(roll: SchemeRoll, people: People, places: Places) -> pa.Table:
    """The roll as text columns of the file."""
    employer = pa.array(roll.employer)
    employer_numbers = np.char.add(
        places.county + "0", np.char.zfill(np.arange(len(roll.employer_names)).astype("U5"), 4)
    )
    columns = [
        pa.array(roll.place),
        pa.array(employer_numbers).take(employer),
        pa.array(roll.employer_names).take(employer),
        pa.array(roll.roll_no),
        roll.name.apply(names.as_arrow(people.names.take(roll.uid)), 0),
        roll.number.apply(numbers.as_arrow(people.digits(roll.uid)), 0),
        pa.array(SEX_WORDS).take(pa.array(people.sex[roll.uid])),
        pc.cast(pa.array(roll.status.astype(np.int64)), pa.string()),
        pc.cast(pa.array(roll.joined), pa.string()),
    ]
    return pa.table(dict(zip(SCHEME_HEADER, columns, strict=True)))
