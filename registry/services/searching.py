"""What a clerk types into the one search box, understood: a number, its last six or four characters, a name, pinyin.

Neither the text nor the number is ever logged, stored or put into an address; only the ids found travel on.
"""

from __future__ import annotations

import re

import pyarrow as pa
from django.utils.translation import gettext as _

from poverty_pension.accounts.actors import Actor
from poverty_pension.audit.services import record_event
from poverty_pension.primitives.ciphertext import BlindKind
from poverty_pension.primitives.columns import clean_numbers
from poverty_pension.primitives.errors import BadInput
from registry.selectors import find_by_name, find_by_number
from registry.services.numbers import cipher

PART_OF_LENGTH: dict[int, BlindKind] = {4: "last4", 6: "last6"}
SHORTEST_WHOLE = 15
LONGEST_TEXT = 40


def find_persons(*, actor: Actor, text: str) -> list[int]:
    """Return the ids of the persons in reach that the text may mean.

    Effects: audit verb find_person with the kind of search and the count. Errors: BadInput when nothing can be looked up.
    """
    kind, found = _find(actor, re.sub(r"[\s　]+", " ", text).strip()[:LONGEST_TEXT])
    record_event(actor=actor, verb="find_person", object_type="person", detail={"by": kind, "found": len(found)})
    return found


def _find(actor: Actor, text: str) -> tuple[str, list[int]]:
    number = clean_numbers(pa.array([text])).number[0].as_py()
    if not re.fullmatch(r"[0-9*]+X?|[0-9]{3,}.*", number or ""):
        return "name", find_by_name(actor, _as_name(text))
    if len(number) >= SHORTEST_WHOLE:
        return "full", find_by_number(actor, kind="full", blind=cipher().blind_index("full", number))
    part = PART_OF_LENGTH.get(len(number))
    if part is None:
        raise BadInput(
            _("A number is looked up whole, or by its last six or last four characters."),
            code="number_part",
            what_to_do=_("Type all eighteen characters, the last six or the last four."),
        )
    return part, find_by_number(actor, kind=part, blind=cipher().blind_index(part, number))


def _as_name(text: str) -> str:
    if not text or (text.isascii() and not re.search("[A-Za-z]", text)):
        raise BadInput(_("Type a number, a name or pinyin."), code="nothing_typed")
    return text if text.isascii() else text.replace(" ", "")
