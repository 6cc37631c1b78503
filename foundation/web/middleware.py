"""What every response gets: a number to quote, a line in the log, a policy that allows only our own files, and no copy kept.

The first in the list of the settings wrap everything, also static files, redirects and refusals.
"""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import gettext_lazy as _

from foundation.jobs.log_context import acting
from foundation.primitives.request_number import forget_request_number, new_request_number
from foundation.web.problems import ADDRESSES, CONTENT_TYPE, problem_body

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SIGN_OUT = "account_logout"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""What an address may answer; TRACE, CONNECT and invented ones no address does."""


class RequestNumberMiddleware:
    """Gives each request the number that error pages quote and audit rows store; sent back as X-Request-ID."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = new_request_number()
        request.number = number  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            forget_request_number()
        response["X-Request-ID"] = number
        return response


class RequestLogMiddleware:
    """Writes one line a request: method, name of the view, status, milliseconds; never the address or the user's name.

    Comes after the middleware that sets the actor, so that every line of the request names the actor's id.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        with acting(_actor_id(request)):
            response = self.get_response(request)
            match = request.resolver_match
            fields = {
                "method": request.method,
                "view": match.view_name if match else "",
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000),
            }
            log.info("request", extra={"fields": fields})
        return response


def _actor_id(request: HttpRequest) -> str:
    actor = getattr(request, "actor", None)
    if actor is None:
        return ""
    return f"client {actor.client_id}" if actor.client_id is not None else f"user {actor.user_id}"


class ContentSecurityPolicyMiddleware:
    """Forbids inline script and style and anything from elsewhere."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", POLICY)
        return response


class NoStoreMiddleware:
    """Forbids browsers and proxies to keep an answer, unless the answer says itself how long; static files do.

    Signing out also clears whatever storage a browser might have filled; its cache holds static files only.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        match = request.resolver_match
        if match and match.view_name == SIGN_OUT and request.method == "POST":
            response["Clear-Site-Data"] = '"storage"'
        return response


class KnownMethodsMiddleware:
    """Refuses methods no address answers, before anything else looks at the request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return self.get_response(request)


class PlainApiMiddleware:
    """Refuses a program that calls the API without TLS instead of redirecting it: a redirect would hide that its token was readable."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and request.path.startswith(ADDRESSES):
            body = problem_body(
                403,
                "tls_required",
                str(_("The API is reached by https only. Replace the token: it was sent unencrypted.")),
            )
            return JsonResponse(body, status=403, content_type=CONTENT_TYPE)
        return self.get_response(request)
