"""The number on the card in somebody's hand compared with a person's: the same or not the same, without showing a digit.

For the counter, which sees masked numbers only. What is typed is stored and logged nowhere; each answer is recorded. Whole numbers
for a stated purpose: showing.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
from django.db import connection, transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.selectors import list_answers_within
from foundation.audit.services import record_event
from foundation.policy.selectors import get_parameter
from foundation.primitives.columns import clean_numbers
from foundation.primitives.errors import BadInput, Conflict
from registry.models import Person
from registry.selectors.numbers import cipher
from registry.selectors.persons import get_person, list_identifiers
from registry.services.showing import count_shown_number

COMPARE_NUMBER = "compare_number"
SAME = "same"
LONGEST = 40


@transaction.atomic
def compare_number(*, actor: Actor, person_id: int, typed: str, at: datetime) -> bool:
    """Answer whether a typed number is one of the person's.

    Effects: audit verb compare_number with the answer. The miss that reaches the region's limit counts as a whole number shown
    (audit verb show_number); then the field is locked for this person, whoever types, for the region's days. Runs under a lock of the
    person. Errors: NotAllowed; NotFound outside the unit; BadInput for what is no right number, which is no miss; Conflict while
    locked, and at the hour's limit of whole numbers.
    """
    actor.demand(Action.SHOW_NUMBER)
    person = get_person(actor, person_id)
    number = _read(typed)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [COMPARE_NUMBER, str(person.pk)])
    most = int(get_parameter("number_misses_allowed", unit=person.county, on=at.date()).value)
    misses = count_misses(person, at=at)
    if misses >= most:
        raise Conflict(
            _("Wrong numbers were entered for this person %(count)s times: the field is locked.") % {"count": misses},
            code="number_field_locked",
            what_to_do=_("Show the full number for a stated purpose, or try again later."),
            ids=[person.pk],
        )
    held = {bytes(each.number.blind_full) for each in list_identifiers(actor, person)}
    is_same = cipher().blind_index("full", number) in held
    if not is_same and misses + 1 >= most:
        purpose = _("Wrong numbers entered from a card")
        count_shown_number(actor=actor, county=person.county, shown=("person", person.pk), purpose=purpose, at=at)
    record_event(actor=actor, verb=COMPARE_NUMBER, object_type="person", object_id=person.pk, detail={SAME: is_same})
    return is_same


def count_misses(person: Person, *, at: datetime) -> int:
    """Count the wrong numbers entered for a person, by anybody, in the days a lock lasts and since the last right one. One query."""
    days = int(get_parameter("number_lock_days", unit=person.county, on=at.date()).value)
    answers = list_answers_within(timedelta(days=days), object_type="person", object_id=person.pk, verb=COMPARE_NUMBER)
    newest_first = [answer.get(SAME) is True for answer in answers]
    return newest_first.index(True) if True in newest_first else len(newest_first)


def _read(typed: str) -> str:
    read = clean_numbers(pa.array([typed[:LONGEST]], pa.string()))
    if not read.valid[0]:
        raise BadInput(
            _("This is not a valid ID number."),
            code="number_invalid",
            what_to_do=_("Compare it with the card digit by digit and enter it again."),
        )
    number: str = read.number[0].as_py()
    return number
