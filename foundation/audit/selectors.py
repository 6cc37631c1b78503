"""Reads of the two audit logs: by time, actor, verb, outcome and object; an auditor reads those of a prefix of unit codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Count, F, Max, Model, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from foundation.audit.actors import WhoActs
from foundation.audit.models import AuditEvent, AuditSeal, Disclosure
from foundation.audit.models.event import ActorKind, Outcome


@dataclass(frozen=True)
class AccessRecord:
    """What one user did with one object in one role, for one purpose: how often, and when last."""

    actor_name: str
    role: str
    verb: str
    purpose: str
    count: int
    last_at: datetime
    shown_name: str


def list_access_records(
    *, object_type: str, object_id: object, limit: int, shown_name: Combinable | None = None
) -> list[AccessRecord]:
    """List who read or touched one object, the latest first, without refusals. One query.

    `shown_name`: an expression for the name colleagues read; without it the user name is shown.
    """
    rows = AuditEvent.objects.filter(object_type=object_type, object_id=str(object_id)).exclude(outcome=Outcome.REFUSED)
    counted = rows.values_list("actor_name", "role", "verb", "purpose").annotate(count=Count("id"), last_at=Max("at"))
    counted = counted.annotate(shown_name=shown_name or F("actor_name"))
    return [AccessRecord(*row) for row in counted.order_by("-last_at", "actor_name", "verb")[:limit]]


def list_answers_within(
    period: timedelta, *, object_type: str, object_id: object, verb: str
) -> list[dict[str, object]]:
    """List the details of one verb's events about one object in the last hours or days, newest first. One query."""
    recent = AuditEvent.objects.filter(at__gt=Now() - period)
    rows = recent.filter(object_type=object_type, object_id=str(object_id), verb=verb)
    return list(rows.exclude(outcome=Outcome.REFUSED).order_by("-at", "-id").values_list("detail", flat=True))


def count_events_within(period: timedelta, *, actor: WhoActs, verb: str) -> int:
    """Count a user's own events of one verb in the last hours or days, by the database's clock, which dates them. One query."""
    recent = AuditEvent.objects.filter(at__gt=Now() - period)
    rows = recent.filter(actor_kind=ActorKind.USER, actor_id=actor.user_id, verb=verb)
    return rows.exclude(outcome=Outcome.REFUSED).count()


@dataclass(frozen=True)
class EventFilter:
    """What a list of events is narrowed to; `since` inclusive, `until` exclusive, the rest empty for all."""

    since: datetime
    until: datetime
    actor_id: int | None = None
    verb: str = ""
    outcome: str = ""
    object_type: str = ""
    object_id: str = ""


Row = TypeVar("Row", bound=Model)


def within_units(rows: QuerySet[Row], code_prefix: str) -> QuerySet[Row]:
    """Keep what actors of these units did, and what unknown users did: a refused sign-in has no unit."""
    return rows.filter(Q(unit_code__startswith=code_prefix) | Q(unit_code=""))


def list_events(code_prefix: str, wanted: EventFilter) -> QuerySet[AuditEvent]:
    """List events of an auditor's area, newest first. One query a page, and the count."""
    rows = within_units(AuditEvent.objects.filter(at__gte=wanted.since, at__lt=wanted.until), code_prefix)
    if wanted.actor_id is not None:
        rows = rows.filter(actor_kind=ActorKind.USER).filter(
            Q(actor_id=wanted.actor_id) | Q(deputy_for_id=wanted.actor_id)
        )
    exact = {
        name: value for name in ("verb", "outcome", "object_type", "object_id") if (value := getattr(wanted, name))
    }
    return rows.filter(**exact).order_by("-at", "-id")


def list_disclosures(
    code_prefix: str, *, since: datetime, until: datetime, largest_first: bool = False
) -> QuerySet[Disclosure]:
    """List what was disclosed from an auditor's area, newest first or the most rows first. One query a page, and the count."""
    rows = within_units(Disclosure.objects.filter(at__gte=since, at__lt=until), code_prefix)
    return rows.order_by(*(["-row_count"] if largest_first else []), "-at", "-id")


def list_seals() -> QuerySet[AuditSeal]:
    """List the seals, newest first."""
    return AuditSeal.objects.order_by("-sealed_at", "-pk")
