"""What colleagues add to a person: notes, dated and pinned, and papers, kept as ciphertext. Nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import in_scope
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives.errors import BadInput, NotFound
from registry.models import Attachment, Designation, Person, PersonNote
from registry.selectors.persons import get_person
from registry.services.originals import ATTACHMENTS, keep_file, open_kept

MOST_BYTES = 10 << 20
KINDS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""The first bytes of what may be attached; a name proves nothing."""
MOST_MEMBERS = 50


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
    """Put a note above the others, or back among them. Effects: audit verb pin_note. Errors: NotAllowed; NotFound."""
    actor.demand(Action.TAKE_CASE)
    note = in_scope(PersonNote.objects.select_for_update(), actor, "person__").filter(pk=note_id).first()
    if note is None:
        raise NotFound(_("There is no such note in your unit."), ids=[note_id])
    note.is_pinned = is_pinned
    note.save(update_fields=["is_pinned"])
    detail = {"note": note.pk, "pinned": is_pinned}
    record_event(actor=actor, verb="pin_note", object_type="person", object_id=note.person_id, detail=detail)
    return note


@transaction.atomic
def attach(*, actor: Actor, person_id: int, path: Path, name: str, at: datetime) -> Attachment:
    """Keep a paper of a person; the same paper again is the one already there.

    Effects: a closed file, one Attachment; audit verb attach. Errors: NotAllowed; NotFound; BadInput for size or kind.
    """
    actor.demand(Action.TAKE_CASE)
    person = get_person(actor, person_id)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise BadInput(
            _("The paper has %(size)s; at most %(most)s are kept.")
            % {"size": filesizeformat(size), "most": filesizeformat(MOST_BYTES)},
            code="paper_too_large",
            what_to_do=_("Scan it in grey or with fewer points."),
        )
    kind = _kind_of(path)
    if not kind:
        raise BadInput(_("Only PDF, JPEG and PNG are kept as papers of a person."), code="paper_kind")
    digest, stored = keep_file(path, person.county, ATTACHMENTS)
    attachment, is_new = Attachment.objects.get_or_create(
        person=person,
        file_sha256=digest,
        defaults={
            "file_name": name[:255],
            "content_type": kind,
            "file_bytes": size,
            "stored_path": stored,
            "added_by": actor.username,
            "added_at": at,
        },
    )
    if is_new:
        detail = {"attachment": attachment.pk}
        record_event(actor=actor, verb="attach", object_type="person", object_id=person.pk, detail=detail)
    return attachment


def _kind_of(path: Path) -> str:
    with path.open("rb") as opened:
        start = opened.read(8)
    return next((kind for mark, kind in KINDS.items() if start.startswith(mark)), "")


def open_attachment(*, actor: Actor, attachment_id: int) -> tuple[Attachment, bytes]:
    """Return a paper and what it holds. Effects: audit verb read_attachment. Errors: NotAllowed; NotFound."""
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
    return attachment, open_kept(ATTACHMENTS, attachment.file_sha256, attachment.stored_path)


def list_household(actor: Actor, person: Person) -> list[Designation]:
    """List the designations of the others in the person's households, as the files group them now. Two queries."""
    own = in_scope(Designation.objects.believed(), actor, "person__").filter(person=person, valid_to=None)
    return list_members(actor, person, own.order_by("kind", "id"))


def list_members(actor: Actor, person: Person, own: Iterable[Designation]) -> list[Designation]:
    """List the designations of the others in the households that these of a person name. One query, or none."""
    households = Q()
    for each in own:
        household = each.record_key.rpartition("|")[0] if each.record_key.count("|") > 1 else each.record_key
        if "|" in household:
            same = Q(record_key=household) | Q(record_key__startswith=f"{household}|")
            households |= Q(county=each.county_id, kind=each.kind) & same
    if not households:
        return []
    believed = in_scope(Designation.objects.believed(), actor, "person__").filter(households, valid_to=None)
    others = believed.exclude(person=person).select_related("person")
    return list(others.order_by("kind", "record_key", "id")[:MOST_MEMBERS])


def list_notes(actor: Actor, person: Person) -> list[PersonNote]:
    """List the notes of a person, pinned ones first, then the newest. One query."""
    return list(in_scope(PersonNote.objects.filter(person=person), actor, "person__").order_by("-is_pinned", "-id"))


def list_attachments(actor: Actor, person: Person) -> list[Attachment]:
    """List the papers of a person, newest first. One query."""
    return list(in_scope(Attachment.objects.filter(person=person), actor, "person__").order_by("-id"))
