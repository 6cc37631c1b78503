"""What the OpenAPI document says of every operation: which refusals it may answer, in the one format of errors.

Views describe what they ask and answer; the refusals follow from that (a body may be no JSON, a unit may not be there).
"""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from foundation.web.problems import CONTENT_TYPE, PROBLEM_TYPE

Direction = Literal["request", "response"]
WHEN = {
    400: "A field, a parameter or the body cannot be understood; `fields` says which.",
    401: "No token, or one unknown, expired or revoked.",
    403: "The token's verbs or unit do not allow it.",
    404: "It does not exist, or lies outside the token's unit: both look the same.",
    406: "Answers are application/json only.",
    409: "The key was used for another request.",
    415: "The body has a media type that is not read here.",
    500: "A fault of ours; quote the number.",
}
PROBLEMS: dict[int, dict[str, object]] = {
    400: {
        "type": "bad_input", "title": "The request cannot be understood", "detail": "The request cannot be understood",
        "fields": {"limit": ["Ensure this value is less than or equal to 200."]},
    },
    401: {
        "type": "authentication_failed", "title": "Sign in first", "detail": "This token is unknown, expired or revoked.",
    },
    403: {"type": "permission_denied", "title": "Not allowed", "detail": "This token does not allow what you ask."},
    404: {
        "type": "unit_not_found", "title": "Not found", "detail": "There is no such unit in yours.",
        "conflicting_ids": ["320681000000"],
    },
    406: {
        "type": "not_acceptable", "title": "No answer in the form you accept",
        "detail": "Could not satisfy the request Accept header.",
    },
    409: {
        "type": "idempotency_key_reused", "title": "Conflict with the present state",
        "detail": "This Idempotency-Key was used for another request.", "what_to_do": "Send each new file with a new key.",
    },
    415: {
        "type": "unsupported_media_type", "title": "This media type is not read here",
        "detail": "Unsupported media type \"text/plain\" in request.",
    },
    500: {"type": "fault", "title": "A fault of ours", "detail": "Something went wrong here; nothing was changed."},
}  # fmt: skip


class RefusalSerializer(serializers.Serializer):
    """A refusal (RFC 9457), in the caller's language. `type` is a stable word."""

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

    def _refusals(self) -> list[int]:
        """List the status codes that follow from what the operation asks."""
        names = {each["name"] for each in self._get_parameters()}
        has_body = self.method in {"POST", "PUT", "PATCH"}
        elsewhere = [404] if "{" in self.path or "unit" in names else []
        twice = [409] if "Idempotency-Key" in names else []
        return [400, 401, 403, *elsewhere, 406, *twice, *([415] if has_body else []), 500]

    def _refusal(self, code: int, direction: Direction) -> Any:
        described = OpenApiResponse(RefusalSerializer, description=WHEN[code])
        body = self._get_response_for_code(described, str(code), [CONTENT_TYPE], direction)  # type: ignore[no-untyped-call]
        body["content"][CONTENT_TYPE]["examples"] = {"Problem": {"value": example_of(code)}}
        return body


def example_of(code: int) -> dict[str, object]:
    """Return a problem as it is answered."""
    told = PROBLEMS[code]
    head = {"type": f"{PROBLEM_TYPE}{told['type']}", "title": told["title"], "status": code, "detail": told["detail"]}
    rest = {name: value for name, value in told.items() if name not in head}
    return {**head, "request_number": "7KQM-2XNB", **rest}
