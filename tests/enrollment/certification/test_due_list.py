"""The list of who is to be certified: rows, filters, reminders a sheet each, the workbook, the tile, and the notice after a pause."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from casework.constants import GapKind
from enrollment.models import Notice
from enrollment.services.life_evidence import record_life_evidence
from foundation.audit.models import Disclosure
from registry.models import Person
from tests.enrollment.certification.test_pausing import pause, try_to_reach
from tests.enrollment.conftest import rule
from tests.named_world import NOW, World
from tests.paper import pages_of, squeezed


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def due(office: World) -> list[Person]:
    """Three people: a window that ended, one that runs, one that runs and whose person is visited at home."""
    people = [office.person(name) for name in ("张一", "张二", "张三")]
    for person, reason in zip(people, ("2018-12-31", "2019-01-31", "2019-02-28 visit"), strict=True):
        office.gap(person, GapKind.CERTIFICATION_DUE, reason)
    office.gap(office.person("李四"), GapKind.UNINSURED)
    return people


def names_on(page: str) -> str:
    return "".join(name[-1] for name in ("张一", "张二", "张三", "李四") if name in page)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "一二三"),
        ("?window=ended", "一"),
        ("?window=running", "二三"),
        ("?visit=yes", "三"),
        ("?visit=no", "一二"),
        ("?done=nobody_tried", "一三"),
        ("?done=not_reminded", "一二三"),
        ("?done=pause_begun", ""),
        ("?window=owl", "一二三"),
    ],
)
def test_the_list_has_who_is_due_and_its_filters_part_it(office, due, signed_in, queries_within, query, shown):
    try_to_reach(office, due[1])
    client = signed_in("clerk_a")
    with queries_within():
        page = client.get(reverse("certification_due") + query).content.decode()
    assert names_on(page) == shown


def test_a_place_parts_the_list_and_another_county_has_its_own(office, due, signed_in):
    address = reverse("certification_due")
    assert names_on(signed_in("clerk_a").get(f"{address}?unit={office.township.code}").content.decode()) == "一二三"
    assert names_on(signed_in("clerk_b").get(address).content.decode()) == ""


def test_reminders_are_printed_a_sheet_each_and_the_list_says_when(due, signed_in):
    client, address = signed_in("clerk_a"), reverse("certification_reminders_print")
    assert client.post(address, {"purpose": "资格认证提醒"}).status_code == 400
    assert client.post(address, {"purpose": "", "whole": "yes"}).status_code == 400
    answer = client.post(address, {"purpose": "资格认证提醒", "whole": "yes", "list": "window=running"})
    pages = pages_of(answer.content)
    assert len(pages) == 2
    assert squeezed("2019年1月31日") in pages[0]
    assert squeezed("上门") in pages[1]
    assert {each.person for each in Notice.objects.filter(kind="certification")} == {due[1], due[2]}
    assert Disclosure.objects.get().row_count == 2
    assert names_on(client.get(reverse("certification_due") + "?done=not_reminded").content.decode()) == "一"
    chosen = client.post(address, {"purpose": "资格认证提醒", "person": [due[0].pk]})
    assert squeezed("2018年12月31日") not in pages_of(chosen.content)[0], "a day that is past is no day to certify by"
    assert signed_in("clerk_b").post(address, {"purpose": "提醒", "person": [due[0].pk]}).status_code == 400


def test_the_workbook_has_the_rows_of_the_filter_and_is_a_disclosure(due, signed_in):
    client, address = signed_in("clerk_a"), reverse("certification_due_xlsx")
    assert client.post(address, {"purpose": ""}).status_code == 400
    answer = client.post(address, {"purpose": "交村委会上门", "list": "visit=yes"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "张三" in cells
    assert "张一" not in cells
    assert any("2019-02-28" in str(cell) for cell in cells)
    assert Disclosure.objects.get().row_count == 1
    assert signed_in("village").post(address, {"purpose": "交村委会上门"}).status_code == 403


def test_today_counts_who_is_due_and_how_many_windows_ended(due, signed_in):
    page = signed_in("clerk_a").get(reverse("today")).content.decode()
    assert reverse("certification_due") in page


def test_a_notice_is_owed_after_the_pause_until_it_is_printed(desk, office, drawing, signed_in):
    rule("appeal_days", 60)
    office.gap(drawing, GapKind.CERTIFICATION_DUE, "2018-05-31")
    try_to_reach(office, drawing)
    application = desk.step(desk.bring(pause(desk, drawing), "approval"), "grant", "approver_a")
    client, owed = signed_in("clerk_a"), reverse("certification_due") + "?done=notice_owed"
    assert drawing.name in client.get(owed).content.decode()
    answer = client.post(
        reverse("application_notice_print", args=[application.pk]), {"kind": "paused", "purpose": "送达本人"}
    )
    text = "\n".join(pages_of(answer.content))
    for words in ("2018年6月", "未通过资格认证", "补发", "60日内", "2019年1月2日"):
        assert squeezed(words) in text, words
    assert drawing.name not in client.get(owed).content.decode()
    assert drawing.name in client.get(reverse("certification_due") + "?done=pause_begun").content.decode()


def test_a_person_is_reminded_with_the_day_of_the_window(office, drawing, signed_in):
    rule("home_visit", {"from_age_years": 60, "days_before": 60})
    record_life_evidence(
        actor=office.actor("village"), person_id=drawing.pk, seen_on=date(2018, 3, 1), source="visit", at=NOW
    )
    address, posted = (
        reverse("person_notice_print", args=[drawing.pk]),
        {"kind": "certification", "purpose": "送达本人"},
    )
    text = "\n".join(pages_of(signed_in("village").post(address, posted).content))
    assert squeezed("2019年5月31日") in text
    assert squeezed("上门") in text
