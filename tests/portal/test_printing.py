"""Sheets printed from the pages: whole, within one's reach, masked, and entered in the register of disclosures."""

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from casework.constants import GapKind
from foundation.audit.models import AuditEvent, Disclosure
from foundation.jobs.long_work import RunState
from nightly.models import NightRun
from portal.reports.columns import CONDITIONS, HEADINGS
from portal.worklist import printing
from tests.named_world import AS_OF, NOW, World, count_queries, right_number
from tests.paper import furthest_right, is_across, pages_of, squeezed

NUMBER = right_number("99010119500101002")
BOARD = {"verdicts": {"GAP": 3}, "opened": {"UNINSURED": 3}, "changed": [{"was": "", "now": "GAP", "persons": 3}]}


@pytest.fixture
def night(world) -> NightRun:
    return NightRun.objects.create(
        county=world.county_a, as_of_date=AS_OF, state=RunState.DONE, requested_by="system", requested_at=NOW,
        finished_at=NOW, board=BOARD, inputs={"resident": [{"delivery": 1, "as_of": "2018-12-31", "rows": 650_000}]},
    )  # fmt: skip


@pytest.fixture
def town(world, night) -> World:
    for place in range(45):
        person = world.person(f"张{'三四五六七八九'[place % 7]}", NUMBER if place == 0 else "")
        world.gap(person, GapKind.UNINSURED, "never_enrolled", due_on=date(2019, 1, 29), desk="township")
        world.verdict(person, file_unit=world.village)
    world.gap(world.person("李四", unit=world.other_township), GapKind.PAUSED, due_on=date(2019, 2, 28))
    return world


def printed(client: Any, address: str, **posted: str) -> bytes:
    answer = client.post(address, posted) if posted else client.get(address)
    assert answer.status_code == 200, answer.content[:500]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.content


def test_the_work_list_is_printed_as_filtered_with_every_column(town, signed_in):
    client = signed_in("clerk_a")
    pdf = printed(client, "/work/list.pdf", sheet="list", purpose="下村核对", query="kind=UNINSURED")
    pages = pages_of(pdf)
    assert len(pages) <= 2, "thirty rows and more on the first"
    for heading in (
        "No.",
        "Name",
        "ID number or roll number",
        "Place",
        "Gaps",
        "Reason",
        "Days open",
        "Due",
        "Handled by",
        "State",
    ):
        assert squeezed(heading) in pages[0]
    assert "".join(pages).count("20190129") == 45
    assert "20190228" not in "".join(pages)
    assert squeezed("Filter: Gap: Uninsured") in pages[0]
    assert squeezed("As of: 2018-12-31") in pages[0]
    assert squeezed(f"Page 1 of {len(pages)}") in pages[0]
    assert squeezed("Checked by:") in pages[-1]
    assert furthest_right(pdf) < 1
    assert NUMBER not in "".join(pages)


def test_printing_is_a_disclosure_with_filter_and_count(town, signed_in):
    client = signed_in("clerk_a")
    printed(client, "/work/list.pdf", sheet="list", purpose="下村核对", query="kind=UNINSURED")
    disclosure = Disclosure.objects.get()
    assert (disclosure.recipient, disclosure.purpose, disclosure.row_count) == ("paper work list", "下村核对", 45)
    event = AuditEvent.objects.get(object_id="work_list_print")
    assert (event.detail["count"], event.detail["filter"]) == (45, {"kind": "UNINSURED"})


def test_the_visit_list_is_by_village_with_room_for_what_was_found(town, signed_in):
    pdf = printed(signed_in("clerk_a"), "/work/list.pdf", sheet="visits_apart", purpose="走访")
    pages = pages_of(pdf)
    assert "长江镇知青村" in pages[0]
    assert "江安镇" not in pages[0]
    assert "江安镇" in pages[-1]
    for heading in ("Found on the visit", "Signature of the person", "Date of visit"):
        assert squeezed(heading) in pages[0]
    assert Disclosure.objects.get().row_count == 46


def test_the_visit_list_states_how_many_entries_are_nobodys_to_visit(town, signed_in):
    town.gap(None, GapKind.STOP_DUE, roll_no="R9")
    pages = pages_of(printed(signed_in("clerk_a"), "/work/list.pdf", sheet="visits_apart", purpose="走访"))
    assert squeezed("Not on this sheet: 1 entry without a registered person") in pages[0]


def test_below_the_county_only_the_own_people_are_printed(town, signed_in):
    text = "".join(pages_of(printed(signed_in("township"), "/work/list.pdf", sheet="list", purpose="走访")))
    assert "李四" not in text
    assert text.count("20190129") == 45


@pytest.mark.parametrize(
    "posted", [{"sheet": "list", "purpose": ""}, {"sheet": "list"}, {"sheet": "x", "purpose": "走访"}]
)
def test_nothing_is_printed_without_a_purpose(town, signed_in, posted):
    assert signed_in("clerk_a").post("/work/list.pdf", posted).status_code == 400
    assert not Disclosure.objects.exists()


def test_a_list_too_long_to_carry_is_refused_and_nothing_recorded(town, signed_in, monkeypatch):
    monkeypatch.setattr(printing, "MOST_ROWS", 45)
    answer = signed_in("clerk_a").post("/work/list.pdf", {"sheet": "list", "purpose": "走访"})
    assert answer.status_code == 400
    assert "by township" in answer.content.decode()
    assert not Disclosure.objects.exists()


def test_a_person_is_printed_masked_and_recorded(town, signed_in):
    person = town.person("王五", right_number("99010119500101099"))
    town.gap(person, GapKind.UNINSURED, "never_enrolled")
    town.verdict(person)
    pdf = printed(signed_in("clerk_a"), f"/persons/{person.pk}/person.pdf", purpose="核对")
    text = "".join(pages_of(pdf))
    assert "王五" in text
    assert "王五" not in str(PdfReader(io.BytesIO(pdf)).metadata), "a file's properties are shown where it lies"
    assert "Neverenrolled" in text
    assert "990101195001010" not in text
    disclosure = Disclosure.objects.get()
    assert (disclosure.recipient, disclosure.row_count) == ("paper person", 1)
    assert signed_in("clerk_a").post(f"/persons/{person.pk}/person.pdf", {"purpose": ""}).status_code == 400
    assert signed_in("clerk_b").post(f"/persons/{person.pk}/person.pdf", {"purpose": "核对"}).status_code == 404
    assert Disclosure.objects.count() == 1


def test_the_statutory_table_is_printed_with_all_its_columns(town, signed_in):
    pdf = printed(signed_in("finance"), "/reports/table.pdf")
    pages = pages_of(pdf)
    assert is_across(pdf)
    for name in CONDITIONS:
        assert squeezed(str(HEADINGS[name])) in pages[0], name
    assert squeezed("Payment rate 14/13") in pages[0]
    assert furthest_right(pdf) < 1
    assert not Disclosure.objects.exists(), "it names nobody"


def test_the_gaps_to_zero_and_a_night_are_printed(town, night, signed_in):
    board = "".join(pages_of(printed(signed_in("clerk_a"), "/reports/zeroing/zeroing.pdf")))
    assert "长江镇" in board
    assert "Anotherconfirmedreason" in board
    sheet = "".join(pages_of(printed(signed_in("clerk_a"), f"/nights/{night.pk}/night.pdf")))
    assert "650,000" in sheet
    assert squeezed("Still open") in sheet
    assert signed_in("clerk_b").get(f"/nights/{night.pk}/night.pdf").status_code == 404


def test_before_the_first_night_there_is_no_table_to_print(world, signed_in):
    assert signed_in("clerk_a").get("/reports/table.pdf").status_code == 302


def test_who_may_not_see_cases_prints_none(town, signed_in):
    assert signed_in("finance").post("/work/list.pdf", {"sheet": "list", "purpose": "走访"}).status_code == 403
    assert signed_in("village").post("/work/list.pdf", {"sheet": "list", "purpose": "走访"}).status_code == 200


def test_printing_asks_no_more_queries_for_more_rows(world, night, signed_in):
    client = signed_in("clerk_a")
    asked = []
    for _more in range(3):
        for place in range(10):
            person = world.person(f"张{'三四五六七八九'[place % 7]}")
            world.gap(person, GapKind.UNINSURED, "never_enrolled", desk="township")
            world.verdict(person, file_unit=world.village)
        asked.append(count_queries(lambda: printed(client, "/work/list.pdf", sheet="visits", purpose="走访")))
    assert asked[0] >= asked[1] == asked[2] <= 22
