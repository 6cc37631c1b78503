"""Who is who: one line a person of the month's lists, with the expected answer and its gaps."""

import numpy as np

from demo.county.circumstances import UNDER_16
from demo.county.dates import month_number, yyyymmdd
from demo.county.draw import NOBODY
from demo.county.households import POVERTY_STATUSES, Poor
from demo.county.rolls import BENEFIT_PAUSED, CONTRIBUTING, DRAWING, PAUSED
from demo.county.truth.county import Columns, County, Text, listed, month_column


def persons(county: County) -> Columns:
    poor, facts, verdicts, people = county.poor, county.month.facts, county.verdicts, county.month.people
    size = len(poor)
    everyone = np.arange(size)
    no_number = np.isin(everyone, county.rows.uid[np.char.find(county.rows.tags, "id_none") >= 0])
    columns: Columns = {
        "uid": everyone,
        "feeds": listed({"dibao": poor.in_dibao, "poverty": poor.in_poverty, "tekun": poor.in_tekun}, ","),
        "n_rows": np.bincount(county.rows.uid, minlength=size),
        "true_name": people.name_text(everyone),
        "true_id": np.where(no_number, "", people.number_text(everyone)),
        "birth": yyyymmdd(people.birth[:size]),
        "sex": people.sex[:size],
        "age": facts.age,
        "hukou": county.month.places.code[people.village[:size]],
        "categories": _categories(poor),
        "in_three_categories": poor.in_three_categories,
        "severe_disability": facts.severely_disabled,
        "disability_kind": facts.disability_kind,
        "disability_grade": facts.disability_grade,
        "death_date": np.where(facts.dead, facts.death.astype(str), ""),
        "verdict": verdicts.verdict,
        "verdict_reason": verdicts.reason,
        "evidence": _evidence(county),
        "b6_first_hit": verdicts.b6_first_hit,
        "scheme_kind": verdicts.scheme_kind,
        "place": verdicts.place,
        "e1_column": verdicts.e1_column,
        "due_to_draw": facts.due,
        "drawing": verdicts.drawing,
        "pay_target": verdicts.pay_target,
        "gaps": _gaps(county),
    }
    there = poor.listed
    return {"month": month_column(county, int(there.sum()))} | {name: column[there] for name, column in columns.items()}


def _categories(poor: Poor) -> Text:
    words = {}
    for full in (True, False):
        for rural in (True, False):
            word = f"dibao:{'full' if full else 'partial'}:{'rural' if rural else 'urban'}"
            words[word] = poor.in_dibao & (poor.dibao_full == full) & (poor.dibao_rural == rural)
    for number, status in enumerate(POVERTY_STATUSES.tolist()):
        words[f"poverty:{status}"] = poor.in_poverty & (poor.poverty_status == number)
    for word, home in (("tekun:集中供养", True), ("tekun:分散供养", False)):
        words[word] = poor.in_tekun & (poor.tekun_in_home == home)
    return listed(words, ";")


def _evidence(county: County) -> Text:
    everyone = np.arange(len(county.poor))
    named = {name: np.isin(everyone, feed.uid) for name, feed in sorted(county.feeds.items())}
    if county.earlier is not None:
        named = {name: mask | np.isin(everyone, county.earlier.feeds[name].uid) for name, mask in named.items()}
    return listed(named, ",")


ROW_REPAIRS = {
    "id_wrong": ("id_sub1", "id_swap", "id_2err", "id_daymonth", "id_near_twin"),
    "id_missing": ("id_missing",),
    "no_id": ("id_none",),
    "id_15_digits": ("id_15",),
    "id_length": ("id_len",),
    "id_numeric": ("id_numeric",),
    "id_of_relative": ("id_relative",),
    "disability_number": ("id_disab",),
    "filed_twice": ("filed_twice",),
    "name_differs": ("name_homo", "name_trad", "name_variant", "name_former", "name_rare", "name_translit"),
    "dob_differs": ("dob_year", "dob_swapped"),
}
ROLL_REPAIRS = {
    "roll_id_15_digits": ("roll_id_15",),
    "roll_id_wrong": ("roll_id_sub1", "roll_id_swap", "roll_id_before_change"),
    "roll_name_differs": ("roll_name_homo", "roll_name_trad", "roll_name_former", "roll_name_rare"),
    "roll_dob_differs": ("roll_dob_wrong",),
    "roll_no_start": ("roll_no_start",),
}


def _gaps(county: County) -> Text:
    facts, verdicts, roll = county.month.facts, county.verdicts, county.resident
    size = len(county.poor)
    here, status = verdicts.verdict == "1-011", verdicts.roll_status
    now = month_number(np.array([county.month.as_of]))[0]
    birth = month_number(county.month.people.birth[:size])
    died = np.where(facts.dead, month_number(facts.death), now)
    second = here & (facts.second_scheme != NOBODY)
    words = {
        f"not_insured:{reason}": verdicts.reason == reason for reason in np.unique(verdicts.reason).tolist() if reason
    }
    words |= {
        "due_not_drawing": here & facts.due & np.isin(status, [CONTRIBUTING, PAUSED]),
        "due_not_drawing:paused": here & facts.due & (status == BENEFIT_PAUSED),
        "dead_still_drawing": facts.dead & (status == DRAWING) & (died < now),
        "dead_this_month_still_drawing": facts.dead & (status == DRAWING) & (died == now),
        "prison_still_drawing": facts.prisoner & (status == DRAWING),
        "duplicate_schemes": second & (status != DRAWING),
        "duplicate_schemes_drawing": second & (status == DRAWING),
        "duplicate_roll_rows": (verdicts.roll_rows > 1) & (status != DRAWING),
        "duplicate_roll_rows:drawing_twice": (verdicts.roll_rows > 1) & (status == DRAWING),
        "turns_16_next_month": (birth + 192 == now + 1) & (facts.situation == UNDER_16),
        "turns_60_next_month": (birth + 720 == now + 1) & here,
        "turns_60_now_benefit_next_month": (birth + 720 == now) & here,
    }
    everyone = np.arange(size)
    for word, tags in ROW_REPAIRS.items():
        hit = np.logical_or.reduce([np.char.find(county.rows.tags, tag) >= 0 for tag in tags])
        words[f"data_repair:{word}"] = np.isin(everyone, county.rows.uid[hit])
    for word, tags in ROLL_REPAIRS.items():
        rows = np.concatenate([roll.tags[tag] for tag in tags])
        words[f"data_repair:{word}"] = np.isin(everyone, roll.uid[rows])
    return listed(words, ";")
