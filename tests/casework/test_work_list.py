"""The work list: order, chips, filters, names kept out of the address, scope, taking in bulk, the way to the next row."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from casework.constants import CloseReason, GapKind
from casework.models import Case
from casework.selectors.subjects import SubjectKey
from casework.services.cases import take_case
from casework.services.closing import close_case
from casework.services.routing import route_cases
from foundation.audit.models import AuditEvent
from tests.named_world import NOW, days_later, right_number

URL = "/work/"


def names(answer: Any) -> list[str]:
    return [shown.row.leading.subject_name for shown in answer.context["rows"]]


@pytest.fixture
def three(world):
    """An uninsured person, one whose number is wrong too, and a stranger who draws twice."""
    first, second = world.person("张三"), world.person("李四", unit=world.other_township)
    world.gap(first, GapKind.UNINSURED, "never_enrolled")
    world.gap(first, GapKind.IDENTITY_CONFLICT, "number_wrong")
    world.gap(second, GapKind.UNINSURED, "undecided", opened_on=date(2018, 11, 30), opened_at=days_later(-1))
    world.gap(
        None,
        GapKind.DUPLICATE_BENEFIT,
        "twice_on_roll",
        roll_no="320600001",
        subject_name="王五",
        subject_pinyin="wang wu",
    )
    return first, second


def test_the_gravest_comes_first_then_the_oldest_with_all_gaps_of_a_subject(three, signed_in):
    answer = signed_in("clerk_a").get(URL)
    assert names(answer) == ["王五", "李四", "张三"]
    assert [gap.label for gap in answer.context["rows"][2].gaps] == ["Uninsured", "Incorrect identity data"]
    assert answer.context["page"].paginator.count == 3


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=UNINSURED", ["李四", "张三"]),
        ("kind=IDENTITY_CONFLICT", ["张三"]),
        ("reason=undecided", ["李四"]),
        ("unit=320682111000", ["王五", "张三"]),
        ("unit=320682112000", ["李四"]),
        ("opened_on=2018-11-30", ["李四"]),
        ("closed_on=2018-12-31", []),
        ("owner=mine", []),
        ("owner=nobody", ["王五", "李四", "张三"]),
        ("evidence_class=A", []),
        ("kind=NO_SUCH_KIND", ["王五", "李四", "张三"]),
    ],
)
def test_filters(three, signed_in, query, expected):
    assert names(signed_in("clerk_a").get(f"{URL}?{query}")) == expected


def test_a_closed_gap_is_listed_by_the_day_that_closed_it(world, signed_in):
    world.gap(world.person("赵六"), GapKind.UNINSURED, closed_on=date(2018, 12, 31), closed_at=NOW)
    assert names(signed_in("clerk_a").get(URL)) == []
    assert names(signed_in("clerk_a").get(f"{URL}?closed_on=2018-12-31")) == ["赵六"]


def test_a_subject_closed_with_a_reason_leaves_the_list_until_something_new_opens(world, three, signed_in):
    first, _second = three
    key = SubjectKey(person_id=first.pk)
    close_case(actor=world.actor("clerk_a"), key=key, reason=CloseReason.DATA_WRONG, note="told", at=days_later(1))
    client = signed_in("clerk_a")
    assert names(client.get(URL)) == ["王五", "李四"]
    assert names(client.get(f"{URL}?state=settled")) == ["张三"]
    world.gap(first, GapKind.NOT_FOUND, opened_at=days_later(2))
    with connection.cursor() as cursor:
        route_cases(cursor, county=world.county_a, day=days_later(2).date(), at=days_later(2))
    assert names(client.get(URL)) == ["王五", "李四", "张三"]


def test_mine_and_nobodys(world, three, signed_in):
    take_case(actor=world.actor("clerk_a"), key=SubjectKey(person_id=three[0].pk), at=NOW)
    assert names(signed_in("clerk_a").get(f"{URL}?owner=mine")) == ["张三"]
    assert names(signed_in("clerk_a").get(f"{URL}?owner=nobody")) == ["王五", "李四"]
    assert names(signed_in("colleague_a").get(f"{URL}?owner=mine")) == []


@pytest.mark.parametrize("text", ["李", "李四", "lisi", "li si", "ls"])
def test_a_name_is_kept_in_the_session_and_never_in_the_address(three, signed_in, text):
    client = signed_in("clerk_a")
    answer = client.post("/work/name/", {"name": text, "query": "kind=UNINSURED"})
    assert answer.headers["Location"] == f"{URL}?kind=UNINSURED"
    assert names(client.get(answer.headers["Location"])) == ["李四"]
    client.post("/work/name/", {"name": ""})
    assert names(client.get(f"{URL}?kind=UNINSURED")) == ["李四", "张三"]


def test_numbers_are_masked_alike_for_everybody(world, signed_in):
    world.gap(world.person("张三", right_number("99010119500101002")), GapKind.UNINSURED)
    shown = {
        signed_in(who).get(URL).context["rows"][0].number for who in ("clerk_a", "township", "village", "supervisor")
    }
    assert len(shown) == 1
    assert shown.pop()[:17] == "9" + "*" * 16


def test_everybody_sees_their_own_unit_only(three, signed_in):
    assert names(signed_in("clerk_b").get(URL)) == []
    assert names(signed_in("township").get(URL)) == ["王五", "张三"]
    assert names(signed_in("village").get(URL)) == ["王五", "张三"]
    assert names(signed_in("supervisor").get(URL)) == ["王五", "李四", "张三"]


@pytest.mark.parametrize("name", ["sysadmin", "finance"])
def test_roles_without_cases_are_refused_and_written_down(world, signed_in, name):
    assert signed_in(name).get(URL).status_code == 403
    assert AuditEvent.objects.get(outcome="refused").object_id == "work_list"


def test_the_empty_list_says_so(world, signed_in):
    client = signed_in("clerk_a")
    assert "no gaps without a confirmed reason" in client.get(URL).content.decode()
    assert "No open gap fits these filters" in client.get(f"{URL}?kind=UNINSURED").content.decode()


def test_the_queries_do_not_grow_with_the_rows(world, signed_in, queries_within):
    client = signed_in("clerk_a")
    for position in range(60):
        person = world.person(f"张{position}", right_number(f"99010119500101{position:03d}"))
        world.gap(person, GapKind.UNINSURED)
        world.gap(None, GapKind.DUPLICATE_BENEFIT, roll_no=f"3206{position}")
        take_case(actor=world.actor("clerk_a"), key=SubjectKey(person_id=person.pk), at=NOW)
    with queries_within():
        answer = client.get(URL)
    assert len(answer.context["rows"]) == 30
    with queries_within():
        assert len(client.get(f"{URL}?page=3&kind=UNINSURED").context["rows"]) == 30


def test_selected_rows_are_taken_at_once(world, three, signed_in):
    client = signed_in("clerk_a")
    keys = [str(shown.row.key) for shown in client.get(URL).context["rows"][:2]]
    answer = client.post(reverse("case_take_many"), {"subject": keys, "next": f"{URL}?kind=UNINSURED"})
    assert answer.headers["Location"] == f"{URL}?kind=UNINSURED"
    assert Case.objects.filter(owner=world.users["clerk_a"]).count() == 2


def test_taking_leads_back_to_our_own_pages_only(world, three, signed_in):
    answer = signed_in("clerk_a").post(reverse("case_take_many"), {"next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == URL


def test_the_next_row_follows_the_filters_and_the_end_leads_back(three, signed_in):
    first, second = three
    client = signed_in("clerk_a")
    client.get(f"{URL}?kind=UNINSURED")
    answer = client.get("/work/next/", {"after": f"p:{second.pk}"})
    assert answer.headers["Location"] == f"/persons/{first.pk}/?list=kind%3DUNINSURED"
    answer = client.get("/work/next/", {"after": f"p:{first.pk}"})
    assert answer.headers["Location"] == f"{URL}?kind=UNINSURED"


def test_two_tabs_each_go_through_their_own_list(world, three, signed_in):
    """What the other tab shows last changes neither the next row nor what an act leads back to."""
    client = signed_in("clerk_a")
    address = client.get(f"{URL}?kind=UNINSURED&sort=name").context["rows"][0].url
    whole = client.get(URL).context["rows"]
    client.get(f"{URL}?kind=PAUSED")
    page = client.get(address).content.decode()
    assert 'name="list" value="kind=UNINSURED&amp;sort=name"' in page
    (step,) = re.findall(r'href="(/work/next/[^"]+)"', page)
    found = client.get(unescape(step)).headers["Location"]
    assert found.endswith("/?list=kind%3DUNINSURED%26sort%3Dname")
    assert found != address
    taken = client.post("/work/take/", {"subject": f"p:{three[0].pk}", "list": "kind=UNINSURED&sort=name"})
    assert taken.headers["Location"] == f"/persons/{three[0].pk}/?list=kind%3DUNINSURED%26sort%3Dname"
    assert whole[0].url.endswith("?list="), "from the whole list: not the one filtered last"


def test_the_pages_of_a_long_work_list_end_and_none_is_longer_than_another(world, signed_in):
    for place in range(120):
        world.gap(world.person(f"人{place}"), GapKind.UNINSURED)
    client, address = signed_in("clerk_a"), URL
    last = client.get(address, {"page": "1000000000"}).context["page"]
    assert last.number == last.paginator.num_pages > 1
    for page in ("1000000000", "-1", "0", "last", "9223372036854775808"):
        answer = client.get(address, {"page": page, "rows": "10000"})
        assert answer.status_code == 400 or len(answer.context["rows"]) <= last.paginator.per_page, page
