"""Access to the rules: everybody who sees a board, and the administrators of security and of the audit."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from foundation.accounts.decorators import requires
from foundation.accounts.requests import find_actor
from portal.navigation import RULE_READERS

READERS = RULE_READERS


def reads_policy(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view run for actors who may do any of READERS; everybody else is refused as by the first."""
    guarded_by = {action: requires(action)(view) for action in READERS}

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = find_actor(request)
        action = next((each for each in READERS if actor is not None and actor.may(each)), READERS[0])
        return guarded_by[action](request, *args, **kwargs)

    guarded.required_action = READERS[0]  # type: ignore[attr-defined]
    guarded.also_open_to = READERS[1:]  # type: ignore[attr-defined]
    return guarded
