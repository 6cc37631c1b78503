"""Refuses what no page can mean, before a view sees it: a 400 with words, never a server error.

A zero character anywhere (no database stores it), an id larger than any, a number of more digits than any number here has, a day before
1850 or after 2200. What depends on the field (a day of data after tomorrow) is refused by fields.py; fields of the API by their
serializers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from foundation.primitives.days import EARLIEST_BIRTH, LATEST_DAY
from foundation.primitives.errors import BadInput
from foundation.primitives.ids import LARGEST_ID
from foundation.web.problems import ADDRESSES

MOST_DIGITS = 100
"""In a form; in an address a number is an id."""
_DAY = re.compile(r"(\d{4})-\d{1,2}-\d{1,2}")
_NUMBER = re.compile(r"[+-]?(\d+)")


class RefuseOddInputMiddleware:
    """Comes before the session is read, because a cookie may be odd too; forms are looked at after the check of their token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = request.path_info + unquote(request.META.get("QUERY_STRING", ""))
        _refuse_zero([address, *request.COOKIES.values()])
        return self.get_response(request)


class RefuseOddFormsMiddleware:
    """Comes after the check of the form's token, which has read the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, _args: object, kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Look at the parts of the address, its parameters and the form; the bodies of the API are its parsers'."""
        if any(isinstance(part, int) and part > LARGEST_ID for part in kwargs.values()):
            raise Http404
        if request.path_info.startswith(ADDRESSES):
            return None
        _refuse_odd(_values(request.GET), most_digits=len(str(LARGEST_ID)), largest=LARGEST_ID)
        if request.method not in {"GET", "HEAD", "OPTIONS", "TRACE"}:
            _refuse_odd(_values(request.POST), most_digits=MOST_DIGITS, largest=None)
            _refuse_zero(file.name or "" for _field, files in request.FILES.lists() for file in files)
        return None


def _values(data: object) -> list[str]:
    return [text for name, values in data.lists() for text in (name, *values)]  # type: ignore[attr-defined]


def _refuse_odd(texts: Iterable[str], *, most_digits: int, largest: int | None) -> None:
    for text in texts:
        _refuse_zero([text])
        if (number := _NUMBER.fullmatch(text)) and (
            len(number[1]) > most_digits or (largest is not None and int(number[1]) > largest)
        ):
            raise _refusal(_("A number in the request is larger than any in this system."), "number_too_large")
        if (day := _DAY.match(text)) and not EARLIEST_BIRTH.year <= int(day[1]) <= LATEST_DAY.year:
            raise _refusal(_("A date in the request lies outside the years 1850 to 2200."), "bad_day")


def _refuse_zero(texts: Iterable[str]) -> None:
    if any("\0" in text for text in texts):
        raise _refusal(_("The request contains a character that cannot be stored."), "zero_character")


def _refusal(sentence: str, code: str) -> BadRequest:
    return BadRequest(BadInput(sentence, code=code, what_to_do=_("Correct the input and send it again.")))
