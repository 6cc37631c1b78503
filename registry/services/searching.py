"""Searching persons by what a clerk types: a number, its last six or four characters, a household's or member's number of a list of
the poor, a name, pinyin, a place with a name.

A whole number nobody has may be mistyped, or stood damaged in a file: then those whose number differs by one digit are offered. For a
number with a wrong check character these are the right numbers one error away, some eighteen; for a right number the damaged ones. They
are looked up together by their blind indexes, so many times an hour: it helps whoever mistypes, and must not help whoever guesses.

Neither the text nor the number is ever logged, stored or put into an address; only the ids found are passed on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa
from django.db import connection, transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.audit.selectors import count_events_within
from foundation.audit.services import record_event
from foundation.policy.selectors import get_parameter
from foundation.primitives.ciphertext import BlindKind
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.columns import clean_numbers
from foundation.primitives.errors import BadInput, Conflict
from foundation.primitives.near_numbers import near_numbers
from foundation.primitives.resident_id import is_valid
from foundation.regions.models import Unit
from registry.selectors.numbers import cipher, stored_roll_no
from registry.selectors.persons import find_by_name, find_by_number, find_by_numbers, find_by_record_key

PART_OF_LENGTH: dict[int, BlindKind] = {4: "last4", 6: "last6"}
SHORTEST_WHOLE = 15
SHORTEST_ROLL_NUMBER = 7
LONGEST_TEXT = 40
WHOLE = 18
SHORTEST_PLACE = 2
FIND_BY_NUMBER, FIND_NEAR = "find_person_by_number", "find_person_near_number"
NEAR_LIMIT = "near_number_limit_per_hour"
_LIKE_A_NUMBER = re.compile(r"[0-9]{15,18}[0-9X]")
_UNIT_WORDS = "村民委员会|居民委员会|村委会|居委会|社区|街道|村|镇|乡"
_UNIT_END = re.compile(rf"(?:{_UNIT_WORDS})$")
_PLACED = re.compile(rf"(?P<place>.{{2,}}?)(?:{_UNIT_WORDS})(?P<name>.{{2,4}})")
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Wanted:
    """What the text means: "full", "last6" or "last4" of a number, "roll_no" (or a household's), or "name" (letters are pinyin).

    `roll_no` is what a roll stores for the text, if it is a roll number; `written` the text without blanks, as lists of the poor may
    have it as a key; `place` the beginning of a unit's name typed before the name of a person.
    """

    kind: str
    value: str
    roll_no: str = ""
    written: str = ""
    place: str = ""


class Doubt(TextChoices):
    """What is doubtful about a whole number nobody has; the values may stand in a session."""

    CHECK = "check"
    LENGTH = "length"
    NEAR = "near"
    LIMIT = "limit"


@dataclass(frozen=True)
class Found:
    """The ids of persons found; of a whole number nobody has, why it is doubted, and the numbers looked up instead, in memory only."""

    ids: list[int]
    doubt: str = ""
    near: tuple[str, ...] = ()


def understand(text: str) -> Wanted:
    """Interpret what a user typed. Errors: BadInput when nothing can be looked up."""
    text = re.sub(r"[\s　]+", " ", text).strip()[:LONGEST_TEXT]
    number = clean_numbers(pa.array([text])).number[0].as_py()
    if not re.fullmatch(r"[0-9*]+X?|[0-9]{3,}.*", number or ""):
        place, name = _split_place(text)
        return Wanted("name", _as_name(name), place=place)
    written = text.replace(" ", "").upper()
    if len(number) >= SHORTEST_WHOLE:
        return Wanted("full", number, stored_roll_no(text), written)
    if len(number) not in PART_OF_LENGTH and len(number) < SHORTEST_ROLL_NUMBER:
        raise part_is_unclear()
    return Wanted(PART_OF_LENGTH.get(len(number), "roll_no"), number, written=written)


def _split_place(text: str) -> tuple[str, str]:
    """Split a village or town from the name after it: at a blank, else after the word that ends a unit's name."""
    if text.isascii():
        return "", text
    place, blank, name = text.partition(" ")
    if blank and len(place) >= SHORTEST_PLACE and len(name) >= SHORTEST_PLACE:
        return _UNIT_END.sub("", place), name
    found = _PLACED.fullmatch(text.replace(" ", ""))
    return (found["place"], found["name"]) if found else ("", text)


@transaction.atomic
def find_persons(*, actor: Actor, wanted: Wanted, at: datetime) -> Found:
    """Return the persons in reach who may be meant.

    Effects: audit verb find_person, by a number find_person_by_number, with the kind of search and the count. Errors: Conflict for a
    number above the hour's limit: whoever tries all last digits reads the numbers behind the masks. Numbers of one user are looked up
    one after the other, so that the hour's limits, also that of nearly right numbers, hold for two at once.
    """
    verb = FIND_BY_NUMBER if wanted.kind != "name" else "find_person"
    if verb == FIND_BY_NUMBER:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [FIND_BY_NUMBER, actor.user_id])
        _demand_below_limit(actor, at)
    found = Found(_find(actor, wanted))
    record_event(actor=actor, verb=verb, object_type="person", detail={"by": wanted.kind, "found": len(found.ids)})
    return found if found.ids or wanted.kind != "full" else _find_near(actor, wanted.value, at)


def _find_near(actor: Actor, number: str, at: datetime) -> Found:
    """Find who has nearly this number. Effects: audit verb find_person_near_number with the count."""
    if not _LIKE_A_NUMBER.fullmatch(number):
        return Found([])
    doubt = Doubt.LENGTH if len(number) != WHOLE else Doubt.NEAR if is_valid(number) else Doubt.CHECK
    near = near_numbers(number)
    if not near:
        return Found([], doubt)
    unit = Unit.objects.get(pk=actor.unit_id)
    limit = int(get_parameter(NEAR_LIMIT, unit=unit, on=at.astimezone(BUSINESS_ZONE).date()).value)
    if count_events_within(HOUR, actor=actor, verb=FIND_NEAR) >= limit:
        return Found([], Doubt.LIMIT)
    ids = find_by_numbers(actor, [cipher().blind_index("full", each) for each in near])
    record_event(actor=actor, verb=FIND_NEAR, object_type="person", detail={"found": len(ids)})
    return Found(ids, doubt, tuple(near))


def _demand_below_limit(actor: Actor, at: datetime) -> None:
    unit = Unit.objects.get(pk=actor.unit_id)
    limit = int(get_parameter("number_search_limit_per_hour", unit=unit, on=at.astimezone(BUSINESS_ZONE).date()).value)
    if count_events_within(HOUR, actor=actor, verb=FIND_BY_NUMBER) >= limit:
        raise Conflict(
            _("You have searched by a number %(limit)s times within an hour, which is the limit.") % {"limit": limit},
            code="search_limit",
            what_to_do=_("Try again later, or search by name."),
        )


def _find(actor: Actor, wanted: Wanted) -> list[int]:
    match wanted.kind:
        case "name":
            return find_by_name(actor, wanted.value, place=wanted.place)
        case "full" | "last6" | "last4" as kind:
            found = find_by_number(actor, kind=kind, blind=cipher().blind_index(kind, wanted.value))
            return found if found or kind != "full" else find_by_record_key(actor, wanted.written)
    return find_by_record_key(actor, wanted.written)


def part_is_unclear() -> BadInput:
    """Return the refusal of a part of a number that is no known part."""
    return BadInput(
        _("Search by the full number, or its last six or last four characters."),
        code="number_part",
        what_to_do=_("Enter all eighteen characters, the last six or the last four."),
    )


def _as_name(text: str) -> str:
    if not text or (text.isascii() and not re.search("[A-Za-z]", text)):
        raise BadInput(_("Enter a number, a name or pinyin."), code="nothing_typed")
    return text if text.isascii() else text.replace(" ", "")
