"""The pages of one-stop batches: begun from the work list, reviewed, approved, cancelled, listed, filtered, as a file."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from casework.constants import GapKind
from enrollment.models import OneStopBatch
from enrollment.presenters.one_stop import next_act
from enrollment.selectors.one_stop import list_batches
from foundation.audit.models import AuditEvent, Disclosure
from foundation.signatures.selectors import list_signatures
from foundation.web.tiles import list_tiles
from registry.models import Person
from tests.enrollment.batches import YOUNG, add, people, propose, put, sign
from tests.enrollment.conftest import rule
from tests.named_world import NOW
from tests.paper import pages_of, squeezed

__all__ = ["add", "people"]


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def subjects(*people: Person) -> dict[str, Any]:
    return {"subject": [f"p:{each.pk}" for each in people]}


def whole(client: Any, query: str = "") -> dict[str, str]:
    page = client.get(f"{reverse('work_list')}?{query}")
    return {"whole": page.context["whole_mark"], "query": query}


def batch_url(batch: OneStopBatch) -> str:
    return reverse("one_stop_batch", args=[batch.pk])


def act(client: Any, batch: OneStopBatch, name: str) -> Any:
    return client.post(reverse("one_stop_act", args=[batch.pk]), {"act": name})


def test_the_preview_counts_outcomes_and_reasons_and_shows_their_people_by_name(office, people, signed_in):
    client = signed_in("clerk_a")
    asked = subjects(*people.values())
    page = client.post(reverse("work_one_stop"), asked)
    assert not OneStopBatch.objects.exists(), "a preview writes nothing"
    assert [(each.name, each.count) for each in page.context["buckets"]] == [
        ("eligible_register", 2), ("eligible_direct_inclusion", 1), ("refused", 2), ("NO_OPEN_GAP", 1),
    ]  # fmt: skip
    assert {each.name: each.count for each in page.context["reasons"]} == {"NOT_POOR": 1, "STUDENT": 1}
    assert len(page.context["rows"]) == 5
    for name, of in (("STUDENT", "student"), ("NO_OPEN_GAP", "lapsed"), ("eligible_direct_inclusion", "old")):
        shown = client.post(reverse("work_one_stop"), asked | {"shown": name, "day": "2019-01-02"}).context
        assert [row.person.pk for row in shown["rows"]] == [people[of].pk], name
    assert AuditEvent.objects.filter(verb="read_list", object_id="work_one_stop").count() == 4


def test_the_selected_are_proposed_and_lines_without_a_person_left_out(office, people, signed_in):
    client = signed_in("clerk_a")
    office.gap(None, GapKind.STOP_DUE, roll_no="R9")
    asked = {"subject": [*subjects(people["young"])["subject"], f"r:{office.county_a.pk}:resident:R9"]}
    assert "about no registered person" in client.post(reverse("work_one_stop"), asked).content.decode()
    answer = client.post(reverse("work_one_stop"), asked | {"act": "propose", "day": "2019-01-02", "note": "第一批"})
    batch = OneStopBatch.objects.get()
    assert answer["Location"] == batch_url(batch)
    assert (batch.eligible, batch.excluded, batch.note, batch.unit) == (1, 0, "第一批", office.county_a)


def test_the_whole_list_as_it_is_filtered_is_proposed_and_read_again(office, people, signed_in, add):
    client = signed_in("clerk_a")
    asked = whole(client, "kind=UNINSURED") | {"act": "propose", "day": "2019-01-02"}
    add("庚", people["young"].birth_date, 7)
    changed = client.post(reverse("work_one_stop"), asked)
    assert "it has 6 entries now, not 5" in changed.content.decode()
    assert not OneStopBatch.objects.exists()
    client.post(reverse("work_one_stop"), asked | {"whole": changed.context["selection"].now})
    batch = OneStopBatch.objects.get()
    assert (batch.eligible, batch.excluded) == (4, 2)


def test_what_cannot_be_proposed_is_said(office, people, signed_in):
    client = signed_in("clerk_a")
    assert client.post(reverse("work_one_stop"), {}).status_code == 400
    only = subjects(people["student"]) | {"act": "propose", "day": "2019-01-02"}
    assert client.post(reverse("work_one_stop"), only).status_code == 400
    tomorrow = subjects(people["young"]) | {"act": "propose", "day": "2019-01-03"}
    assert client.post(reverse("work_one_stop"), tomorrow).status_code == 400
    no_day = subjects(people["young"]) | {"act": "propose", "day": "32"}
    assert client.post(reverse("work_one_stop"), no_day).context["form"].errors["day"]
    assert not OneStopBatch.objects.exists()
    for name in ("reviewer_a", "approver_a", "village"):
        assert signed_in(name).post(reverse("work_one_stop"), only).status_code == 403
        assert "work/one-stop" not in signed_in(name).get(reverse("work_list")).content.decode()
    assert "work/one-stop" in client.get(reverse("work_list")).content.decode()


def test_three_people_take_a_batch_to_its_effect(office, people, signed_in):
    rule("books_kept_by", "portal")
    batch = propose(office)
    own = signed_in("clerk_a").get(batch_url(batch))
    assert (own.context["act"], own.context["may_cancel"]) == (None, True)
    assert "Taken by: County reviewer" in own.content.decode()
    assert act(signed_in("clerk_a"), batch, "review").status_code == 403
    reviewer = signed_in("reviewer_a")
    assert reviewer.get(batch_url(batch)).context["act"].name == "review"
    assert act(reviewer, batch, "review").status_code == 302
    assert reviewer.get(batch_url(batch)).context["act"] is None
    assert act(reviewer, batch, "review").status_code == 409
    assert act(signed_in("approver_a"), batch, "approve").status_code == 302
    assert act(signed_in("approver_a"), batch, "fly").status_code == 400
    assert "the next nightly run puts it into effect" in reviewer.get(batch_url(batch)).content.decode()
    assert put(office) == 3
    done = reviewer.get(batch_url(batch))
    assert (done.context["may_cancel"], len(done.context["signatures"])) == (False, 3)
    assert act(reviewer, batch, "cancel").status_code == 409


def test_a_deputy_of_whoever_made_it_is_not_asked_to_review(office, people):
    batch = propose(office)
    reviewer = office.actor("reviewer_a")
    deputy = replace(reviewer, deputy_for_id=office.users["clerk_a"].pk)
    signatures = list_signatures("one_stop_batch", [batch.pk])[batch.pk]
    assert [next_act(each, batch, signatures) is None for each in (reviewer, deputy)] == [False, True]
    assert [list_batches(each, mine=True).count() for each in (reviewer, deputy)] == [1, 0]


def test_what_waits_for_the_reader_is_on_today_and_in_the_list(office, people, signed_in):
    batch = propose(office)

    def waiting(name: str) -> tuple[int, str]:
        rows = signed_in(name).get(f"{reverse('one_stop_batches')}?mine=yes").context["rows"]
        tiles = {each.name: each.figure for each in list_tiles(office.actor(name), at=NOW)}
        return len(rows), tiles.get("one_stop_batches", "none")

    assert [waiting(name) for name in ("clerk_a", "reviewer_a", "approver_a")] == [(0, "none"), (1, "1"), (0, "0")]
    act(signed_in("reviewer_a"), batch, "review")
    assert [waiting(name) for name in ("reviewer_a", "approver_a")] == [(0, "0"), (1, "1")]
    assert len(signed_in("clerk_a").get(reverse("one_stop_batches")).context["rows"]) == 1
    assert signed_in("clerk_b").get(reverse("one_stop_batches")).context["rows"] == []


def test_a_township_sees_its_own_batches_only(office, people, signed_in):
    county, own = propose(office), propose(office, "township", [people["young"].pk])
    township = signed_in("township")
    assert township.get(batch_url(county)).status_code == 404
    assert [row.batch for row in township.get(reverse("one_stop_batches")).context["rows"]] == [own]
    assert signed_in("reviewer_a").get(batch_url(own)).status_code == 200


def test_the_people_are_filtered_by_outcome_kind_and_reason(office, people, signed_in):
    rule("books_kept_by", "portal")
    batch = sign(office, propose(office))
    Person.objects.filter(pk=people["old"].pk).update(birth_date=people["young"].birth_date)
    put(office)
    client = signed_in("clerk_a")

    def names(query: str) -> list[str]:
        return [row.person.name for row in client.get(f"{batch_url(batch)}?{query}").context["rows"]]

    assert names("") == ["甲", "乙", "丙", "丁", "戊"]
    assert names("part=eligible&kind=register") == ["甲", "戊"]
    assert names("part=refused") == ["丙", "丁"]
    assert names("reason=STUDENT") == ["丁"]
    assert names("part=left_out") == names("reason=OTHER_KIND") == ["乙"]
    assert names("part=nonsense&reason=nonsense") == names("")
    page = client.get(batch_url(batch)).context
    assert [(each.label, each.count) for each in page["left_out"]] == [("Another kind fits the age by now", 1)]
    assert {each.label: each.count for each in page["parts"]} == {
        "To be enrolled: Enrolment in the scheme": 2, "Excluded: not eligible": 2, "Left out when put into effect": 1,
    }  # fmt: skip


def test_the_excluded_leave_as_workbook_and_on_paper_with_a_purpose(office, people, signed_in):
    batch, client = propose(office), signed_in("clerk_a")
    sent = {"query": "part=refused", "purpose": "审核"}
    for route in ("one_stop_xlsx", "one_stop_print"):
        assert client.post(reverse(route, args=[batch.pk]), {"query": ""}).status_code == 400
    assert not Disclosure.objects.exists()
    book = openpyxl.load_workbook(BytesIO(client.post(reverse("one_stop_xlsx", args=[batch.pk]), sent).content))
    cells = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[0] for row in cells if row[0] in {"甲", "乙", "丙", "丁", "戊"}] == ["丙", "丁"]
    text = squeezed("".join(pages_of(client.post(reverse("one_stop_print", args=[batch.pk]), sent).content)))
    assert "丁" in text
    assert "戊" not in text
    assert list(Disclosure.objects.values_list("recipient", "row_count")) == [
        ("file one-stop batch", 2), ("paper one-stop batch", 2),
    ]  # fmt: skip


def test_a_page_makes_no_more_queries_for_more_people(office, add, signed_in, queries_within):
    for number in range(8):
        add("甲", YOUNG, number)
    batch, client = propose(office), signed_in("reviewer_a")
    asked = whole(signed_in("clerk_a"), "kind=UNINSURED")
    for address in (batch_url(batch), f"{batch_url(batch)}?part=eligible", reverse("one_stop_batches")):
        client.get(address)
        with queries_within():
            assert len(client.get(address).context["rows"]) in {1, 8}
    clerk = signed_in("clerk_a")
    clerk.post(reverse("work_one_stop"), asked)
    with queries_within(16):
        clerk.post(reverse("work_one_stop"), asked)
