"""Reads of individual accounts. Entries of somebody merged into a person count for the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum
from django.db.models.expressions import RawSQL

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from payments.models import AccountEntry
from registry.selectors.persons import get_person

_MERGED = "(SELECT person_id FROM person_alias_at(now()) WHERE canonical_id = %s)"


@dataclass(frozen=True)
class Balance:
    """A balance in fen at the end of a day, by whose money it is; kinds of money without entries are absent."""

    on: date
    by_credit: dict[str, int]

    @property
    def total_fen(self) -> int:
        return sum(self.by_credit.values())


def get_balance(*, actor: Actor, person_id: int, on: date) -> Balance:
    """Get the balance of a person's account at the end of a day: what is posted, no interest of a year that is not posted yet. Two queries.

    Errors: NotAllowed; NotFound.
    """
    rows = _entries(actor, person_id, on).order_by().values("credit").annotate(fen=Sum("amount_fen"))
    return Balance(on, {row["credit"]: row["fen"] for row in rows.order_by("credit")})


def list_entries(*, actor: Actor, person_id: int, on: date) -> QuerySet[AccountEntry]:
    """List the entries of a person's account up to a day, by day of posting. Errors: NotAllowed; NotFound."""
    return _entries(actor, person_id, on).order_by("posted_on", "id")


def _entries(actor: Actor, person_id: int, on: date) -> QuerySet[AccountEntry]:
    actor.demand(Action.VIEW_BATCHES)
    person = get_person(actor, person_id)
    merged = RawSQL(_MERGED, [person.pk])
    return AccountEntry.objects.filter(
        Q(person=person) | Q(person__in=merged), county=person.county_id, posted_on__lte=on
    )
