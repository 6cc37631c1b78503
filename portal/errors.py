"""The error pages: what happened, what to do, and the number to quote. They need neither database nor session.

Below /api/ the same is answered as a problem, for a program.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from foundation.primitives.errors import DomainError
from foundation.web.problems import ADDRESSES, CONTENT_TYPE, TITLE_OF, problem_body


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return _page(request, "errors/400.html", 400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403, with the refusal's own text when a service gave one."""
    refusal = exception.args[0] if exception.args and isinstance(exception.args[0], DomainError) else None
    return _page(request, "errors/403.html", 403, refusal=refusal)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404: it does not exist, or is outside the actor's unit."""
    return _page(request, "errors/404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return _page(request, "errors/500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was sent without its token: mostly a page left open over night."""
    return _page(request, "errors/403_csrf.html", 403)


CODES = {400: "bad_input", 403: "permission_denied", 404: "not_found", 500: "fault"}


def _page(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    """Render without context processors, so that a page about a fault cannot fault itself."""
    if request.path.startswith(ADDRESSES):
        body = problem_body(status, CODES[status], str(TITLE_OF[status]))
        return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
    context |= {"request_number": getattr(request, "number", ""), "language_now": get_language()}
    return HttpResponse(render_to_string(template, context), status=status)
