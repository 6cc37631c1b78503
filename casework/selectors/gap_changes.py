"""Gaps for other departments' systems: all open ones, or whatever changed since a moment, without a name or number of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Q, QuerySet

from casework.models import Gap
from foundation.accounts.actors import Actor
from foundation.accounts.scope import demand_in_scope, in_scope, is_within
from foundation.regions.models import Unit

LONGEST_PUBLISHING = timedelta(minutes=10)
"""What a night writes carries the moment it began to write; it is seen only when all of it is written."""


@dataclass(frozen=True)
class GapQuestion:
    """Which gaps; `changed_since` also brings those closed since, otherwise only open ones are meant."""

    kind: str = ""
    reason: str = ""
    unit: Unit | None = None
    changed_since: datetime | None = None


def list_gaps(actor: Actor, asked: GapQuestion) -> QuerySet[Gap]:
    """Return the gaps asked for, unit loaded; the caller pages. Errors: NotFound for a unit outside the actor's."""
    gaps = in_scope(Gap.objects.select_related("unit"), actor)
    if asked.unit is not None:
        demand_in_scope(actor, asked.unit)
        gaps = gaps.filter(is_within(asked.unit.path))
    plain = {"kind": asked.kind, "reason": asked.reason}
    gaps = gaps.filter(**{name: value for name, value in plain.items() if value})
    return gaps.filter(_changed_since(asked.changed_since))


def ask_again_since(asked_at: datetime) -> datetime:
    """Return the `changed_since` of the next question: early enough that what is being written now is not missed."""
    return asked_at - LONGEST_PUBLISHING


def _changed_since(moment: datetime | None) -> Q:
    """Open; or, since a moment, opened, closed, or given another reason."""
    if moment is None:
        return Q(closed_at__isnull=True)
    history = apps.get_model("casework", "GapHistory")  # made by pghistory
    otherwise = history.objects.filter(pgh_created_at__gte=moment).values("pgh_obj_id")
    return Q(opened_at__gte=moment) | Q(closed_at__gte=moment) | Q(pk__in=otherwise)
