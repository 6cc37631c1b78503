"""Reads of batches for their pages: the list, who may take the next step, what a batch comes to, its lines within the reader's unit."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from foundation.accounts.signing import people_behind
from foundation.primitives.errors import NotFound
from foundation.regions.models.unit import Level as UnitLevel
from foundation.signatures.models import Signature
from payments.constants import BATCH_TYPE, BatchState, Level
from payments.models import Batch, BatchFunding, ContributionLine, ListCertificate, TownshipCheck
from payments.selectors.batches import batches_in_scope
from payments.selectors.plans import AT_COUNTY, path_of
from registry.selectors.numbers import first_number_of

_GROUPS = (Path(__file__).parent / "sql" / "batch_groups.sql").read_text("utf-8")


@dataclass(frozen=True)
class BatchesWanted:
    """Which batches to list; empty is all. `waits`: those on which the actor may take this step, a name of WAITING."""

    state: str = ""
    year: str = ""
    waits: str = ""


@dataclass(frozen=True)
class BatchGroup:
    """Lines of a batch in a township and category: people, fen, fen by level from the country down."""

    township: str
    category: str
    people: int
    amount_fen: int
    shares: tuple[int, ...]


@dataclass(frozen=True)
class LinesWanted:
    """Which lines of a batch to list; empty is all. `place`: a unit below the county, or AT_COUNTY."""

    category: str = ""
    place: str = ""


def _unsigned(actor: Actor) -> Q:
    theirs = Signature.objects.filter(object_type=BATCH_TYPE, object_id=OuterRef("pk"), person__in=people_behind(actor))
    return ~Q(Exists(theirs))


def _unchecked(actor: Actor) -> Q:
    """Drafts of which nobody has checked the people of the actor's unit yet."""
    checks = TownshipCheck.objects.filter(batch=OuterRef("pk"), unit__path__startswith=actor.unit_path)
    return Q(reverses=None) & ~Q(Exists(checks))


def _anything(_actor: Actor) -> Q:
    return Q()


WAITING: dict[str, tuple[BatchState, Action, Callable[[Actor], Q]]] = {
    "check": (BatchState.DRAFT, Action.CHECK_BATCH, _unchecked),
    "freeze": (BatchState.DRAFT, Action.PREPARE_BATCH, _anything),
    "review": (BatchState.FROZEN, Action.REVIEW_BATCH, _unsigned),
    "approve": (BatchState.REVIEWED, Action.APPROVE_BATCH, _unsigned),
    "request": (BatchState.APPROVED, Action.PREPARE_BATCH, _anything),
    "fund": (BatchState.REQUESTED, Action.FUND_BATCH, _unsigned),
    "credit": (BatchState.FUNDED, Action.CREDIT_BATCH, _anything),
    "close": (BatchState.CREDITED, Action.PREPARE_BATCH, _anything),
}
"""Step -> the state it begins from, who takes it, and which batches of that state are open to the actor."""


def list_batches(actor: Actor, wanted: BatchesWanted) -> QuerySet[Batch]:
    """List the batches in reach as they are filtered, the newest first. Errors: NotAllowed."""
    rows = batches_in_scope(actor)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.year:
        rows = rows.filter(period=wanted.year)
    if wanted.waits:
        state, action, is_open = WAITING[wanted.waits]
        rows = rows.filter(is_open(actor), state=state) if actor.may(action) else rows.none()
    return rows


def list_years(actor: Actor) -> list[str]:
    """List the periods of the batches in reach, the newest first. One query."""
    return list(batches_in_scope(actor).order_by("-period").values_list("period", flat=True).distinct())


def get_batch(actor: Actor, batch_id: int) -> Batch:
    """Get one batch in reach. One query. Errors: NotAllowed; NotFound."""
    found = batches_in_scope(actor).filter(pk=batch_id).first()
    if found is None:
        raise NotFound(_("There is no such batch in your unit."), ids=[batch_id])
    return found


def count_batch(actor: Actor, batch: Batch) -> list[BatchGroup]:
    """Count the lines of a batch within the actor's unit. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, {"batch": batch.pk, "county": batch.county_id, "path": path_of(actor)})
        return [BatchGroup(town, kind, people, fen, tuple(shares)) for town, kind, people, fen, *shares in cursor]


def list_certificates(batch: Batch) -> list[ListCertificate]:
    """List the certificates of a batch, by list. One query."""
    return list(batch.certificates.select_related("recorded_by").order_by("category"))


def list_checks(actor: Actor, batch: Batch) -> list[TownshipCheck]:
    """List the checks of townships within the actor's unit, the newest first. One query."""
    rows = batch.checks.select_related("unit", "checked_by").order_by("-checked_at", "-pk")
    return list(rows.filter(unit__path__startswith=path_of(actor)))


def list_funding(batch: Batch) -> list[BatchFunding]:
    """List the money that came for a batch, from the country down. One query."""
    rows = batch.funding.select_related("recorded_by")
    return sorted(rows, key=lambda each: list(Level).index(Level(each.level)))


def list_reversals(batch: Batch) -> list[Batch]:
    """List the batches that take back lines of a batch. One query."""
    return list(batch.reversed_by.order_by("pk"))


def list_lines(
    actor: Actor, batch: Batch, wanted: LinesWanted, unit_ids: Collection[int] | None = None
) -> QuerySet[ContributionLine]:
    """List the lines of a batch of people in reach as they are filtered, by township and village; `unit_ids`: those of the place.

    Below the county are meant those who were in the unit when the batch was frozen. Errors: NotAllowed.
    """
    actor.demand(Action.VIEW_CASE_DATA)
    rows = in_scope(ContributionLine.objects.filter(batch=batch), actor)
    if wanted.category:
        rows = rows.filter(category=wanted.category)
    if wanted.place == AT_COUNTY:
        rows = rows.filter(Q(unit=None) | Q(unit__level__lte=UnitLevel.COUNTY))
    elif unit_ids is not None:
        rows = rows.filter(unit__in=unit_ids)
    return rows.order_by("unit__code", "person_id")


def load_lines(lines: QuerySet[ContributionLine], first: int, most: int) -> list[ContributionLine]:
    """Return so many lines of a list from a place on, with person, unit, number and what took them back. Two queries."""
    ids = list(lines.values_list("pk", flat=True)[first : first + most])
    rows = ContributionLine.objects.filter(pk__in=ids).select_related(
        "person__unit", "person__county", "unit", "county", "contra__batch"
    )
    return list(rows.annotate(stored_number=first_number_of("person_id")).order_by("unit__code", "person_id"))
