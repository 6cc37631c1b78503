"""Every ciphertext in the database is where verify_keys and rotate_keys look: found by its first bytes.

The other half is tests/plugins/ciphertexts.py: no test may make the product encrypt a text for a place that is not listed.
"""

import base64

import pytest
from django.conf import settings
from django.db import connection

from foundation.accounts.models import User
from foundation.accounts.services import enrol_second_factor
from foundation.primitives.ciphertext import VERSION, Cipher
from foundation.primitives.clock import now
from foundation.regions.models import Unit
from registry.models import Person
from registry.services import keys
from registry.services.bank_accounts import store_account
from registry.services.contact_points import store_telephone
from registry.services.originals import Originals, Samples, StoredAttachments

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nights")]
HEADER = bytes([VERSION, len(settings.KEYS.current_key)]) + settings.KEYS.current_key.encode()
IN_TEXT = base64.b64encode(HEADER).decode()[: len(HEADER) * 8 // 6]
HOLDS_ONE = {
    "bytea": "substr({column}, 1, {length}) = %(header)s",
    "text": "strpos({column}::text, %(in_text)s) > 0",
}


@pytest.fixture
def county(december: Unit, db: None) -> Unit:
    return december


def columns() -> list[tuple[str, str, str]]:
    """Return table, column and how to look, for every column that can hold bytes or text."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, a.attname, CASE a.atttypid::regtype::text WHEN 'bytea' THEN 'bytea' ELSE 'text' END
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
                AND NOT a.attisdropped AND a.atttypid::regtype::text IN (
                    'bytea', 'text', 'character varying', 'json', 'jsonb', 'text[]', 'character varying[]')
            """
        )
        return cursor.fetchall()


def places_with_ciphertexts() -> set[str]:
    found = set()
    with connection.cursor() as cursor:
        for table, column, kind in columns():
            condition = HOLDS_ONE[kind].format(column=f'"{column}"', length=len(HEADER))
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{table}" WHERE {condition})', {"header": HEADER, "in_text": IN_TEXT}
            )
            if cursor.fetchone()[0]:
                found.add(f"{table}.{column}")
    return found


def test_ciphertexts_are_only_where_keys_are_rotated(county, run_county_night):
    run_county_night()
    enrol_second_factor(actor=None, user=User.objects.create_user("somebody"), secret="JBSWY3DPEHPK3PXP")
    store_telephone("13800000000", county=county, at=now())
    person = Person.objects.filter(county=county)[0]
    store_account("6228480402564890018", person=person, bank="农商行", holder=person.name, at=now())

    assert places_with_ciphertexts() | {Originals.place, Samples.place, StoredAttachments.place} == {
        store.place for store in keys.list_stores()
    }


def test_the_search_sees_a_ciphertext_that_is_listed_nowhere(db):
    closed = Cipher(settings.KEYS).encrypt("registry_identitynumber.ciphertext:1", "text")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE stray (bytes bytea, words text, data jsonb, other text)")
        text = base64.b64encode(closed).decode()
        cursor.execute("INSERT INTO stray VALUES (%s, %s, jsonb_build_object('a', %s), 'x')", [closed, text, text])

    assert places_with_ciphertexts() >= {"stray.bytes", "stray.words", "stray.data"}
