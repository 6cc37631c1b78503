"""Closing a case with a reason and its evidence; what was closed here, and taking a closing back."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from casework.forms import CloseForm
from casework.presenters.addresses import LIST, subject_url
from casework.presenters.case_panel import reasons_for
from casework.selectors.subjects import get_subject, key_of, read_key
from casework.selectors.worklist import list_closings_of
from casework.services.closing import (
    Document,
    Evidence,
    close_case,
    is_undoable,
    list_closings,
    list_open_kinds,
    read_document,
    undo_closing,
)
from foundation.accounts.body_limit import takes_files
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.requests import ActorRequest
from foundation.audit.services import record_list
from foundation.policy.limits import undo_period
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.web.downloads import send_file
from foundation.web.refusals import refuse

PER_PAGE = 30
FIELD_OF = {
    "reason_missing": "reason",
    "note_missing": "note",
    "evidence_missing": "evidence_kind",
    "evidence_day_missing": "evidence_date",
    "reference_missing": "evidence_reference",
    "reason_not_fitting": "reason",
    "document_missing": "document",
    "paper_too_large": "document",
    "paper_kind": "document",
}


@sensitive_post_parameters("note", "evidence_reference")
@never_cache
@requires(Action.CLOSE_CASE_LOW_RISK)
@takes_files
@require_POST
def close(request: ActorRequest) -> HttpResponse:
    """Close a case; what is missing is said beside its field, and nothing written is lost."""
    try:
        key = read_key(request.POST.get("subject", ""))
    except BadInput as refusal:
        return refuse(request, refusal, back_url=reverse("work_list"))
    form = CloseForm(request.POST, request.FILES, reasons=reasons_for(request.actor, list_open_kinds(key)))
    form.is_valid()
    given = form.cleaned_data
    evidence = Evidence(given.get("evidence_kind", ""), given.get("evidence_date"), given.get("evidence_reference", ""))
    paper = given.get("document")
    document = Document(Path(paper.temporary_file_path()), paper.name) if paper else None
    try:
        if set(form.errors) - {"reason", "note"}:
            return _show_form(request, form, str(key))
        case = close_case(
            actor=request.actor,
            key=key,
            reason=request.POST.get("reason", ""),
            note=given.get("note", ""),
            evidence=evidence,
            document=document,
            at=clock.now(),
        )
    except BadInput as refusal:
        field = FIELD_OF[refusal.code]
        if field not in form.errors:
            form.add_error(field, str(refusal))
        return _show_form(request, form, str(key))
    except Conflict as refusal:
        return refuse(request, refusal, back_url=subject_url(key, listed=request.POST.get(LIST)))
    closing = list_closings_of([case])[case.pk]
    words = _("Case closed with reason. You can undo this in the list of closings.")
    messages.success(request, words, extra_tags=reverse("case_closing_undo", args=[closing.pk]))
    return redirect(subject_url(key, listed=request.POST.get(LIST)))


def _show_form(request: ActorRequest, form: CloseForm, subject: str) -> HttpResponse:
    key = read_key(subject)
    name = get_subject(request.actor, key).name
    context = {
        "form": form,
        "subject": subject,
        "name": name,
        "back_url": subject_url(key, listed=request.POST.get(LIST)),
    }
    return render(request, "worklist/close.html", context, status=422)


@never_cache
@requires(Action.CLOSE_CASE_LOW_RISK)
@require_safe
def show_closings(request: ActorRequest) -> HttpResponse:
    """List what was closed with a reason here, newest first; the latest can be undone."""
    page = Paginator(list_closings(request.actor).select_related("case__person"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    now, period = clock.now(), undo_period(request.actor, on=clock.today())
    rows = [(each, subject_url(key_of(each.case)), is_undoable(each, now, period)) for each in page]
    record_list(actor=request.actor, name="case_closings", count=page.paginator.count, shown=len(rows))
    return render(request, "worklist/closings.html", {"page": page, "rows": rows})


@requires(Action.CLOSE_CASE_LOW_RISK)
@require_POST
def undo(request: ActorRequest, closing_id: int) -> HttpResponse:
    """Take a closing back and show the case again."""
    try:
        case = undo_closing(actor=request.actor, closing_id=closing_id, at=clock.now())
    except Conflict as refusal:
        return refuse(request, refusal, back_url=reverse("case_closings"))
    messages.success(request, _("Closing undone; the case has been restored."))
    return redirect(subject_url(key_of(case)))


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def download_document(request: ActorRequest, closing_id: int) -> HttpResponse:
    """Download the document a closing rests on; it is never shown inside the page."""
    closing, content = read_document(actor=request.actor, closing_id=closing_id)
    suffix = {"application/pdf": "pdf", "image/jpeg": "jpg"}.get(closing.document_type, "png")
    name = _("document_%(number)s.%(suffix)s") % {"number": closing.pk, "suffix": suffix}
    return send_file(content, name=name, content_type=closing.document_type)
