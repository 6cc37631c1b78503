"""Reads of the book of events: who looked at one object, and how often somebody did one thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from poverty_pension.audit.models import AuditEvent
from poverty_pension.audit.models.event import ActorKind, Outcome
from poverty_pension.audit.services import WhoActs


@dataclass(frozen=True)
class Looks:
    """What one user did with one object in one role, for one purpose: how often, and when last."""

    actor_name: str
    role: str
    verb: str
    purpose: str
    count: int
    last_at: datetime


def list_looks(*, object_type: str, object_id: object, limit: int) -> list[Looks]:
    """List who read or touched one object, the latest first, without refusals. One query."""
    rows = AuditEvent.objects.filter(object_type=object_type, object_id=str(object_id)).exclude(outcome=Outcome.REFUSED)
    counted = rows.values_list("actor_name", "role", "verb", "purpose").annotate(count=Count("id"), last_at=Max("at"))
    return [Looks(*row) for row in counted.order_by("-last_at", "actor_name", "verb")[:limit]]


def count_events_since(*, actor: WhoActs, verb: str, since: datetime) -> int:
    """Count a user's own events of one verb since a moment. One query."""
    rows = AuditEvent.objects.filter(actor_kind=ActorKind.USER, actor_id=actor.user_id, at__gt=since, verb=verb)
    return rows.exclude(outcome=Outcome.REFUSED).count()
