"""Gaps for other departments' systems: all open ones, or whatever changed since a moment, without a name or number of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from enrollment.models import Gap
from poverty_pension.accounts.actors import Actor
from poverty_pension.primitives.errors import NotFound
from poverty_pension.regions.models import Unit
from registry.selectors import in_reach

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
    gaps = in_reach(Gap.objects.select_related("unit"), actor)
    if asked.unit is not None:
        if not actor.covers(asked.unit.path):
            raise NotFound(_("There is no such unit in yours."), code="unit_not_found", ids=[asked.unit.code])
        gaps = gaps.filter(unit__path__startswith=asked.unit.path)
    plain = {"kind": asked.kind, "reason": asked.reason}
    gaps = gaps.filter(**{name: value for name, value in plain.items() if value})
    return gaps.filter(_changed_since(asked.changed_since))


def ask_again_since(asked_at: datetime) -> datetime:
    """Return the `changed_since` of the next question: early enough that what is being written now is not missed."""
    return asked_at - LONGEST_PUBLISHING


def _changed_since(moment: datetime | None) -> Q:
    """Open; or, since a moment, opened, closed, or believed for another reason."""
    if moment is None:
        return Q(closed_at__isnull=True)
    history = apps.get_model("enrollment", "GapHistory")  # made by pghistory
    otherwise = history.objects.filter(pgh_created_at__gte=moment).values("pgh_obj_id")
    return Q(opened_at__gte=moment) | Q(closed_at__gte=moment) | Q(pk__in=otherwise)
