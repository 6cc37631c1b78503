"""Reads of the nights, scoped: a county's desk and the units below see its nights, the units above those of all their counties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.scope import county_of, in_scope_of_county, is_of_county_around
from foundation.jobs.long_work import OPEN_STATES, RunState
from foundation.primitives.errors import NotFound
from foundation.regions.models import Unit
from nightly.models import NightRun, NightStep
from registry.models import Delivery


def list_nights(actor: Actor) -> QuerySet[NightRun]:
    """List nights in scope with their steps, newest first; the caller pages."""
    steps = Prefetch("steps", NightStep.objects.order_by("position"))
    mine = in_scope_of_county(NightRun.objects.all(), actor, also_own_county=True)
    return mine.select_related("county").prefetch_related(steps).order_by("-id")


def get_night(actor: Actor, run_id: int) -> NightRun:
    """Get one night in scope with its steps. Two queries.

    Errors: NotFound.
    """
    run = list_nights(actor).filter(pk=run_id).first()
    if run is None:
        raise NotFound(_("There is no such nightly run in your unit."), ids=[run_id])
    return run


def list_last_nights(actor: Actor) -> list[NightRun]:
    """List the last published night of every county in scope. One query."""
    published = list_nights(actor).filter(state=RunState.DONE).prefetch_related(None)
    return list(published.order_by("county_id", "-id").distinct("county_id"))


def list_published_nights(actor: Actor, county_id: int) -> QuerySet[NightRun]:
    """List a county's published nights in scope, newest first; the caller slices."""
    return list_nights(actor).filter(county_id=county_id, state=RunState.DONE).prefetch_related(None)


def list_published_nights_beside(actor: Actor, run_id: int) -> list[NightRun]:
    """List the published nights in scope of the county of one of them, newest first. One query."""
    county = NightRun.objects.filter(pk=run_id).values("county")[:1]
    nights = list_nights(actor).filter(county=Subquery(county), state=RunState.DONE).prefetch_related(None)
    return list(nights.defer("inputs", "board").order_by("-finished_at"))


@dataclass(frozen=True)
class NightOffer:
    """A night that would have something new: files applied since the last one of the county, and the newest day of its data."""

    files: int
    as_of: date


def find_night_offer(actor: Actor) -> NightOffer | None:
    """Return which night would bring new files into the results; None where there is none, or one waits or runs. Three queries."""
    county = county_of(actor)
    runs = NightRun.objects.filter(county=county)
    if runs.filter(state__in=OPEN_STATES).exists():
        return None
    last = runs.filter(state=RunState.DONE).order_by("-id").values_list("known_at", flat=True).first()
    applied = Delivery.objects.applied().filter(county=county)
    new = applied.filter(applied_at__gt=last) if last else applied
    found = applied.aggregate(files=Count("id", filter=Q(pk__in=new.values("pk"))), newest=Max("as_of_date"))
    return NightOffer(found["files"], found["newest"]) if found["files"] else None


def get_published_night(actor: Actor, run_id: int) -> NightRun:
    """Get one published night in scope. One query.

    Errors: NotFound, also when it was never published.
    """
    run = list_nights(actor).filter(pk=run_id, state=RunState.DONE).prefetch_related(None).first()
    if run is None:
        raise NotFound(_("There is no such nightly run in your unit."), ids=[run_id])
    return run


def get_other_night(actor: Actor, night: NightRun, other_id: int | None) -> NightRun | None:
    """Get the night to compare with: the one named, else the county's last one published before; None for its first.

    Errors: NotFound when the one named is another county's or out of reach.
    """
    nights = list_published_nights(actor, night.county_id)
    if other_id is None:
        return nights.filter(finished_at__lt=night.finished_at).order_by("-finished_at").first()
    other = nights.filter(pk=other_id).first()
    if other is None:
        raise NotFound(_("There is no such nightly run in your unit."), ids=[other_id])
    return other


def expected_seconds(run: NightRun) -> dict[str, float]:
    """Return the seconds each step took in the county's last finished night; empty when there was none. One query."""
    last = NightRun.objects.filter(county_id=run.county_id, state=RunState.DONE).order_by("-id").values("id")[:1]
    took = NightStep.objects.filter(run__in=last, seconds__isnull=False)
    return {name: seconds for name, seconds in took.values_list("name", "seconds") if seconds is not None}


def find_data_day(actor: Actor, unit: Unit | None = None) -> date | None:
    """Return the newest day the results in reach, or those of a unit, describe; None before the first night. One query."""
    path = unit.path if unit else actor.unit_path
    nights = NightRun.objects.filter(is_of_county_around(path), state=RunState.DONE)
    return nights.aggregate(newest=Max("as_of_date"))["newest"]
