"""How another department's system signs in: a bearer token, bound to a unit and to verbs, that expires."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from foundation.accounts.actors import Actor, client_actor
from foundation.accounts.models import ClientToken
from foundation.accounts.selectors import find_client_token
from foundation.accounts.services import count_refused_token, hash_token
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives import clock

if TYPE_CHECKING:  # importing it here would close a circle: REST framework's views load this module as their default
    from rest_framework.views import APIView

KEYWORD = "Bearer"


class ClientTokenAuthentication(BaseAuthentication):
    """Reads "Authorization: Bearer ...", sets `request.actor`; `request.auth` is the token. Cost: one query."""

    def authenticate(self, request: Request) -> tuple[Actor, ClientToken] | None:
        """Return the client, or None when the request names no token.

        Errors: AuthenticationFailed for an unknown, expired or revoked token; the refusal is counted.
        """
        keyword, _space, given = get_authorization_header(request).decode("latin-1").partition(" ")
        if keyword != KEYWORD:
            return None
        token = find_client_token(token_hash=hash_token(given.strip()), at=clock.real_now())
        if token is None:
            count_refused_token(at=clock.real_now())
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        actor = client_actor(token)
        setattr(request._request, "actor", actor)  # noqa: B010, SLF001  the REST request has no other access to it
        return actor, token

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, so that a missing token is answered with 401."""
        return KEYWORD


class TokenAllowsVerb(BasePermission):
    """Lets a client call a view whose `verb` its token has; a view without a verb is refused.

    `verbs` of a view names another verb for some of its methods.
    """

    message = _("This token does not allow this request.")

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Answer, and record a refusal."""
        if not isinstance(request.auth, ClientToken):
            return False
        verb = getattr(view, "verbs", {}).get(request.method) or getattr(view, "verb", "")
        if verb and verb in request.auth.verbs:
            return True
        record_event(
            actor=client_actor(request.auth), verb=verb or "no_verb", object_type="api", outcome=Outcome.REFUSED
        )
        return False
