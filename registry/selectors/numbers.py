"""Identity numbers out of the database: decrypted in bulk for the matching, one by one, and masked for pages.

With services/numbers.py, which stores them, the only module that handles their ciphertexts; callers keep texts in memory only.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pyarrow as pa
from django.conf import settings
from django.db import connection
from django.db.models import Func, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat

from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.primitives.bulk import copy_out, whole_tables
from foundation.primitives.ciphertext import Cipher
from foundation.primitives.columns import half_width_numbers
from foundation.primitives.masks import mask_id
from foundation.primitives.personal_texts import make_reference, read_as_identity_numbers
from registry.models import PersonIdentifier

COLUMN = "registry_identitynumber.ciphertext"
TABLE = "registry_identitynumber"
_CIPHERTEXTS = pa.schema([("id", pa.int64()), ("ciphertext", pa.string()), ("valid", pa.bool_())])


@cache
def cipher() -> Cipher:
    """Return the installation's cipher."""
    return Cipher(settings.KEYS)


def decrypt_numbers(ids_query: str, params: list[object]) -> pa.Table:
    """Decrypt the numbers whose ids a query yields, for the matching.

    Shape: one row a number: number_id, number (text), valid. Cost: 150,000 numbers a second. Tables are read whole: while they
    look empty to the planner, a nested loop over a county's numbers took four minutes instead of 0.1 s.
    """
    with connection.cursor() as cursor:
        query = f"SELECT id, encode(ciphertext, 'hex') AS ciphertext, valid FROM {TABLE} WHERE id IN ({ids_query})"
        with whole_tables(cursor):
            stored = copy_out(cursor, query, _CIPHERTEXTS, params)
    ids = stored["id"].to_pylist()
    ciphertexts = [bytes.fromhex(text) for text in stored["ciphertext"].to_pylist()]
    decrypted = cipher().decrypt_many(COLUMN, zip(ids, ciphertexts, strict=True))
    return pa.table({"number_id": stored["id"], "number": pa.array(decrypted, pa.string()), "valid": stored["valid"]})


def decrypt_number(number_id: int) -> str:
    """Decrypt one number, for a user who stated a purpose; the caller records that."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ciphertext FROM {TABLE} WHERE id = %s", [number_id])
        row = cursor.fetchone()
    return cipher().decrypt(f"{COLUMN}:{number_id}", bytes(row[0]))


def decrypt_identifiers(identifiers: Iterable[PersonIdentifier]) -> list[str]:
    """Return the whole numbers of identifiers, their rows loaded, to be compared in memory; a page shows them masked."""
    return [cipher().decrypt(f"{COLUMN}:{each.number_id}", bytes(each.number.ciphertext)) for each in identifiers]


def mask_number(identifier: PersonIdentifier) -> str:
    """Return one number, its row loaded, as a page shows it."""
    return mask_id(decrypt_identifiers([identifier])[0])


def hash_roll_no(number: str) -> bytes:
    """Return the keyed hash of a roll number, apart from that of the identity number it may be."""
    return cipher().blind_index("full", f"roll number {number}")


def stored_roll_no(written: str) -> str:
    """Return a roll number as rolls and the database contain it: its reference where it reads as an identity number."""
    plain = half_width_numbers(pa.array([written], pa.string()))
    return make_reference(plain[0].as_py(), hash_roll_no) if read_as_identity_numbers(plain)[0].as_py() else written


def first_number_of(person: str) -> Subquery:
    """Return the number a list shows of a person, the right one first, in the query of the list's own rows; masked by mask_first.

    `person` is the column with the person's id. The rows were scoped by the caller.
    """
    rows = PersonIdentifier.objects.as_known().filter(person_id=OuterRef(person)).order_by("-number__valid", "id")
    ciphertext = Func("number__ciphertext", Value("hex"), function="encode", output_field=TextField())
    joined = Concat(Cast("number_id", TextField()), Value(":"), ciphertext, output_field=TextField())
    return Subquery(rows.values(stored=joined)[:1])


def mask_first(stored: str | None) -> str:
    """Return what first_number_of loaded as a page shows it; empty of nobody and of a person without a number."""
    number_id, _colon, ciphertext = (stored or "").partition(":")
    return mask_id(cipher().decrypt(f"{COLUMN}:{number_id}", bytes.fromhex(ciphertext))) if number_id else ""


def list_masked_numbers(actor: Actor, person_ids: Iterable[int]) -> dict[int, str]:
    """Return person id -> masked number for a list, the right number first. One query.

    Cost: 100,000 numbers a second.
    """
    rows = in_scope(PersonIdentifier.objects.as_known(), actor, "person__").filter(person_id__in=list(person_ids))
    shown: dict[int, str] = {}
    for identifier in rows.select_related("number").order_by("person_id", "-number__valid", "id"):
        if identifier.person_id not in shown:
            shown[identifier.person_id] = mask_number(identifier)
    return shown
