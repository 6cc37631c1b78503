"""What the OpenAPI document states of every operation: which refusals it may answer, in the one format of errors.

Views describe what they ask and answer; the refusals follow from that (a body may be no JSON, a unit may not be there).
"""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from foundation.web.api.paging import LARGEST_ID
from foundation.web.problems import CONTENT_TYPE, PROBLEM_TYPE

Direction = Literal["request", "response"]
WHEN = {
    400: "A field, a parameter or the body is invalid; `fields` names it.",
    401: "The token is missing, unknown, expired or revoked.",
    403: "The token's operations or unit do not allow it.",
    404: "It does not exist or is outside the token's unit; the answer is the same.",
    406: "Answers are application/json only.",
    409: "The state has changed, or the key was used for another request.",
    415: "The content type of the body is not supported.",
    422: "A number in the address is none, or too large.",
    500: "System error; quote the reference number.",
}
PROBLEMS: dict[int, dict[str, object]] = {
    400: {
        "type": "bad_input", "title": "Invalid request", "detail": "Invalid request",
        "fields": {"limit": ["Ensure this value is less than or equal to 200."]},
    },
    401: {
        "type": "authentication_failed", "title": "Sign in first", "detail": "This token is unknown, expired or revoked.",
    },
    403: {"type": "permission_denied", "title": "Not allowed", "detail": "This token does not allow this request."},
    404: {
        "type": "unit_not_found", "title": "Not found", "detail": "There is no such unit in your area.",
        "conflicting_ids": ["320681000000"],
    },
    406: {
        "type": "not_acceptable", "title": "No acceptable response format",
        "detail": "Could not satisfy the request Accept header.",
    },
    409: {
        "type": "idempotency_key_reused", "title": "Conflict with the current state",
        "detail": "This Idempotency-Key was already used for another request.", "what_to_do": "Use a new key for each new file.",
    },
    415: {
        "type": "unsupported_media_type", "title": "Unsupported content type",
        "detail": "Unsupported media type \"text/plain\" in request.",
    },
    422: {"type": "no_number", "title": "Not a number", "detail": "“12a” is not a number. The number of a record goes here."},
    500: {"type": "fault", "title": "System error", "detail": "Something went wrong here; nothing was changed."},
}  # fmt: skip


class RefusalSerializer(serializers.Serializer):
    """A refusal (RFC 9457), in the caller's language. `type` is a stable code."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(allow_blank=True)
    request_number = serializers.CharField(help_text="Quote it when you ask about this answer.")
    what_to_do = serializers.CharField(required=False)
    conflicting_ids = serializers.ListField(child=serializers.CharField(), required=False)
    fields = serializers.JSONField(required=False, help_text="Field -> what is wrong with it.")  # type: ignore[assignment]


class RefusingSchema(AutoSchema):
    """Adds to each operation the refusals it may answer, with an example of each."""

    def _get_response_bodies(self, direction: Direction = "response") -> Any:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        return bodies | {str(code): self._refusal(code, direction) for code in self._refusals()}

    def _get_parameters(self) -> list[dict[str, Any]]:
        """Say of a record's number in the address that it is not below zero and no larger than an id can be."""
        parameters: list[dict[str, Any]] = super()._get_parameters()
        for each in parameters:
            if each["in"] == "path" and each["schema"].get("type") == "integer":
                each["schema"] = each["schema"] | {"minimum": 0, "maximum": LARGEST_ID}
        return parameters

    def _refusals(self) -> list[int]:
        """List the status codes that follow from what the operation asks."""
        names = {each["name"] for each in self._get_parameters()}
        has_body = self.method in {"POST", "PUT", "PATCH"}
        elsewhere = [404, 422] if "{" in self.path else [404] if "unit" in names else []
        twice = [409] if "Idempotency-Key" in names else []
        stated = getattr(self.view, "also_refuses", ()) if has_body else ()
        return sorted({400, 401, 403, *elsewhere, 406, *twice, *stated, *([415] if has_body else []), 500})

    def _refusal(self, code: int, direction: Direction) -> Any:
        described = OpenApiResponse(RefusalSerializer, description=WHEN[code])
        body = self._get_response_for_code(described, str(code), [CONTENT_TYPE], direction)  # type: ignore[no-untyped-call]
        body["content"][CONTENT_TYPE]["examples"] = {"Problem": {"value": example_of(code)}}
        return body


def example_of(code: int) -> dict[str, object]:
    """Return an example of a problem."""
    problem = PROBLEMS[code]
    head = {
        "type": f"{PROBLEM_TYPE}{problem['type']}",
        "title": problem["title"],
        "status": code,
        "detail": problem["detail"],
    }
    rest = {name: value for name, value in problem.items() if name not in head}
    return {**head, "request_number": "7KQM-2XNB", **rest}
