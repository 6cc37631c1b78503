"""The permission of a page: `@requires(Action.X)` on a function view.

Not signed in: the sign-in page. A first password: the page to change it.
Wrong role: 403. Outside the actor's unit: 404. Both are recorded in the audit log. Input a view leaves to this: 400 with its words.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from foundation.accounts.permissions import Action
from foundation.accounts.redirects import send_to, send_to_sign_in
from foundation.accounts.requests import ActorRequest, find_actor
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives.errors import BadInput, NotAllowed, NotFound

P = ParamSpec("P")
View = Callable[Concatenate[ActorRequest, P], HttpResponse]
GuardedView = Callable[Concatenate[HttpRequest, P], HttpResponse]
ENDED = {
    "idle": _("You were signed out because of inactivity."),
    "long": _("You were signed out: a session ends after ten hours."),
}


def requires(action: Action) -> Callable[[View[P]], GuardedView[P]]:
    """Let a view run only for actors whose role may do `action`; views marked so carry `required_action`."""

    def decorate(view: View[P]) -> GuardedView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if elsewhere := _send_elsewhere(request):
                return elsewhere
            actor = find_actor(request)
            if actor is None or not actor.may(action):
                _record_refusal(request, action, kwargs, reason="role")
                raise PermissionDenied
            try:
                return view(cast("ActorRequest", request), *args, **kwargs)
            except NotAllowed as refusal:
                _record_refusal(request, action, kwargs, reason="role")
                raise PermissionDenied(refusal) from refusal
            except BadInput as refusal:
                raise BadRequest(refusal) from refusal
            except (NotFound, Http404) as refusal:
                _record_refusal(request, action, kwargs, reason="not_found_in_scope")
                raise Http404 from refusal

        guarded.required_action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def _send_elsewhere(request: HttpRequest) -> HttpResponse | None:
    """Send on who is not signed in or has a first password; None for everybody else."""
    if not request.user.is_authenticated:
        if ended := getattr(request, "session_ended", ""):
            messages.info(request, ENDED[ended])
        return send_to_sign_in(request)
    if request.user.must_change_password:
        return send_to(request, "account_change_password")
    return None


def _record_refusal(request: HttpRequest, action: Action, kwargs: dict[str, object], *, reason: str) -> None:
    """Record the refusal with the view's own ids, never with the address, which may contain what was searched for."""
    match = request.resolver_match
    record_event(
        actor=find_actor(request),
        verb=action,
        object_type="page",
        object_id=match.view_name if match else "",
        outcome=Outcome.REFUSED,
        detail={"reason": reason, "ids": {key: str(value) for key, value in kwargs.items()}, "user": request.user.pk},
    )
