"""The file of a person: the household, merges, notes and papers; a part of the person's page, or a page of its own."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.body_limit import takes_files
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.redirects import is_part
from foundation.accounts.requests import ActorRequest
from foundation.accounts.selectors import names_of
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict
from foundation.web.downloads import send_file
from foundation.web.refusals import refuse
from registry.forms import LONGEST_NOTE, AttachForm, PersonNoteForm
from registry.models import Designation, Person
from registry.selectors.person_file import list_attachments, list_household, list_notes
from registry.selectors.persons import get_person
from registry.services import person_file


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def show_file(request: ActorRequest, person_id: int) -> HttpResponse:
    """Show household, notes and papers."""
    actor = request.actor
    person = get_person(actor, person_id)
    notes, papers = list_notes(actor, person), list_attachments(actor, person)
    household = _members(list_household(actor, person))
    record_event(
        actor=actor,
        verb="read_person_file",
        object_type="person",
        object_id=person.pk,
        outcome=Outcome.READ,
        detail={"members": len(household), "notes": len(notes), "attachments": len(papers)},
    )
    names = names_of([*(note.written_by for note in notes), *(paper.added_by for paper in papers)])
    may_write = actor.may(Action.TAKE_CASE)
    context = {
        "person": person,
        "household": household,
        "notes": [(note, names.get(note.written_by, note.written_by)) for note in notes],
        "papers": [(paper, names.get(paper.added_by, paper.added_by)) for paper in papers],
        "note_form": PersonNoteForm() if may_write else None,
        "attach_form": AttachForm() if may_write else None,
    }
    return render(request, "person/file_part.html" if is_part(request) else "person/file.html", context)


def _members(designations: list[Designation]) -> list[tuple[Person, str]]:
    """Return each other member once, with the kinds of the files that name them."""
    people = {each.person_id: each.person for each in designations}
    kinds: dict[int, list[str]] = {}
    for each in designations:
        kinds.setdefault(each.person_id, []).append(each.get_kind_display())
    return [(people[person_id], " · ".join(dict.fromkeys(named))) for person_id, named in kinds.items()]


@requires(Action.TAKE_CASE)
@require_POST
def add_note(request: ActorRequest, person_id: int) -> HttpResponse:
    """Save a note."""
    back_url = reverse("person", args=[person_id])
    try:
        text = request.POST.get("text", "")[:LONGEST_NOTE]
        person_file.add_note(actor=request.actor, person_id=person_id, text=text, at=clock.now())
    except BadInput as refusal:
        return refuse(request, refusal, back_url=back_url)
    messages.success(request, _("Note saved."))
    return redirect(back_url)


@requires(Action.TAKE_CASE)
@require_POST
def pin_note(request: ActorRequest, note_id: int) -> HttpResponse:
    """Pin a note, or unpin it."""
    note = person_file.pin_note(actor=request.actor, note_id=note_id, is_pinned=request.POST.get("pin") == "yes")
    return redirect("person", note.person_id)


@requires(Action.TAKE_CASE)
@require_POST
@takes_files
def attach(request: ActorRequest, person_id: int) -> HttpResponse:
    """Save a paper."""
    back_url = reverse("person", args=[person_id])
    get_person(request.actor, person_id)
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        return refuse(request, BadInput(_("Choose a file first.")), back_url=back_url)
    paper = form.cleaned_data["paper"]
    try:
        path = Path(paper.temporary_file_path())
        person_file.attach(actor=request.actor, person_id=person_id, path=path, name=paper.name, at=clock.now())
    except (BadInput, Conflict) as refusal:
        return refuse(request, refusal, back_url=back_url)
    messages.success(request, _("Attachment saved."))
    return redirect(back_url)


@never_cache
@requires(Action.VIEW_CASE_DATA)
@require_safe
def download(request: ActorRequest, attachment_id: int) -> HttpResponse:
    """Download a paper; it is never shown inside the page."""
    attachment, content = person_file.open_attachment(actor=request.actor, attachment_id=attachment_id)
    suffix = {"application/pdf": "pdf", "image/jpeg": "jpg"}.get(attachment.content_type, "png")
    name = _("attachment_%(number)s.%(suffix)s") % {"number": attachment.pk, "suffix": suffix}
    return send_file(content, name=name, content_type=attachment.content_type)
