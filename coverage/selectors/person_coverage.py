"""Coverage of many persons at once, for departments that ask by number and name. The same queries for one or a thousand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
from django.db.models import F

from casework.models import Gap
from coverage.models import CoverageVerdict
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.primitives.columns import clean_names, clean_numbers
from registry.models import PersonIdentifier, PersonName
from registry.selectors.numbers import cipher


@dataclass(frozen=True)
class HeldNumber:
    """A number, by its blind index, and one name of a person who has it."""

    blind: bytes
    person_id: int
    name: str


@dataclass(frozen=True)
class PersonCoverage:
    """The current codes of one person, and the kinds of gaps open."""

    person_id: int
    verdict: str
    e1_column: str
    desk_reason: str
    as_of_date: date
    oldest_feed_date: date
    gaps: list[str]


def list_holders(actor: Actor, blinds: Sequence[bytes]) -> list[HeldNumber]:
    """List persons in scope who have one of these numbers, one row per number and name. Two queries."""
    held = in_scope(PersonIdentifier.objects.as_known(), actor, "person__").filter(number__blind_full__in=list(blinds))
    pairs = list(held.values_list("number__blind_full", "person_id"))
    names = PersonName.objects.as_known().filter(person_id__in={person_id for _blind, person_id in pairs})
    called: dict[int, list[str]] = {}
    for person_id, name in names.values_list("person_id", "name").order_by("id"):
        called.setdefault(person_id, []).append(name)
    return [
        HeldNumber(bytes(blind), person_id, name) for blind, person_id in pairs for name in called.get(person_id, [])
    ]


def find_named_persons(actor: Actor, asked: Sequence[tuple[str, str]]) -> list[int | None]:
    """Return for each (number, name) the person in scope who has the number under such a name, in the order asked, or None.

    Names match by their phonetic key. Two queries, for one or a thousand.
    """
    numbers = clean_numbers(pa.array([number for number, _name in asked], pa.string())).number.to_pylist()
    phonetic_keys = clean_names(pa.array([name for _number, name in asked], pa.string())).phonetic_key.to_pylist()
    blinds = cipher().blind_many("full", numbers)
    holders = list_holders(actor, [blind for blind, number in zip(blinds, numbers, strict=True) if number])
    held_phonetic_keys = clean_names(
        pa.array([holder.name for holder in holders], pa.string())
    ).phonetic_key.to_pylist()
    meant = {
        (holder.blind, phonetic_key): holder.person_id
        for holder, phonetic_key in zip(holders, held_phonetic_keys, strict=True)
    }
    return [meant.get(key) if key[1] else None for key in zip(blinds, phonetic_keys, strict=True)]


def list_coverage(actor: Actor, person_ids: Sequence[int]) -> dict[int, PersonCoverage]:
    """Return person id -> codes and open gaps, for persons in scope a night has derived codes for. Two queries."""
    verdicts = in_scope(CoverageVerdict.objects.filter(superseded_at__isnull=True), actor, "person__")
    gaps: dict[int, list[str]] = {}
    open_gaps = Gap.objects.filter(person_id__in=person_ids, closed_at__isnull=True).order_by("rank", "id")
    for person_id, kind in open_gaps.values_list(F("person_id"), "kind"):
        gaps.setdefault(person_id, []).append(kind)
    return {
        each.person_id: PersonCoverage(
            person_id=each.person_id,
            verdict=each.verdict,
            e1_column=each.e1_column,
            desk_reason=each.desk_reason,
            as_of_date=each.as_of_date,
            oldest_feed_date=each.oldest_feed_date,
            gaps=gaps.get(each.person_id, []),
        )
        for each in verdicts.filter(person_id__in=person_ids)
    }
