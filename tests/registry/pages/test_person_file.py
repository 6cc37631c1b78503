"""The file of a person: household, notes dated and pinned, papers as ciphertext; who may write, nothing deleted."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, transaction
from django.test import Client

from foundation.audit.models import AuditEvent
from registry.ciphertexts import STORES
from registry.models import Attachment, DeliveredRow, Designation, Person, PersonNote
from registry.selectors.numbers import cipher
from registry.services import papers
from registry.services.originals import StoredAttachments
from tests.named_world import AS_OF, NOW, World

PDF = b"%PDF-1.7 \xe5\xbc\xa0\xe4\xb8\x89"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def person(world):
    return world.person("张三")


def send(client: Client, person: Person, content: bytes = PDF, name: str = "证明.pdf") -> Any:
    return client.post(f"/persons/{person.pk}/attach/", {"paper": SimpleUploadedFile(name, content)})


def designate(world: World, person: Person, feed: str, key: str) -> None:
    delivery = world.delivery(feed, file_name=f"{person.pk}-{feed}.xlsx")
    row = DeliveredRow.objects.create(
        delivery=delivery, row=1, person=person, name=person.name, number_state="missing", record_key=key
    )
    Designation.objects.create(
        person=person, county=person.county, kind=feed, record_key=key, status="x", valid_from=AS_OF, row=row, recorded_at=NOW
    )  # fmt: skip


def test_notes_are_dated_pinned_and_shown_without_a_case(world, person, signed_in):
    client = signed_in("township")
    for text in ("第一条", "第二条"):
        assert client.post(f"/persons/{person.pk}/note/", {"text": text}).status_code == 302
    first = PersonNote.objects.get(text="第一条")
    assert client.post(f"/persons/notes/{first.pk}/pin/", {"pin": "yes"}).status_code == 302
    page = client.get(f"/persons/{person.pk}/file/")
    assert [note.text for note, _who in page.context["notes"]] == ["第一条", "第二条"]
    assert "第一条" in signed_in("village").get(f"/persons/{person.pk}/file/").content.decode()
    assert AuditEvent.objects.filter(verb="add_person_note", object_id=str(person.pk)).count() == 2
    assert client.post(f"/persons/{person.pk}/note/", {"text": "  "}).status_code == 400


def test_notes_and_papers_are_never_changed_or_deleted(world, person, signed_in):
    signed_in("clerk_a").post(f"/persons/{person.pk}/note/", {"text": "x"})
    send(signed_in("clerk_a"), person)
    for act in (
        lambda: PersonNote.objects.update(text="y"),
        lambda: PersonNote.objects.all().delete(),
        lambda: Attachment.objects.update(file_name="y"),
        lambda: Attachment.objects.all().delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            act()


def test_a_paper_is_stored_encrypted_and_its_download_is_in_the_audit_log(world, person, signed_in, settings):
    assert send(signed_in("clerk_a"), person).status_code == 302
    attachment = Attachment.objects.get()
    assert PDF not in (settings.DATA_DIR / attachment.stored_path).read_bytes()
    answer = signed_in("village").get(f"/persons/attachments/{attachment.pk}/")
    assert (answer.content, answer.headers["X-Content-Type-Options"]) == (PDF, "nosniff")
    assert "attachment;" in answer.headers["Content-Disposition"]
    event = AuditEvent.objects.get(verb="read_attachment")
    assert (event.object_id, event.detail) == (str(person.pk), {"attachment": attachment.pk})
    send(signed_in("clerk_a"), person)
    assert Attachment.objects.count() == 1
    assert any(isinstance(store, StoredAttachments) for store in STORES)
    assert (StoredAttachments().verify(cipher()).broken, StoredAttachments().verify(cipher()).place) == (
        0,
        "attachments",
    )


@pytest.mark.parametrize(("content", "name"), [(b"MZ\x90", "证明.pdf"), (b"<svg onload=x>", "a.png"), (b"", "a.pdf")])
def test_only_papers_are_attached_whatever_their_name(world, person, signed_in, content, name):
    assert send(signed_in("clerk_a"), person, content, name).status_code == 400
    assert not Attachment.objects.exists()


def test_a_paper_that_is_too_large_is_refused_with_a_message(world, person, signed_in, monkeypatch):
    monkeypatch.setattr(papers, "MOST_BYTES", 10)
    answer = send(signed_in("clerk_a"), person)
    assert answer.status_code == 400
    assert "the limit is 10" in answer.content.decode()


@pytest.mark.parametrize("name", ["village", "supervisor"])
def test_who_may_not_write(world, person, signed_in, name):
    client = signed_in(name)
    assert client.post(f"/persons/{person.pk}/note/", {"text": "x"}).status_code == 403
    assert send(client, person).status_code == 403
    assert "<form" not in client.get(f"/persons/{person.pk}/file/", headers={"HX-Request": "true"}).content.decode()


def test_the_household_is_who_shares_the_files_household_number(world, person, signed_in, queries_within):
    wife, child, other, cousin = (world.person(name) for name in ("李四", "张小", "王五", "张伯"))
    for each, key in ((person, "POV|H1|1"), (wife, "POV|H1|2"), (other, "POV|H11|1")):
        designate(world, each, "poverty", key)
    for each, key in ((person, "DB|7|1"), (child, "DB|7|2"), (cousin, "DB|71|1")):
        designate(world, each, "dibao", key)
    client = signed_in("clerk_a")
    with queries_within():
        page = client.get(f"/persons/{person.pk}/file/")
    assert [member.name for member, _kinds in page.context["household"]] == ["张小", "李四"]
    assert f"/persons/{wife.pk}/" in page.content.decode()
