"""Query parameters: only those the description names, so that a misspelt one is never ignored."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

Form = type[serializers.Serializer]


class AskedView(APIView):
    """A view whose GET takes the parameters of `forms`; any other method takes none."""

    forms: tuple[Form, ...] = ()
    also_refuses: tuple[int, ...] = ()
    """Refusals that the address and the parameters do not show: 404 for what a body names, 409 without an Idempotency-Key."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check token and verb first, then the names of the parameters. Errors: ValidationError."""
        super().initial(request, *args, **kwargs)
        forms = self.forms if request.method in {"GET", "HEAD"} else ()
        known = {name for form in forms for name in form().fields}
        if unknown := sorted(set(request.query_params) - known):
            raise serializers.ValidationError({name: [_("Unknown parameter.")] for name in unknown})


def read_query(request: Request, form: Form) -> dict[str, Any]:
    """Return the values of a form's parameters. Errors: ValidationError."""
    asked = form(data=request.query_params.dict())  # an empty value is one, not an absent one
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)
