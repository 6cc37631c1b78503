"""省外参保比对结果: what came back for the poor who were sent up, some under another person's number."""

import numpy as np
from numpy.typing import NDArray

from demo.county import circumstances as so
from demo.county.draw import NOBODY, Generator, pick, share_of, stream, take_some
from demo.county.feed import Feed, Month, write_down
from demo.county.listing import numbered, plain_listing
from demo.county.places import Places
from demo.county.written import list_tags

Text = NDArray[np.str_]

OUTPROV_KINDS = {so.OUTPROV_EMPLOYEE: "企业职工", so.OUTPROV_CIVIL: "机关事业", so.OUTPROV_RESIDENT: "城乡居民"}
OUTPROV_ERRORS = {"name_homo": 0.026, "id_15": 0.006}
OTHER_PERSON_SHARE = 0.013


def outprov_feed(month: Month) -> tuple[Feed, NDArray[np.int64]]:
    """What came back for the poor who were sent up. Also returns, for a few rows, whose number another person bears there."""
    rng = stream(month.seed, "outprov")
    facts, people = month.facts, month.people
    scheme = np.where(facts.second_scheme == NOBODY, facts.situation, facts.second_scheme)
    insured = np.flatnonzero(np.isin(scheme, list(OUTPROV_KINDS)))
    ordinary = (facts.situation == so.RESIDENT) & (facts.second_scheme == NOBODY) & ~facts.dead
    misused = take_some(rng, ordinary, share_of(len(insured), OTHER_PERSON_SHARE))
    order = rng.permutation(len(insured) + len(misused))
    whose = np.r_[insured, misused][order]
    trap = np.r_[np.zeros(len(insured), dtype=bool), np.ones(len(misused), dtype=bool)][order]
    name, number, tags = write_down(rng, people, whose, OUTPROV_ERRORS)
    strangers = month.strangers.uids("employee")[: len(whose)]
    name[trap] = people.name_text(strangers[np.flatnonzero(trap)])
    number[trap] = people.number_text(whose[trap])
    tags = {tag: rows[~trap[rows]] for tag, rows in tags.items()}
    tags["dup_scheme"] = np.flatnonzero((facts.second_scheme[whose] != NOBODY) & ~trap)
    tags["trap_id_other_person"] = np.flatnonzero(trap)
    kind = np.array([OUTPROV_KINDS.get(value, "企业职工") for value in scheme[whose].tolist()])
    place = facts.employed_at[whose].copy()
    place[trap] = rng.choice(np.unique(facts.employed_at[insured]), int(trap.sum()))
    columns = _outprov_columns(rng, name, number, kind, place, facts.due[whose], month.places)
    listing = plain_listing("outprov", f"省外参保比对结果_{month.stamp}.xlsx", "比对结果", columns)
    detail = [{"kind": k, "place": p} for k, p in zip(kind.tolist(), place.tolist(), strict=True)]
    feed = Feed(listing, np.where(trap, NOBODY, whose), list_tags(len(whose), tags), detail)
    return feed, np.where(trap, whose, NOBODY)


def _outprov_columns(
    rng: Generator, name: Text, number: Text, kind: Text, place: Text, due: NDArray, places: Places
) -> dict:
    size = len(name)
    resident = kind == "城乡居民"
    working = np.where(
        resident,
        pick(rng, ("正常缴费", "暂停缴费"), (80, 20), size),
        pick(rng, ("正常参保", "参保暂停"), (80, 20), size),
    )
    county_names = _county_names(places)
    full = np.array([county_names[code] for code in place.tolist()])
    province = np.array([county_names[code[:2]] for code in place.tolist()])
    joined = rng.integers(2005, 2018, size) * 100 + rng.integers(1, 13, size)
    return numbered(
        {
            "姓名": name,
            "身份证号": number,
            "险种": kind,
            "参保省份": province,
            "参保地": full,
            "参保地区划": place,
            "参保状态": np.where(due, "正常待遇", working),
            "参保年月": joined.astype("U6"),
        }
    )


def _county_names(places: Places) -> dict[str, str]:
    """Full names of counties (six digits) and provinces (two digits), cut out of those of their townships."""
    code, full = places.code[places.village_count :], places.full_name[places.village_count :]
    own = places.name[places.village_count :]
    found: dict[str, str] = {}
    for township, path, name in zip(code.tolist(), full.tolist(), own.tolist(), strict=True):
        found.setdefault(township[:6], path[: -len(name)])
    for county, path in list(found.items()):
        found.setdefault(county[:2], _province(path))
    return found


def _province(path: str) -> str:
    for ending in ("自治区", "省", "市"):
        if ending in path[:9]:
            return path[: path.index(ending) + len(ending)]
    return path
