"""Department clients: issuing a token, shown once, and revoking it. Each act is recorded in the audit log in its transaction."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.constants import Verb
from foundation.accounts.models import ClientToken
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.primitives.errors import BadInput, NotFound
from foundation.regions.models import Unit

TOKEN_BYTES = 32


@transaction.atomic
def issue_client_token(
    *, actor: Actor, name: str, unit: Unit, verbs: Sequence[str], expires_at: datetime
) -> tuple[ClientToken, str]:
    """Issue a department's token; the text is returned this once and stored nowhere.

    A system of the same name in the same unit is the same system: its new token also finds what an earlier one sent.

    Effects: one ClientToken with the hash; audit verb issue_client_token.
    Errors: NotAllowed; NotFound for a unit outside the actor's; BadInput for verbs that do not exist.
    """
    actor.demand(Action.MANAGE_CLIENTS)
    if not actor.covers(unit.path):
        raise NotFound(_("There is no such unit in your area."), ids=[unit.code])
    if unknown := sorted(set(verbs) - set(Verb.values)):
        raise BadInput(
            _("Unknown operations: %(verbs)s.") % {"verbs": ", ".join(unknown)},
            code="unknown_verb",
            what_to_do=_("Available: %(verbs)s.") % {"verbs": ", ".join(Verb.values)},
        )
    text = secrets.token_urlsafe(TOKEN_BYTES)
    token = ClientToken.objects.create(
        name=name,
        token_hash=hash_token(text),
        unit=unit,
        first_token=_first_token(name, unit),
        verbs=list(verbs),
        expires_at=expires_at,
    )
    record_event(
        actor=actor,
        verb="issue_client_token",
        object_type="client_token",
        object_id=token.pk,
        detail={"unit": unit.code, "verbs": list(verbs), "expires_at": expires_at.isoformat()},
    )
    return token, text


def _first_token(name: str, unit: Unit) -> ClientToken | None:
    """Find the first token of the system; the unit is locked, so that two issued at once have the same."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    return ClientToken.objects.filter(name=name, unit=unit, first_token__isnull=True).order_by("pk").first()


@transaction.atomic
def revoke_client_token(*, actor: Actor, token: ClientToken, at: datetime) -> None:
    """End a token at a moment; revoking it again changes nothing.

    Effects: the ClientToken row; audit verb revoke_client_token. Errors: NotAllowed.
    """
    actor.demand(Action.MANAGE_CLIENTS)
    ClientToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)
    record_event(actor=actor, verb="revoke_client_token", object_type="client_token", object_id=token.pk)


def hash_token(text: str) -> str:
    """Return the SHA-256 of a token; it has 256 random bits, so no salt and no slow hash are needed."""
    return hashlib.sha256(text.encode()).hexdigest()
