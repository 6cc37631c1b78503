"""One person's page: the codes and what they rest on, and the story of what was delivered, believed and done."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.utils.translation import gettext as _

from enrollment.models import CaseEvent, CoverageVerdict, Finding, Gap, Link
from enrollment.selectors.subjects import SubjectKey, of_lines, of_subjects
from poverty_pension.accounts.actors import Actor
from poverty_pension.primitives.belief import believed_at
from poverty_pension.primitives.errors import NotFound
from registry.models import Person, PersonMerge
from registry.selectors import in_reach, people_in_reach


@dataclass(frozen=True)
class PersonCode:
    """The codes believed of a person now."""

    verdict: str
    e1_column: str
    desk_reason: str
    as_of_date: date
    oldest_feed_date: date


def get_person_with_code(
    actor: Actor, person_id: int, known: datetime | None = None
) -> tuple[Person, PersonCode | None]:
    """Get one person in reach, and the codes believed now or as known: None before the first night. One query.

    `was_merged` on the person says whether a merge, in force or undone, ever named it.

    Errors: NotFound, also when the person lies outside.
    """
    believed = FilteredRelation("verdicts", condition=believed_at(known, "verdicts__"))
    names = [field.name for field in fields(PersonCode)]
    codes = {f"code_{name}": F(f"code__{name}") for name in names}
    merges = PersonMerge.objects.filter(Q(kept=OuterRef("pk")) | Q(absorbed=OuterRef("pk")))
    people = people_in_reach(actor, known).annotate(code=believed, was_merged=Exists(merges)).annotate(**codes)
    person = people.filter(pk=person_id).first()
    if person is None:
        raise NotFound(_("There is no such person in your unit."), ids=[person_id])
    values = [getattr(person, f"code_{name}") for name in names]
    return person, PersonCode(*values) if values[0] is not None else None


def list_links(actor: Actor, person: Person, known: datetime | None = None) -> list[Link]:
    """List the lines of rolls that are, or may be, the person; confirmed ones first. One query."""
    rows = in_reach(Link.objects.believed(known).filter(person=person), actor, "person__")
    return list(rows.select_related("delivery").order_by("action", "scheme", "roll_no", "id"))


def list_findings(actor: Actor, person: Person, known: datetime | None = None) -> list[Finding]:
    """List what is believed of the person and of the person's lines on rolls. One query."""
    rows = in_reach(Finding.objects.believed(known).filter(person=person), actor, "person__")
    return list(rows.order_by("roll_no", "kind", "id"))


def list_open_gaps(actor: Actor, key: SubjectKey, known: datetime | None = None) -> list[Gap]:
    """List a subject's open gaps, the gravest first. One query."""
    is_open = Q(closed_at__isnull=True)
    if known is not None:
        is_open = Q(opened_at__lte=known) & (is_open | Q(closed_at__gt=known))
    rows = in_reach(Gap.objects.filter(of_subjects([key])).filter(is_open), actor)
    return list(rows.order_by("rank", "id"))


def list_all_gaps(actor: Actor, key: SubjectKey) -> list[Gap]:
    """List a subject's gaps, closed ones too, newest first, county and unit loaded. One query."""
    rows = in_reach(Gap.objects.filter(of_subjects([key])), actor).select_related("unit", "county")
    return list(rows.order_by("-opened_at", "rank", "id"))


def list_line_findings(actor: Actor, key: SubjectKey) -> list[Finding]:
    """List what is believed of a stranger's line of a roll; the line was loaded in scope before. One query."""
    rows = Finding.objects.filter(of_lines([key]), superseded_at__isnull=True)
    return list(rows.order_by("kind", "id"))


def list_verdicts(actor: Actor, person: Person) -> list[CoverageVerdict]:
    """List the person's codes as they followed each other, newest first. One query."""
    rows = in_reach(CoverageVerdict.objects.filter(person=person), actor, "person__")
    return list(rows.order_by("-recorded_at", "-id"))


def list_case_events(key: SubjectKey) -> list[CaseEvent]:
    """List the story of a subject's case, newest first; the subject was loaded in scope before. One query."""
    about: dict[str, object] = {"case__person_id": key.person_id}
    if not key.person_id:
        about = {"case__county_id": key.county_id, "case__scheme": key.scheme, "case__roll_no": key.roll_no}
    return list(CaseEvent.objects.filter(**about).select_related("closing").order_by("-at", "-id"))
