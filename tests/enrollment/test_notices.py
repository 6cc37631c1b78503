"""Notices as PDF: what each says, in Chinese and on request in English; each handed out is recorded, and so is that somebody was told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from casework.constants import GapKind
from enrollment.models import InformedContact, Notice
from foundation.audit.models import Disclosure
from foundation.policy.models import ParameterValue
from tests.enrollment.conftest import rule
from tests.named_world import NOW, right_number
from tests.paper import pages_of, squeezed

NUMBER = right_number("32069719580505002")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(office):
    rule("appeal_days", 60)
    person = office.person("阿妹", NUMBER)
    person.birth_date = date(1980, 5, 5)
    person.save()
    return person


def printed(client: Any, address: str, **posted: object) -> str:
    answer = client.post(address, {"purpose": "送达申请人"} | posted)
    assert answer.status_code == 200, answer.content[:300]
    assert answer.headers["Content-Type"] == "application/pdf"
    return "\n".join(pages_of(answer.content))


def of(application: Any) -> str:
    return reverse("application_notice_print", args=[application.pk])


def test_a_receipt_names_number_day_and_limit(desk, person, signed_in):
    application = desk.bring(desk.begin(person), "township_review")
    text = printed(signed_in("township"), of(application), kind="receipt")
    for words in ("受理回执", "阿妹", "参保登记", "320682-20190102-0001", "2019年1月2日", "2019年1月30日", "长江镇"):
        assert squeezed(words) in text
    assert NUMBER not in text
    assert "Receipt" not in text
    assert Notice.objects.get().application == application
    assert Disclosure.objects.get().recipient == "paper notice receipt"


def test_missing_papers_are_named_once_and_all(desk, person, signed_in):
    application = desk.bring(desk.begin(person, papers=desk.papers(person, "id_card")), "submitted")
    desk.step(application, "name_missing", "township", note="户口簿要本人页")
    text = printed(signed_in("township"), of(application), kind="missing", with_english="on")
    for words in ("一次性告知书", "户口簿", "已签名的登记表", "户口簿要本人页", "Householdbooklet"):
        assert squeezed(words) in text
    assert squeezed("1. 身份证") not in text, "what is there is not asked again"


def test_a_refusal_is_sent_with_reason_and_days_of_appeal(desk, person, signed_in):
    person.birth_date = date(2010, 1, 1)
    person.save()
    application = desk.bring(desk.begin(person), "approval")
    desk.step(application, "refuse", "approver_a", note="未满十六周岁")
    text = printed(signed_in("approver_a"), of(application), kind="decision")
    for words in ("决定书", "不予批准", "不满足条件：年满16周岁", "未满十六周岁", "60日内", "行政复议"):
        assert squeezed(words) in text


def test_a_notice_that_does_not_fit_is_not_printed(desk, person, signed_in):
    application = desk.begin(person)
    client = signed_in("village")
    assert client.post(of(application), {"kind": "decision", "purpose": "送达"}).status_code == 400
    assert client.post(of(application), {"kind": "reminder", "purpose": ""}).status_code == 400
    assert not Notice.objects.exists()
    assert squeezed("提醒书") in printed(client, of(application), kind="reminder")
    assert client.post(of(application), {"kind": "reminder", "purpose": "送达"}).headers["Cache-Control"] == "no-store"


def test_invitations_are_printed_from_a_list_a_sheet_each(office, person, signed_in, queries_within):
    people = [office.person(f"张{each}", right_number(f"320697195903010{each:02}")) for each in range(3)]
    for each in people:
        each.birth_date = date(1959, 3, 1)
        each.save()
        office.gap(each, GapKind.TURNING_60)
    office.gap(person, GapKind.UNINSURED)
    client = signed_in("clerk_a")
    with queries_within():
        page = client.get(reverse("enrolment_invitations")).content.decode()
    assert all(each.name in page for each in people)
    assert person.name not in page
    address = reverse("enrolment_invitations_print")
    assert client.post(address, {"purpose": "到龄通知"}).status_code == 400
    answer = client.post(address, {"purpose": "到龄通知", "person": [each.pk for each in people[:2]]})
    pages = pages_of(answer.content)
    assert len(pages) == 2
    assert all(squeezed("2019年3月1日") in each for each in pages)
    assert Notice.objects.filter(kind="invitation", application=None).count() == 2
    assert Disclosure.objects.get().row_count == 2
    assert "2019-01-02" in client.get(reverse("enrolment_invitations")).content.decode()
    everybody = client.post(address, {"purpose": "到龄通知", "whole": "yes"})
    assert len(pages_of(everybody.content)) == 3
    assert signed_in("clerk_b").post(address, {"purpose": "到龄通知", "whole": "yes"}).status_code == 400


def test_an_invitation_of_one_person_and_the_part_that_shows_it(desk, person, signed_in, queries_within):
    client = signed_in("village")
    text = printed(client, reverse("person_notice_print", args=[person.pk]), kind="invitation")
    assert squeezed("2040年5月5日") in text
    application = desk.begin(person)
    with queries_within():
        part = client.get(reverse("application_notices", args=[application.pk])).content.decode()
    assert "Invitation to claim the benefit" in part


def test_that_somebody_was_told_is_recorded_with_way_and_language(person, signed_in):
    client, address = signed_in("village"), reverse("person_informed", args=[person.pk])
    told = {"informed_on": "2019-01-01", "way": "visit", "language": "苗语", "note": "家里两人在场"}
    assert client.post(address, told).status_code == 302
    row = InformedContact.objects.get()
    assert (row.way, row.language, row.recorded_by.username) == ("visit", "苗语", "village")
    assert client.post(address, told | {"informed_on": "2019-02-01"}).status_code == 400
    assert client.post(address, told | {"way": "owl"}).status_code == 400
    assert "苗语" in client.get(reverse("person_enrolment", args=[person.pk])).content.decode()


def test_without_the_rule_of_the_age_a_page_says_so_and_nothing_is_printed(office, person, signed_in):
    ParameterValue.objects.filter(name="benefit_age_years").delete()
    office.gap(person, GapKind.TURNING_60)
    asked = {
        reverse("person_notice_print", args=[person.pk]): {"kind": "invitation"},
        reverse("enrolment_invitations_print"): {"whole": "yes"},
    }
    for address, form in asked.items():
        answer = signed_in("township").post(address, {"purpose": "送达申请人"} | form)
        assert answer.status_code == 409
        assert "benefit_age_years" in answer.content.decode()
    assert not Notice.objects.exists()
    assert not Disclosure.objects.exists()
