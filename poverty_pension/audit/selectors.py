"""Reads of the book of events: who looked at one object, and how often somebody did one thing."""

from __future__ import annotations

from datetime import datetime

from poverty_pension.audit.models import AuditEvent
from poverty_pension.audit.models.event import ActorKind, Outcome
from poverty_pension.audit.services import WhoActs


def list_trail(*, object_type: str, object_id: object, limit: int) -> list[AuditEvent]:
    """List who read or touched one object, newest first, without refusals. One query."""
    rows = AuditEvent.objects.filter(object_type=object_type, object_id=str(object_id)).exclude(outcome=Outcome.REFUSED)
    return list(rows.order_by("-at", "-id")[:limit])


def count_events_since(*, actor: WhoActs, verb: str, since: datetime) -> int:
    """Count a user's own events of one verb since a moment. One query."""
    rows = AuditEvent.objects.filter(actor_kind=ActorKind.USER, actor_id=actor.user_id, at__gt=since, verb=verb)
    return rows.exclude(outcome=Outcome.REFUSED).count()
