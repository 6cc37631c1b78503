"""The people of a village as its helper sees them: those with an open matter first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import BooleanField, Case, Exists, OuterRef, QuerySet, Value, When

from casework.constants import CaseState
from casework.models import Case as WorkCase
from casework.models import Gap
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from registry.models import Designation, Person, PersonMerge


def list_own_people(actor: Actor) -> QuerySet[Person]:
    """List the poor persons in reach, with `has_matter`: an open gap nobody closed with a reason. Those come first; the caller pages."""
    rows = in_scope(Person.objects.select_related("unit", "county"), actor)
    listed = Designation.objects.as_known().filter(person=OuterRef("pk"), valid_to__isnull=True)
    absorbed = PersonMerge.objects.filter(absorbed=OuterRef("pk"), undone_at__isnull=True)
    settled = WorkCase.objects.filter(person=OuterRef("pk"), state=CaseState.CLOSED_WITH_REASON)
    open_gap = Gap.objects.open().filter(person=OuterRef("pk"))
    has_matter = Case(
        When(Exists(open_gap) & ~Exists(settled), then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    rows = rows.filter(Exists(listed) | Exists(open_gap)).exclude(Exists(absorbed)).annotate(has_matter=has_matter)
    return rows.order_by("-has_matter", "name_pinyin", "id")


def people_by_id(actor: Actor, ids: Sequence[int]) -> list[Person]:
    """List the persons of these ids in reach, in the order given. One query."""
    known = {
        each.pk: each for each in in_scope(Person.objects.select_related("unit", "county"), actor).filter(pk__in=ids)
    }
    return [known[each] for each in ids if each in known]


def list_open_gaps_of(actor: Actor, person_ids: Iterable[int]) -> dict[int, list[Gap]]:
    """Return person id -> open gaps, the gravest first, for a page of people. One query."""
    rows = in_scope(Gap.objects.open(), actor).defer("evidence").filter(person__in=list(person_ids))
    found: dict[int, list[Gap]] = {}
    for gap in rows.order_by("rank", "id"):
        found.setdefault(gap.person_id or 0, []).append(gap)
    return found
