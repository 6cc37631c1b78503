"""Values of rules as text: yuan for fen, days for ranges, choices spelled out, sources as cited."""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from casework.constants import GapKind
from coverage.constants import Verdict
from coverage.presenters.codes import verdict_words
from enrollment.constants import ApplicationKind, BooksKeeper, Paper
from foundation.policy.models import ParameterUnit
from foundation.policy.services.reading import Fact

TOPICS = {
    "accounts": gettext_lazy("Accounts"),
    "benefits": gettext_lazy("Benefits"),
    "certification": gettext_lazy("Certification"),
    "contributions": gettext_lazy("Contributions"),
    "coverage": gettext_lazy("Coverage"),
    "deadlines": gettext_lazy("Deadlines"),
    "deliveries": gettext_lazy("Deliveries"),
    "enrolment": gettext_lazy("Enrolment"),
    "operation": gettext_lazy("Operation"),
    "retention": gettext_lazy("Retention"),
}
CHOICES: dict[object, object] = {
    **{each.value: each.label for choices in (Paper, BooksKeeper) for each in choices},
    "accepted": gettext_lazy("date of acceptance"),
    "all": gettext_lazy("all"),
    "any_time_in_year": gettext_lazy("poor at any time in the year"),
    "birthday": gettext_lazy("from birthday month to birthday month"),
    "employee_account": gettext_lazy("the rate of employee accounts"),
    "half_up": gettext_lazy("round half up"),
    "hukou": gettext_lazy("the hukou unit"),
    "month_after_application": gettext_lazy("the month after the application"),
    "month_after_benefit_age": gettext_lazy("the month after the benefit age"),
    "month_after_imprisonment": gettext_lazy("the month after imprisonment"),
    "month_after_release": gettext_lazy("the month after release"),
    "month_recognised_poor": gettext_lazy("the month recognised as poor"),
    "name_birth_village_once": gettext_lazy("name, birth date and village, unique on both sides"),
    "next_month": gettext_lazy("the next month"),
    "one_year_deposit": gettext_lazy("the one-year deposit rate on 1 January"),
    "person_pays_rest": gettext_lazy("the person pays the rest"),
    "policy_month": gettext_lazy("the month the policy began"),
    "previous_year": gettext_lazy("poor in the year before"),
    "proportional": gettext_lazy("all parts in proportion"),
    "repaired_number_same_sound": gettext_lazy("corrected number and same-sounding name"),
    "rolling": gettext_lazy("rolling, in days since the last one"),
    "same_number_close_name_stated_birth": gettext_lazy("same number, similar name, matching birth date"),
    "same_number_former_name": gettext_lazy("same number, former name"),
    "same_number_lost_character": gettext_lazy("same number, one character of the name lost"),
    "same_number_same_sound": gettext_lazy("same number and same-sounding name"),
    "up": gettext_lazy("round up"),
    "without_subsidies": gettext_lazy("excluding government subsidies"),
    "amount_fen": gettext_lazy("amount"),
    "account": gettext_lazy("account"),
    "bank": gettext_lazy("bank"),
    "base_months": gettext_lazy("months of base pension"),
    "civil": gettext_lazy("public-sector roll"),
    "county": gettext_lazy("county"),
    "days_before": gettext_lazy("days before"),
    "death": gettext_lazy("death"),
    "deaths": gettext_lazy("deaths"),
    "dibao": gettext_lazy("dibao"),
    "disability": gettext_lazy("severely disabled"),
    "employee": gettext_lazy("employee roll"),
    "first_day": gettext_lazy("first day"),
    "from_age_years": gettext_lazy("from age"),
    "is_back_paid": gettext_lazy("back pay"),
    "is_revocable": gettext_lazy("revocable"),
    "last_day": gettext_lazy("last day"),
    "later_benefit": gettext_lazy("later benefit"),
    "marked_out": gettext_lazy("marked out of poverty"),
    "nationality_lost": gettext_lazy("nationality lost"),
    "outprov": gettext_lazy("other provinces"),
    "poverty": gettext_lazy("registered poor"),
    "prefecture": gettext_lazy("prefecture"),
    "prison": gettext_lazy("prison"),
    "resident": gettext_lazy("resident roll"),
    "resumes": gettext_lazy("resumes"),
    "soldiers": gettext_lazy("soldiers"),
    "stops": gettext_lazy("stops"),
    "students": gettext_lazy("students"),
    "survey": gettext_lazy("verification results"),
    "certification": gettext_lazy("certifications of life"),
    "takes_effect": gettext_lazy("takes effect"),
    "tekun": gettext_lazy("tekun"),
    "to_fen": gettext_lazy("rounded to (fen)"),
    "township": gettext_lazy("township"),
    "under_hukou_years": gettext_lazy("hukou younger than years"),
    "village": gettext_lazy("village"),
    "way": gettext_lazy("rounding"),
}
KEYS: dict[object, object] = {
    "hukou": gettext_lazy("hukou changes"),
    **{each.value: each.label for each in ApplicationKind},
}
"""Codes that mean one thing as a value and another as the key of a map."""

FEN_PER_YUAN = 100


def present_title(fact: Fact) -> str:
    """Return what a rule is called: its Chinese name, or the words of its English one."""
    if (get_language() or "").startswith("zh") and fact.chinese:
        return fact.chinese
    return fact.name.replace("_", " ").capitalize()


def present_meaning(fact: Fact) -> str:
    """Return the sentence about a rule; it is written in English only; for Chinese readers the name suffices."""
    return "" if (get_language() or "").startswith("zh") else fact.description


def present_value(value: object, unit: str, *, is_none_here: bool = False) -> str:
    """Return a value as people read it, with its unit."""
    if is_none_here:
        return _("no such rule here")
    if isinstance(value, dict):
        return _("; ").join(f"{_key(key, unit)}: {_part(each, unit, key)}" for key, each in value.items())
    if isinstance(value, list):
        return _(", ").join(_part(each, unit) for each in value)
    return _part(value, unit) + _unit(unit, value)


def _part(value: object, unit: str, key: str = "") -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int) and (unit == ParameterUnit.FEN or (key.endswith("_fen") and key != "to_fen")):
        return f"{value / FEN_PER_YUAN:,.2f}"
    if isinstance(value, list):
        return " + ".join(_part(each, unit) for each in value)
    if isinstance(value, float) and unit == ParameterUnit.SHARE:
        return f"{value:.2%}"
    if value in Verdict.values:
        return verdict_words(str(value))
    return str(CHOICES.get(str(value), value))


def _key(key: str, unit: str) -> str:
    if key.isdigit():
        number = f"{int(key) / FEN_PER_YUAN:,.0f}" if int(key) > FEN_PER_YUAN else key
        return _("from %(number)s") % {"number": number}
    if key in GapKind.values:
        return str(GapKind(key).label)
    return str(KEYS.get(key) or CHOICES.get(key) or key)


def _unit(unit: str, value: object) -> str:
    if unit in {ParameterUnit.NONE, ParameterUnit.SHARE, ParameterUnit.LIST, ParameterUnit.RANGE} or isinstance(
        value, bool
    ):
        return ""
    return " " + (_("yuan") if unit == ParameterUnit.FEN else str(ParameterUnit(unit).label))
