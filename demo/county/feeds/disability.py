"""重度残疾人: certificates made of the ID number, the kind and the grade."""

import numpy as np
from numpy.typing import NDArray

from demo.county.dates import yyyymmdd
from demo.county.draw import deal, pick, stream
from demo.county.feed import Feed, Month, write_down
from demo.county.listing import plain_listing
from demo.county.people import SEX_WORDS
from demo.county.written import list_tags

Text = NDArray[np.str_]

DISABILITY_KINDS = np.array(["", "视力", "听力", "言语", "肢体", "智力", "精神", "多重"])
GRADE_WORDS = np.array(["", "一级", "二级", "三级", "四级"])
GRADE_UNKNOWN_SHARE, GRADE_AS_DIGIT_SHARE, CERTIFICATE_18_SHARE, REISSUED_SHARE = 0.0141, 0.0108, 0.0091, 0.079
CERTIFICATE_ERRORS = {
    "name_homo": 0.009, "name_trad": 0.005, "name_variant": 0.0016, "name_space": 0.003, "name_sep": 0.0034, "name_former": 0.0017,
    "id_sub1": 0.007, "id_swap": 0.005, "id_2err": 0.0014, "id_daymonth": 0.0012,
}  # fmt: skip


def disability_feed(month: Month) -> Feed:
    """The disability federation's certificates: the ID number, kind and grade; after a reissue B1 behind them."""
    rng = stream(month.seed, "disability")
    facts = month.facts
    poor, others = month.poor(facts.disability_kind > 0), month.event("disabled")
    uid = np.r_[poor, others]
    kind = np.r_[facts.disability_kind[poor], pick(rng, (1, 2, 3, 4, 5, 6, 7), (12, 9, 3, 45, 12, 15, 4), len(others))]
    grade = np.r_[facts.disability_grade[poor], pick(rng, (1, 2), (46, 54), len(others))]
    order = rng.permutation(len(uid))
    uid, kind, grade = uid[order], kind[order], grade[order]
    size = len(uid)
    name, number, tags = write_down(rng, month.people, uid, CERTIFICATE_ERRORS)
    dealt, labels = deal(rng, size, {"grade_unknown": GRADE_UNKNOWN_SHARE, "cert_18_only": CERTIFICATE_18_SHARE}, {})
    at = {label: np.flatnonzero(dealt == position) for position, label in enumerate(labels)}
    tail = np.char.add(kind.astype("U1"), grade.astype("U1")).astype("U4")
    reissued = rng.random(size) < REISSUED_SHARE
    tail[reissued] = np.char.add(tail[reissued], "B1")
    tail[at["cert_18_only"]] = ""
    words = np.where(rng.random(size) < GRADE_AS_DIGIT_SHARE, grade.astype("U1"), GRADE_WORDS[grade]).astype("U3")
    words[at["grade_unknown"]] = rng.choice(np.array(["", "不详", "未定级"]), len(at["grade_unknown"]))
    village = np.minimum(month.people.village[uid], month.places.village_count - 1)
    columns = {
        "行政区划": month.places.code[village],
        "姓名": name,
        "性别": SEX_WORDS[month.people.sex[uid]],
        "残疾证号": np.char.add(number, tail),
        "残疾类别": DISABILITY_KINDS[kind],
        "残疾等级": words,
        "发证日期": yyyymmdd(month.start - rng.integers(30, 3600, size)).astype("U8"),
        "证件状态": np.where(rng.random(size) < 0.0013, "注销", "有效"),
    }
    listing = plain_listing("disability", f"重度残疾人_{month.stamp}.csv", "", columns)
    details = zip(kind.tolist(), grade.tolist(), words.tolist(), strict=True)
    detail = [{"kind": k, "grade": g, "grade_written": w} for k, g, w in details]
    return Feed(listing, uid, list_tags(size, tags | at), detail)
