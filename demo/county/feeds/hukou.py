"""户籍变动: births, moves, cancellations, deaths, changed names and numbers of the month, as the police list them."""

import numpy as np
from numpy.typing import NDArray

from demo.county import names, numbers
from demo.county.dates import yyyymmdd
from demo.county.draw import NOBODY, Generator, share_of, stream
from demo.county.feed import USUAL_ERRORS, Feed, Month, write_down
from demo.county.listing import plain_listing
from demo.county.people import People
from demo.county.places import Places
from demo.county.rolls import former_numbers
from demo.county.written import list_tags

Text = NDArray[np.str_]

BIRTHS_PER_STRANGER_MOVE = 1.1
DEATH_AT_POLICE_SHARE = 0.55
ANNOUNCED_NAME_CHANGE, ANNOUNCED_NUMBER_CHANGE = 0.6, 0.7
HUKOU_HEADER = ("变动类别", "姓名", "身份证号", "变动日期", "变动前", "变动后", "迁出地", "迁入地")


def hukou_feed(month: Month, newborn: People) -> Feed:
    """Births, moves, cancellations, deaths, changed names and numbers of the month."""
    rng = stream(month.seed, "hukou")
    facts, people, places = month.facts, month.people, month.places
    dead = facts.deaths.uid[rng.random(len(facts.deaths.uid)) < DEATH_AT_POLICE_SHARE]
    renamed, renumbered = month.event("name_change"), month.event("number_change")
    kinds = {
        "迁入": month.strangers.uids("moved_in"),
        "迁出": np.r_[month.poor(facts.police_moved_out), month.event("moved_out"), month.strangers.uids("moved_out")],
        "注销": np.r_[month.event("cancelled"), month.strangers.uids("cancelled")],
        "死亡": dead,
        "姓名变更": np.r_[
            month.poor(facts.name_change),
            renamed[: share_of(len(renamed), ANNOUNCED_NAME_CHANGE)],
            month.strangers.uids("renamed"),
        ],
        "身份证号变更": np.r_[
            month.poor(facts.number_change_announced), renumbered[: share_of(len(renumbered), ANNOUNCED_NUMBER_CHANGE)]
        ],
    }
    uid = np.concatenate(list(kinds.values()))
    kind = np.repeat(list(kinds), [len(of_kind) for of_kind in kinds.values()])
    born = len(newborn)
    name, number, tags = write_down(rng, people, uid, USUAL_ERRORS | {"id_2err": 0.0})
    day = month.start + rng.integers(0, int((month.as_of - month.start).astype(int)) + 1, len(uid))
    before, after, origin, target = _hukou_places(rng, people, uid, kind, places)
    died = kind == "死亡"
    day[died] = facts.death[uid[died]]
    columns = {
        "变动类别": np.r_[kind, np.full(born, "出生")],
        "姓名": np.r_[name, newborn.name_text(slice(None))],
        "身份证号": np.r_[number, newborn.number_text(slice(None))],
        "变动日期": np.r_[yyyymmdd(day), yyyymmdd(np.minimum(newborn.birth + 12, month.as_of))].astype("U8"),
        "变动前": np.r_[before, np.full(born, "")],
        "变动后": np.r_[after, np.full(born, "")],
        "迁出地": np.r_[origin, np.full(born, "")],
        "迁入地": np.r_[target, places.full_name[newborn.village]],
    }
    order = rng.permutation(len(uid) + born)
    columns = {header: column[order] for header, column in columns.items()}
    all_uids = np.r_[uid, np.full(born, NOBODY)][order]
    listing = plain_listing("hukou", f"户籍变动_{month.stamp}.csv", "", columns)
    all_tags = np.r_[list_tags(len(uid), tags), np.full(born, "")][order]
    return Feed(listing, all_uids, all_tags, [{"kind": word} for word in columns["变动类别"].tolist()])


def _hukou_places(
    rng: Generator, people: People, uid: NDArray, kind: NDArray, places: Places
) -> tuple[Text, Text, Text, Text]:
    """Columns 变动前, 变动后, 迁出地, 迁入地."""
    village = people.village[uid]
    home = places.full_name[
        np.where(village < places.village_count, village, rng.integers(0, places.village_count, len(uid)))
    ]
    away_now = np.where(village < places.village_count, rng.choice(places.elsewhere, len(uid)), village)
    away = places.full_name[away_now]
    name, number = people.name_text(uid), people.number_text(uid)
    old_name = names.as_text(names.former_names(people.names.take(uid)))
    old_number = numbers.as_text(former_numbers(people, uid))
    is_name, is_number = kind == "姓名变更", kind == "身份证号变更"
    leaves = np.isin(kind, ["迁出", "死亡"])
    return (
        np.select([is_name, is_number], [old_name, old_number], ""),
        np.select([is_name, is_number], [name, number], ""),
        np.select([leaves, kind == "迁入"], [home, away], ""),
        np.select([kind == "迁出", kind == "迁入"], [away, home], ""),
    )
