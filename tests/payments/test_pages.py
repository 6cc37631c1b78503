"""The pages of contributions: the plan with its lists, a batch from its draft to the account, what finance and a township see."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from foundation.audit.models import AuditEvent, Disclosure
from foundation.policy.models import ParameterValue
from foundation.web.tiles import list_tiles
from payments.models import Batch, ContributionPlan, ContributionPlanLine
from tests.named_world import AS_OF, NOW, days_later
from tests.paper import pages_of
from tests.payments.conftest import rule

PLAN, PEOPLE, BATCHES = "/payments/plan/", "/payments/plan/people/", "/payments/batches/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def planned(money):
    """Four who are paid for in two townships, two who are not."""
    rule("funding_split", {"province": 0.5, "county": 0.5})
    world = money.world
    money.poor("张三", "dibao")
    money.poor("李四", "tekun")
    money.poor("王五", "poverty")
    money.poor("赵六", "dibao", unit=world.other_township)
    money.poor("孙七", "dibao", column="3_student")
    money.poor("周八", "dibao", verdict="GAP", column="16f_other", desk="never_enrolled")
    money.plan()
    return money


def names(page: Any) -> list[str]:
    return sorted(row.person.name for row in page.context["rows"])


def act(client: Any, batch: Batch, name: str, **sent: object) -> Any:
    return client.post(reverse("contribution_act", args=[batch.pk]), {"act": name} | sent)


def url(batch: Batch) -> str:
    return reverse("contribution_batch", args=[batch.pk])


def test_every_number_of_the_plan_leads_to_its_people(planned, signed_in, queries_within):
    client = signed_in("clerk_a")
    with queries_within():
        page = client.get(PLAN)
    figures = {str(each["label"]): each for each in page.context["figures"]}
    assert {label: each["count"] for label, each in figures.items()} == {
        "Paid for": 4, "Not in a batch yet": 4, "In a batch, not credited yet": 0, "Credited": 0, "Excluded": 2,
    }  # fmt: skip
    assert dict(page.context["level_rows"]) == {"Province": 20_000, "County": 20_000}
    assert [(row.label, row.people.count, row.amount_fen) for row in page.context["townships"]] == [
        ("长江镇", 3, 30_000), ("江安镇", 1, 10_000),
    ]  # fmt: skip
    assert {row.label: row.people.count for row in page.context["reasons"]} == {"Student": 1, "Not insured here": 1}
    with queries_within():
        assert names(client.get(figures["Paid for"]["url"])) == ["张三", "李四", "王五", "赵六"]
    assert names(client.get(figures["Excluded"]["url"])) == ["周八", "孙七"]
    assert names(client.get(page.context["townships"][1].people.url)) == ["赵六"]
    assert [names(client.get(row.people.url)) for row in page.context["categories"]] == [
        ["李四"],
        ["张三", "赵六"],
        ["王五"],
    ]
    student = next(row for row in page.context["reasons"] if row.label == "Student")
    assert names(client.get(student.people.url)) == ["孙七"]
    assert {"County", "Province"} == {str(level.label) for level in page.context["levels"]}
    assert {row.days[0] for row in page.context["feeds"]} == {"2018-12-31"}
    assert "Contribution paid by government" in [row.title for row in page.context["rules"]]


def test_what_changed_is_listed_with_what_was_said_before(planned, signed_in):
    world, client = planned.world, signed_in("clerk_a")
    first_plan = ContributionPlan.objects.get().pk
    page = client.get(PLAN)
    (first,) = page.context["computations"]
    assert (first.added.count, first.removed.count) == (4, 0)
    newcomer = world.person("吴九")
    planned.listed(newcomer, "tekun")
    with time_machine.travel(days_later(1), tick=False):
        client = signed_in("clerk_a")
        planned.code(newcomer, birth_date=date(1980, 5, 5))
        person = next(each.person for each in _lines("张三"))
        planned.listed(person, "tekun")
        answer = client.post("/payments/plan/compute/", {"year": "2018"}, follow=True)
        assert "1 added, 0 removed, 1 with another category or amount" in answer.content.decode()
        page = client.get(PLAN)
        newest = page.context["computations"][0]
        assert (newest.added.count, newest.changed.count) == (1, 1)
        assert names(client.get(newest.added.url)) == ["吴九"]
        (changed,) = client.get(newest.changed.url).context["rows"]
        assert (changed.person.name, changed.category) == ("张三", "Destitute supported persons (tekun)")
        assert changed.was == "Subsistence allowance (dibao) 100.00"
        first_again = client.get(f"{PEOPLE}?against=before&change=added&plan={first_plan}")
        assert first_again.context["page"].paginator.count == 4
        assert client.get(f"{PEOPLE}?against=before&change=added&plan=999999").status_code == 404
    assert AuditEvent.objects.filter(verb="compute_plan").count() == 1


def _lines(name: str) -> list[Any]:
    return list(ContributionPlanLine.objects.filter(person__name=name, superseded_at=None).select_related("person"))


def test_last_years_plan_is_compared(planned, signed_in):
    ParameterValue.objects.update(valid_from=date(2009, 9, 1))
    planned.plan(2017)
    page = signed_in("clerk_a").get(f"{PLAN}?year=2018")
    assert page.context["has_last_year"]
    assert {row.label: row.people.count for row in page.context["years"]} == {"Paid for this year, not last year": 4}


def test_finance_sees_amounts_and_counts_only(planned, signed_in, queries_within):
    client, batch = signed_in("finance"), planned.frozen()
    planned.bring(batch, "requested")
    for address in (PLAN, BATCHES, url(batch)):
        with queries_within():
            page = client.get(address)
        text = page.content.decode()
        assert page.status_code == 200
        assert "长江镇" in text or address == BATCHES
        for word in ("张三", "dibao", "Student", "plan/people", f"{batch.pk}/people"):
            assert word not in text.partition("Lists and rules it rests on")[0], (address, word)
    assert client.get(PEOPLE).status_code == 403
    assert client.get(f"{url(batch)}people/").status_code == 403
    person = _lines("张三")[0].person_id
    assert client.get(reverse("person_account", args=[person])).status_code == 403
    page = client.get(url(batch))
    assert (page.context["acts"], list(page.context["funding_form"].fields)) == (
        {"fund", "return"}, ["province", "county", "voucher", "received_on"],
    )  # fmt: skip
    wrong = act(client, batch, "fund", province="100", county="200.00", voucher="V1", received_on="2018-12-31")
    assert wrong.status_code == 400
    assert "200.00" in wrong.content.decode()
    assert (
        act(
            client, batch, "fund", province="two hundred", county="200", voucher="V1", received_on="2018-12-31"
        ).status_code
        == 400
    )
    assert (
        act(client, batch, "fund", province="200.00", county="200", voucher="V1", received_on="2018-12-31").status_code
        == 302
    )
    assert [(each.level, each.amount_fen) for each in client.get(url(batch)).context["funding"]] == [
        ("province", 20_000), ("county", 20_000),
    ]  # fmt: skip


def test_five_people_bring_a_plan_to_the_accounts(planned, signed_in, queries_within):
    clerk, township = signed_in("clerk_a"), signed_in("township")
    clerk.post("/payments/plan/batch/", {"year": "2018", "note": "第一批"})
    batch = Batch.objects.get()
    with queries_within():
        page = clerk.get(url(batch))
    assert page.context["acts"] == {"certify", "check", "freeze", "cancel"}
    assert "Taken by: Township clerk, County clerk" in page.content.decode()
    assert "Not certified yet: Subsistence allowance (dibao), " in page.content.decode()
    assert page.context["lacks"][1] == "2 townships have not checked their people."
    for category in ("dibao", "tekun", "poverty"):
        assert (
            act(clerk, batch, "certify", category=category, office="民政局", certified_on="2018-12-31").status_code
            == 302
        )
    assert clerk.get(url(batch)).context["certificate_form"] is None
    refused = act(clerk, batch, "freeze")
    assert (refused.status_code, "2 townships have not checked" in refused.content.decode()) == (409, True)
    assert [
        tile.figure
        for tile in list_tiles(planned.world.actor("township"), at=NOW)
        if tile.name == "contributions_check"
    ] == ["1"]
    page = township.get(url(batch))
    assert [(row.name, row.may_check) for row in page.context["townships"]] == [("长江镇", True)]
    assert names(township.get(page.context["townships"][0].people.url)) == ["张三", "李四", "王五"]
    assert act(township, batch, "check", township="320682112000").status_code == 403
    assert act(township, batch, "check").status_code == 302
    assert [row.state for row in township.get(url(batch)).context["townships"]] == ["Checked"]
    assert act(clerk, batch, "check", township="320682112000").status_code == 302
    assert clerk.get(url(batch)).context["lacks"] == []
    assert act(clerk, batch, "freeze").status_code == 302
    assert clerk.get(url(batch)).context["acts"] == set()
    for name, step, after in (
        ("reviewer_a", "review", "reviewed"),
        ("approver_a", "approve", "approved"),
        ("clerk_a", "request", "requested"),
    ):
        assert step in signed_in(name).get(url(batch)).context["acts"]
        tiles = {tile.name: tile.figure for tile in list_tiles(planned.world.actor(name), at=NOW)}
        assert tiles.get(f"contributions_{step}", "1") == "1"
        assert act(signed_in(name), batch, step).status_code == 302
        batch.refresh_from_db()
        assert batch.state == after
    sent = {"province": "200.00", "county": "200.00", "voucher": "V1", "received_on": "2018-12-31"}
    assert act(signed_in("finance"), batch, "fund", **sent).status_code == 302
    assert act(clerk, batch, "credit", day="2019-01-02").status_code == 302
    assert act(clerk, batch, "close").status_code == 302
    with queries_within():
        page = clerk.get(url(batch))
    assert [step.place for step in page.context["way"]] == ["done"] * 7 + ["here"]
    assert [each.act for each in page.context["signatures"]] == ["Prepared", "Reviewed", "Approved", "Funded"]
    assert Batch.objects.get().content_hash in page.content.decode()
    assert {str(each["label"]): each["count"] for each in clerk.get(PLAN).context["figures"]}["Credited"] == 4


def test_a_second_signature_is_neither_offered_nor_taken(planned, signed_in):
    batch = planned.frozen()
    reviewer = signed_in("reviewer_a")
    act(reviewer, batch, "review")
    assert reviewer.get(url(batch)).context["acts"] == {"return"}
    assert act(reviewer, batch, "review").status_code == 409
    assert act(reviewer, batch, "return", note="").status_code == 400
    assert act(reviewer, batch, "return", note="名单有误").status_code == 302
    page = reviewer.get(url(batch))
    assert "名单有误" in page.content.decode()
    assert [step.label for step in page.context["way"]] == ["Returned"]
    assert act(reviewer, batch, "no_such_step").status_code == 400


def test_money_is_taken_back_from_those_selected(planned, signed_in):
    batch = planned.bring(planned.frozen(), "credited")
    clerk = signed_in("clerk_a")
    people = clerk.get(f"{url(batch)}people/")
    assert names(people) == ["张三", "李四", "王五", "赵六"]
    assert act(clerk, batch, "take_back", note="死亡").status_code == 400
    person = _lines("张三")[0].person_id
    answer = act(clerk, batch, "take_back", note="死亡", person=person)
    reversal = Batch.objects.exclude(pk=batch.pk).get()
    assert answer["Location"] == url(reversal)
    page = clerk.get(url(reversal))
    assert (page.context["acts"], page.context["total"].amount_fen) == ({"freeze", "cancel"}, -10_000)
    row = next(row for row in clerk.get(f"{url(batch)}people/").context["rows"] if row.person.name == "张三")
    assert row.taken_back_by == reversal


def test_the_account_stands_beside_the_person_with_its_sources(planned, signed_in, queries_within):
    batch = planned.bring(planned.frozen(), "credited")
    clerk, person = signed_in("clerk_a"), _lines("张三")[0].person_id
    address = reverse("person_account", args=[person])
    assert address in clerk.get(reverse("person", args=[person])).content.decode()
    with queries_within():
        page = clerk.get(address)
    text = page.content.decode()
    (year,) = page.context["years"]
    assert (year.year, year.is_paid, year.category) == (2018, True, "Subsistence allowance (dibao)")
    assert [each.batch for each in year.booked] == [batch]
    assert "dibao.xlsx" in text
    assert url(batch) in text
    assert page.context["total_fen"] == sum(row.amount_fen for row in page.context["balance"]) > 10_000
    assert AuditEvent.objects.filter(verb="read_account", object_id=str(person)).count() == 1
    student = _lines("孙七")[0].person_id
    assert "Student" in clerk.get(reverse("person_account", args=[student])).content.decode()
    assert signed_in("village").get(address).status_code == 403
    assert (
        "account"
        not in signed_in("village").get(reverse("person", args=[person])).content.decode().partition("<main")[2]
    )


def test_lists_leave_as_workbook_and_paper_with_a_purpose(planned, signed_in):
    clerk, batch = signed_in("clerk_a"), planned.frozen()
    query = {"query": "outcome=paid_for", "purpose": "复核"}
    book = openpyxl.load_workbook(BytesIO(clerk.post(f"{PEOPLE}xlsx/", query).content))
    cells = [row for row in book.worksheets[0].iter_rows(values_only=True) if row[0]]
    assert {row[0] for row in cells} >= {"张三", "李四", "王五", "赵六", "4 persons"}
    assert next(row for row in cells if row[0] == "4 persons")[5] == 400
    text = "".join(pages_of(clerk.post(f"{PEOPLE}print/", query).content))
    for word in ("长江镇", "江安镇", "300.00", "400.00", "Checkedby"):
        assert word in text, word
    assert clerk.post(f"{PEOPLE}print/", {"query": ""}).status_code == 400
    assert clerk.post(f"{url(batch)}xlsx/", {"purpose": "复核"}).status_code == 200
    assert clerk.post(f"{url(batch)}print/", {"purpose": "复核", "query": "category=tekun"}).status_code == 200
    assert [each.row_count for each in Disclosure.objects.order_by("pk")] == [4, 4, 4, 1]
    assert signed_in("finance").post(f"{url(batch)}print/", {"purpose": "复核"}).status_code == 403


def test_another_county_finds_nothing(planned, signed_in):
    batch, client = planned.frozen(), signed_in("clerk_b")
    assert client.get(url(batch)).status_code == 404
    assert act(client, batch, "review").status_code == 404
    assert client.get(f"{PLAN}?county=320682000000").status_code == 404
    assert "plan" not in client.get(PLAN).context
    assert not client.get(BATCHES).context["rows"]
    assert client.get(PEOPLE).status_code == 200


def test_a_year_without_a_plan_is_not_found_and_a_missing_rule_is_named(planned, signed_in):
    clerk = signed_in("clerk_a")
    assert clerk.get(f"{PLAN}?year=2016").status_code == 404
    ParameterValue.objects.filter(name="funding_split").delete()
    answer = clerk.post("/payments/plan/compute/", {"year": "2018"})
    assert (answer.status_code, "funding_split" in answer.content.decode()) == (409, True)
    assert clerk.post("/payments/plan/compute/", {"year": "2030"}).status_code == 400
    assert signed_in("reviewer_a").post("/payments/plan/compute/", {"year": "2018"}).status_code == 403
    assert ContributionPlan.objects.count() == 1
    assert ContributionPlan.objects.get().as_of_date == AS_OF
