"""服刑人员: prison, remand, probation and community correction; some sentences have ended."""

import numpy as np
from numpy.typing import NDArray

from demo.county.dates import yyyymmdd
from demo.county.draw import pick, stream
from demo.county.feed import USUAL_ERRORS, Feed, Month, write_down
from demo.county.listing import numbered, plain_listing
from demo.county.written import list_tags

Text = NDArray[np.str_]

PRISON_KINDS = ("监狱服刑", "看守所服刑", "社区矫正", "缓刑")


def prison_feed(month: Month) -> Feed:
    """Those in prison or remand, on probation or in community correction; some sentences have ended, one has just begun."""
    rng = stream(month.seed, "prison")
    facts = month.facts
    inside = np.r_[
        month.poor(facts.prisoner),
        month.event("prison_drawing"),
        month.event("prison_contributing"),
        month.strangers.uids("prisoner"),
    ]
    ended = month.poor(facts.ended_sentence)
    outside = np.r_[month.event("probation_drawing"), month.event("probation_contributing")]
    uid = np.r_[inside, ended, outside]
    group = np.repeat([0, 1, 2], [len(inside), len(ended), len(outside)])
    kind = np.where(
        group == 2, pick(rng, PRISON_KINDS[2:], (63, 35), len(uid)), pick(rng, PRISON_KINDS[:2], (80, 20), len(uid))
    )
    start = month.start - rng.integers(30, 1700, len(uid))
    end = month.as_of + rng.integers(20, 3600, len(uid))
    end[group == 1] = np.maximum(start, month.start - rng.integers(5, 700, len(uid)))[group == 1]
    start[group == 1] = end[group == 1] - rng.integers(180, 900, int((group == 1).sum()))
    begins_now = len(month.poor(facts.prisoner))  # the first stranger who draws
    start[begins_now : begins_now + 1] = month.start + 10
    order = rng.permutation(len(uid))
    uid, kind, start, end = uid[order], kind[order], start[order], end[order]
    name, number, tags = write_down(rng, month.people, uid, USUAL_ERRORS)
    columns = numbered(
        {
            "姓名": name,
            "身份证号": number,
            "类别": kind,
            "刑期起": yyyymmdd(start).astype("U8"),
            "刑期止": yyyymmdd(end).astype("U8"),
            "执行机关": np.where(kind == "监狱服刑", "省属监狱", "司法局"),
        }
    )
    listing = plain_listing("prison", f"服刑人员_{month.stamp}.xlsx", "名单", columns)
    listing.line = listing.line + 1
    listing.header_row = 2
    listing.furniture = {1: [f"{month.places.county_path}服刑人员名单"], 2: list(columns)}
    listing.merges = [(0, 0, 0, len(columns) - 1)]
    return Feed(listing, uid, list_tags(len(uid), tags), [{"kind": word} for word in kind.tolist()])
