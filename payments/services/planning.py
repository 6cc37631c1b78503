"""The plan of a county and year: for whom government pays how much, and for whom not and why; one statement over everybody.

Called by the night with every publication, and by the command. Run again over the same data it changes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from foundation.policy.selectors import ParameterMissing
from foundation.primitives.bulk import whole_tables
from foundation.primitives.errors import BadInput
from foundation.regions.models import Unit
from payments.constants import Level
from payments.contributions.rules import ANY_TIME, PREVIOUS_YEAR, ContributionRules, RuleUnreadable, read_rules
from payments.models import ContributionPlan
from registry.constants import PERSON_FEEDS
from registry.selectors.deliveries import list_days_of_lists

_SQL = Path(__file__).parent / "sql"
_PLAN = (_SQL / "plan.sql").read_text("utf-8")
_MAKE_CURRENT = (_SQL / "make_current.sql").read_text("utf-8")
FIRST_YEAR = 2009


@dataclass(frozen=True)
class _Counted:
    """Which lists say who counts, the day ages are tested on, whether the year is over."""

    lists: list[dict[str, str]]
    tested_on: date
    is_past: bool


@transaction.atomic
def compute_plan(*, county: Unit, year: int, as_of: date, at: datetime) -> ContributionPlan:
    """Compute the plan of a county and year from the newest night's codes; lines that differ are superseded. `as_of`: that night's day.

    Effects: one ContributionPlan, lines of those whose line differs; under a lock of the county's contributions.
    Errors: BadInput for a year before the scheme or after the codes' day; ParameterMissing; RuleUnreadable.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('contributions'), %s)", [county.pk])
        if not FIRST_YEAR <= year <= as_of.year:
            raise BadInput(
                _("The year must lie between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": as_of.year},
                code="year",
                ids=[str(year)],
            )
        rules = read_rules(unit=county, year=year)
        counted = _counted(county, year, as_of, rules, at)
        values = _values(county, year, rules, counted, at)
        with whole_tables(cursor):
            cursor.execute("DROP TABLE IF EXISTS pg_temp.new_plan, pg_temp.plan_difference")
            cursor.execute(_PLAN, values)
            cursor.execute("ANALYZE new_plan")
            cursor.execute(_MAKE_CURRENT, values)
            added, removed, changed, paid_for, excluded, amount = cursor.fetchone()
    return ContributionPlan.objects.create(
        county=county,
        year=year,
        computed_at=at,
        as_of_date=as_of,
        tested_on=counted.tested_on,
        parameters=rules.parameter_ids,
        lists=counted.lists,
        paid_for=paid_for,
        excluded=excluded,
        amount_fen=amount,
        added=added,
        removed=removed,
        changed=changed,
    )


def plan_contributions(county: Unit, as_of: date, at: datetime) -> list[dict[str, Any]]:
    """Compute the plan of the codes' year, and of the year before where there is one, with a night's publication.

    Returns of each year what changed, or the name of the rule that is missing: a silent region stops no night.
    Effects: as compute_plan, in the caller's transaction.
    """
    before = ContributionPlan.objects.filter(county=county, year=as_of.year - 1).exists()
    found: list[dict[str, Any]] = []
    for year in [as_of.year - 1] * before + [as_of.year]:
        try:
            plan = compute_plan(county=county, year=year, as_of=as_of, at=at)
        except (ParameterMissing, RuleUnreadable) as error:
            found.append({"year": year, "missing": str(error)})
        else:
            found.append({"year": year, "added": plan.added, "removed": plan.removed, "changed": plan.changed})
    return found


def _counted(county: Unit, year: int, as_of: date, rules: ContributionRules, known: datetime) -> _Counted:
    tested = min(as_of, date(year, 12, 31))
    if rules.year_rule in {ANY_TIME, PREVIOUS_YEAR}:
        counted = year if rules.year_rule == ANY_TIME else year - 1
        first, last = date(counted, 1, 1), date(counted, 12, 31)
        days = list_days_of_lists(county, PERSON_FEEDS, known=known, first=first, last=last)
    else:
        newest: dict[str, date] = {}
        for feed, day in list_days_of_lists(county, PERSON_FEEDS, known=known, first=date.min, last=tested):
            newest[feed] = max(day, newest.get(feed, day))
        days = sorted(newest.items())
    return _Counted([{"feed": feed, "day": day.isoformat()} for feed, day in days], tested, as_of.year > year)


def _values(county: Unit, year: int, rules: ContributionRules, counted: _Counted, at: datetime) -> dict[str, Any]:
    table = [
        {
            "category": each.category.value,
            "place": each.place,
            "amount": each.amount_fen,
            **{level.value: each.shares[level] for level in Level},
        }
        for each in rules.categories
    ]
    return {
        "county": county.pk,
        "year": year,
        "at": at,
        "known": at,
        "lists": json.dumps(counted.lists),
        "tested": counted.tested_on,
        "is_past": counted.is_past,
        "rules": json.dumps(table),
        "years_limit": rules.years_limit,
        "own_excludes": rules.own_payment_excludes,
        "participation_age": rules.participation_age,
        "benefit_age": rules.benefit_age,
    }
