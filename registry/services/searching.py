"""Searching persons by what a clerk types: a number, its last six or four characters, a name, pinyin.

Neither the text nor the number is ever logged, stored or put into an address; only the ids found are passed on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.audit.selectors import count_events_since
from foundation.audit.services import record_event
from foundation.policy.selectors import get_parameter
from foundation.primitives.ciphertext import BlindKind
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.columns import clean_numbers
from foundation.primitives.errors import BadInput, Conflict
from foundation.regions.models import Unit
from registry.selectors.numbers import cipher, stored_roll_no
from registry.selectors.persons import find_by_name, find_by_number

PART_OF_LENGTH: dict[int, BlindKind] = {4: "last4", 6: "last6"}
SHORTEST_WHOLE = 15
SHORTEST_ROLL_NUMBER = 7
LONGEST_TEXT = 40
FIND_BY_NUMBER = "find_person_by_number"
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Wanted:
    """What the text means: "full", "last6" or "last4" of a number, "roll_no", or "name" (letters are pinyin).

    `roll_no` is what a roll stores for the text, if it is a roll number.
    """

    kind: str
    value: str
    roll_no: str = ""


def understand(text: str) -> Wanted:
    """Interpret what a user typed. Errors: BadInput when nothing can be looked up."""
    text = re.sub(r"[\s　]+", " ", text).strip()[:LONGEST_TEXT]
    number = clean_numbers(pa.array([text])).number[0].as_py()
    if not re.fullmatch(r"[0-9*]+X?|[0-9]{3,}.*", number or ""):
        return Wanted("name", _as_name(text))
    if len(number) >= SHORTEST_WHOLE:
        return Wanted("full", number, stored_roll_no(text))
    if len(number) not in PART_OF_LENGTH and len(number) < SHORTEST_ROLL_NUMBER:
        raise part_is_unclear()
    return Wanted(PART_OF_LENGTH.get(len(number), "roll_no"), number)


@transaction.atomic
def find_persons(*, actor: Actor, wanted: Wanted, at: datetime) -> list[int]:
    """Return the ids of the persons in reach who may be meant; none for a roll number.

    Effects: audit verb find_person, by a number find_person_by_number, with the kind of search and the count. Errors: Conflict for a
    number above the hour's limit: whoever tries all last digits reads the numbers behind the masks.
    """
    verb = FIND_BY_NUMBER if wanted.kind != "name" else "find_person"
    if verb == FIND_BY_NUMBER:
        _demand_below_limit(actor, at)
    found = _find(actor, wanted)
    record_event(actor=actor, verb=verb, object_type="person", detail={"by": wanted.kind, "found": len(found)})
    return found


def _demand_below_limit(actor: Actor, at: datetime) -> None:
    unit = Unit.objects.get(pk=actor.unit_id)
    limit = int(get_parameter("number_search_limit_per_hour", unit=unit, on=at.astimezone(BUSINESS_ZONE).date()).value)
    if count_events_since(actor=actor, verb=FIND_BY_NUMBER, since=at - HOUR) >= limit:
        raise Conflict(
            _("You have searched by a number %(limit)s times within an hour, which is the limit.") % {"limit": limit},
            code="search_limit",
            what_to_do=_("Try again later, or search by name."),
        )


def _find(actor: Actor, wanted: Wanted) -> list[int]:
    match wanted.kind:
        case "name":
            return find_by_name(actor, wanted.value)
        case "full" | "last6" | "last4" as kind:
            return find_by_number(actor, kind=kind, blind=cipher().blind_index(kind, wanted.value))
    return []


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
