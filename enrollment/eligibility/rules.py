"""The dated rules an application is tested by and the papers its kind needs, read at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from enrollment.constants import ApplicationKind, Paper
from enrollment.eligibility.testing import PARAMETERS
from enrollment.models import Application
from foundation.policy.selectors import Parameter, ParameterMissing, Region, get_parameter, get_parameters

PAPERS = "application_papers"


def get_rules(county: Region, on: date) -> dict[str, Parameter]:
    """Get the rules applications are tested by, and the papers of each kind, as they apply in a county on a day. One query.

    Errors: ParameterMissing.
    """
    return get_parameters((*PARAMETERS, PAPERS), unit=county, on=on)


def papers_needed(kind: ApplicationKind, rules: Mapping[str, Parameter], *, has_agent: bool) -> list[Paper]:
    """List the papers a kind needs, the agent's authorisation on top."""
    needed = [Paper(each) for each in rules[PAPERS].value.get(kind, [])]
    return [*needed, Paper.AUTHORISATION] if has_agent else needed


def appeal_days(application: Application) -> int | None:
    """Return the days to appeal against the decision; none where no rule is stated. One query, or none. Source: docs/rules.md R47."""
    if application.decided_on is None:
        return None
    try:
        rule = get_parameter("appeal_days", unit=application.county, on=application.decided_on)
    except ParameterMissing:
        return None
    return None if rule.is_none_here else int(rule.value)
