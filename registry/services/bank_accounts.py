"""Bank accounts and cards of persons: stored encrypted, shown masked; one counts at a time (docs/rules.md R46)."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from foundation.primitives.errors import BadInput
from foundation.primitives.masks import mask_bank_account
from registry.models import BankAccount, Person
from registry.selectors.numbers import cipher
from registry.selectors.persons import list_merged_together
from registry.services.numbers import allocate_ids

TABLE = "registry_bankaccount"
COLUMN = f"{TABLE}.ciphertext"
_WIDE = str.maketrans("０１２３４５６７８９－　", "0123456789- ")
_ACCOUNT = re.compile(r"[0-9]{10,28}")
CARD_DIGITS = 19
"""A card of this length that begins with 62 carries a check digit (GB/T 19584); accounts and passbooks carry none that is common."""


def read_account(typed: str) -> str:
    """Return the digits of an account or card. Errors: BadInput for what is none, or a card whose check digit is wrong."""
    plain = re.sub(r"[\s-]", "", typed.translate(_WIDE))
    if _ACCOUNT.fullmatch(plain) is None or (_is_card(plain) and not _has_check_digit(plain)):
        raise BadInput(
            _("This is not an account or card number: a digit is wrong or missing."),
            code="account_invalid",
            what_to_do=_("Copy it from the card or the passbook, figure by figure."),
        )
    return plain


def store_account(number: str, *, person: Person, bank: str, holder: str, at: datetime) -> BankAccount:
    """Store an account as read_account returns it; stated by the person before with the same words it is that row.

    It counts for nothing until make_current. Effects: at most one BankAccount.
    """
    blind = cipher().blind_index("full", number)
    stated = BankAccount.objects.filter(person=person, blind_full=blind, bank=bank, holder=holder, superseded_at=None)
    if known := stated.order_by("-id").first():
        return known
    (row_id,) = allocate_ids(TABLE, 1)
    return BankAccount.objects.create(
        pk=row_id,
        county=person.county,
        person=person,
        bank=bank,
        holder=holder,
        ciphertext=cipher().encrypt(f"{COLUMN}:{row_id}", number),
        key_id=settings.KEYS.current_key,
        blind_full=blind,
        masked=mask_bank_account(number),
        recorded_at=at,
    )


def decrypt_account(account_id: int) -> str:
    """Return the whole number, to state it again or to pay to it; no page shows it."""
    account = BankAccount.objects.get(pk=account_id)
    return cipher().decrypt(f"{COLUMN}:{account.pk}", bytes(account.ciphertext))


def make_current(*, account_id: int, at: datetime) -> None:
    """Let an account count from now on, instead of the one that did, whichever of the persons merged together stated it.

    Effects: the account, and those that counted of the same person. Safe to run again.
    """
    account = BankAccount.objects.get(pk=account_id)
    theirs = list_merged_together(account.person_id, at)
    with connection.cursor() as cursor:  # a row's lock would not show the account another act is just making current
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('bank_account', %s))", [theirs[0]])
    account.refresh_from_db()
    if account.current_from is not None:
        return
    BankAccount.objects.filter(person__in=theirs, superseded_at=None).exclude(current_from=None).update(
        superseded_at=at
    )
    account.current_from = at
    account.save(update_fields=["current_from"])


def _is_card(plain: str) -> bool:
    return len(plain) == CARD_DIGITS and plain.startswith("62")


def _has_check_digit(plain: str) -> bool:
    """Answer whether the last digit is right: from the right, every second digit doubled, the sum of all digits ends in 0."""
    digits = [int(each) for each in reversed(plain)]
    return sum(digit if place % 2 == 0 else sum(divmod(digit * 2, 10)) for place, digit in enumerate(digits)) % 10 == 0
