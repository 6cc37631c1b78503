"""Who may be given cases, and where: by a role that takes cases, and, when a case is given back, also as deputy for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import QuerySet

from casework.constants import WORKING_STATES, CaseState
from casework.models import Case
from foundation.accounts.models import Deputy, Membership
from foundation.accounts.permissions import ALLOWED, Action
from foundation.accounts.scope import is_within

TAKING_ROLES = [role for role, may in ALLOWED.items() if Action.TAKE_CASE in may]
OWNED_STATES = (CaseState.ASSIGNED, CaseState.IN_PROGRESS)
"""States a case has only while somebody has it."""


def takers_within(path: str, *, on: date) -> QuerySet[Membership]:
    """Return the memberships by which somebody may take cases of the unit with this path or below."""
    return _taking(on).filter(is_within(path))


def paths_of_takers(path: str, *, on: date) -> dict[int, list[str]]:
    """Return user id -> the paths of the units for which they may take cases, at or below the unit with this path. One query."""
    return _by_user(takers_within(path, on=on).values_list("user_id", "unit__path"))


def covers(paths: Sequence[str], place: str) -> bool:
    """Answer whether a place lies in one of the units with these paths."""
    return any(place.startswith(path) for path in paths)


def before_again(
    case: Case, owner_id: int | None, state: str, *, able: Mapping[int, list[str]]
) -> tuple[int | None, str]:
    """Return the owner and state a case is given back: without an owner where the former one may no longer take it."""
    place = case.unit.path if case.unit is not None else case.county.path
    if owner_id is None or state not in WORKING_STATES or covers(able.get(owner_id, ()), place):
        return owner_id, state
    return None, CaseState.OPEN if state in OWNED_STATES else state


def paths_of_users(user_ids: Iterable[int | None], *, on: date) -> dict[int, list[str]]:
    """Return user id -> the paths of the units for which these may take cases on a day, also as deputies. Two queries."""
    ids = {user_id for user_id in user_ids if user_id is not None}
    own = _taking(on).filter(user__in=ids).values_list("user_id", "unit__path")
    lent = Deputy.objects.active_on(on).filter(
        deputy__in=ids,
        deputy__is_active=True,
        membership__in=Membership.objects.active_on(on).filter(role__in=TAKING_ROLES),
    )
    return _by_user([*own, *lent.values_list("deputy_id", "membership__unit__path")])


def _taking(on: date) -> QuerySet[Membership]:
    return Membership.objects.active_on(on).filter(role__in=TAKING_ROLES, user__is_active=True)


def _by_user(rows: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    paths: dict[int, list[str]] = {}
    for user_id, path in rows:
        paths.setdefault(user_id, []).append(path)
    return paths
