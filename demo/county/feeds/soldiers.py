"""现役军人: those in service."""

import numpy as np
from numpy.typing import NDArray

from demo.county.draw import pick, stream
from demo.county.feed import USUAL_ERRORS, Feed, Month, write_down
from demo.county.listing import numbered, plain_listing
from demo.county.written import list_tags

Text = NDArray[np.str_]


def soldiers_feed(month: Month) -> Feed:
    rng = stream(month.seed, "soldiers")
    uid = rng.permutation(np.r_[month.poor(month.facts.soldier), month.strangers.uids("soldier")])
    name, number, tags = write_down(rng, month.people, uid, USUAL_ERRORS)
    joined = int(month.stamp[:4]) - 1 - rng.integers(0, 4, len(uid))
    columns = numbered(
        {
            "姓名": name,
            "身份证号": number,
            "入伍年月": np.char.add(joined.astype("U4"), "09"),
            "服役状态": pick(rng, ("现役", "义务兵", "士官"), (50, 26, 24), len(uid)),
        }
    )
    listing = plain_listing("soldiers", f"现役军人_{month.stamp}.xlsx", "名单", columns)
    return Feed(listing, uid, list_tags(len(uid), tags), [{}] * len(uid))
