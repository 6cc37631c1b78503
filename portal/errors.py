"""The error pages: what happened, what to do, and the number to quote. They need neither database nor session; the one for a page of
another role keeps the menu and signing out, for whoever is signed in.

Below /api/ the same is answered as a problem, for a program.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.accounts.body_limit import TOO_LARGE
from foundation.primitives.errors import DomainError
from foundation.web.problems import ADDRESSES, CONTENT_TYPE, TITLE_OF, problem_body


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 for a body too large, with the refusal's own text where there is one."""
    refusal = _refusal_of(exception)
    return _page(request, "errors/400.html", 413 if refusal and refusal.code == TOO_LARGE else 400, refusal=refusal)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403, with the refusal's own text when a service gave one."""
    return _page(request, "errors/403.html", 403, refusal=_refusal_of(exception), has_frame=_is_signed_in(request))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404: it does not exist, or is outside the actor's unit; 422 where an address of the API needs a number and has none."""
    if request.path.startswith(ADDRESSES) and (part := _no_number(request)):
        words = _("“%(part)s” is not a number. This address needs the number of a row, in digits.") % {"part": part}
        return JsonResponse(problem_body(422, "no_number", words), status=422, content_type=CONTENT_TYPE)
    return _page(request, "errors/404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return _page(request, "errors/500.html", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was sent without its token: mostly a page left open over night."""
    return _page(request, "errors/403_csrf.html", 403)


def _no_number(request: HttpRequest) -> str:
    """Return the part of an unknown address that would have to be a number for the address to exist; "" where none is."""
    if request.resolver_match is not None:
        return ""
    parts = request.path_info.split("/")
    for place, part in enumerate(parts):
        try:
            found = resolve("/".join([*parts[:place], "1", *parts[place + 1 :]]))
        except Resolver404:
            continue
        if 1 in found.kwargs.values() and not part.isdecimal():
            return part[:MOST_SHOWN]
    return ""


def _is_signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def _refusal_of(exception: Exception) -> DomainError | None:
    return exception.args[0] if exception.args and isinstance(exception.args[0], DomainError) else None


MOST_SHOWN = 40
"""Characters of a caller's address that an answer repeats."""
CODES = {400: "bad_input", 413: TOO_LARGE, 403: "permission_denied", 404: "not_found", 500: "fault"}


def _page(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    """Render without context processors, so that a page about a fault cannot fault itself; with `has_frame` with them."""
    if request.path.startswith(ADDRESSES):
        refusal = context.get("refusal")
        code, words = CODES[status], str(TITLE_OF[status])
        if isinstance(refusal, DomainError) and status != 403:
            code, words = refusal.code, str(refusal)
        body = problem_body(status, code, words)
        return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
    context |= {"request_number": getattr(request, "number", ""), "language_now": get_language()}
    framed = request if context.get("has_frame") else None
    context["page_frame"] = "base.html" if framed else "errors/page.html"
    return HttpResponse(render_to_string(template, context, framed), status=status)
