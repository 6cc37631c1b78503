"""What colleagues add to a person: notes, dated and pinned, and papers, stored encrypted. Nothing is ever deleted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives.errors import BadInput, NotFound
from registry.models import Attachment, PersonNote
from registry.selectors.persons import get_person
from registry.selectors.stored_files import ATTACHMENTS, read_stored_file
from registry.services.papers import store_paper


@transaction.atomic
def add_note(*, actor: Actor, person_id: int, text: str, at: datetime) -> PersonNote:
    """Write a note. Effects: one PersonNote; audit verb add_person_note. Errors: NotAllowed; NotFound; BadInput."""
    actor.demand(Action.TAKE_CASE)
    person, text = get_person(actor, person_id), text.strip()
    if not text:
        raise BadInput(_("Write the note first."), code="note_empty")
    note = PersonNote.objects.create(person=person, text=text, written_by=actor.username, written_at=at)
    record_event(
        actor=actor, verb="add_person_note", object_type="person", object_id=person.pk, detail={"note": note.pk}
    )
    return note


@transaction.atomic
def pin_note(*, actor: Actor, note_id: int, is_pinned: bool) -> PersonNote:
    """Pin a note, or unpin it. Effects: audit verb pin_note. Errors: NotAllowed; NotFound."""
    actor.demand(Action.TAKE_CASE)
    note = in_scope(PersonNote.objects.all(), actor, "person__").filter(pk=note_id).first()
    if note is None:
        raise NotFound(_("There is no such note in your unit."), ids=[note_id])
    note.is_pinned = is_pinned
    note.save(update_fields=["is_pinned"])
    detail = {"note": note.pk, "pinned": is_pinned}
    record_event(actor=actor, verb="pin_note", object_type="person", object_id=note.person_id, detail=detail)
    return note


@transaction.atomic
def attach(*, actor: Actor, person_id: int, path: Path, name: str, at: datetime) -> Attachment:
    """Store a paper of a person; the same paper again is the one already there.

    Effects: an encrypted file, one Attachment; audit verb attach. Errors: NotAllowed; NotFound; BadInput for size or kind.
    """
    actor.demand(Action.PREPARE_APPLICATION if not actor.may(Action.TAKE_CASE) else Action.TAKE_CASE)
    person = get_person(actor, person_id)
    paper = store_paper(path, person.county)
    attachment, is_new = Attachment.objects.get_or_create(
        person=person,
        file_sha256=paper.sha256,
        defaults={
            "file_name": name[:255],
            "content_type": paper.content_type,
            "file_bytes": paper.size,
            "stored_path": paper.path,
            "added_by": actor.username,
            "added_at": at,
        },
    )
    if is_new:
        detail = {"attachment": attachment.pk}
        record_event(actor=actor, verb="attach", object_type="person", object_id=person.pk, detail=detail)
    return attachment


def open_attachment(*, actor: Actor, attachment_id: int) -> tuple[Attachment, bytes]:
    """Return a paper and its content. Effects: audit verb read_attachment. Errors: NotAllowed; NotFound."""
    actor.demand(Action.VIEW_CASE_DATA)
    attachment = in_scope(Attachment.objects.all(), actor, "person__").filter(pk=attachment_id).first()
    if attachment is None:
        raise NotFound(_("There is no such attachment in your unit."), ids=[attachment_id])
    record_event(
        actor=actor,
        verb="read_attachment",
        object_type="person",
        object_id=attachment.person_id,
        outcome=Outcome.READ,
        detail={"attachment": attachment.pk},
    )
    return attachment, read_stored_file(ATTACHMENTS, attachment.file_sha256, attachment.stored_path)
