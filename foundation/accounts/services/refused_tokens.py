"""Calls of the API with a token it does not know: counted by the hour; the first of an hour is in the audit log."""

from datetime import datetime

from django.db import connection, transaction

from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event

_COUNT = """
    INSERT INTO accounts_refusedtokens (hour, count) VALUES (date_trunc('hour', %s::timestamptz), 1)
    ON CONFLICT (hour) DO UPDATE SET count = accounts_refusedtokens.count + 1 RETURNING count
"""


@transaction.atomic
def count_refused_token(*, at: datetime) -> None:
    """Count one refusal. Effects: one RefusedTokens row an hour, audit verb use_token for its first."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [at])
        (count,) = cursor.fetchone()
    if count == 1:
        record_event(actor=None, verb="use_token", object_type="client_token", outcome=Outcome.REFUSED)
