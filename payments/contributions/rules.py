"""What a region pays for whom in a year: dated parameters read into one small table that the plan joins (docs/rules.md R53)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from foundation.policy.selectors import Parameter, Region, get_parameters
from foundation.primitives.errors import DomainError
from payments.constants import Category, Level

NAMES = (
    "contribution_paid_by_government",
    "contribution_by_designation",
    "designation_priority",
    "designation_year",
    "pays_after_poverty",
    "pays_for_monitored",
    "contribution_years_limit",
    "funding_split",
    "lowest_tier",
    "own_payment_excludes",
    "participation_age_years",
    "benefit_age_years",
)
ANY_TIME, PREVIOUS_YEAR, ON_LIST_DATE = "any_time_in_year", "previous_year", "on_list_date"
_YEAR_RULES = (ANY_TIME, PREVIOUS_YEAR, ON_LIST_DATE)


class RuleUnreadable(DomainError):
    """A parameter whose value the rule cannot apply; the message names it."""

    code = "rule_unreadable"


@dataclass(frozen=True)
class CategoryRule:
    """What is paid for one category: its place in the order of identities, fen a year, the shares of the levels."""

    category: Category
    place: int
    amount_fen: int
    shares: dict[Level, int]


@dataclass(frozen=True)
class ContributionRules:
    """The rules of a region for a year. `categories` is empty where the region pays nothing."""

    categories: list[CategoryRule]
    year_rule: str
    years_limit: int | None
    own_payment_excludes: bool
    participation_age: int
    benefit_age: int
    parameters: dict[str, Parameter]

    @property
    def parameter_ids(self) -> dict[str, int]:
        """Rule -> id of the value applied."""
        return {name: each.id for name, each in self.parameters.items()}


def read_rules(*, unit: Region, year: int) -> ContributionRules:
    """Read what a region pays in a year: the values in force on its last day. One query.

    Errors: ParameterMissing, never zero for a silent region; RuleUnreadable.
    """
    read = get_parameters(NAMES, unit=unit, on=date(year, 12, 31))
    year_rule = str(read["designation_year"].value)
    if year_rule not in _YEAR_RULES:
        raise unreadable(read["designation_year"])
    limit = read["contribution_years_limit"]
    return ContributionRules(
        categories=_categories(read),
        year_rule=year_rule,
        years_limit=None if limit.is_none_here else int(limit.value),
        own_payment_excludes=bool(read["own_payment_excludes"].value),
        participation_age=int(read["participation_age_years"].value),
        benefit_age=int(read["benefit_age_years"].value),
        parameters=read,
    )


def split_by_level(amount_fen: int, shares: dict[str, Any]) -> dict[Level, int]:
    """Part an amount by level in whole fen: each share rounded down, what is left to the largest remainders.

    Errors: ValueError for shares of an unknown level or that do not add up to 1.
    """
    exact = {Level(level): Decimal(str(share)) * amount_fen for level, share in shares.items()}
    if sum(Decimal(str(share)) for share in shares.values()) != 1:
        raise ValueError(f"shares {shares} do not add up to 1")
    parts = {level: int(value) for level, value in exact.items()}
    left = amount_fen - sum(parts.values())
    for level in sorted(exact, key=lambda each: (parts[each] - exact[each], list(Level).index(each)))[:left]:
        parts[level] += 1
    return {level: parts.get(level, 0) for level in Level}


def _categories(read: dict[str, Parameter]) -> list[CategoryRule]:
    general, special = read["contribution_paid_by_government"], read["contribution_by_designation"]
    own = {} if special.is_none_here else dict(special.value)
    if general.is_none_here and not own:
        return []
    lowest = int(read["lowest_tier"].value)
    found: list[CategoryRule] = []
    for category in _order(read):
        stated = own.get(_stated_as(category), None if general.is_none_here else general.value)
        amount = _amount(stated, lowest, general)
        if amount:
            found.append(CategoryRule(category, len(found), amount, _split(amount, read["funding_split"])))
    return found


def _order(read: dict[str, Parameter]) -> list[Category]:
    """Return the categories paid for, the one that counts first first; who left poverty or is monitored counts as poor."""
    listed = [] if read["designation_priority"].is_none_here else read["designation_priority"].value
    order: list[Category] = []
    for name in listed:
        if name not in Category.values:
            raise unreadable(read["designation_priority"])
        order.append(Category(name))
        if name == Category.POVERTY:
            order += [Category.MONITORED] if read["pays_for_monitored"].value else []
            order += [Category.MARKED_OUT] if read["pays_after_poverty"].value else []
    return order


def _stated_as(category: Category) -> str:
    return Category.POVERTY if category in {Category.MONITORED, Category.MARKED_OUT} else category


def _amount(stated: Any, lowest: int, parameter: Parameter) -> int:
    """Return fen: as stated, or a share of the lowest tier ({"of_lowest_tier": 0.7})."""
    if stated is None:
        return 0
    if isinstance(stated, dict):
        if set(stated) != {"of_lowest_tier"}:
            raise unreadable(parameter)
        share = Decimal(str(stated["of_lowest_tier"])) * lowest
        return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return int(stated)


def _split(amount: int, parameter: Parameter) -> dict[Level, int]:
    try:
        return split_by_level(amount, dict(parameter.value))
    except ValueError as error:
        raise unreadable(parameter) from error


def unreadable(parameter: Parameter) -> RuleUnreadable:
    """Return the error that names a parameter whose value no rule can apply."""
    return RuleUnreadable(
        _("The value of the parameter %(name)s in %(region)s cannot be applied.")
        % {"name": parameter.name, "region": parameter.region_name or _("the whole country")},
        what_to_do=_("Ask the security administrator to enter it as its description says."),
        ids=[parameter.id],
    )
