"""The answer for every poor person, from what the generator knows; the product's rules are not used here.

The order: under 16, dead, own roll, in-province civil, employee, out-of-province, survey, prison, soldier, student.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.county import circumstances as so
from demo.county.circumstances import Circumstances
from demo.county.draw import NOBODY
from demo.county.households import Poor
from demo.county.places import Places
from demo.county.rolls import DRAWING, INSURED, ResidentRoll

Text = NDArray[np.str_]
Mask = NDArray[np.bool_]


@dataclass
class Verdicts:
    """One column entry a poor person."""

    verdict: Text
    reason: Text
    b6_first_hit: Text
    scheme_kind: Text
    place: Text
    e1_column: Text
    roll_status: NDArray[np.int64]  # of the resident row, NOBODY without one
    roll_rows: NDArray[np.int64]
    drawing: Mask
    pay_target: Mask


def decide_verdicts(poor: Poor, facts: Circumstances, roll: ResidentRoll, places: Places) -> Verdicts:
    status = np.full(len(poor), NOBODY)
    of_poor = roll.uid < len(poor)
    status[roll.uid[of_poor]] = roll.status[of_poor]
    insured = np.isin(status, INSURED)
    under_16, dead = facts.situation == so.UNDER_16, facts.dead
    hits = _hits(facts, insured)
    verdict = np.select([under_16, dead, *hits.values()], ["U16", "0-207", *hits], "GAP")
    verdict[np.char.startswith(verdict, "GAP")] = "GAP"
    after_survey = {code: mask for code, mask in hits.items() if not code.startswith("GAP")}
    reason = _reasons(facts, verdict)
    kind, place = _schemes(facts, status, verdict, places)
    drawing = status == DRAWING
    other_scheme = facts.second_scheme != NOBODY
    exempt = facts.student | facts.soldier | facts.prisoner
    counted = poor.in_three_categories & ~under_16 & ~facts.due & ~dead & ~exempt
    return Verdicts(
        verdict=verdict,
        reason=reason,
        b6_first_hit=np.select([*after_survey.values(), dead], [*after_survey, "0-207"], ""),
        scheme_kind=kind,
        place=place,
        e1_column=_e1_columns(facts, verdict, reason, kind),
        roll_status=status,
        roll_rows=np.bincount(roll.uid[of_poor], minlength=len(poor)),
        drawing=drawing & (verdict == "1-011"),
        pay_target=counted & (verdict == "1-011") & ~other_scheme & (facts.age < 60),
    )


def _hits(facts: Circumstances, insured: Mask) -> dict[str, Mask]:
    """What applies to each person, in the order in which it decides."""
    situation = facts.situation
    return {
        "1-011": insured,
        "0-201": situation == so.CIVIL,
        "0-200": situation == so.EMPLOYEE,
        "0-202": np.isin(situation, [so.OUTPROV_EMPLOYEE, so.OUTPROV_CIVIL]),
        "0-208": situation == so.OUTPROV_RESIDENT,
        "0-206": situation == so.ABROAD,
        "2-011": situation == so.WAIVED,
        "GAP surveyed": np.isin(situation, [so.CANNOT_BE_FOUND, so.ELSEWHERE]),
        "0-205": facts.prisoner,
        "0-204": facts.soldier,
        "0-203": facts.student,
    }


def _reasons(facts: Circumstances, verdict: Text) -> Text:
    situation = facts.situation
    why = np.select(
        [
            situation == so.CANNOT_BE_FOUND,
            situation == so.ELSEWHERE,
            situation == so.ENDED,
            situation == so.NOT_INSURED,
            situation == so.NO_NUMBER,
            facts.due,
        ],
        [
            "cannot_be_found",
            "hukou_elsewhere_push",
            "roll_row_terminated",
            "roll_row_not_insured",
            "no_id_number",
            "direct_inclusion_60plus",
        ],
        "never_enrolled",
    )
    return np.select([verdict == "GAP", verdict == "2-011"], [why, "waived"], "")


def _schemes(facts: Circumstances, status: NDArray, verdict: Text, places: Places) -> tuple[Text, Text]:
    """The scheme a person is in and where: this county, another of the province, or a county of another province."""
    on_roll = (verdict == "1-011") | ((verdict == "0-207") & (status != NOBODY))
    resident = on_roll | (verdict == "0-208")
    civil = (verdict == "0-201") | ((verdict == "0-202") & (facts.situation == so.OUTPROV_CIVIL))
    employee = np.isin(verdict, ["0-200", "0-202"]) & ~civil
    kind = np.select([resident, civil, employee], ["居民", "机关事业", "企业职工"], "")
    abroad = np.isin(verdict, ["0-202", "0-208"])
    here = on_roll | (np.isin(verdict, ["0-200", "0-201"]) & (facts.employed_at == places.county))
    place = np.select([here, abroad, kind != ""], ["本县", np.char.add("省外:", facts.employed_at), "省内"], "")
    return kind, place


E1_FOR_REASON = {
    "waived": "16a_waived",
    "cannot_be_found": "16b_not_found",
    "roll_row_not_insured": "16c_data_error",
    "hukou_elsewhere_push": "16d_pushed",
    "no_id_number": "16e_no_hukou",
}


def _e1_columns(facts: Circumstances, verdict: Text, reason: Text, kind: Text) -> Text:
    """Exempt first, then civil before employee before resident, then the reasons."""
    in_civil = (kind == "机关事业") | (facts.second_scheme == so.CIVIL)
    in_employee = (kind == "企业职工") | np.isin(facts.second_scheme, [so.EMPLOYEE, so.OUTPROV_EMPLOYEE])
    return np.select(
        [
            facts.situation == so.UNDER_16,
            facts.dead,
            facts.student,
            facts.soldier,
            facts.prisoner,
            facts.situation == so.ABROAD,
            in_civil,
            in_employee,
            kind == "居民",
            *(reason == word for word in E1_FOR_REASON),
        ],
        [
            "2_under16",
            "6_dead",
            "3_student",
            "4_soldier",
            "5_prisoner",
            "7_abroad",
            "11_civil",
            "10_employee",
            "9_resident",
            *E1_FOR_REASON.values(),
        ],
        "16f_other",
    )
