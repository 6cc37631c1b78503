"""核查结果反馈: results of the household survey in the townships' words."""

import numpy as np
from numpy.typing import NDArray

from demo.county import circumstances as so
from demo.county.dates import yyyymmdd
from demo.county.draw import pick, share_of, stream, take_some
from demo.county.feed import Feed, Month, write_down
from demo.county.listing import numbered, plain_listing
from demo.county.written import list_tags

Text = NDArray[np.str_]

SURVEY_RESULTS = {so.CANNOT_BE_FOUND: "失联找不到人", so.WAIVED: "011 无参保意愿", so.ABROAD: "206 出国(境)"}
LEFT_EMPTY_SHARE = 0.02
SURVEY_NOTES = ("", "亲属代述", "电话核实", "入户核实")
SURVEYORS = ("王建", "王明", "李国", "李秀", "张建", "张华")


def survey_feed(month: Month) -> Feed:
    """Results of the household survey of the month before, in the townships' words."""
    rng = stream(month.seed, "survey")
    facts = month.facts
    answered = {word: month.poor(facts.situation == situation) for situation, word in SURVEY_RESULTS.items()}
    answered["户口不在本地"] = month.poor(facts.survey_moved_out)
    never = facts.situation == so.NEVER
    answered["空挂户"] = take_some(
        rng, never & ~facts.dead & ~facts.ended_sentence, share_of(int(never.sum()), LEFT_EMPTY_SHARE)
    )
    uid = np.concatenate(list(answered.values()))
    result = np.repeat(list(answered), [len(of_word) for of_word in answered.values()])
    order = np.argsort(uid, kind="stable")
    uid, result = uid[order], result[order]
    name, number, tags = write_down(rng, month.people, uid, {"id_format": 0.024, "id_sub1": 0.012, "id_missing": 0.012})
    columns = numbered(
        {
            "姓名": name,
            "证件号码": number,
            "核查结果": result,
            "核查日期": yyyymmdd(month.start - 30 + rng.integers(0, 40, len(uid))).astype("U8"),
            "核查人": rng.choice(np.array(SURVEYORS), len(uid)),
            "备注": pick(rng, SURVEY_NOTES, (42, 23, 20, 15), len(uid)),
        }
    )
    listing = plain_listing("survey", f"核查结果反馈_{month.stamp}.xlsx", "反馈", columns)
    return Feed(listing, uid, list_tags(len(uid), tags), [{"result": word} for word in result.tolist()])
