"""Passes the actor to the history triggers: user, role, unit and request number travel with every statement that writes.

The address is left out: it may contain what a user searched for.
"""

from typing import Any

from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware

from foundation.primitives.request_number import current_request_number


class HistoryContextMiddleware(HistoryMiddleware):
    """Sets django-pghistory's context from `request.actor`; comes after the middleware that sets it."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        actor = getattr(request, "actor", None)
        return {
            "user": actor.user_id if actor else None,
            "role": actor.role if actor else "",
            "unit": actor.unit_code if actor else "",
            "deputy_for": actor.deputy_for_id if actor else None,
            "request_id": current_request_number(),
        }
