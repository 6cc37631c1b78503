"""Reads of the register, scoped to who asks: persons by what a clerk types, one person, deliveries, what came of each feed.

A person or a delivery belongs to a county; below the county a reader sees the persons placed in their own unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    Func,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, Now
from django.utils.translation import gettext as _

from poverty_pension.accounts.actors import Actor
from poverty_pension.primitives.errors import NotAllowed, NotFound
from poverty_pension.primitives.person_names import sort_key
from poverty_pension.regions.models import Unit
from poverty_pension.regions.models.unit import Level
from registry.constants import DeliveryState, RowAction
from registry.models import (
    DeliveredRow,
    Delivery,
    DeliveryChange,
    DeliveryProblem,
    Designation,
    MergeProposal,
    Person,
    PersonIdentifier,
    PersonMerge,
    PersonName,
    ProposalState,
)

MOST_FOUND = 200
EVERY = "all"
INITIALS = range(2, 5)
Row = TypeVar("Row", bound=Model)


def in_reach(queryset: QuerySet[Row], actor: Actor, prefix: str = "") -> QuerySet[Row]:
    """Keep the rows of the actor's counties or, below the county, of the actor's unit.

    A row without a unit belongs to the county's desk; `prefix` leads to the model with `county` and `unit`. At a county the
    id is compared, which an index of rows by county serves in its order.
    """
    if actor.unit_level == Level.COUNTY:
        return queryset.filter(**{f"{prefix}county": actor.unit_id})
    if (
        actor.unit_level < Level.COUNTY
    ):  # a set of counties looked up once: over a million rows a third of a join's time
        return queryset.filter(
            **{f"{prefix}county__in": Unit.objects.within(actor.unit_path).filter(level=Level.COUNTY).values("pk")}
        )
    return queryset.filter(**{f"{prefix}unit__path__startswith": actor.unit_path})


def county_of(actor: Actor) -> Unit:
    """Return the county whose desk the actor works at or below. One query.

    Errors: NotAllowed above the county: there is no one county to act for.
    """
    codes = actor.unit_path.rstrip("/").split("/")
    county = Unit.objects.current().filter(code__in=codes, level=Level.COUNTY).first()
    if county is None:
        raise NotAllowed(_("This is done at a county's desk."), what_to_do=_("Work in a role of the county."))
    return county


def people_in_reach(actor: Actor, known: datetime | None = None) -> QuerySet[Person]:
    """Persons in reach, unit and county loaded; every believed name in `all_names`, in `canonical_id` whom a merge made them."""
    names = PersonName.objects.believed(known).filter(person=OuterRef("pk")).order_by("id").values("name")
    moment = known or Now()
    people = in_reach(Person.objects.select_related("unit", "county"), actor)
    return people.annotate(all_names=ArraySubquery(names), canonical_id=_canonical(moment))


def _canonical(moment: object) -> Func:
    """The person a row's person was merged into, as known at the moment; null for nearly everybody."""
    alias = (
        "(SELECT canonical_id FROM person_alias_at(%(expressions)s) alias WHERE alias.person_id = registry_person.id)"
    )
    return Func(moment if isinstance(moment, Now) else Value(moment), template=alias, output_field=BigIntegerField())


def _of_person(person: Person, known: datetime | None) -> Q:
    """Rows of the person and of those merged into it; as one set of ids, for a condition with OR would read every row."""
    theirs = (
        "SELECT %s::bigint UNION ALL SELECT person_id FROM person_alias_at(coalesce(%s, now())) WHERE canonical_id = %s"
    )
    return Q(person__in=RawSQL(theirs, [person.pk, known, person.pk]))


def get_person(actor: Actor, person_id: int) -> Person:
    """Get one person in reach. One query.

    Errors: NotFound, also when the person lies outside.
    """
    person = people_in_reach(actor).filter(pk=person_id).first()
    if person is None:
        raise NotFound(_("There is no such person in your unit."), ids=[person_id])
    return person


def list_proposals(actor: Actor, *, state: str = ProposalState.OPEN) -> QuerySet[MergeProposal]:
    """List doubtful doubles of the actor's counties, oldest first; the caller pages."""
    rows = MergeProposal.objects.filter(county__path__startswith=actor.unit_path, state=state)
    return rows.select_related("person_a__unit", "person_b__unit", "person_a__county", "person_b__county").order_by(
        "id"
    )


def get_proposal(actor: Actor, proposal_id: int) -> MergeProposal:
    """Get one doubtful double in reach. One query.

    Errors: NotFound.
    """
    rows = MergeProposal.objects.filter(county__path__startswith=actor.unit_path)
    proposal = rows.select_related("person_a", "person_b").filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound(_("There is no such pair of persons in your unit."), ids=[proposal_id])
    return proposal


def list_told_of(actor: Actor, person_ids: list[int]) -> dict[int, list[Designation]]:
    """Return person id -> the designations believed, for a list of persons. One query."""
    rows = in_reach(Designation.objects.believed(), actor, "person__").filter(person__in=person_ids, valid_to=None)
    told: dict[int, list[Designation]] = {}
    for each in rows.order_by("kind", "id"):
        told.setdefault(each.person_id, []).append(each)
    return told


def list_merges(actor: Actor, person: Person, known: datetime | None = None) -> list[PersonMerge]:
    """List the merges in force that made others this person, or this person another. One query."""
    in_force = Q(undone_at=None)
    if known is not None:
        in_force = Q(decided_at__lte=known) & (in_force | Q(undone_at__gt=known))
    rows = in_reach(PersonMerge.objects.filter(in_force), actor, "kept__")
    return list(rows.filter(Q(kept=person) | Q(absorbed=person)).select_related("kept", "absorbed").order_by("id"))


def list_identifiers(actor: Actor, person: Person, known: datetime | None = None) -> list[PersonIdentifier]:
    """List the numbers departments give a person, right ones first, ciphertext loaded. One query."""
    rows = in_reach(PersonIdentifier.objects.believed(known), actor, "person__").filter(_of_person(person, known))
    return list(rows.select_related("number").order_by("-number__valid", "id"))


def list_designations(actor: Actor, person: Person, known: datetime | None = None) -> list[Designation]:
    """List who says the person is poor, those believed, with the line of the file. One query."""
    rows = in_reach(Designation.objects.believed(known), actor, "person__").filter(_of_person(person, known))
    return list(rows.select_related("row__delivery", "file_unit", "hukou_unit").order_by("kind", "valid_from", "id"))


def list_delivered_rows(actor: Actor, person: Person, known: datetime | None = None) -> list[DeliveredRow]:
    """List the lines that named the person, newest first, but those of files taken back. One query."""
    rows = in_reach(DeliveredRow.objects.filter(_of_person(person, known)), actor, "person__")
    undone = Q(delivery__state=DeliveryState.UNDONE)
    if known is not None:
        rows = rows.filter(delivery__applied_at__lte=known)
        undone &= Q(delivery__superseded_at__lte=known)
    rows = rows.exclude(undone)
    return list(rows.select_related("delivery").order_by("-delivery__as_of_date", "-id"))


@dataclass(frozen=True)
class FoundPerson:
    """One line of the answer to a search."""

    id: int
    name: str
    birth_date: date | None
    sex: int
    place: str


def find_by_number(actor: Actor, *, kind: str, blind: bytes) -> list[int]:
    """List the ids of persons who hold a number with this blind index ("full", "last6", "last4"), by name. One query."""
    rows = in_reach(Person.objects.all(), actor).filter(
        identifiers__superseded_at__isnull=True, **{f"identifiers__number__blind_{kind}": blind}
    )
    return _kept(rows.order_by("name_pinyin", "id").annotate(kept=_kept_id()).values_list("kept", flat=True))


def find_by_name(actor: Actor, text: str) -> list[int]:
    """List the ids of persons called so, now or in an older file; then those whose name sounds the same. One query.

    Letters are pinyin, with or without blanks, or two to four initials.
    """
    people = in_reach(Person.objects.all(), actor)
    if text.isascii():
        people = people.filter(name_pinyin__regex=pinyin_pattern(text)).annotate(nearness=Value(0))
    else:
        called = PersonName.objects.believed().filter(name__startswith=text).values("person")
        sounds = sort_key(text)
        people = people.filter(Q(pk__in=called) | Q(name_pinyin=sounds)).annotate(
            nearness=Case(
                When(name=text, then=0), When(name_pinyin=sounds, then=2), default=1, output_field=IntegerField()
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
    rows = in_reach(Person.objects.filter(pk__in=ids), actor).select_related("unit", "county")
    known = {person.pk: person for person in rows}
    return [
        FoundPerson(one.pk, one.name, one.birth_date, one.sex, (one.unit or one.county).full_name)
        for one in (known[each] for each in ids if each in known)
    ]


def deliveries_in_reach(actor: Actor) -> QuerySet[Delivery]:
    """Deliveries of the actor's counties; a township reads its county's."""
    codes = actor.unit_path.rstrip("/").split("/")
    mine = Q(county__path__startswith=actor.unit_path) | Q(county__code__in=codes)
    return Delivery.objects.filter(mine).select_related("county")


def list_deliveries(actor: Actor, *, feed: str = "", state: str = "") -> QuerySet[Delivery]:
    """List deliveries, newest first; the caller pages."""
    wanted = {name: value for name, value in (("feed", feed), ("state", state)) if value}
    return deliveries_in_reach(actor).filter(**wanted).order_by("-as_of_date", "-id")


def get_delivery(actor: Actor, delivery_id: int) -> Delivery:
    """Get one delivery in reach. One query.

    Errors: NotFound.
    """
    delivery = deliveries_in_reach(actor).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound(_("There is no such delivery in your unit."), ids=[delivery_id])
    return delivery


def list_sent_deliveries(actor: Actor) -> QuerySet[Delivery]:
    """List what a department's client sent to its county under its name, whichever of its tokens it used; the caller pages."""
    return Delivery.objects.filter(county=county_of(actor), received_by=actor.username, people_behind=[])


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

    `action`: one RowAction, EVERY, or empty for the lines somebody must do something about.
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
    return rows if actor.unit_level <= Level.COUNTY else rows.filter(unit__path__startswith=actor.unit_path)


@dataclass(frozen=True)
class FeedState:
    """What came of one feed: the newest applied list with its rows, the one before it, and files that need somebody."""

    feed: str
    as_of_date: date | None
    rows: int
    rows_before: int | None
    refused: int
    waiting: int


def list_feed_states(actor: Actor) -> list[FeedState]:
    """Tell for every feed that ever came what came last. One query; refused files count while nothing newer is applied."""
    counted = (
        deliveries_in_reach(actor)
        .exclude(state=DeliveryState.SUPERSEDED)
        .values("feed", "as_of_date", "state")
        .annotate(files=Count("id"), row_count=Sum(Cast(F("row_counts__rows"), IntegerField())))
        .order_by("feed", "-as_of_date", "state")
    )
    by_feed: dict[str, list[dict[str, object]]] = {}
    for row in counted:
        by_feed.setdefault(str(row["feed"]), []).append(dict(row))
    return [_feed_state(feed, rows) for feed, rows in by_feed.items()]


def _feed_state(feed: str, rows: list[dict[str, object]]) -> FeedState:
    applied = [row for row in rows if row["state"] == DeliveryState.APPLIED]
    newest = applied[0] if applied else None
    as_of = newest["as_of_date"] if newest else None
    return FeedState(
        feed=feed,
        as_of_date=as_of,  # type: ignore[arg-type]
        rows=int(newest["row_count"] or 0) if newest else 0,  # type: ignore[call-overload]
        rows_before=int(applied[1]["row_count"] or 0) if len(applied) > 1 else None,  # type: ignore[call-overload]
        refused=_files(rows, {DeliveryState.REFUSED}, as_of),
        waiting=_files(rows, {DeliveryState.RECEIVED, DeliveryState.CHECKED}, None),
    )


def _files(rows: list[dict[str, object]], states: set[str], since: object) -> int:
    return sum(
        int(row["files"])  # type: ignore[call-overload]
        for row in rows
        if row["state"] in states and (since is None or row["as_of_date"] >= since)  # type: ignore[operator]
    )
