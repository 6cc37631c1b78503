"""The pages of enrolment: the queue and its tabs, preparing by form, an application with its steps, a person's enrolment."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from casework.constants import GapKind
from coverage.models import Finding
from enrollment.constants import ApplicationKind, QueueTab
from enrollment.details import FIELDS, FieldType
from enrollment.models import Application, ApplicationPaper, ContributionYears
from enrollment.selectors.queue import Wanted, count_mine, count_queue, find_next, list_queue
from foundation.audit.models import AuditEvent
from registry.models import Attachment, BankAccount, Person
from tests.named_world import AS_OF, NOW, days_later, right_number

TODAY = NOW.date()
CARD = "6228480402564890018"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(office) -> Person:
    person = office.person("阿妹", right_number("32069719800505002"))
    person.birth_date = date(1980, 5, 5)
    person.save()
    office.gap(person, GapKind.UNINSURED, "never_enrolled")
    return person


def picture(name: str = "card.jpg") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def begin_url(person: Person, kind: str = "register") -> str:
    return f"{reverse('application_begin', args=[person.pk])}?kind={kind}"


def step(client: Any, application: Application, verb: str, **given: object) -> Any:
    version = Application.objects.get(pk=application.pk).version
    return client.post(reverse("application_step", args=[application.pk]), {"verb": verb, "version": version} | given)


def test_each_tab_lists_what_is_the_readers(desk, person, office):
    second = office.person("张三")
    third = office.person("李四")
    waiting = desk.bring(desk.begin(person), "submitted")
    returned = desk.step(desk.bring(desk.begin(second), "submitted"), "name_missing", "township", note="签名看不清")
    checked = desk.bring(desk.begin(third), "approval")

    def listed(by: str, tab: QueueTab) -> set[int]:
        return set(list_queue(office.actor(by), Wanted(tab), today=TODAY).values_list("pk", flat=True))

    assert listed("township", QueueTab.MINE) == {waiting.pk}
    assert listed("village", QueueTab.MINE) == {returned.pk}
    assert listed("approver_a", QueueTab.MINE) == {checked.pk}
    assert listed("reviewer_a", QueueTab.MINE) == set(), "checked it already"
    assert listed("approver_a", QueueTab.WAITING) == {waiting.pk, checked.pk}
    assert listed("approver_a", QueueTab.RETURNED) == {returned.pk}
    late = list_queue(office.actor("approver_a"), Wanted(QueueTab.OVERDUE), today=days_later(40).date())
    assert [each.pk for each in late] == [checked.pk]
    assert count_queue(office.actor("clerk_b"), today=TODAY) == dict.fromkeys(QueueTab, 0)
    assert count_mine(office.actor("approver_a"), today=TODAY) == 1


def test_what_one_prepared_or_signed_is_not_theirs_to_judge(desk, person, office):
    application = desk.bring(desk.begin(person, by="township"), "submitted")
    desk.step(application, "accept", "township")
    assert count_mine(office.actor("township"), today=TODAY) == 0
    assert count_mine(office.actor("colleague_t"), today=TODAY) == 1


@pytest.mark.parametrize("rows", [1, 12])
def test_the_queue_makes_few_queries_and_is_recorded(desk, office, signed_in, queries_within, rows):
    for place in range(rows):
        desk.bring(desk.begin(office.person(f"张{place}", right_number(f"990101195001010{place:02}"))), "submitted")
    client = signed_in("clerk_a")
    with queries_within():
        page = client.get(reverse("enrolment")).content.decode()
    assert page.count('<tr data-row="') == rows
    read = AuditEvent.objects.get(verb="read_list")
    assert (read.object_id, read.detail["count"]) == ("enrolment", rows)


def test_an_application_is_prepared_by_form_with_its_papers(person, signed_in, queries_within):
    client = signed_in("village")
    chosen = client.get(reverse("application_begin", args=[person.pk])).content.decode()
    assert f"{begin_url(person)}" in chosen
    with queries_within():
        form = client.get(begin_url(person)).content.decode()
    assert "1980-05-05" in form, "what is known is shown"
    assert 'name="name"' not in form, "and not asked"
    answer = client.post(
        begin_url(person),
        {
            "kind": "register", "channel": "village", "act": "submit",
            "files_id_card": [picture("front.jpg")], "files_household_booklet": [picture("book.jpg")],
        },
    )  # fmt: skip
    application = Application.objects.get()
    assert answer.headers["Location"] == reverse("application", args=[application.pk])
    assert application.state == "submitted"
    said = client.get(answer.headers["Location"]).content.decode()
    assert "Submitted, but papers are missing: Signed form." in said
    office = signed_in("township").get(answer.headers["Location"]).content.decode()
    assert 'value="accept"' not in office, "what is missing is named first"
    assert '<details id="name_missing" open>' in office
    assert list(ApplicationPaper.objects.values_list("kind", flat=True).order_by("kind")) == [
        "household_booklet",
        "id_card",
    ]
    assert Attachment.objects.count() == 1, "the same picture is one attachment"


def test_nothing_typed_or_sent_is_lost_when_the_form_is_refused(person, signed_in):
    client = signed_in("village")
    answer = client.post(
        begin_url(person, "decline"),
        {
            "kind": "decline", "channel": "village", "detail_witness": "王五", "detail_signed_on": "2019-01-02", "note": "讲过两次",
            "files_id_card": [picture()], "files_letter": [SimpleUploadedFile("letter.jpg", b"MZ executable")],
        },
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "王五" in page
    assert "讲过两次" in page
    assert "letter.jpg: Only PDF, JPEG and PNG" in page
    assert f'name="papers_id_card" value="{Attachment.objects.get().pk}"' in page
    assert page.count("checked") >= 1
    assert not Application.objects.exists()


def test_a_second_application_of_a_kind_leads_to_the_open_one(desk, person, signed_in):
    application = desk.begin(person)
    answer = signed_in("village").post(begin_url(person), {"kind": "register", "channel": "village"})
    assert answer.status_code == 422
    assert reverse("application", args=[application.pk]) in answer.content.decode()


def test_a_draft_is_corrected_and_keeps_its_papers(desk, person, signed_in, queries_within):
    application = desk.begin(person)
    client = signed_in("village")
    address = reverse("application_correct", args=[application.pk])
    with queries_within():
        page = client.get(address).content.decode()
    papers = {f"papers_{each.kind}": str(each.attachment_id) for each in ApplicationPaper.objects.all()}
    assert all(f'name="{name}" value="{value}"' in page for name, value in papers.items())
    client.post(address, {"version": 1, "channel": "home", "note": "上门", **papers})
    application.refresh_from_db()
    assert (application.version, application.channel) == (2, "home")
    assert ApplicationPaper.objects.filter(version__number=2).count() == 3
    stale = client.post(address, {"version": 1, "channel": "home", "note": "again", **papers})
    assert stale.status_code == 422
    assert "version 2 is current" in stale.content.decode()


@pytest.mark.parametrize("rows", [0, 8])
def test_the_page_shows_each_condition_with_evidence(desk, person, office, signed_in, queries_within, rows):
    for place in range(rows):
        Finding.objects.create(
            county=person.county, night_id=1, as_of_date=AS_OF, recorded_at=NOW, person=person,
            kind="student" if place == 0 else "report", evidence={"value": "", "facts": [], "lines": []},
        )  # fmt: skip
    application = desk.bring(desk.begin(person), "township_review")
    client = signed_in("colleague_t")
    with queries_within():
        page = client.get(reverse("application", args=[application.pk])).content.decode()
    assert "born 1980-05-05" in page
    assert ("not met" in page) == bool(rows)
    assert "as of 2018-12-31" in page or not rows
    assert 'data-key="c"' in page
    assert 'data-key="b"' in page
    assert AuditEvent.objects.filter(verb="read_application", outcome="read").count() == 1


def test_only_the_steps_of_the_reader_are_offered_and_the_others_named(desk, person, signed_in):
    application = desk.bring(desk.begin(person), "county_check")
    address = reverse("application", args=[application.pk])
    village, reviewer = (signed_in(name).get(address).content.decode() for name in ("village", "reviewer_a"))
    assert 'value="check"' not in village
    assert 'value="withdraw"' in village
    assert "Next: Confirm the county check. Taken by: County reviewer." in village
    assert 'value="check"' in reviewer
    assert 'value="return"' in reviewer
    desk.step(application, "check", "reviewer_a")
    assert "Next: Grant the application" in signed_in("reviewer_a").get(address).content.decode()


def test_a_step_leads_to_the_next_of_the_queue(desk, person, office, signed_in):
    first = desk.bring(desk.begin(person), "submitted")
    second = desk.bring(desk.begin(office.person("张三")), "submitted")
    client = signed_in("township")
    page = client.get(reverse("enrolment"), {"kind": "register"}).content.decode()
    assert f"{reverse('application', args=[first.pk])}?list=tab%3Dmine%26kind%3Dregister" in page
    answer = step(client, first, "accept", accepted_on="2019-01-02", list="tab=mine&kind=register&other=1")
    assert answer.headers["Location"] == f"{reverse('application', args=[second.pk])}?list=tab%3Dmine%26kind%3Dregister"
    end = step(client, second, "accept")
    assert end.headers["Location"].startswith(reverse("enrolment"))
    assert find_next(office.actor("township"), Wanted(QueueTab.DECIDED), second, today=TODAY) is None
    skipped = client.get(reverse("application_next", args=[second.pk]))
    assert skipped.headers["Location"].startswith(reverse("enrolment"))


def test_a_refused_step_keeps_what_was_typed_and_says_why(desk, person, signed_in):
    application = desk.bring(desk.begin(person), "approval")
    client = signed_in("approver_a")
    answer = step(client, application, "refuse", note="材料与本人不符")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "All conditions are met; the application cannot be refused." in page
    assert "材料与本人不符" in page
    missing = step(client, application, "return", note="")
    assert missing.status_code == 422
    assert "Enter the reason" in missing.content.decode()
    desk.step(application, "grant", "approver_2")
    late = step(client, application, "grant", note="看过了")
    assert late.status_code == 403 or late.status_code == 409
    assert "看过了" in late.content.decode()


def test_who_prepared_it_is_told_so_in_place(desk, person, signed_in):
    application = desk.bring(desk.begin(person, by="township"), "submitted")
    desk.step(application, "accept", "township")
    page = signed_in("township").get(reverse("application", args=[application.pk])).content.decode()
    assert "You prepared or signed this application" in page
    assert 'value="review"' not in page
    assert step(signed_in("township"), application, "review").status_code == 403


def test_a_condition_that_cannot_be_told_asks_for_a_word_before_granting(desk, person, signed_in):
    Finding.objects.create(
        county=person.county, night_id=1, as_of_date=AS_OF, recorded_at=NOW, person=person, kind="candidate",
        evidence={"value": "", "facts": [], "lines": []},
    )  # fmt: skip
    application = desk.bring(desk.begin(person), "approval")
    page = signed_in("approver_a").get(reverse("application", args=[application.pk])).content.decode()
    assert "Cannot be told from the data: No possible match awaits a decision" in page
    assert 'data-needs="note"' in page


def test_a_picture_is_shown_inline_to_readers_in_reach_and_recorded(person, signed_in):
    client = signed_in("village")
    client.post(begin_url(person), {"kind": "register", "channel": "village", "files_id_card": [picture()]})
    paper = ApplicationPaper.objects.get()
    address = reverse("application_picture", args=[paper.version.application_id, paper.pk])
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == "inline"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert AuditEvent.objects.filter(verb="read_attachment").count() == 1
    assert signed_in("clerk_b").get(address).status_code == 404


def test_a_persons_page_offers_what_fits_and_the_part_shows_it(desk, person, signed_in, queries_within):
    client = signed_in("clerk_a")
    page = client.get(f"/persons/{person.pk}/").content.decode()
    assert begin_url(person) in page
    desk.bring(desk.begin(person), "submitted")
    with queries_within():
        part = client.get(reverse("person_enrolment", args=[person.pk])).content.decode()
    assert "Enrolment in the scheme" in part
    assert "Submitted" in part
    assert "not known" in part
    assert begin_url(person) not in signed_in("supervisor").get(f"/persons/{person.pk}/").content.decode()


def test_years_are_recorded_with_their_source_and_superseded(person, signed_in):
    client, address = signed_in("clerk_a"), reverse("person_years", args=[person.pk])
    for years in ("7", "9"):
        client.post(address, {"years": years, "as_of_date": "2019-01-01", "source": "缴费记录"})
    assert list(ContributionYears.objects.order_by("pk").values_list("years", "superseded_at")) == [(7, NOW), (9, None)]
    refused = client.post(address, {"years": "9", "as_of_date": "2019-05-01", "source": "缴费记录"})
    assert refused.status_code == 400
    assert signed_in("township").post(address, {}).status_code == 403


def test_an_account_is_encrypted_shown_masked_kept_and_becomes_current(desk, person, signed_in):
    client = signed_in("village")
    given = {"kind": "change_account", "channel": "village", "detail_bank": "农商行", "detail_holder": "阿妹"}
    wrong = client.post(begin_url(person, "change_account"), given | {"detail_account": CARD[:-1] + "9"})
    assert wrong.status_code == 422
    client.post(
        begin_url(person, "change_account"),
        given | {"detail_account": CARD, "files_id_card": [picture()], "files_bank_card": [picture()]},
    )
    application, account = Application.objects.get(), BankAccount.objects.get()
    assert application.versions.get().details["account"] == account.pk
    assert CARD.encode() not in bytes(account.ciphertext)
    page = client.get(reverse("application", args=[application.pk])).content.decode()
    assert CARD not in page
    assert account.masked in page
    papers = {f"papers_{each.kind}": str(each.attachment_id) for each in ApplicationPaper.objects.all()}
    address = reverse("application_correct", args=[application.pk])
    assert CARD not in client.get(address).content.decode()
    client.post(address, given | papers | {"version": 1, "detail_bank": "工商银行", "detail_account": ""})
    application.refresh_from_db()
    second = BankAccount.objects.latest("pk")
    assert (application.version, second.bank, second.blind_full) == (2, "工商银行", account.blind_full)
    application = desk.bring(application, "approval")
    desk.step(application, "grant", "approver_a")
    assert list(BankAccount.objects.exclude(current_from=None)) == [second]
    part = client.get(reverse("person_enrolment", args=[person.pk])).content.decode()
    assert second.masked in part
    assert CARD not in part


@pytest.mark.parametrize("kind", ApplicationKind)
def test_the_form_of_each_kind_opens_and_asks_its_fields(person, signed_in, kind):
    page = signed_in("village").get(begin_url(person, kind)).content.decode()
    assert all(f'name="detail_{each.name}"' in page for each in FIELDS[kind])
    assert any(each.type == FieldType.ACCOUNT for each in FIELDS[ApplicationKind.CHANGE_ACCOUNT])
