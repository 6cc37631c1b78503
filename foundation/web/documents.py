"""The head of a document made on a page: by whom, when, as of which day of the data. Called by every view that prints or exports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.http import HttpResponse

from foundation.accounts.requests import ActorRequest
from foundation.documents.heads import Head, Text
from foundation.documents.print_sheets import Part, print_pdf
from foundation.regions.models import Unit
from foundation.web.downloads import PDF, send_file


def head_of(
    request: ActorRequest,
    *,
    title: Text,
    unit: Unit,
    as_of: date | None,
    at: datetime,
    about: Sequence[Text] = (),
    subject: str = "",
) -> Head:
    """Return the head of a document the user makes now."""
    maker = request.user.display_name or request.user.username
    return Head(title, unit.full_name, maker, at, as_of, about, subject)


def send_pdf(
    head: Head, parts: Sequence[Part], *, name: str, is_signed: bool = True, is_letter: bool = False
) -> HttpResponse:
    """Set a document and send it as PDF."""
    return send_file(print_pdf(head, parts, is_signed=is_signed, is_letter=is_letter), name=name, content_type=PDF)
