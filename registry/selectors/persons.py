"""Persons of the register: one person, those a search finds, and what files and departments state of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.primitives.errors import NotFound
from foundation.primitives.person_names import sort_key
from foundation.regions.models import Unit
from foundation.regions.models.unit import Level
from registry.constants import DeliveryState
from registry.models import (
    DeliveredRow,
    Delivery,
    Designation,
    Person,
    PersonIdentifier,
    PersonMerge,
    PersonName,
)
from registry.models.person import part_of_key

MOST_FOUND, MOST_PLACES = 200, 50
INITIALS = range(2, 5)


def people_in_scope(actor: Actor, known: datetime | None = None) -> QuerySet[Person]:
    """Persons in reach, unit and county loaded; every name on record in `all_names`, the person they were merged into in `canonical_id`."""
    names = PersonName.objects.as_known(known).filter(person=OuterRef("pk")).order_by("id").values("name")
    moment = known or Now()
    people = in_scope(Person.objects.select_related("unit", "county"), actor)
    return people.annotate(all_names=ArraySubquery(names), canonical_id=_canonical(moment))


def _canonical(moment: object) -> Func:
    """The person a row's person was merged into, as known at the moment; null for nearly all."""
    alias = (
        "(SELECT canonical_id FROM person_alias_at(%(expressions)s) alias WHERE alias.person_id = registry_person.id)"
    )
    return Func(moment if isinstance(moment, Now) else Value(moment), template=alias, output_field=BigIntegerField())


def _of_person(person: Person, known: datetime | None) -> Q:
    """Rows of the person and of those merged into it; as one set of ids, since a condition with OR would read every row."""
    theirs = (
        "SELECT %s::bigint UNION ALL SELECT person_id FROM person_alias_at(coalesce(%s, now())) WHERE canonical_id = %s"
    )
    return Q(person__in=RawSQL(theirs, [person.pk, known, person.pk]))


def get_person(actor: Actor, person_id: int) -> Person:
    """Get one person in reach. One query.

    Errors: NotFound, also when the person is outside the unit.
    """
    person = people_in_scope(actor).filter(pk=person_id).first()
    if person is None:
        raise NotFound(_("There is no such person in your unit."), ids=[person_id])
    return person


def canonical_id(person_id: int, known: datetime) -> int:
    """Return the person a person was merged into, as known at a moment; itself where it was not. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT canonical_id FROM person_alias_at(%s) WHERE person_id = %s", [known, person_id])
        row = cursor.fetchone()
    return row[0] if row else person_id


def list_merged_together(person_id: int, known: datetime) -> list[int]:
    """List the ids of all that are one person with this one, as known at a moment, the one kept first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH alias AS MATERIALIZED (SELECT * FROM person_alias_at(%s)),"
            " kept AS (SELECT coalesce((SELECT canonical_id FROM alias WHERE person_id = %s), %s) AS id)"
            " SELECT id FROM kept UNION ALL (SELECT a.person_id FROM alias a JOIN kept k ON k.id = a.canonical_id ORDER BY 1)",
            [known, person_id, person_id],
        )
        return [row[0] for row in cursor.fetchall()]


def list_merged(county: Unit, known: datetime) -> dict[int, int]:
    """Return whom each merged person of a county was merged into, as known at a moment. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.person_id, a.canonical_id FROM person_alias_at(%s) a "
            "JOIN registry_person p ON p.id = a.canonical_id WHERE p.county_id = %s",
            [known, county.pk],
        )
        return dict(cursor.fetchall())


def list_ids_of_person(person: Person) -> list[int]:
    """List the ids of a person in reach and of those merged into it. One query."""
    theirs = PersonMerge.objects.filter(kept=person, undone_at__isnull=True).values_list("absorbed_id", flat=True)
    return [person.pk, *theirs]


def list_source_designations(actor: Actor, person_ids: list[int]) -> dict[int, list[Designation]]:
    """Return person id -> the current designations without an end, for a list of persons. One query."""
    rows = in_scope(Designation.objects.as_known(), actor, "person__").filter(person__in=person_ids, valid_to=None)
    found: dict[int, list[Designation]] = {}
    for each in rows.order_by("kind", "id"):
        found.setdefault(each.person_id, []).append(each)
    return found


def list_identifiers(actor: Actor, person: Person, known: datetime | None = None) -> list[PersonIdentifier]:
    """List the numbers departments give a person, right ones first, ciphertext loaded. One query."""
    rows = in_scope(PersonIdentifier.objects.as_known(known), actor, "person__").filter(_of_person(person, known))
    return list(rows.select_related("number").order_by("-number__valid", "id"))


def list_designations(actor: Actor, person: Person, known: datetime | None = None) -> list[Designation]:
    """List the designations of the person, with the line of the file. One query."""
    rows = in_scope(Designation.objects.as_known(known), actor, "person__").filter(_of_person(person, known))
    return list(
        rows.select_related("row__delivery", "row__number", "file_unit", "hukou_unit").order_by(
            "kind", "valid_from", "id"
        )
    )


def list_delivered_rows(actor: Actor, person: Person, known: datetime | None = None) -> list[DeliveredRow]:
    """List the lines that named the person, newest first, without those of files undone. One query."""
    rows = in_scope(DeliveredRow.objects.filter(_of_person(person, known)), actor, "person__")
    undone = Q(delivery__state=DeliveryState.UNDONE)
    if known is not None:
        rows = rows.filter(delivery__applied_at__lte=known)
        undone &= Q(delivery__superseded_at__lte=known)
    rows = rows.exclude(undone)
    return list(rows.select_related("delivery").order_by("-delivery__as_of_date", "-id"))


def list_lines_in_scope(actor: Actor, delivery: Delivery, sheet: str, lines: list[int]) -> set[int]:
    """Return which lines of a list of the poor name a person in reach. One query."""
    rows = DeliveredRow.objects.filter(delivery=delivery, sheet=sheet, row__in=lines)
    return set(in_scope(rows, actor, "person__").values_list("row", flat=True))


def list_numbers_in_scope(actor: Actor, blinds: set[bytes]) -> set[bytes]:
    """Return which numbers, by the blind index of the whole, belong to a person in reach. One query."""
    rows = in_scope(PersonIdentifier.objects.as_known(), actor, "person__").filter(number__blind_full__in=blinds)
    return {bytes(blind) for blind in rows.values_list("number__blind_full", flat=True)}


@dataclass(frozen=True)
class FoundPerson:
    """One person found by a search."""

    id: int
    name: str
    birth_date: date | None
    sex: int
    place: str


def find_by_number(actor: Actor, *, kind: str, blind: bytes) -> list[int]:
    """List the ids of persons who have a number with this blind index ("full", "last6", "last4"), by name. One query."""
    rows = in_scope(Person.objects.all(), actor).filter(
        identifiers__superseded_at__isnull=True, **{f"identifiers__number__blind_{kind}": blind}
    )
    return _kept(rows.order_by("name_pinyin", "id").annotate(kept=_kept_id()).values_list("kept", flat=True))


def find_by_numbers(actor: Actor, blinds: list[bytes]) -> list[int]:
    """List the ids of persons who have one of these whole numbers, by name. One query."""
    holders = PersonIdentifier.objects.as_known().filter(number__blind_full__in=blinds).values("person")
    rows = in_scope(Person.objects.filter(pk__in=holders), actor)
    return _kept(rows.order_by("name_pinyin", "id").annotate(kept=_kept_id()).values_list("kept", flat=True))


def find_by_record_key(actor: Actor, text: str) -> list[int]:
    """List the ids of persons whose household, or who themselves, have this number in a list of the poor, by name. One query.

    A card of dibao has the household's number of its list. Walks designation_by_household and designation_by_member.
    """
    if not text:
        return []
    theirs = Q(pk__in=_designated(2, text)) | Q(pk__in=_designated(3, text))
    rows = in_scope(Person.objects.filter(theirs), actor)
    return _kept(rows.order_by("name_pinyin", "id").annotate(kept=_kept_id()).values_list("kept", flat=True))


def _designated(part: int, text: str) -> QuerySet[Any, Any]:
    rows = Designation.objects.as_known().filter(valid_to=None).alias(part=part_of_key(part))
    return rows.filter(part=text).values("person")


def units_of_place(actor: Actor, place: str) -> QuerySet[Unit]:
    """Return the units in reach whose name begins so, a village's or a town's."""
    return Unit.objects.current().within(actor.unit_path).filter(name__startswith=place, level__gt=Level.COUNTY)


def list_codes_of_place(actor: Actor, place: str) -> list[str]:
    """List the codes of these units and of those below them. Two queries."""
    paths = list(units_of_place(actor, place).values_list("path", flat=True)[:MOST_PLACES])
    if not paths:
        return []
    below = reduce(or_, (Q(path__startswith=path) for path in paths))
    return list(Unit.objects.current().filter(below).values_list("code", flat=True))


def find_by_name(actor: Actor, text: str, *, place: str = "") -> list[int]:
    """List the ids of persons called so, now or in an older file; then those whose name has the same pinyin. One query.

    Letters are pinyin, with or without blanks, or two to four initials. With a place, of two queries: those who live there only; where
    no unit has such a name, what was typed before the name belonged to it.
    """
    people = in_scope(Person.objects.all(), actor)
    if place:
        paths = list(units_of_place(actor, place).values_list("path", flat=True)[:MOST_PLACES])
        if paths:
            people = people.filter(reduce(or_, (Q(unit__path__startswith=path) for path in paths)))
        else:
            text = place + text
    if text.isascii():
        people = people.filter(name_pinyin__regex=pinyin_pattern(text)).annotate(nearness=Value(0))
    else:
        called = PersonName.objects.as_known().filter(name__startswith=text).values("person")
        phonetic_keys = sort_key(text)
        people = people.filter(Q(pk__in=called) | Q(name_pinyin=phonetic_keys)).annotate(
            nearness=Case(
                When(name=text, then=0), When(name_pinyin=phonetic_keys, then=2), default=1, output_field=IntegerField()
            )
        )
    found = people.order_by("nearness", "name_pinyin", "id").annotate(kept=_kept_id())
    return _kept(found.values_list("kept", flat=True))


def _kept_id() -> Coalesce:
    return Coalesce(_canonical(Now()), F("id"), output_field=BigIntegerField())


def _kept(ids: QuerySet[Person, int]) -> list[int]:
    """The persons found, merged ones once."""
    return list(dict.fromkeys(ids[:MOST_FOUND]))


def pinyin_pattern(text: str) -> str:
    """Return the pattern that finds pinyin however its syllables are divided, and initials of short names."""
    letters = re.sub(r"[^a-z]", "", text.lower())
    whole = " ?".join(letters)
    if len(letters) not in INITIALS:
        return f"^{whole}"
    initials = " ".join(f"{letter}[a-z]*" for letter in letters)
    return f"^({whole}|{initials}$)"


def list_people(actor: Actor, ids: list[int]) -> list[FoundPerson]:
    """List these persons in the order given, without those outside. One query."""
    rows = in_scope(Person.objects.filter(pk__in=ids), actor).select_related("unit", "county")
    known = {person.pk: person for person in rows}
    return [
        FoundPerson(one.pk, one.name, one.birth_date, one.sex, (one.unit or one.county).full_name)
        for one in (known[each] for each in ids if each in known)
    ]
