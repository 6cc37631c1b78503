"""Reports of the villages: append-only and named, one however often sent, numbers and telephones encrypted, photos only pictures."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import Error, connection, transaction
from PIL import Image

from foundation.audit.models import AuditEvent
from foundation.primitives.errors import BadInput, Conflict, NotAllowed, NotFound
from registry.ciphertexts import TELEPHONES
from registry.constants import ReportKind
from registry.models import ContactPoint, FieldReport, IdentityNumber, Person
from registry.selectors.field_reports import list_own_reports, list_reports_of
from registry.selectors.numbers import cipher
from registry.selectors.stored_files import ATTACHMENTS, read_stored_file
from registry.services import photos
from registry.services.field_reports import Filed, Observation, Unlisted, file_report
from registry.services.report_details import masked_number, open_photo, show_report_details
from tests.named_world import NOW, World
from tests.oracles.numbers import make_number

NUMBER = make_number("19500305", 3)
TELEPHONE = "13812345678"
TODAY = NOW.date()
PLACE = {0x8825: {1: "N", 2: (32.0, 22.0, 1.0), 3: "E", 4: (120.0, 34.0, 1.0)}}
"""Where a telephone writes that a photo was taken."""


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def person(world):
    return world.person("张三")


def file(world: World, who: str = "village", uuid: UUID | None = None, **given: Any) -> Filed:
    """File a report as somebody; what is not of the observation names whom it is about."""
    whom = {key: given.pop(key) for key in ("person_id", "unlisted") if key in given}
    values = {"kind": "found", **given}
    return file_report(actor=world.actor(who), uuid=uuid or uuid4(), observation=Observation(**values), at=NOW, **whom)


def photo(folder: Path, kind: str = "JPEG", *, size: tuple[int, int] = (400, 300), place: bool = True) -> Path:
    picture, path = Image.new("RGB", size, "red"), folder / f"photo.{kind.lower()}"
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Telephone of 张三", 6
    if place:
        exif.get_ifd(0x8825).update(PLACE[0x8825])
    picture.save(path, kind, exif=exif)
    return path


def test_a_report_is_named_and_dated_and_never_changed(world, person):
    report = file(world, person_id=person.pk, kind="cannot_be_found", note="门锁着").report
    assert (report.reported_by, report.reported_role, report.reported_unit_code) == (
        "village",
        "village_official",
        world.village.code,
    )
    assert (report.observed_on, report.received_at, report.unit) == (TODAY, NOW, world.village)
    event = AuditEvent.objects.get(verb="file_report")
    assert (event.object_id, event.detail["reported"]) == (str(report.pk), "cannot_be_found")
    assert "张三" not in str(event.detail)
    for change in (
        lambda: FieldReport.objects.filter(pk=report.pk).update(note="x"),
        lambda: FieldReport.objects.filter(pk=report.pk).delete(),
    ):
        with pytest.raises(Error, match="fieldreport"), transaction.atomic():
            change()


def test_two_reports_that_differ_both_stay(world, person):
    first = file(world, person_id=person.pk, kind="cannot_be_found").report
    second = file(world, "township", person_id=person.pk, kind="found").report
    assert list_reports_of(world.actor("village"), [person.pk]) == [second, first]
    assert list_own_reports(world.actor("village"), most=5) == [first]


def test_sent_again_it_is_the_one_there_is(world, person):
    uuid = uuid4()
    first = file(world, uuid=uuid, person_id=person.pk, kind="found")
    again = file(world, uuid=uuid, person_id=person.pk, kind="found")
    assert (first.is_repeated, again.is_repeated, again.report) == (False, True, first.report)
    assert FieldReport.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "kind", "note"),
    [("township", "found", ""), ("village", "cannot_be_found", ""), ("village", "found", "more")],
)
def test_other_content_under_a_known_id_is_refused_not_swallowed(world, person, who, kind, note):
    uuid = uuid4()
    file(world, uuid=uuid, person_id=person.pk, kind="found")
    with pytest.raises(Conflict) as refusal:
        file(world, who, uuid=uuid, person_id=person.pk, kind=kind, note=note)
    assert refusal.value.code == "report_id_taken"


def test_a_text_longer_than_its_column_is_refused_not_cut(world, person):
    with pytest.raises(BadInput) as refusal:
        file(world, person_id=person.pk, kind="moved_away", place="苏" * 201)
    assert (refusal.value.code, FieldReport.objects.count()) == ("text_too_long", 0)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "found", "observed_on": TODAY + timedelta(days=1)}, "observed_day"),
        ({"kind": "found", "observed_on": TODAY - timedelta(days=367)}, "observed_day"),
        ({"kind": "died"}, "source_missing"),
        ({"kind": "died", "source": "rumour"}, "source_missing"),
        ({"kind": "died", "source": "seen", "died_on": TODAY + timedelta(days=1)}, "death_day"),
        ({"kind": "died", "source": "seen", "died_on": date(1949, 12, 31)}, "death_day"),
        ({"kind": "moved_away"}, "place_missing"),
        ({"kind": "works_elsewhere"}, "contact_missing"),
        ({"kind": "works_elsewhere", "telephone": "12345"}, "telephone_invalid"),
        ({"kind": "details_wrong"}, "details_missing"),
        ({"kind": "details_wrong", "wrong_details": ["shoes"]}, "details_missing"),
        ({"kind": "other", "note": " "}, "words_missing"),
        ({"kind": "not_listed"}, "kind_missing"),
        ({"kind": "married"}, "kind_missing"),
    ],
)
def test_what_is_missing_or_cannot_be_is_said(world, person, given, code):
    with pytest.raises(BadInput) as refusal:
        file(world, person_id=person.pk, **given)
    assert refusal.value.code == code
    assert not FieldReport.objects.exists()


def test_each_kind_takes_what_it_needs(world, person):
    given: dict[str, dict[str, Any]] = {
        "found": {},
        "cannot_be_found": {},
        "moved_away": {"place": "苏州"},
        "works_elsewhere": {"telephone": TELEPHONE},
        "died": {"source": "document", "died_on": date(2018, 12, 1)},
        "details_wrong": {"wrong_details": ["name", "number"]},
        "declines": {},
        "other": {"note": "换了门牌"},
    }
    assert {*given, "not_listed"} == set(ReportKind.values)
    for kind, values in given.items():
        assert file(world, person_id=person.pk, kind=kind, **values).report.kind == kind


def test_a_telephone_is_encrypted_masked_and_shown_for_a_purpose_only(world, person):
    report = file(world, person_id=person.pk, kind="works_elsewhere", telephone="+86 138-1234-5678").report
    assert report.contact
    assert report.contact.masked == "138****5678"
    assert TELEPHONE not in str(ContactPoint.objects.values()) + str(FieldReport.objects.values())
    assert TELEPHONES.verify(cipher()).broken == 0
    shown = show_report_details(actor=world.actor("township"), report_id=report.pk, purpose="call about work", at=NOW)
    assert shown.telephone == TELEPHONE
    event = AuditEvent.objects.get(verb="show_number")
    assert (event.object_type, event.object_id, event.purpose) == ("field_report", str(report.pk), "call about work")
    for who, purpose, error in (
        ("village", "because", NotAllowed),
        ("township", " ", BadInput),
        ("clerk_b", "x y", NotFound),
    ):
        with pytest.raises(error):
            show_report_details(actor=world.actor(who), report_id=report.pk, purpose=purpose, at=NOW)
    show_report_details(actor=world.actor("township"), report_id=report.pk, purpose="call again", at=NOW)
    with pytest.raises(Conflict) as refusal:
        show_report_details(actor=world.actor("township"), report_id=report.pk, purpose="call again", at=NOW)
    assert refusal.value.code == "show_limit"


def test_numbers_written_among_words_are_kept_nowhere(world, person):
    words = f"电话{TELEPHONE}，身份证{NUMBER}"
    report = file(world, person_id=person.pk, kind="moved_away", place=words, note=words).report
    other = file(world, kind="not_listed", unlisted=Unlisted(name=f"李四{NUMBER}", household=words)).report
    for row in (report, other):
        texts = f"{row.place_text} {row.note} {row.name} {row.household_text}"
        assert NUMBER not in texts
        assert TELEPHONE not in texts


def test_somebody_not_listed_needs_a_name_only_and_is_no_person(world):
    report = file(world, kind="not_listed", unlisted=Unlisted(name=" 阿妹 ")).report
    assert (report.person, report.name, report.unit, report.number) == (None, "阿妹", world.village, None)
    assert not Person.objects.exists()
    for unlisted, code in (
        (None, "name_missing"),
        (Unlisted(name=" "), "name_missing"),
        (Unlisted(name="阿妹", birth_date=TODAY + timedelta(days=1)), "birth_day"),
        (Unlisted(name="阿妹", age_years=131), "age"),
    ):
        with pytest.raises(BadInput) as refusal:
            file(world, kind="not_listed", unlisted=unlisted)
        assert refusal.value.code == code


def test_the_number_of_somebody_not_listed_is_stored_as_numbers_are(world):
    report = file(world, kind="not_listed", unlisted=Unlisted(name="阿妹", number=NUMBER)).report
    assert (report.number_state, masked_number(report)) == ("ok", f"3{'*' * 16}{NUMBER[-1]}")
    assert IdentityNumber.objects.get(pk=report.number_id or 0).blind_full
    damaged = file(world, kind="not_listed", unlisted=Unlisted(name="阿妹", number=NUMBER[:-1] + "0")).report
    assert damaged.number_state == "checksum"
    shown = show_report_details(actor=world.actor("township"), report_id=report.pk, purpose="compare", at=NOW)
    assert (shown.number, shown.telephone) == (NUMBER, "")


def test_an_office_reports_for_its_villages_and_nobody_elsewhere(world, person):
    for who in ("village", "township", "clerk_a", "reviewer_a"):
        assert file(world, who, person_id=person.pk, kind="found").report.unit == world.village
    for who in ("supervisor", "finance", "sysadmin"):
        with pytest.raises(NotAllowed):
            file(world, who, person_id=person.pk, kind="found")
    with pytest.raises(NotFound):
        file(world, "clerk_b", person_id=person.pk, kind="found")
    elsewhere = world.person("李四", unit=world.other_township)
    for who in ("village", "township"):
        with pytest.raises(NotFound):
            file(world, who, person_id=elsewhere.pk, kind="found")
    unlisted = Unlisted(name="阿妹", unit_code=world.village.code)
    assert file(world, "township", kind="not_listed", unlisted=unlisted).report.unit == world.village
    with pytest.raises(NotFound):
        file(world, kind="not_listed", unlisted=Unlisted(name="阿妹", unit_code=world.other_township.code))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_a_photo_the_picture_alone_is_kept(world, person, tmp_path, kind):
    path = photo(tmp_path, kind)
    assert b"Telephone of" in path.read_bytes(), "the control"
    report = file(world, person_id=person.pk, kind="found", photo=path).report
    content = read_stored_file(ATTACHMENTS, report.photo_sha256, report.photo_path)
    stored = Image.open(io.BytesIO(content))
    assert (stored.format, stored.size) == ("JPEG", (300, 400)), "turned upright"
    assert not stored.getexif()
    assert set(stored.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Telephone" not in content
    assert report.photo_bytes == len(content)
    assert open_photo(actor=world.actor("township"), report_id=report.pk) == content
    assert AuditEvent.objects.filter(verb="read_report_photo").count() == 1
    with pytest.raises(NotFound):
        open_photo(actor=world.actor("clerk_b"), report_id=report.pk)


def test_a_photo_is_stored_encrypted_and_not_larger_than_a_screen(world, person, tmp_path, settings):
    report = file(world, person_id=person.pk, kind="found", photo=photo(tmp_path, size=(4000, 1000))).report
    stored = (settings.DATA_DIR / report.photo_path).read_bytes()
    assert b"\xff\xd8\xff" not in stored
    with Image.open(io.BytesIO(read_stored_file(ATTACHMENTS, report.photo_sha256, report.photo_path))) as picture:
        assert max(picture.size) == photos.LONGEST_SIDE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ not a picture",
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff\xe0 cut off",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(world, person, tmp_path, content):
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    with pytest.raises(BadInput) as refusal:
        file(world, person_id=person.pk, kind="found", photo=path)
    assert refusal.value.code == "photo_kind"
    assert not FieldReport.objects.exists()


def test_a_photo_too_large_is_refused_before_it_is_decoded(world, person, tmp_path, monkeypatch):
    monkeypatch.setitem(photos.MOST_PIXELS, "PNG", 400 * 300 - 1)
    with pytest.raises(BadInput) as refusal:
        file(world, person_id=person.pk, kind="found", photo=photo(tmp_path, "PNG"))
    assert refusal.value.code == "photo_kind"
    monkeypatch.setattr(photos, "MOST_BYTES", 100)
    with pytest.raises(BadInput) as refusal:
        file(world, person_id=person.pk, kind="found", photo=photo(tmp_path))
    assert refusal.value.code == "photo_too_large"


def merge(absorbed: Person, into: Person) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_personmerge (kept_id, absorbed_id, reason, decided_by, decided_at, undone_by) "
            "VALUES (%s, %s, 'x', 'x', %s, '')",
            [into.pk, absorbed.pk, NOW - timedelta(days=1)],
        )


def test_a_merged_person_is_reported_as_the_one_kept(world, person):
    absorbed = world.person("张山")
    merge(absorbed, into=person)
    assert file(world, person_id=absorbed.pk, kind="found").report.person == person


def test_sent_again_after_a_merge_it_is_the_one_there_is(world, person):
    absorbed, uuid = world.person("张山"), uuid4()
    first = file(world, uuid=uuid, person_id=absorbed.pk, kind="found")
    merge(absorbed, into=person)
    again = file(world, uuid=uuid, person_id=absorbed.pk, kind="found")
    assert (again.is_repeated, again.report) == (True, first.report)
