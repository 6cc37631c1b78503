"""Writing users, memberships and department clients. Each act stands in the audit book of the same transaction."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from poverty_pension.accounts.actors import Actor
from poverty_pension.accounts.constants import Role, Verb
from poverty_pension.accounts.models import ClientToken, Membership, User
from poverty_pension.audit.services import record_event
from poverty_pension.primitives.errors import BadInput, Conflict
from poverty_pension.regions.models import Unit

TOKEN_BYTES = 32


@transaction.atomic
def create_user(*, actor: Actor | None, username: str, display_name: str, password: str, must_change: bool) -> User:
    """Create a user who may sign in but is nothing anywhere yet.

    Effects: one User; audit verb create_user.
    Errors: Conflict when the user name is taken.
    """
    if User.objects.filter(username=username).exists():
        raise Conflict(
            _("The user name %(name)s is taken.") % {"name": username}, code="username_taken", ids=[username]
        )
    user = User(username=username, display_name=display_name, must_change_password=must_change)
    user.set_password(password)
    user.save()
    record_event(actor=actor, verb="create_user", object_type="user", object_id=user.pk)
    return user


@transaction.atomic
def grant_role(*, actor: Actor | None, user: User, role: Role, unit: Unit, valid_from: date) -> Membership:
    """Make a user something in a unit from a day on.

    Effects: one Membership; audit verb grant_role.
    Errors: Conflict when they are it already, or when the three administrators' separation forbids it.
    """
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=user, role=role, unit=unit, valid_from=valid_from)
    except IntegrityError as error:
        raise Conflict(
            _("This role cannot be given beside the roles the user has."),
            code="role_conflict",
            what_to_do=_("End the other role first: administrators hold no other role."),
            ids=[user.pk],
        ) from error
    record_event(
        actor=actor,
        verb="grant_role",
        object_type="user",
        object_id=user.pk,
        detail={"role": role, "unit": unit.code, "valid_from": valid_from.isoformat()},
    )
    return membership


@transaction.atomic
def change_password(*, user: User, password: str, actor: Actor | None) -> None:
    """Set a user's own new password; the first password's duty to change it ends.

    Effects: the User row; audit verb change_password.
    """
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record_event(actor=actor, verb="change_password", object_type="user", object_id=user.pk)


def save_language(*, user: User, language: str) -> None:
    """Remember the language a user chose."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def issue_client_token(
    *, actor: Actor, name: str, unit: Unit, verbs: Sequence[str], expires_at: datetime
) -> tuple[ClientToken, str]:
    """Issue a department's token; the text is returned this once and stored nowhere.

    Effects: one ClientToken with the hash; audit verb issue_client_token.
    Errors: BadInput for verbs that do not exist.
    """
    if unknown := sorted(set(verbs) - set(Verb.values)):
        raise BadInput(
            _("Unknown verbs: %(verbs)s.") % {"verbs": ", ".join(unknown)},
            code="unknown_verb",
            what_to_do=_("Known are: %(verbs)s.") % {"verbs": ", ".join(Verb.values)},
        )
    text = secrets.token_urlsafe(TOKEN_BYTES)
    token = ClientToken.objects.create(
        name=name, token_hash=hash_token(text), unit=unit, verbs=list(verbs), expires_at=expires_at
    )
    record_event(
        actor=actor,
        verb="issue_client_token",
        object_type="client_token",
        object_id=token.pk,
        detail={"unit": unit.code, "verbs": list(verbs), "expires_at": expires_at.isoformat()},
    )
    return token, text


@transaction.atomic
def revoke_client_token(*, actor: Actor, token: ClientToken, at: datetime) -> None:
    """End a token at a moment; revoking it again changes nothing.

    Effects: the ClientToken row; audit verb revoke_client_token.
    """
    ClientToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)
    record_event(actor=actor, verb="revoke_client_token", object_type="client_token", object_id=token.pk)


def hash_token(text: str) -> str:
    """Return the SHA-256 of a token; it has 256 random bits, so no salt and no slow hash are needed."""
    return hashlib.sha256(text.encode()).hexdigest()
