"""The dated rules an application is tested by and the papers its kind needs, read at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from enrollment.constants import ApplicationKind, Paper
from enrollment.eligibility.testing import PARAMETERS
from foundation.policy.selectors import Parameter, Region, get_parameters

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
