"""The API's one format of errors: application/problem+json (RFC 9457), with the number to quote.

`type` is a stable code after "urn:poverty-pension:", `detail` is in the caller's language, `conflicting_ids` names rows.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.exceptions import NotFound as ApiNotFound
from rest_framework.exceptions import PermissionDenied as ApiPermissionDenied
from rest_framework.response import Response
from rest_framework.views import set_rollback

from foundation.primitives.disk import disk_full, is_disk_full
from foundation.primitives.errors import BadInput, Conflict, DomainError, NotAllowed, NotFound
from foundation.primitives.request_number import current_request_number

PROBLEM_TYPE = "urn:poverty-pension:"
CONTENT_TYPE = "application/problem+json"
STATUS_OF: dict[type[DomainError], int] = {
    NotFound: status.HTTP_404_NOT_FOUND,
    NotAllowed: status.HTTP_403_FORBIDDEN,
    Conflict: status.HTTP_409_CONFLICT,
    BadInput: status.HTTP_400_BAD_REQUEST,
}
TITLE_OF = {
    400: _("Invalid request"),
    401: _("Sign in first"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not supported"),
    406: _("No acceptable response format"),
    409: _("Conflict with the current state"),
    413: _("Request too large"),
    415: _("Unsupported content type"),
    422: _("Not a number"),
    429: _("Too many requests"),
    500: _("System error"),
}
ADDRESSES = "/api/"
"""Below it every answer is for a program, also the one that there is no such address."""


def problem_json(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a refusal as a problem; anything else remains a server error (500)."""
    if is_disk_full(error) or getattr(context["request"], "disk_was_full", False):
        error = disk_full()
    if isinstance(error, DomainError):
        set_rollback()
        return _problem(_status_of(error), error.code, str(error), what_to_do=str(error.what_to_do), ids=error.ids)
    if isinstance(error, Http404):
        error = ApiNotFound()
    elif isinstance(error, PermissionDenied):
        error = ApiPermissionDenied()
    elif isinstance(error, SuspiciousOperation):  # a form with thousands of fields, a host or a name no client sends
        error = ParseError(str(TITLE_OF[400]))
    if not isinstance(error, APIException):
        return None
    set_rollback()
    if isinstance(error, ValidationError):
        answer = _problem(error.status_code, "bad_input", str(TITLE_OF[400]), fields=error.detail)
    else:
        answer = _problem(error.status_code, error.default_code, str(error.detail))
    for header, value in _headers_of(error).items():
        answer[header] = value
    return answer


def _status_of(error: DomainError) -> int:
    return next((code for kind, code in STATUS_OF.items() if isinstance(error, kind)), status.HTTP_409_CONFLICT)


def _headers_of(error: APIException) -> dict[str, str]:
    """Return the headers a status requires: how to sign in, when to try again."""
    headers = {}
    if scheme := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = scheme
    if seconds := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(seconds) + 1)
    return headers


def _problem(
    code: int, word: str, detail: str, *, what_to_do: str = "", ids: tuple[str, ...] = (), fields: object = None
) -> Response:
    body = problem_body(code, word, detail)
    if what_to_do:
        body["what_to_do"] = what_to_do
    if ids:
        body["conflicting_ids"] = list(ids)
    if fields is not None:
        body["fields"] = fields
    return Response(body, status=code, content_type=CONTENT_TYPE)


def problem_body(code: int, word: str, detail: str) -> dict[str, object]:
    """Return what every problem contains: its stable code, the status, a sentence, the number to quote."""
    return {
        "type": PROBLEM_TYPE + word,
        "title": str(TITLE_OF.get(code, detail)),
        "status": code,
        "detail": detail,
        "request_number": current_request_number(),
    }
