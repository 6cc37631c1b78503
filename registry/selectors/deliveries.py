"""Deliveries with their problem lines and changes; a township reads its county's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import (
    Count,
    Max,
    Q,
    QuerySet,
)
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.scope import county_of, in_scope_of_county, in_scope_of_unit
from foundation.primitives.errors import NotFound
from foundation.regions.models import Unit
from foundation.regions.models.unit import Level
from registry.constants import DeliveryState, RowAction
from registry.models import (
    Delivery,
    DeliveryChange,
    DeliveryProblem,
)
from registry.selectors.delivery_decisions import awaits_approval_of

EVERY = "all"
TO_APPROVE = "to_approve"
"""Stands where a state does: the files the reader may approve or discard."""
INSTANT = timedelta(microseconds=1)


def deliveries_in_scope(actor: Actor) -> QuerySet[Delivery]:
    """Deliveries of the actor's counties; a township reads its county's."""
    return in_scope_of_county(Delivery.objects.select_related("county"), actor, also_own_county=True)


def list_deliveries(actor: Actor, *, feed: str = "", state: str = "") -> QuerySet[Delivery]:
    """List deliveries, the one sent last first; the caller pages. `state`: a state, TO_APPROVE, or empty for all."""
    wanted = {name: value for name, value in (("feed", feed), ("state", state)) if value and value != TO_APPROVE}
    awaited = awaits_approval_of(actor) if state == TO_APPROVE else Q()
    return deliveries_in_scope(actor).filter(awaited, **wanted).order_by("-received_at", "-id")


def get_delivery(actor: Actor, delivery_id: int) -> Delivery:
    """Get one delivery in reach. One query.

    Errors: NotFound.
    """
    delivery = deliveries_in_scope(actor).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound(_("There is no such delivery in your unit."), ids=[delivery_id])
    return delivery


def in_order(county_id: int, at: datetime) -> datetime:
    """Return the moment itself, or one just after the county's newest application or completion where the clock has been put back since."""
    found = Delivery.objects.filter(county=county_id).aggregate(
        applied=Max("applied_at"), completed=Max("completed_at")
    )
    newest = max(filter(None, found.values()), default=None)
    return max(at, newest + INSTANT) if newest else at


def list_split_off(delivery: Delivery) -> QuerySet[Delivery]:
    """List the deliveries of the other feeds in the same file that wait to be read."""
    same = Delivery.objects.filter(
        county=delivery.county_id, as_of_date=delivery.as_of_date, file_sha256=delivery.file_sha256
    )
    return same.filter(state=DeliveryState.RECEIVED).exclude(pk=delivery.pk).order_by("id")


def list_sent_deliveries(actor: Actor) -> QuerySet[Delivery]:
    """List what a department's system sent to its county, whichever of its tokens it used; the caller pages. Nobody else has sent any."""
    sent = Delivery.objects.filter(county=county_of(actor), client_system__isnull=False)
    return sent.filter(client_system=actor.client_system_id)


def get_sent_delivery(actor: Actor, delivery_id: int) -> Delivery:
    """Get one file the client sent. Two queries.

    Errors: NotFound, also for files of others.
    """
    delivery = list_sent_deliveries(actor).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound(_("There is no such delivery in your unit."), ids=[delivery_id])
    return delivery


def list_problems(delivery: Delivery, *, action: str = "") -> QuerySet[DeliveryProblem]:
    """List a delivery's problem lines in the order of the file; the caller pages.

    `action`: one RowAction, EVERY, or empty for the lines that need attention.
    """
    rows = DeliveryProblem.objects.filter(delivery=delivery)
    if not action:
        rows = rows.exclude(action__in=[RowAction.SKIP, RowAction.DUPLICATE])
    elif action != EVERY:
        rows = rows.filter(action=action)
    return rows.order_by("sheet", "row", "member", "id")


def count_problems(delivery: Delivery) -> dict[str, int]:
    """Count problem lines by what was done. One query."""
    rows = (
        DeliveryProblem.objects.filter(delivery=delivery)
        .values_list("action")
        .annotate(count=Count("id"))
        .order_by("action")
    )
    return dict(rows)


def list_changes(actor: Actor, delivery: Delivery, *, kind: str = "") -> QuerySet[DeliveryChange]:
    """List what a delivery changes, or changed, line by line in the order of the file; the caller pages.

    Below the county a reader sees the lines of their own unit.
    """
    rows = _changes_in_reach(actor, delivery).select_related("delivery__county", "line_in", "unit")
    return (rows.filter(kind=kind) if kind else rows).order_by("kind", "line_in", "sheet", "row", "member", "id")


def count_changes(actor: Actor, delivery: Delivery) -> dict[str, int]:
    """Count the same by kind. One query."""
    rows = _changes_in_reach(actor, delivery).values_list("kind").annotate(count=Count("id"))
    return dict(rows.order_by("kind"))


def _changes_in_reach(actor: Actor, delivery: Delivery) -> QuerySet[DeliveryChange]:
    rows = DeliveryChange.objects.filter(delivery=delivery)
    return rows if actor.unit_level <= Level.COUNTY else in_scope_of_unit(rows, actor)


def list_days_of_lists(
    county: Unit, feeds: Sequence[str], *, known: datetime, first: date, last: date
) -> list[tuple[str, date]]:
    """List the days of a county's lists that were applied and not withdrawn as known at a moment, by feed and day. One query."""
    rows = Delivery.objects.filter(
        county=county, feed__in=feeds, as_of_date__range=(first, last), applied_at__lte=known
    )
    stand = rows.filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=known))
    return list(stand.order_by("feed", "as_of_date").values_list("feed", "as_of_date").distinct())
