"""The pictures of an application's papers, shown in the page of the application; each showing is recorded as opening the attachment."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from enrollment.selectors.applications import get_paper
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.primitives.errors import NotFound
from registry.services.person_file import open_attachment

PICTURES = ("image/jpeg", "image/png")


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_picture(request: ActorRequest, application_id: int, paper_id: int) -> HttpResponse:
    """Show the picture of a paper; a PDF is downloaded as an attachment instead. Errors: 404 outside the unit, or for no picture."""
    paper = get_paper(request.actor, application_id, paper_id)
    attachment, content = open_attachment(actor=request.actor, attachment_id=paper.attachment_id)
    if attachment.content_type not in PICTURES:
        raise NotFound("no picture", ids=[paper_id])
    headers = {"Content-Disposition": "inline", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return HttpResponse(content, content_type=attachment.content_type, headers=headers)
