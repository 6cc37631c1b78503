"""The village helper's page and the office's: small, in words, each view for whom it is, nothing lost that was written."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from casework.constants import GapKind
from casework.models import Answer, Case, ContactAttempt, Question, ReportReview
from casework.selectors.subjects import SubjectKey
from casework.services.questions import Asked, answer_question, ask_village
from casework.services.village_reports import log_contact, report_from_village
from foundation.audit.models import AuditEvent
from registry.models import FieldReport, Person
from registry.services.field_reports import Observation, Unlisted
from registry.services.merging import merge_persons
from tests.named_world import NOW, World
from tests.possible_matches import namesake

SMALL = 40_000


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def person(world):
    person = world.person("张三")
    world.gap(person, GapKind.UNINSURED, "never_enrolled")
    return person


def ask(world: World, person: Person, text: str = "还在村里吗") -> Question:
    asked = [Asked(SubjectKey(person_id=person.pk), text)]
    return ask_village(actor=world.actor("clerk_a"), asked=asked, at=NOW)[0]


def report(world: World, person: Person | None, kind: str = "died", who: str = "village", **given: Any) -> FieldReport:
    return report_from_village(
        actor=world.actor(who),
        uuid=uuid4(),
        observation=Observation(kind=kind, **({"source": "seen"} | given)),
        person_id=person.pk if person else None,
        unlisted=None if person else Unlisted(name="张三"),
        at=NOW,
    )


def sent(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, {"uuid": str(uuid4()), **values})


def test_the_page_has_the_villages_people_open_matters_first_and_its_questions(world, person, signed_in):
    quiet = world.person("安二")
    world.gap(quiet, GapKind.LAPSED, closed_at=None)
    other = world.person("李四", unit=world.other_township)
    world.gap(other, GapKind.UNINSURED)
    ask(world, person)
    page = signed_in("village").get("/village/").content.decode()
    assert "张三" in page
    assert "还在村里吗" in page
    assert "李四" not in page
    event = AuditEvent.objects.filter(verb="read_list", object_id="village").get()
    assert (event.detail["count"], event.detail["shown"]) == (2, 2)


def test_questions_that_are_not_shown_are_counted(world, person, signed_in):
    for number in range(12):
        ask(world, person, text=f"第{number}问")
    page = signed_in("village").get("/village/").content.decode()
    assert page.count("第") == 10
    assert "2 further questions are waiting" in page


def test_the_page_is_small_and_loads_two_style_sheets_and_a_script(world, signed_in):
    for place in range(1, 25):
        world.gap(world.person(namesake(place)), GapKind.UNINSURED)
    for place in range(30, 36):
        ask(world, world.person(namesake(place)))
    page = signed_in("village").get("/village/").content
    files = [
        Path(django_settings.BASE_DIR) / "static" / name for name in ("css/tokens.css", "css/village.css", "js/page.js")
    ]
    assert page.count(b'rel="stylesheet"') == 2
    assert page.count(b"<script") == 1
    assert b"<img" not in page
    assert sum(len(gzip.compress(content)) for content in (page, *(file.read_bytes() for file in files))) < SMALL


@pytest.mark.parametrize(
    "address", ["/village/", "/village/persons/{}/", "/work/reports/", "/work/questions/", "/persons/{}/village/"]
)
def test_queries_do_not_grow_with_rows(world, person, signed_in, queries_within, address):
    client = signed_in("village" if address.startswith("/village") else "clerk_a")
    for place in range(1, 15):
        other = world.person(namesake(place))
        world.gap(other, GapKind.UNINSURED)
        report(world, other, "cannot_be_found")
        report(world, person, "other", note="x")
        question = ask(world, person, text=f"第{place}问")
        answer_question(
            actor=world.actor("village"), question_id=question.pk, uuid=uuid4(), value="yes", note="", at=NOW
        )
        ask(world, other)
    client.get("/")  # who is signed in is known
    with queries_within(14):
        assert client.get(address.format(person.pk)).status_code == 200


@pytest.mark.parametrize(("kind", "given", "stored"), [
    ("found", {}, {}),
    ("cannot_be_found", {"word": "锁着门"}, {"note": "锁着门"}),
    ("moved_away", {"word": "苏州"}, {"place_text": "苏州"}),
    ("works_elsewhere", {"word": "上海工地"}, {"place_text": "上海工地"}),
    ("declines", {}, {}),
    ("other", {"word": "改嫁"}, {"note": "改嫁"}),
    ("died", {"source": "family", "died_on": "2018-12-01"}, {"source": "family"}),
    ("details_wrong", {"wrong_details": ["name", "sex"]}, {"wrong_details": ["name", "sex"]}),
])  # fmt: skip
def test_each_report_is_one_form(world, person, signed_in, kind, given, stored):
    answer = sent(signed_in("village"), f"/village/persons/{person.pk}/report/", kind=kind, **given)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/village/")
    row = FieldReport.objects.get()
    assert row.kind == kind
    assert {name: getattr(row, name) for name in stored} == stored


def test_what_is_missing_is_said_on_the_form_and_nothing_written_is_lost(world, person, signed_in):
    client = signed_in("village")
    answer = sent(client, f"/village/persons/{person.pk}/report/", kind="died", word="女儿说的", telephone="123")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose how you know of the death." in page
    assert "女儿说的" in page
    assert "<details open>\n      <summary>Died</summary>" in page
    assert client.post(f"/village/persons/{person.pk}/report/", {"kind": "found"}).status_code == 422, (
        "no id of the form"
    )
    assert sent(client, f"/village/persons/{person.pk}/report/", kind="married").status_code == 422
    assert not FieldReport.objects.exists()


def test_the_form_sent_twice_is_one_report(world, person, signed_in):
    client, uuid = signed_in("village"), str(uuid4())
    for _twice in range(2):
        assert sent(client, f"/village/persons/{person.pk}/report/", uuid=uuid, kind="found").status_code == 302
    assert FieldReport.objects.count() == 1
    assert sent(client, f"/village/persons/{person.pk}/report/", uuid=uuid, kind="declines").status_code == 409


def test_a_photo_that_is_none_is_refused_in_words(world, person, signed_in):
    photo = SimpleUploadedFile("a.jpg", b"MZ no photo", content_type="image/jpeg")
    answer = sent(signed_in("village"), f"/village/persons/{person.pk}/report/", kind="found", photo=photo)
    assert answer.status_code == 422
    assert "This file is not a photo that can be read." in answer.content.decode()


def test_a_search_by_name_lists_who_is_found_and_its_text_is_in_no_address(world, person, signed_in):
    world.person("李四")
    client = signed_in("village")
    page = client.post("/village/", {"q": "zhangsan"}).content.decode()
    assert "张三" in page
    assert "李四" not in page
    assert AuditEvent.objects.get(verb="read_list").detail["filter"] == {"name": "given"}
    assert "Nobody of your unit has this name." in client.post("/village/", {"q": "王五"}).content.decode()
    assert client.post("/village/", {"q": "!"}).headers["Location"] == "/village/"


def test_somebody_not_listed_is_reported_with_a_name(world, signed_in):
    client = signed_in("village")
    answer = sent(
        client, "/village/unlisted/", name="阿妹", sex="2", age_years="63", household="李四", telephone="13800138000"
    )
    assert answer.status_code == 302
    row = FieldReport.objects.get()
    assert (row.name, row.sex, row.age_years, row.household_text, row.contact and row.contact.masked) == (
        "阿妹",
        2,
        63,
        "李四",
        "138****8000",
    )
    answer = sent(client, "/village/unlisted/", name=" ", note="外婆家")
    assert answer.status_code == 422
    assert "外婆家" in answer.content.decode()


def test_an_office_chooses_the_village(world, signed_in):
    page = signed_in("township").get("/village/unlisted/").content.decode()
    assert world.village.code in page
    sent(signed_in("township"), "/village/unlisted/", name="阿妹", unit_code=world.village.code)
    assert FieldReport.objects.get().unit == world.village


def test_a_question_is_answered_with_one_button(world, person, signed_in):
    question = ask(world, person)
    client = signed_in("village")
    answer = sent(client, f"/village/questions/{question.pk}/answer/", answer="unclear", note="邻居不知道")
    assert (answer.status_code, Answer.objects.get().value) == (302, "unclear")
    assert sent(client, f"/village/questions/{question.pk}/answer/", answer="perhaps").status_code == 400
    assert client.post(f"/village/questions/{question.pk}/answer/", {"answer": "yes"}).status_code == 400
    Question.objects.filter(pk=ask(world, person).pk).update(state="withdrawn", withdrawn_by="x", withdrawn_at=NOW)
    late = Question.objects.get(state="withdrawn")
    assert sent(client, f"/village/questions/{late.pk}/answer/", answer="yes").status_code == 409


@pytest.mark.parametrize(
    ("who", "status"), [("supervisor", 403), ("finance", 403), ("sysadmin", 403), ("clerk_b", 404)]
)
def test_the_villages_pages_for_others(world, person, signed_in, who, status):
    question, client = ask(world, person), signed_in(who)
    assert client.get(f"/village/persons/{person.pk}/").status_code == status
    assert sent(client, f"/village/persons/{person.pk}/report/", kind="found").status_code == status
    assert sent(client, f"/village/questions/{question.pk}/answer/", answer="yes").status_code == status
    assert not FieldReport.objects.exists()


def test_another_village_of_the_township_is_not_found(world, signed_in):
    other = world.person("李四", unit=world.other_township)
    for who in ("village", "township"):
        assert signed_in(who).get(f"/village/persons/{other.pk}/").status_code == 404


def test_the_office_sees_a_report_with_what_to_do_next_and_accepts_it(world, person, signed_in):
    filed = report(world, person)
    client = signed_in("township")
    assert "张三" in client.get("/work/reports/").content.decode()
    page = client.get(f"/work/reports/{filed.pk}/").content.decode()
    assert "Verify the death with the police or the funeral home." in page
    assert client.post(f"/work/reports/{filed.pk}/handle/", {"outcome": "accepted"}).status_code == 302
    assert client.post(f"/work/reports/{filed.pk}/handle/", {"outcome": "accepted"}).status_code == 409
    assert client.post(f"/work/reports/{filed.pk}/handle/", {"outcome": "x"}).status_code == 400
    assert "张三" not in client.get("/work/reports/").content.decode()
    assert "张三" in client.get("/work/reports/?state=ended&kind=died").content.decode()
    assert "Accepted" in signed_in("village").get("/village/").content.decode(), "the village reads what became of it"


def test_who_is_on_the_list_already_is_offered_by_name(world, person, signed_in):
    filed = report(world, None, "not_listed")
    client = signed_in("township")
    assert f'value="{person.pk}"' in client.get(f"/work/reports/{filed.pk}/").content.decode()
    other = world.person("李四")
    assert f'value="{other.pk}"' in client.post(f"/work/reports/{filed.pk}/", {"q": "李四"}).content.decode()
    searches = AuditEvent.objects.filter(verb="find_person").order_by("id").values_list("detail", flat=True)
    assert list(searches) == [{"by": "name", "found": 1}] * 2, "the name reported, then the name typed"
    for _each in range(14):
        world.person("李四")
    assert (
        "At least 3 further persons are not shown"
        in client.post(f"/work/reports/{filed.pk}/", {"q": "李四"}).content.decode()
    )
    client.post(f"/work/reports/{filed.pk}/handle/", {"outcome": "known", "person": person.pk})
    assert ReportReview.objects.get().known_person == person


def test_asking_back_and_showing_the_telephone(world, person, signed_in):
    filed = report(world, person, "works_elsewhere", telephone="13800138000", place="上海")
    client = signed_in("township")
    assert "13800138000" not in client.get(f"/work/reports/{filed.pk}/").content.decode()
    assert client.post(f"/work/reports/{filed.pk}/numbers/", {"purpose": ""}).status_code == 400
    assert "13800138000" in client.post(f"/work/reports/{filed.pk}/numbers/", {"purpose": "call"}).content.decode()
    assert client.post(f"/work/reports/{filed.pk}/ask/", {"text": " "}).status_code == 400
    assert client.post(f"/work/reports/{filed.pk}/ask/", {"text": "哪个工地？"}).status_code == 302
    assert "哪个工地？" in signed_in("village").get("/village/").content.decode()
    assert signed_in("village").post(f"/work/reports/{filed.pk}/handle/", {"outcome": "accepted"}).status_code == 403


def test_the_village_is_asked_on_the_case_and_its_answers_are_shown_side_by_side(world, person, signed_in):
    client, subject = signed_in("clerk_a"), f"p:{person.pk}"
    assert "Ask the village" in client.get(f"/persons/{person.pk}/").content.decode()
    assert client.post("/work/ask/", {"subject": subject, "text": " "}).status_code == 400
    assert client.post("/work/ask/", {"subject": subject, "text": "还在吗"}).status_code == 302
    assert signed_in("village").post("/work/ask/", {"subject": subject, "text": "x"}).status_code == 403
    question = Question.objects.get()
    for who, value in (("village", "yes"), ("township", "no")):
        sent(signed_in(who), f"/village/questions/{question.pk}/answer/", answer=value, note=f"{who} says so")
    for address in ("/work/questions/", "/work/questions/?state=all", f"/persons/{person.pk}/village/"):
        page = client.get(address).content.decode()
        assert "The answers differ." in page
        assert "village says so" in page
        assert "township says so" in page
    assert "Village answered" in client.get(f"/persons/{person.pk}/timeline/").content.decode()
    client.post("/work/questions/seen/", {"answer": [each.pk for each in Answer.objects.all()]})
    assert "No answers to read" in client.get("/work/questions/").content.decode()


def test_what_was_asked_of_a_person_merged_later_shows_on_the_person_kept(world, person, signed_in):
    question, kept = ask(world, person), world.person("张三")
    log_contact(
        actor=world.actor("clerk_a"), key=SubjectKey(person_id=person.pk), tried_on=NOW.date(), means="telephone",
        is_reached=False, note="无人接听", at=NOW,
    )  # fmt: skip
    merge_persons(actor=world.actor("reviewer_a"), kept_id=kept.pk, absorbed_id=person.pk, reason="同一人", at=NOW)
    page = signed_in("clerk_a").get(f"/persons/{kept.pk}/village/").content.decode()
    assert question.text in page
    assert "无人接听" in page
    assert question.text in signed_in("village").get(f"/village/persons/{kept.pk}/").content.decode()


def test_a_question_is_withdrawn_once(world, person, signed_in):
    question, client = ask(world, person), signed_in("clerk_a")
    assert "Withdraw the question" in client.get("/work/questions/?state=all").content.decode()
    assert client.post(f"/work/questions/{question.pk}/withdraw/").status_code == 302
    assert client.post(f"/work/questions/{question.pk}/withdraw/").status_code == 409


def test_an_attempt_is_logged_on_the_persons_page(world, person, signed_in):
    client, form = signed_in("township"), {"subject": f"p:{person.pk}", "means": "telephone", "tried_on": "2019-01-01"}
    assert client.post("/work/contact/", form | {"note": "无人接听"}).status_code == 302
    assert client.post("/work/contact/", form | {"tried_on": "x"}).status_code == 400
    assert "无人接听" in client.get(f"/persons/{person.pk}/village/").content.decode()
    assert (ContactAttempt.objects.count(), Case.objects.count()) == (1, 1)


def test_a_possible_match_shows_what_the_village_answered(world, pairs, signed_in):
    link = pairs.link(world.person(namesake(1)), "R1", "name_village")
    client = signed_in("clerk_a")
    client.post(
        reverse("possible_match_decide"), {"link": link.pk, "decision": "ask_village", "person": link.person_id}
    )
    village = signed_in("village")
    page = village.get("/village/").content.decode()
    assert "Is this roll record this person?" in page
    assert "1980-01-01" in page
    sent(village, f"/village/questions/{Question.objects.get().pk}/answer/", answer="yes", note="就是他")
    shown = client.get(reverse("possible_matches"), {"person": link.person_id}).content.decode()
    assert "就是他" in shown
