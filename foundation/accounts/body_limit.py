"""How much of a request is read, and for whom: a large body only by pages that take files, of somebody who may send them.

Decided before the form is read. Everything else is a form: of a few thousand characters before sign-in, of at most a megabyte after.
The API reads a body only after its token (foundation/web/api/parsers.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from foundation.accounts.requests import find_actor
from foundation.accounts.second_factor import has_shown_second_factor, is_second_factor_demanded
from foundation.primitives.errors import BadInput

TOO_LARGE = "request_too_large"
MOST_BYTES_BEFORE_SIGN_IN = 64 << 10
MOST_BYTES_OF_A_FORM = 1 << 20
ADDRESSES_OF_THE_API = "/api/"
View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """Mark a view whose form carries files; written below `@requires`, which names who may send them."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


class BodyLimitMiddleware:
    """Comes before the check of the form's token, which reads the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        """Refuse a body that is too large for this view and this user."""
        if request.method in {"GET", "HEAD", "OPTIONS"} or request.path_info.startswith(ADDRESSES_OF_THE_API):
            return None
        if getattr(view, "takes_files", False) and _may_send(request, view):
            return None
        request.upload_handlers = [MemoryFileUploadHandler(request)]  # nothing of it reaches the disk
        most = MOST_BYTES_OF_A_FORM if request.user.is_authenticated else MOST_BYTES_BEFORE_SIGN_IN
        if _size(request) > most:
            raise BadRequest(
                BadInput(
                    _("The request is larger than a form of this page can be; it was not read."),
                    code=TOO_LARGE,
                    what_to_do=_("Sign in first, and send files on the page for files."),
                )
            )
        return None


def _may_send(request: HttpRequest, view: object) -> bool:
    actor, action = find_actor(request), getattr(view, "required_action", None)
    if not request.user.is_authenticated or request.user.must_change_password:
        return False
    if actor is None or action is None or not actor.may(action):
        return False
    return has_shown_second_factor(request) or not is_second_factor_demanded()


def _size(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else MOST_BYTES_OF_A_FORM + 1
