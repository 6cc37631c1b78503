"""Bank accounts of persons as pages show them: masked, with bank and holder."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from registry.models import BankAccount


def find_current_account(actor: Actor, person_ids: Sequence[int]) -> BankAccount | None:
    """Find the account that counts for a person in reach, by the ids of the person and of those merged into it. One query."""
    rows = in_scope(BankAccount.objects.defer("ciphertext"), actor, "person__")
    theirs = rows.filter(person__in=person_ids, superseded_at=None).exclude(current_from=None)
    return theirs.order_by("-current_from", "-id").first()


def mask_of_account(account_id: int) -> str:
    """Return the mask of an account whose application was read in scope; empty for none. One query."""
    return BankAccount.objects.filter(pk=account_id).values_list("masked", flat=True).first() or ""
