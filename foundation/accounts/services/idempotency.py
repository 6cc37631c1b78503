"""A request of a client done once, however often it is sent: the answer is stored with the client's own key for a day."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import IdempotencyKey
from foundation.primitives.errors import BadInput, Conflict

STORED_FOR = timedelta(hours=24)
LONGEST_KEY = 200
KEY_PATTERN = rf"^[!-~]{{1,{LONGEST_KEY}}}$"


@dataclass(frozen=True)
class Answer:
    """The answer to a client, and whether it was given before."""

    status: int
    body: dict[str, object]
    is_repeated: bool = False


@transaction.atomic
def answer_once(
    *, client_id: int, key: str, request_sha256: str, at: datetime, do: Callable[[], tuple[int, dict[str, object]]]
) -> Answer:
    """Do a request and store its answer; the same key with the same request gives that answer again.

    Effects: what `do` does, and one IdempotencyKey, in one transaction; a second request with the key waits for the first at the
    unique key, and finds its answer or, if it failed, is done itself.
    Errors: BadInput without a right key; Conflict when the key belongs to another request; those of `do`, which store nothing.
    """
    if not re.fullmatch(KEY_PATTERN, key):
        raise BadInput(
            _(
                "The Idempotency-Key header is missing or is not 1 to %(most)s letters, digits and symbols without "
                "spaces."
            )
            % {"most": LONGEST_KEY},
            code="idempotency_key_missing",
            what_to_do=_("Choose your own key, a new one for each new file."),
        )
    stored, is_new = IdempotencyKey.objects.get_or_create(
        client_id=client_id, key=key, defaults={"request_sha256": request_sha256, "created_at": at}
    )
    if stored.request_sha256 != request_sha256:
        raise Conflict(
            _("This Idempotency-Key was already used for another request."),
            code="idempotency_key_reused",
            what_to_do=_("Use a new key for each new file."),
        )
    if not is_new and stored.status is not None:
        return Answer(stored.status, stored.answer or {}, is_repeated=True)
    stored.status, stored.answer = do()
    stored.save(update_fields=["status", "answer"])
    return Answer(stored.status, stored.answer or {})


def wipe_old_answers(*, at: datetime) -> int:
    """Delete keys older than a day; return how many. Safe to run again."""
    return IdempotencyKey.objects.filter(created_at__lt=at - STORED_FOR).delete()[0]
