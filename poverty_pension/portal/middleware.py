"""What every answer carries: a number to quote, and a content security policy that allows only our own files."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from poverty_pension.primitives.request_number import forget_request_number, new_request_number

GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


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


class ContentSecurityPolicyMiddleware:
    """Forbids inline script and style and anything from elsewhere."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", POLICY)
        return response
