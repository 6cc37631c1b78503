"""Signing: one service for preparing and for every act on what others prepared.

The caller has checked that the actor's role may act, and holds the object's lock; here is checked, by the database,
that the people behind the act have not prepared what they sign and have not signed it before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.signing import people_behind
from foundation.primitives.errors import Conflict, NotAllowed
from foundation.signatures.constants import Act
from foundation.signatures.models import Signature
from foundation.signatures.selectors import list_people, list_preparers

OWN_WORK, ONCE = "signature_never_on_own_work", "signature_once_per_person"


def content_hash(fields: Iterable[object]) -> str:
    """Return the SHA-256 of a content's fields in a fixed order, each with its length, so that no two contents read alike."""
    digest = hashlib.sha256()
    for value in fields:
        text = ("" if value is None else str(value)).encode()
        digest.update(f"{'-' if value is None else '+'}{len(text)}:".encode() + text)
    return digest.hexdigest()


def sign(*, actor: Actor, object_type: str, object_id: int, content: str, act: Act, at: datetime) -> list[Signature]:
    """Record an act on a content, for the actor and, where they are deputy, for the absent colleague too.

    `content`: SHA-256 of what was read, as `content_hash` makes it.
    Effects: one row in signatures_signature per person behind the act, inside the caller's transaction.
    Errors: NotAllowed when no person acts, or one of them prepared any version (own_work); Conflict when one of them
    signed this version already (signed_already), or signed a version of what they now want to prepare (judged_before).
    """
    people = sorted(people_behind(actor))
    if actor.user_id is None:
        raise NotAllowed(_("Only a person can sign; a system cannot."), code="no_person")
    rows = [
        Signature(
            object_type=object_type,
            object_id=object_id,
            content_hash=content,
            act=act,
            role=actor.role,
            person_id=person,
            acted_by_id=actor.user_id,
            unit_id=actor.unit_id,
            signed_at=at,
        )
        for person in people
    ]
    try:
        with transaction.atomic():
            return Signature.objects.bulk_create(rows)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name not in {OWN_WORK, ONCE}:
            raise
        raise _refusal(actor, object_type, object_id, act, name) from error


def _refusal(actor: Actor, object_type: str, object_id: int, act: Act, constraint: str) -> NotAllowed | Conflict:
    behind = people_behind(actor)
    ids = sorted(each for each in list_people(object_type, object_id) if each in behind)
    ask = _("Ask a colleague who was not involved.")
    own = act != Act.PREPARED and not list_preparers(object_type, object_id).isdisjoint(behind)
    if constraint == ONCE and not own:
        return Conflict(
            _("You, or the colleague you are deputy for, have already signed this version."),
            code="signed_already",
            what_to_do=_("One person signs once; the next signature is a colleague's."),
            ids=ids,
        )
    if act == Act.PREPARED:
        return Conflict(
            _("You, or the colleague you are deputy for, have signed an earlier version and cannot change this one."),
            code="judged_before",
            what_to_do=ask,
            ids=ids,
        )
    return NotAllowed(
        _("You cannot sign this: you, or the colleague you are deputy for, prepared it."),
        code="own_work",
        what_to_do=ask,
        ids=ids,
    )
