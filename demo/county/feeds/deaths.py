"""死亡人员信息: one row for each death that police, health or a funeral home reports, and a few of living people."""

import numpy as np
from numpy.typing import NDArray

from demo.county.circumstances import SOURCES
from demo.county.dates import yyyymm, yyyymmdd
from demo.county.draw import Generator, deal, stream
from demo.county.feed import USUAL_ERRORS, Feed, Month, write_down
from demo.county.listing import numbered, plain_listing
from demo.county.people import SEX_WORDS
from demo.county.written import list_tags

Text = NDArray[np.str_]

DATE_DISAGREES_SHARE, FIRST_OF_MONTH_SHARE = 0.10, 0.017


def deaths_feed(month: Month) -> Feed:
    """One row for each death an office reports, and a few reports of living people."""
    rng = stream(month.seed, "deaths")
    both = (month.facts.deaths, month.strangers.deaths)
    uid, day = np.concatenate([d.uid for d in both]), np.concatenate([d.day for d in both])
    person, source = np.nonzero(np.concatenate([d.sources for d in both]))
    false = month.poor(month.facts.false_death_report)
    row_uid = np.r_[uid[person], false]
    is_false = np.r_[np.zeros(len(person), dtype=bool), np.ones(len(false), dtype=bool)]
    true_day = np.r_[day[person], month.start + rng.integers(0, 12, len(false))]
    row_source = np.r_[source, np.full(len(false), SOURCES.index("卫健"))]
    order = rng.permutation(len(row_uid))
    row_uid, is_false, true_day, row_source = row_uid[order], is_false[order], true_day[order], row_source[order]
    given, date_tags = _misdate(rng, true_day, is_false, month.as_of)
    name, number, tags = write_down(rng, month.people, row_uid, USUAL_ERRORS)
    style = rng.integers(0, 4, len(row_uid))
    written = _write_dates(given, style)
    registered = np.minimum(np.maximum(given, month.start) + rng.integers(0, 5, len(given)), month.as_of)
    township = month.places.township_name[np.minimum(month.people.village[row_uid], month.places.village_count - 1)]
    columns = numbered(
        {
            "数据来源": np.array(SOURCES)[row_source],
            "姓名": name,
            "身份证号": number,
            "性别": SEX_WORDS[month.people.sex[row_uid]],
            "死亡日期": written,
            "登记日期": yyyymmdd(registered).astype("U8"),
            "地区": np.char.add(month.places.county_path, township),
        }
    )
    listing = plain_listing("deaths", f"死亡人员信息_{month.stamp}.xlsx", "死亡", columns)
    cell_kind = rng.random(len(row_uid))
    listing.typed_cells = _typed_dates(given, style, written, cell_kind)
    detail = [
        {"source": SOURCES[s], "written": w, "true_date": "" if f else str(d)}
        for s, w, d, f in zip(
            row_source.tolist(), written.tolist(), true_day.astype(str).tolist(), is_false.tolist(), strict=True
        )
    ]
    all_tags = tags | date_tags | {"false_report": np.flatnonzero(is_false)}
    return Feed(listing, row_uid, list_tags(len(row_uid), all_tags), detail)


def _misdate(
    rng: Generator, day: NDArray, is_false: NDArray, as_of: np.datetime64
) -> tuple[NDArray, dict[str, NDArray]]:
    """Some offices know another day, some only the month and write its first."""
    given = day.copy()
    dealt, labels = deal(
        rng,
        len(day),
        {"date_disagrees": DATE_DISAGREES_SHARE, "date_first_of_month": FIRST_OF_MONTH_SHARE},
        {"date_disagrees": ~is_false, "date_first_of_month": ~is_false},
    )
    at = {label: np.flatnonzero(dealt == number) for number, label in enumerate(labels)}
    shift = rng.choice([-30, -1, 1, 1, -1], len(at["date_disagrees"]))
    given[at["date_disagrees"]] = np.minimum(given[at["date_disagrees"]] + shift, as_of)
    given[at["date_first_of_month"]] = given[at["date_first_of_month"]].astype("M8[M]").astype("M8[D]")
    return given, at


def _write_dates(day: NDArray, style: NDArray) -> Text:
    dashed = day.astype(str)
    forms = [
        dashed,
        np.char.replace(dashed, "-", "/"),
        yyyymmdd(day).astype("U10"),
        yyyymm(day.astype("M8[M]").astype(int)).astype("U10"),
    ]
    return np.choose(style, forms)


def _typed_dates(day: NDArray, style: NDArray, written: Text, chance: NDArray) -> dict:
    """Some dates stand in date cells, some in number cells."""
    dates = np.flatnonzero((style <= 1) & (chance < 0.36)).tolist()
    figures = np.flatnonzero((style == 2) & (chance < 0.38)).tolist()
    as_date = day.astype(object)
    cells = {(row, "死亡日期"): as_date[row] for row in dates}
    return cells | {(row, "死亡日期"): int(written[row]) for row in figures}
