"""The work list in other orders, from the first row to the last, and acts on the whole of it by its filter."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from casework.constants import GapKind
from casework.models import Assignment, Case, Gap
from casework.selectors.subjects import SubjectKey
from casework.selectors.worklist import SORTED_BY, WorkFilter, find_next, leading_gaps, read_order
from casework.services.cases import take_case
from foundation.policy.models import ParameterValue
from tests.named_world import AS_OF, NOW

URL = "/work/"
SORTS = [f"{sign}{name}" for name in SORTED_BY for sign in ("", "-")]


@pytest.fixture
def mixed(world):
    """Nine persons of three names, days, due days and desks, some without a due day; one with a second, lesser gap."""
    for number in range(9):
        person = world.person("赵钱孙"[number % 3] + "一")
        due_on = None if number % 4 == 0 else date(2019, 1, 20 + number % 2)
        values: dict[str, Any] = {"due_on": due_on, "desk": ("township", "county", "")[number % 3]}
        world.gap(person, GapKind.UNINSURED, opened_at=NOW - timedelta(days=number // 2), **values)
    world.gap(person, GapKind.IDENTITY_CONFLICT, due_on=date(2019, 1, 1), desk="village")
    return world


def names(answer: Any) -> list[str]:
    return [shown.name for shown in answer.context["rows"]]


@pytest.mark.parametrize("sort", ["", *SORTS])
@pytest.mark.parametrize(
    "wanted", [WorkFilter(), WorkFilter(kind="UNINSURED"), WorkFilter(reason="")], ids=["all", "kind", "plain"]
)
def test_walking_by_next_is_the_order_of_the_list(mixed, sort, wanted):
    actor, order = mixed.actor("clerk_a"), read_order(sort)
    listed = [SubjectKey(person_id=gap.person_id) for gap in leading_gaps(actor, wanted, order)]
    assert len(set(listed)) == 9
    walked = [listed[0]]
    while (found := find_next(actor, wanted, walked[-1], order)) is not None:
        walked.append(found)
    assert walked == listed


@pytest.mark.parametrize("name", SORTED_BY)
def test_the_other_way_round_is_the_same_list_from_its_end(mixed, name):
    actor = mixed.actor("clerk_a")
    up, down = (list(leading_gaps(actor, WorkFilter(), read_order(sign + name))) for sign in ("", "-"))
    assert up == down[::-1]


def test_each_order_sorts_what_its_column_shows(mixed, signed_in):
    client = signed_in("clerk_a")
    shown = {sort: client.get(f"{URL}?sort={sort}").context["rows"] for sort in SORTS}
    assert [each.row.leading.subject_pinyin for each in shown["name"]] == sorted(
        each.row.leading.subject_pinyin for each in shown["name"]
    )
    assert [each.days for each in shown["days"]] == sorted(each.days for each in shown["days"])
    assert [each.days for each in shown["-days"]] == sorted((each.days for each in shown["-days"]), reverse=True)
    due = [each.due_on for each in shown["due"]]
    assert due == sorted(due, key=lambda day: day or date.max)
    assert [each.row.leading.desk for each in shown["desk"]] == sorted(each.row.leading.desk for each in shown["desk"])


def test_an_order_nobody_knows_is_the_lists_own(mixed, signed_in):
    client = signed_in("clerk_a")
    assert names(client.get(f"{URL}?sort=number")) == names(client.get(URL))


def test_the_headers_say_the_order_and_lead_to_the_other(mixed, signed_in):
    headers = signed_in("clerk_a").get(f"{URL}?kind=UNINSURED&sort=due").context["headers"]
    assert (headers["due"].aria_sort, headers["due"].query) == ("ascending", "kind=UNINSURED&sort=-due")
    assert (headers["days"].aria_sort, headers["days"].query) == ("none", "kind=UNINSURED&sort=-days")
    assert (headers["gaps"].aria_sort, headers["gaps"].query) == ("none", "kind=UNINSURED")


def test_pages_of_an_order_have_every_row_once(world, signed_in):
    for number in range(65):
        world.gap(world.person("张一"), GapKind.UNINSURED, due_on=None if number % 2 else date(2019, 1, 20))
    client = signed_in("clerk_a")
    for sort in SORTS:
        seen = [
            each.row.key for page in (1, 2, 3) for each in client.get(f"{URL}?sort={sort}&page={page}").context["rows"]
        ]
        assert len(seen) == len(set(seen)) == 65, sort


def test_chips_name_the_filters_and_drop_one_each(mixed, signed_in):
    form = (
        signed_in("clerk_a").get(f"{URL}?kind=UNINSURED&due=overdue&known_before=2019-01-02&sort=name").context["form"]
    )
    assert {(chip.label, chip.text, chip.query_without) for chip in form.chips()} == {
        ("Gap", "Uninsured", "due=overdue&known_before=2019-01-02&sort=name"),
        ("Due", "Overdue", "kind=UNINSURED&known_before=2019-01-02&sort=name"),
        ("Open since before", "2019-01-02", "kind=UNINSURED&due=overdue&sort=name"),
    }


def whole(client: Any, query: str = "") -> dict[str, Any]:
    """What the form of the list sends when the whole list is selected."""
    return {"whole": client.get(f"{URL}?{query}").context["whole_mark"], "query": query}


def test_the_whole_list_is_taken_by_its_filter(mixed, signed_in):
    client = signed_in("clerk_a")
    client.post(reverse("case_take_many"), whole(client, "kind=UNINSURED"))
    assert Case.objects.filter(owner=mixed.users["clerk_a"]).count() == 9


def test_what_others_have_is_left_to_them_and_counted(mixed, signed_in):
    for gap in leading_gaps(mixed.actor("clerk_a"), WorkFilter())[:7]:
        take_case(actor=mixed.actor("colleague_a"), key=SubjectKey(person_id=gap.person_id), at=NOW)
    client = signed_in("clerk_a")
    page = client.post(reverse("case_take_many"), whole(client), follow=True).content.decode()
    assert "2 cases taken." in page
    assert page.count("colleague_a took this case") == 5
    assert "2 more are handled by others." in page


@pytest.mark.parametrize(
    ("gone", "come", "words"),
    [
        (1, 0, "it has 8 entries now, not 9"),
        (0, 1, "it has 10 entries now, not 9"),
        (1, 1, "other entries fit the filters now"),
    ],
)
def test_a_list_that_changed_is_not_taken(mixed, signed_in, gone, come, words):
    client = signed_in("clerk_a")
    selected = whole(client)
    for gap in leading_gaps(mixed.actor("clerk_a"), WorkFilter())[:gone]:
        Gap.objects.filter(person=gap.person_id).update(closed_on=AS_OF, closed_at=NOW)
    for _each in range(come):
        mixed.gap(mixed.person("新来"), GapKind.UNINSURED)
    answer = client.post(reverse("case_take_many"), selected)
    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert not Case.objects.exists()


def test_a_list_that_changed_since_its_preview_is_previewed_again(mixed, signed_in):
    client, assignee = signed_in("clerk_a"), mixed.users["colleague_a"].pk
    selected = whole(client)
    preview = client.post(reverse("case_assign"), selected | {"assignee": assignee})
    assert (len(preview.context["proposed"]), preview.context["selection"].has_changed) == (9, False)
    mixed.gap(mixed.person("新来"), GapKind.UNINSURED)
    again = client.post(reverse("case_assign"), selected | {"assignee": assignee, "confirmed": "yes"})
    assert "it has 10 entries now, not 9" in again.content.decode()
    assert not Assignment.objects.exists()
    confirmed = {"whole": again.context["selection"].now, "query": "", "assignee": assignee, "confirmed": "yes"}
    client.post(reverse("case_assign"), confirmed)
    assert Case.objects.filter(owner=assignee).count() == 10


def test_the_whole_list_is_that_of_the_readers_unit_and_name(mixed, signed_in):
    mixed.gap(mixed.person("李二", unit=mixed.other_township), GapKind.UNINSURED)
    township = signed_in("township")
    assert township.post(reverse("case_take_many"), whole(signed_in("clerk_a"))).status_code == 409
    township.post("/work/name/", {"name": "赵"})
    township.post(reverse("case_take_many"), whole(township))
    assert set(Case.objects.filter(owner__isnull=False).values_list("person__name", flat=True)) == {"赵一"}


def test_more_than_a_region_allows_at_once_is_refused(mixed, signed_in):
    ParameterValue.objects.create(
        name="whole_selection_limit", value=8, unit="count", region=mixed.county_a, valid_from=date(2018, 6, 1), source="ours"
    )  # fmt: skip
    client = signed_in("clerk_a")
    answer = client.post(reverse("case_take_many"), whole(client))
    assert answer.status_code == 400
    assert "more than 8 entries" in answer.content.decode()
    assert not Case.objects.exists()


def test_many_cost_as_many_queries_as_few(world, signed_in, django_assert_max_num_queries):
    for number in range(120):
        world.gap(world.person(f"张{number}"), GapKind.UNINSURED)
    client = signed_in("clerk_a")
    selected = whole(client)
    with django_assert_max_num_queries(30):
        client.post(reverse("case_take_many"), selected)
    assert Case.objects.filter(owner=world.users["clerk_a"]).count() == 120


@pytest.mark.parametrize("sort", SORTS)
def test_sorting_asks_no_more_queries(mixed, signed_in, queries_within, sort):
    client = signed_in("clerk_a")
    with queries_within():
        assert client.get(f"{URL}?sort={sort}&kind=UNINSURED").status_code == 200
