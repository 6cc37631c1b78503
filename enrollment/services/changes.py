"""Numbering the changes of applications, so that whoever reads on behind the highest number misses none (models/application_change.py)."""

from __future__ import annotations

from django.db import connection, transaction

_NUMBER = (
    "WITH taken AS (DELETE FROM enrollment_unnumberedchange RETURNING id, application_id, state, version)"
    " INSERT INTO enrollment_applicationchange (application_id, state, version)"
    " SELECT application_id, state, version FROM taken ORDER BY id"
)


@transaction.atomic
def number_changes() -> int:
    """Give every change committed so far its number; return how many. Called before changes are read.

    Whoever numbers holds a lock until it is committed, so no number is seen before all lower ones are; a change still being written
    gets a higher one later. Effects: rows move from UnnumberedChange to ApplicationChange. Safe to run again. Two statements.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('enrollment_changes'))")
        cursor.execute(_NUMBER)
        return cursor.rowcount
