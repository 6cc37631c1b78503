"""The limits of daily work that regions set: how long an act can be undone, how many alike are decided together.

Read by services and by the pages that show what may still be undone: one query each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from foundation.accounts.actors import Actor
from foundation.policy.selectors import get_parameters

UNDO, LEAST_MATCHES, LEAST_DECIDED = "undo_within_days", "pattern_least_matches", "pattern_least_decided"
WHOLE_SELECTION = "whole_selection_limit"


@dataclass(frozen=True)
class Region:
    """A place as the rules ask for it: the actor's unit, without a query for it."""

    path: str
    code: str
    name: str
    full_name: str


@dataclass(frozen=True)
class PatternLimits:
    """How many possible matches of one agreement pattern must wait, and how many decided by hand must agree."""

    least_matches: int
    least_decided: int


def undo_period(actor: Actor, *, on: date) -> timedelta:
    """Return how long an assignment, a closing, a decision on a match or a delivery can be undone. One query.

    Errors: ParameterMissing.
    """
    return timedelta(days=int(_values(actor, on, UNDO)[UNDO].value))


def whole_selection_limit(actor: Actor, *, on: date) -> int:
    """Return how many entries of a list one act may be about. One query. Errors: ParameterMissing."""
    return int(_values(actor, on, WHOLE_SELECTION)[WHOLE_SELECTION].value)


def pattern_limits(actor: Actor, *, on: date) -> PatternLimits:
    """Return what must be there before many possible matches are decided together. One query. Errors: ParameterMissing."""
    values = _values(actor, on, LEAST_MATCHES, LEAST_DECIDED)
    return PatternLimits(int(values[LEAST_MATCHES].value), int(values[LEAST_DECIDED].value))


def _values(actor: Actor, on: date, *names: str) -> dict[str, Any]:
    region = Region(actor.unit_path, actor.unit_code, actor.unit_name, actor.unit_name)
    return get_parameters(names, unit=region, on=on)
