"""The columns of the statutory monthly table: each one a condition over `counted` of people.sql and groups.sql.

Source: docs/rules.md R25; the names are those of the agreed export. 18 to 20 belong to payments and are not kept here.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coverage.constants import E1Column
from coverage.selectors.rates import EXEMPT, INSURED


class Population(TextChoices):
    """Who is counted; every figure names it."""

    POVERTY_FILE = "poverty_file", _("The poverty file")
    THREE_CATEGORIES = "three_categories", _("Three categories")
    ALL = "all", _("All registered poor")


class UnitBasis(TextChoices):
    """Where a person is counted: by the list's own place, or by the hukou, whose county has the duty."""

    FILE = "file", _("By registration unit")
    HUKOU = "hukou", _("By hukou unit")


def _one_of(columns: tuple[E1Column, ...]) -> str:
    return "e1_column IN ({})".format(", ".join(f"'{column.value}'" for column in columns))


NOT_INSURED = tuple(column for column in E1Column if column not in EXEMPT and column not in INSURED)
_IS_EXEMPT = _one_of(EXEMPT)
_IS_DUE = f"due_to_draw AND NOT {_IS_EXEMPT}"

POPULATIONS = {
    Population.POVERTY_FILE: "v.in_poverty_file",
    Population.THREE_CATEGORIES: "v.in_three_categories",
    Population.ALL: "(v.in_poverty_file OR v.in_three_categories)",  # whom only a village reported is on no list
}
UNIT_FIELDS = {UnitBasis.FILE: "v.file_unit_id", UnitBasis.HUKOU: "v.hukou_unit_id"}

CONDITIONS: dict[str, str] = {
    "1_registered": "true",
    **{column.value: _one_of((column,)) for column in EXEMPT},
    "8_should_insure": f"NOT {_IS_EXEMPT}",
    **{column.value: _one_of((column,)) for column in INSURED},
    "12_insured": _one_of(INSURED),
    "12a_out_of_province": f"{_one_of(INSURED)} AND out_of_province",
    "13_due_to_draw": _IS_DUE,
    "14_drawing": f"{_IS_DUE} AND drawing",
    "15_due_not_drawing": f"{_IS_DUE} AND NOT drawing",
    "16_not_insured": _one_of(NOT_INSURED),
    **{column.value: _one_of((column,)) for column in NOT_INSURED},
    "17_pay_target": "pay_target",
}
"""In the order of the table."""

HEADINGS: dict[str, str | Promise] = {
    "1_registered": _("Registered"),
    "8_should_insure": _("Should be insured"),
    "12_insured": _("Insured"),
    "12a_out_of_province": _("of whom in another province"),
    "13_due_to_draw": _("Due to draw"),
    "14_drawing": _("Drawing the benefit"),
    "15_due_not_drawing": _("Due, not drawing"),
    "16_not_insured": _("Not insured"),
    "17_pay_target": _("Government pays for"),
    "18_paid_people": _("Paid for"),
    "19_paid_amount": _("Amount paid"),
    "20_planned_amount": _("Amount planned"),
    **{column.value: column.label for column in E1Column},
}
NOT_KEPT_HERE = ("18_paid_people", "19_paid_amount", "20_planned_amount")

EXPORTED = (
    "1_registered", "2_under16", "3_student", "4_soldier", "5_prisoner", "6_dead", "7_abroad", "9_resident",
    "10_employee", "11_civil", "16a_waived", "16b_not_found", "16c_data_error", "16d_pushed", "16e_no_hukou", "16f_other",
    "13_due_to_draw", "14_drawing", "17_pay_target", "8_should_insure", "12_insured",
)  # fmt: skip
"""The columns of the export, in the order agreed with those who check it."""
