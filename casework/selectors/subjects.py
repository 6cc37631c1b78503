"""The subject of work: a poor person, or a stranger's line of a roll; one key that addresses, forms and links share.

"p:15" is person 15, "r:44700:resident:32068200012" a line of county 44700's resident roll. Where a roll number reads
as an ID number, the key contains its reference (foundation/primitives/personal_texts.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from casework.models import Case, Gap
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.primitives.errors import BadInput, NotFound
from foundation.primitives.ids import is_id
from foundation.primitives.personal_texts import id_in_address
from registry.models import Person


@dataclass(frozen=True)
class SubjectKey:
    """Whose work it is: a person's id, or county, scheme and number of a roll line."""

    person_id: int | None = None
    county_id: int | None = None
    scheme: str = ""
    roll_no: str = ""

    def __str__(self) -> str:
        return f"p:{self.person_id}" if self.person_id else f"r:{self.county_id}:{self.scheme}:{self.roll_no}"


@dataclass(frozen=True)
class Subject:
    """A subject in reach of whoever asked, with the place its work belongs to."""

    key: SubjectKey
    county_id: int
    unit_id: int | None
    name: str


def key_of(row: Model) -> SubjectKey:
    """Return the key of a gap or a case."""
    if row.person_id:  # type: ignore[attr-defined]
        return SubjectKey(person_id=row.person_id)  # type: ignore[attr-defined]
    return SubjectKey(None, row.county_id, row.scheme, row.roll_no)  # type: ignore[attr-defined]


def read_key(text: str) -> SubjectKey:
    """Read a key from a form.

    Errors: BadInput.
    """
    match text.split(":", 3):
        case ["p", number] if is_id(number):
            return SubjectKey(person_id=int(number))
        case ["r", county, scheme, roll_no] if is_id(county) and scheme and roll_no:
            return SubjectKey(None, int(county), scheme, roll_no)
    raise BadInput(_("The form does not identify a person. Reload the page."), code="subject_unreadable")


def find_subjects(actor: Actor, keys: Sequence[SubjectKey]) -> list[Subject]:
    """Find the subjects of these keys that lie in reach, in the order given. At most two queries."""
    person_ids = [key.person_id for key in keys if key.person_id]
    found: dict[SubjectKey, Subject] = {}
    if person_ids:
        for person in in_scope(Person.objects.filter(pk__in=person_ids), actor):
            key = SubjectKey(person_id=person.pk)
            found[key] = Subject(key, person.county_id, person.unit_id, person.name)
    lines = [key for key in keys if not key.person_id]
    if lines:
        gaps = in_scope(Gap.objects.filter(of_lines(lines)), actor).order_by("opened_at", "id")
        for gap in gaps:
            found[key_of(gap)] = Subject(key_of(gap), gap.county_id, gap.unit_id, gap.subject_name)
    return [found[key] for key in keys if key in found]


def find_roll_no(actor: Actor, county_id: int, scheme: str, text: str) -> str:
    """Return the stored roll number of a gap in reach whose id an address contains, else the text. One query at most."""
    end = id_in_address(text)
    if not end:
        return text
    gaps = in_scope(Gap.objects.filter(county_id=county_id, scheme=scheme, person__isnull=True), actor)
    return gaps.filter(roll_no__endswith=end).values_list("roll_no", flat=True).first() or text


def get_subject(actor: Actor, key: SubjectKey) -> Subject:
    """Get one subject in reach.

    Errors: NotFound.
    """
    found = find_subjects(actor, [key])
    if not found:
        raise NotFound(_("There is no such person or record in your unit."), ids=[key])
    return found[0]


def of_lines(keys: Iterable[SubjectKey]) -> Q:
    """Return the condition that a gap or a case is about one of these roll lines; one test a roll, not one a line."""
    rolls: dict[tuple[int | None, str], list[str]] = {}
    for key in keys:
        rolls.setdefault((key.county_id, key.scheme), []).append(key.roll_no)
    condition = Q(pk__in=[])
    for (county_id, scheme), numbers in rolls.items():
        condition |= Q(person__isnull=True, county_id=county_id, scheme=scheme, roll_no__in=numbers)
    return condition


def of_subjects(keys: Sequence[SubjectKey]) -> Q:
    """Return the condition that a gap or a case is about one of these subjects."""
    return Q(person_id__in=[key.person_id for key in keys if key.person_id]) | of_lines(
        key for key in keys if not key.person_id
    )


def case_of_subject(cases: QuerySet[Case]) -> Exists:
    """Return the condition that one of these cases is about the subject of the gap asked about.

    Cases are few: one comparison that fits persons and roll lines lets the database hash them.
    """
    return Exists(
        cases.alias(whose=Coalesce("person_id", 0)).filter(
            whose=Coalesce(OuterRef("person_id"), 0),
            county_id=OuterRef("county_id"),
            scheme=OuterRef("scheme"),
            roll_no=OuterRef("roll_no"),
        )
    )


def whose_case(cases: QuerySet[Case]) -> Q:
    """Return the condition that one of these cases is about the gap's subject, as two sets looked up once: persons, gaps of lines.

    Where a page of many gaps is asked for: it leaves the order in which they are read to their own index.
    """
    same = {name: OuterRef(name) for name in ("county_id", "scheme", "roll_no")}
    lines = Gap.objects.filter(Exists(cases.filter(person__isnull=True, **same)), person__isnull=True)
    persons = cases.filter(person__isnull=False)
    return Q(person_id__in=persons.values("person_id")) | Q(pk__in=lines.values("pk"))


def gap_of_person(gaps: QuerySet[Gap]) -> Exists:
    """Return the condition that one of these gaps is about the same person. Walks the index gap_of_person."""
    return Exists(gaps.filter(person_id=OuterRef("person_id")))


def gap_of_line(gaps: QuerySet[Gap]) -> Exists:
    """Return the condition that one of these gaps is about the same roll line. Walks the index gap_of_roll_line.

    Apart from gap_of_person: joined by OR, neither index would be used.
    """
    same = {name: OuterRef(name) for name in ("county_id", "scheme", "roll_no")}
    return Exists(gaps.filter(person__isnull=True, **same))
