"""What is current, or was as known at a moment, of one person: codes, links to rolls, findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.utils.translation import gettext as _

from casework.selectors.subjects import SubjectKey, of_lines
from coverage.models import CoverageVerdict, Finding, Link
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.primitives.as_known import as_known_at
from foundation.primitives.errors import NotFound
from registry.models import Person, PersonMerge
from registry.selectors.persons import people_in_scope


@dataclass(frozen=True)
class PersonCode:
    """The codes of a person, current or as known at a moment."""

    verdict: str
    e1_column: str
    desk_reason: str
    as_of_date: date
    oldest_feed_date: date


def get_person_with_code(
    actor: Actor, person_id: int, known: datetime | None = None
) -> tuple[Person, PersonCode | None]:
    """Get one person in scope, and the codes, current or as known: None before the first night. One query.

    `was_merged` on the person states whether a merge, in force or undone, ever named it.

    Errors: NotFound, also when the person lies outside.
    """
    current = FilteredRelation("verdicts", condition=as_known_at(known, "verdicts__"))
    names = [field.name for field in fields(PersonCode)]
    codes = {f"code_{name}": F(f"code__{name}") for name in names}
    merges = PersonMerge.objects.filter(Q(kept=OuterRef("pk")) | Q(absorbed=OuterRef("pk")))
    people = people_in_scope(actor, known).annotate(code=current, was_merged=Exists(merges)).annotate(**codes)
    person = people.filter(pk=person_id).first()
    if person is None:
        raise NotFound(_("There is no such person in your unit."), ids=[person_id])
    values = [getattr(person, f"code_{name}") for name in names]
    return person, PersonCode(*values) if values[0] is not None else None


def list_current_verdicts(actor: Actor, person_ids: Sequence[int]) -> dict[int, str]:
    """Return person id -> the current survey code, for a list of persons. One query."""
    rows = in_scope(CoverageVerdict.objects.filter(person__in=person_ids, superseded_at=None), actor, "person__")
    return dict(rows.values_list("person_id", "verdict"))


def list_links(actor: Actor, person: Person, known: datetime | None = None) -> list[Link]:
    """List the lines of rolls that are, or may be, the person; confirmed ones first. One query."""
    rows = in_scope(Link.objects.as_known(known).filter(person=person), actor, "person__")
    return list(rows.select_related("delivery").order_by("action", "scheme", "roll_no", "id"))


def list_findings(actor: Actor, person: Person, known: datetime | None = None) -> list[Finding]:
    """List the findings on the person and on the person's lines of rolls. One query."""
    rows = in_scope(Finding.objects.as_known(known).filter(person=person), actor, "person__")
    return list(rows.order_by("roll_no", "kind", "id"))


def list_line_findings(actor: Actor, key: SubjectKey) -> list[Finding]:
    """List the current findings on a roll line of nobody registered; the line was loaded in scope before. One query."""
    rows = Finding.objects.filter(of_lines([key]), superseded_at__isnull=True)
    return list(rows.order_by("kind", "id"))


def list_verdicts(actor: Actor, person: Person) -> list[CoverageVerdict]:
    """List every code the person ever had, newest first. One query."""
    rows = in_scope(CoverageVerdict.objects.filter(person=person), actor, "person__")
    return list(rows.order_by("-recorded_at", "-id"))
