"""The state of each feed: what was received last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    JSONField,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast

from foundation.accounts.actors import Actor
from registry.constants import DeliveryState
from registry.selectors.deliveries import deliveries_in_scope


@dataclass(frozen=True)
class FeedState:
    """The state of one feed: the newest whole list with its rows, the one before it, and files that need attention.

    `missing_parts`: how many parts a newer list still lacks; 0 where there is none.
    """

    feed: str
    as_of_date: date | None
    rows: int
    rows_before: int | None
    refused: int
    waiting: int
    missing_parts: int = 0


def list_feed_states(actor: Actor) -> list[FeedState]:
    """List the state of every feed that was ever received. One query; refused files count while nothing newer is applied."""
    counted = (
        deliveries_in_scope(actor)
        .exclude(state=DeliveryState.SUPERSEDED)
        .values("feed", "as_of_date", "state")
        .annotate(
            files=Count("id"),
            row_count=Sum(Cast(F("row_counts__rows"), IntegerField())),
            missing=ArrayAgg(
                Case(When(completed_at=None, then=F("missing_parts")), default=Value([], JSONField())),
                filter=Q(corrects=None),
                order_by="-applied_at",
                default=Value([]),
            ),
        )
        .order_by("feed", "-as_of_date", "state")
    )
    by_feed: dict[str, list[dict[str, object]]] = {}
    for row in counted:
        by_feed.setdefault(str(row["feed"]), []).append(dict(row))
    return [_feed_state(feed, rows) for feed, rows in by_feed.items()]


def _feed_state(feed: str, rows: list[dict[str, object]]) -> FeedState:
    every = [row for row in rows if row["state"] == DeliveryState.APPLIED]
    applied = [row for row in every if not _missing(row)]
    newest = applied[0] if applied else None
    as_of = newest["as_of_date"] if newest else None
    return FeedState(
        feed=feed,
        as_of_date=as_of,  # type: ignore[arg-type]
        rows=int(newest["row_count"] or 0) if newest else 0,  # type: ignore[call-overload]
        rows_before=int(applied[1]["row_count"] or 0) if len(applied) > 1 else None,  # type: ignore[call-overload]
        refused=_files(rows, {DeliveryState.REFUSED, DeliveryState.FAILED}, as_of),
        waiting=_files(rows, {DeliveryState.RECEIVED, DeliveryState.CHECKED}, None),
        missing_parts=_missing(every[0]) if every else 0,
    )


def _missing(row: dict[str, object]) -> int:
    """Return how many parts the list of a day lacked when its last file was applied, unless it was declared complete."""
    by_file = row["missing"]
    return len(by_file[0]) if isinstance(by_file, list) and by_file else 0


def _files(rows: list[dict[str, object]], states: set[str], since: object) -> int:
    return sum(
        int(row["files"])  # type: ignore[call-overload]
        for row in rows
        if row["state"] in states and (since is None or row["as_of_date"] >= since)  # type: ignore[operator]
    )
