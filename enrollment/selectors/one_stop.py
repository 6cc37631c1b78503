"""Reads of one-stop batches: those of a unit, one with its signatures, its lines as they are filtered, and what they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from enrollment.constants import BATCH_TYPE, BatchState, LinePart, Outcome
from enrollment.models import OneStopBatch, OneStopLine
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope, in_scope_of_unit
from foundation.accounts.signing import people_behind
from foundation.primitives.errors import NotFound
from foundation.regions.models.unit import Level
from foundation.signatures.models import Signature
from registry.models import Person
from registry.selectors.numbers import first_number_of

WAITING_FOR = {BatchState.DRAFT: Action.CHECK_APPLICATION, BatchState.REVIEWED: Action.DECIDE_APPLICATION}
"""Whose turn it is: whoever may review, then whoever may approve."""


@dataclass(frozen=True)
class LinesWanted:
    """Which lines of a batch to list; empty is all. `reason`: why excluded, or why left out when it was put into effect."""

    part: str = ""
    kind: str = ""
    reason: str = ""


@dataclass
class BatchCounts:
    """What the lines of a batch come to, people: by part and kind, by reason of the exclusion, by reason of being left out."""

    parts: Counter[tuple[LinePart, str]] = field(default_factory=Counter)
    excluded: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def of(self, part: LinePart) -> int:
        """Count the people of a part, of whatever kind."""
        return sum(count for (each, _kind), count in self.parts.items() if each == part)


def batches_in_scope(actor: Actor) -> QuerySet[OneStopBatch]:
    """Batches made by the actor's unit or one below; county, unit and who made them loaded. Errors: NotAllowed."""
    actor.demand(Action.VIEW_CASE_DATA)
    rows = OneStopBatch.objects.select_related("county", "unit", "made_by", "approved_by")
    return in_scope_of_unit(rows, actor)


def list_batches(actor: Actor, *, mine: bool = False) -> QuerySet[OneStopBatch]:
    """List the batches in reach, or those the actor may review or approve now, the newest first."""
    rows = batches_in_scope(actor)
    return (rows.filter(_waits_for(actor)) if mine else rows).order_by("-made_at", "-id")


def get_batch(actor: Actor, batch_id: int) -> OneStopBatch:
    """Get one batch in reach. One query. Errors: NotAllowed; NotFound."""
    found = batches_in_scope(actor).filter(pk=batch_id).first()
    if found is None:
        raise NotFound(_("There is no such batch in your unit."), ids=[batch_id])
    return found


def list_lines(actor: Actor, batch: OneStopBatch, wanted: LinesWanted) -> QuerySet[OneStopLine]:
    """List the lines of a batch of people in reach as they are filtered, by person."""
    rows = _lines(actor, batch).filter(_of_part(wanted.part))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.reason:
        rows = rows.filter(Q(reasons__contains=[wanted.reason]) | Q(left_out__contains=[wanted.reason]))
    return rows.order_by("person_id")


def load_lines(lines: QuerySet[OneStopLine], first: int, most: int) -> list[OneStopLine]:
    """Return so many lines of a list from a place on, with person, unit and number. Two queries, none about the lines skipped."""
    ids = list(lines.values_list("pk", flat=True)[first : first + most])
    rows = OneStopLine.objects.filter(pk__in=ids).select_related("person__unit", "person__county")
    return list(rows.annotate(stored_number=first_number_of("person_id")).order_by("person_id"))


def count_lines(actor: Actor, batch: OneStopBatch) -> BatchCounts:
    """Count the lines of a batch of people in reach. Three queries."""
    counts, rows = BatchCounts(), _lines(actor, batch)
    people = {part.value: Count("id", filter=_of_part(part)) for part in LinePart}
    for kind, *found in rows.order_by().values("kind").annotate(**people).values_list("kind", *people):
        counts.parts.update({(part, kind): count for part, count in zip(LinePart, found, strict=True) if count})
    counts.excluded.update(_by_reason(rows.exclude(outcome=Outcome.ELIGIBLE), "reasons"))
    counts.left_out.update(_by_reason(rows.exclude(left_out=[]), "left_out"))
    return counts


def list_named(actor: Actor, person_ids: Collection[int]) -> dict[int, Person]:
    """Return id -> person in reach, with unit and number loaded. One query."""
    rows = in_scope(Person.objects.filter(pk__in=person_ids).select_related("unit", "county"), actor)
    return {each.pk: each for each in rows.annotate(stored_number=first_number_of("id"))}


def _lines(actor: Actor, batch: OneStopBatch) -> QuerySet[OneStopLine]:
    """Lines of a batch in reach; below the county those of people who live in the unit still, as others may have moved away since."""
    rows = OneStopLine.objects.filter(batch=batch)
    return rows if actor.unit_level <= Level.COUNTY else in_scope(rows, actor, "person__")


def _of_part(part: str) -> Q:
    return {
        "": Q(),
        LinePart.ELIGIBLE: Q(outcome=Outcome.ELIGIBLE, left_out=[]),
        LinePart.REFUSED: Q(outcome=Outcome.REFUSED),
        LinePart.UNKNOWN: Q(outcome=Outcome.UNKNOWN),
        LinePart.LEFT_OUT: ~Q(left_out=[]),
    }[part]


def _by_reason(rows: QuerySet[OneStopLine], name: str) -> dict[str, int]:
    each = Func(F(name), function="jsonb_array_elements_text", set_returning=True)
    return dict(
        rows.order_by().annotate(each=each).values("each").annotate(people=Count("id")).values_list("each", "people")
    )


def _waits_for(actor: Actor) -> Q:
    """What the actor's role may do next and no signature of their own, or of whom they are deputy for, forbids."""
    states = [state for state, action in WAITING_FOR.items() if actor.may(action)]
    theirs = Signature.objects.filter(object_type=BATCH_TYPE, object_id=OuterRef("pk"), person__in=people_behind(actor))
    return Q(state__in=states) & ~Q(Exists(theirs))
