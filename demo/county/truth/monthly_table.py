"""The statutory monthly table for county and townships."""

import numpy as np
from numpy.typing import NDArray

from demo.county.truth.county import Columns, County, month_column

E1_COLUMNS = (
    "2_under16", "3_student", "4_soldier", "5_prisoner", "6_dead", "7_abroad", "9_resident", "10_employee", "11_civil", "16a_waived",
    "16b_not_found", "16c_data_error", "16d_pushed", "16e_no_hukou", "16f_other",
)  # fmt: skip
EXEMPT, INSURED = E1_COLUMNS[:6], E1_COLUMNS[6:9]


def e1_rows(county: County) -> Columns:
    """County and townships, by the place of the file, for the poverty file and for the three categories."""
    poor = county.poor
    village = np.zeros(len(poor), dtype=np.int64)
    village[county.rows.uid[::-1]] = county.rows.village[::-1]
    township = np.array([code[:9] for code in county.month.places.code])[village]
    lines = []
    for scope, mask in (("poverty_file", poor.in_poverty), ("three_categories", poor.in_three_categories)):
        for unit in (county.month.places.county, *np.unique(township).tolist()):
            here = mask & ((township == unit) if len(unit) == 9 else True)
            lines.append({"scope": scope, "unit": unit} | _e1_counts(county, here))
    columns = {name: [line[name] for line in lines] for name in lines[0]}
    return {"month": month_column(county, len(lines)), **columns}


def _e1_counts(county: County, here: NDArray[np.bool_]) -> dict[str, int]:
    verdicts, facts = county.verdicts, county.month.facts
    count = {name: int((here & (verdicts.e1_column == name)).sum()) for name in E1_COLUMNS}
    registered = int(here.sum())
    return {
        "1_registered": registered,
        **count,
        "13_due_to_draw": int((here & facts.due & (verdicts.verdict == "1-011")).sum()),
        "14_drawing": int((here & verdicts.drawing).sum()),
        "17_pay_target": int((here & verdicts.pay_target).sum()),
        "8_should_insure": registered - sum(count[name] for name in EXEMPT),
        "12_insured": sum(count[name] for name in INSURED),
    }
