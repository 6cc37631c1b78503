"""The desk: assigning with a preview and an undo, kept filters, who is here, the list as a workbook; filters of the list."""

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from casework.constants import CaseState, CloseReason, GapKind
from casework.models import Assignment, Case, CaseEvent, Presence, SavedFilter
from casework.selectors.subjects import SubjectKey
from casework.services.assigning import assign_cases, list_candidates, undo_assignment
from casework.services.cases import add_note, release_case, take_case
from casework.services.closing import close_case
from casework.services.desk import record_presence
from foundation.accounts.constants import Role
from foundation.accounts.models import Deputy, Membership, User
from foundation.audit.models import AuditEvent, Disclosure
from foundation.primitives.clock import now
from foundation.primitives.errors import Conflict, NotFound
from foundation.regions.models import Unit
from portal.worklist import export
from registry.models import Person
from tests.named_world import NOW, SINCE_LONG_AGO, World, days_later, right_number

URL = "/work/"


def names(answer: Any) -> list[str]:
    return [shown.row.leading.subject_name for shown in answer.context["rows"]]


@pytest.fixture
def two(world):
    first, second = world.person("张三"), world.person("李四", unit=world.other_township)
    world.gap(first, GapKind.UNINSURED, desk="township", due_on=date(2019, 1, 20))
    world.gap(second, GapKind.PAUSED, desk="county")
    return [SubjectKey(person_id=person.pk) for person in (first, second)]


def assign(
    world: World, keys: list[SubjectKey], *, by: str = "clerk_a", to: str = "colleague_a", at: datetime = NOW
) -> tuple[Assignment, int]:
    return assign_cases(actor=world.actor(by), keys=keys, assignee_id=world.users[to].pk, at=at)


def owners() -> dict[str, tuple[str | None, str]]:
    return {
        case.person.name: (case.owner.username if case.owner else None, case.state)
        for case in Case.objects.all()
        if case.person
    }


def test_an_assignment_is_previewed_then_done_then_undone(world, two, signed_in):
    client = signed_in("clerk_a")
    form = {"subject": [str(key) for key in two], "next": URL}
    assert "Assign to" in client.post("/work/assign/", form).content.decode()
    form["assignee"] = world.users["colleague_a"].pk
    preview = client.post("/work/assign/", form).content.decode()
    assert "2 of them will be assigned to colleague_a" in preview
    assert not Case.objects.exists()
    assert client.post("/work/assign/", {**form, "confirmed": "yes"}).headers["Location"] == URL
    assert owners() == {"张三": ("colleague_a", "assigned"), "李四": ("colleague_a", "assigned")}
    act = Assignment.objects.get()
    assert client.post(f"/work/assignments/{act.pk}/undo/").status_code == 302
    assert owners() == {"张三": (None, "open"), "李四": (None, "open")}
    verbs = list(CaseEvent.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["assign_case", "assign_case", "undo_assign", "undo_assign"]
    assert AuditEvent.objects.filter(verb="assignment_undone").count() == 1


def test_a_colleagues_case_stays_with_them_but_a_reviewer_may_move_it(world, two):
    take_case(actor=world.actor("colleague_a"), key=two[0], at=NOW)
    _act, left = assign(world, two, to="clerk_a")
    assert (left, owners()["张三"]) == (1, ("colleague_a", "assigned"))
    _act, left = assign(world, two, by="reviewer_a", to="reviewer_a")
    assert (left, owners()["张三"]) == (0, ("reviewer_a", "assigned"))


def test_nothing_changes_when_every_case_is_somebody_elses(world, two):
    take_case(actor=world.actor("colleague_a"), key=two[0], at=NOW)
    with pytest.raises(Conflict):
        assign(world, two[:1], to="clerk_a")
    assert not Assignment.objects.exists()


def test_a_closed_case_comes_back_closed_when_its_assignment_is_undone(world, two):
    close_case(actor=world.actor("clerk_a"), key=two[0], reason=CloseReason.DATA_WRONG, note="told", at=NOW)
    act, _left = assign(world, two[:1], at=days_later(1))
    undo_assignment(actor=world.actor("clerk_a"), assignment_id=act.pk, at=days_later(2))
    case = Case.objects.get()
    assert (case.state, case.close_reason, case.closed_at) == (CaseState.CLOSED_WITH_REASON, "data_wrong", NOW)


def test_a_case_that_moved_on_stays_when_its_assignment_is_undone(world, two):
    act, _left = assign(world, two)
    add_note(actor=world.actor("colleague_a"), key=two[0], note="called", state="in_progress", at=days_later(1))
    undone = undo_assignment(actor=world.actor("clerk_a"), assignment_id=act.pk, at=days_later(2))
    assert (undone.restored, undone.left) == (1, 1)
    assert owners() == {"张三": ("colleague_a", "in_progress"), "李四": (None, "open")}


def test_undoing_an_assignment_does_not_undo_a_later_one(world, two):
    """The colleague released the first case and was given it again: owner and state are those of the first act."""
    act, _left = assign(world, two)
    release_case(actor=world.actor("colleague_a"), key=two[0], at=days_later(1))
    later, _left = assign(world, two[:1], at=days_later(1))
    add_note(actor=world.actor("colleague_a"), key=two[1], note="called", at=days_later(1))
    undone = undo_assignment(actor=world.actor("clerk_a"), assignment_id=act.pk, at=days_later(2))
    assert (undone.restored, undone.left) == (1, 1)
    assert owners() == {"张三": ("colleague_a", "assigned"), "李四": (None, "open")}
    take_case(actor=world.actor("clerk_a"), key=two[1], at=days_later(2))
    assign(world, two[:1], by="reviewer_a", at=days_later(2))
    with pytest.raises(Conflict) as refusal:
        undo_assignment(actor=world.actor("clerk_a"), assignment_id=later.pk, at=days_later(3))
    assert refusal.value.code == "case_moved_on"
    later.refresh_from_db()
    assert later.undone_at is None


@pytest.mark.parametrize("again", [False, True])
def test_too_late_or_twice_is_refused(world, two, again):
    act, _left = assign(world, two)
    if again:
        undo_assignment(actor=world.actor("clerk_a"), assignment_id=act.pk, at=days_later(1))
    with pytest.raises(Conflict):
        undo_assignment(actor=world.actor("clerk_a"), assignment_id=act.pk, at=days_later(1 if again else 8))


def test_an_assignment_of_another_desk_is_not_there(world, two):
    act, _left = assign(world, two)
    for name in ("clerk_b", "township", "colleague_a"):
        if name != "reviewer_a":
            with pytest.raises(NotFound):
                undo_assignment(actor=world.actor(name), assignment_id=act.pk, at=NOW)


@pytest.mark.parametrize("who", ["clerk_b", "finance", "village"])
def test_only_a_colleague_who_may_take_cases_is_given_one(world, two, signed_in, who):
    form = {"subject": str(two[0]), "assignee": world.users[who].pk, "confirmed": "yes"}
    assert signed_in("clerk_a").post("/work/assign/", form).status_code == 400
    assert signed_in("clerk_a").post("/work/assign/", {"assignee": 1}).status_code == 400


def test_assigning_fifty_asks_no_more_than_assigning_one(world, django_assert_max_num_queries):
    keys = []
    for position in range(50):
        person = world.person(f"人{position}")
        world.gap(person, GapKind.UNINSURED)
        keys.append(SubjectKey(person_id=person.pk))
    with django_assert_max_num_queries(20):
        assign(world, keys)
    assert Case.objects.filter(owner=world.users["colleague_a"]).count() == 50


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("desk=township", ["张三"]),
        ("desk=county", ["李四"]),
        ("due=overdue", ["张三"]),
        ("due=none", ["李四"]),
        ("due=week", []),
        ("code=GAP", ["张三"]),
        ("code=1-011", ["李四"]),
        ("category=dibao", ["李四"]),
        ("category=poverty", ["张三"]),
        ("age=60-79", ["李四"]),
        ("age=16-44", ["张三"]),
        ("sex=1", ["张三"]),
        ("sex=2&desk=township", []),
    ],
)
def test_filters_by_desk_day_code_list_age_and_sex(world, two, signed_in, query, expected):
    first, second = (Person.objects.get(pk=key.person_id) for key in two)
    world.verdict(first, categories="poverty", birth_date=date(1990, 1, 1), sex=1)
    world.verdict(
        second, "1-011", "9_resident", "paused", categories="marked_out dibao", birth_date=date(1958, 12, 31), sex=2
    )
    assert names(signed_in("clerk_a").get(f"{URL}?{query}")) == expected


def test_the_list_of_one_colleague(world, two, signed_in):
    assign(world, two[:1])
    client = signed_in("clerk_a")
    answer = client.get(f"{URL}?owner={world.users['colleague_a'].pk}")
    assert names(answer) == ["张三"]
    assert f'<option value="{world.users["colleague_a"].pk}" selected>' in answer.content.decode()
    assert names(client.get(f"{URL}?owner={world.users['reviewer_a'].pk}")) == []
    stranger = client.get(f"{URL}?owner={world.users['clerk_b'].pk}")  # another county's: not understood, so left out
    assert names(stranger) == names(client.get(URL))


def test_totals_count_subjects_gaps_and_those_past_their_day(world, two, signed_in):
    world.gap(Person.objects.get(pk=two[0].person_id), GapKind.IDENTITY_CONFLICT, due_on=date(2019, 1, 2))
    totals = signed_in("clerk_a").get(URL).context["totals"]
    assert (totals.subjects, totals.gaps, totals.overdue) == (2, 3, 2)


def test_a_filter_is_kept_shared_with_the_unit_and_deleted_by_its_owner(world, two, signed_in):
    client = signed_in("clerk_a")
    client.get(f"{URL}?kind=UNINSURED&desk=township")
    client.post("/work/filters/", {"name": "乡镇未参保", "is_shared": "on", "query": "kind=UNINSURED&desk=township"})
    kept = SavedFilter.objects.get()
    assert (kept.query, kept.is_shared) == ("kind=UNINSURED&desk=township", True)
    assert "乡镇未参保" in signed_in("colleague_a").get(URL).content.decode()
    assert "乡镇未参保" not in signed_in("township").get(URL).content.decode()
    assert signed_in("colleague_a").post(f"/work/filters/{kept.pk}/delete/").status_code == 404
    assert client.post(f"/work/filters/{kept.pk}/delete/").status_code == 302
    assert not SavedFilter.objects.exists()


def test_a_filter_of_ones_own_is_nobody_elses_and_a_name_once(world, two, signed_in):
    client = signed_in("clerk_a")
    for kind in ("UNINSURED", "PAUSED"):
        client.post("/work/filters/", {"name": "我的", "query": f"kind={kind}"})
    assert SavedFilter.objects.get().query == "kind=PAUSED"
    assert "我的" not in signed_in("colleague_a").get(URL).content.decode()


def test_a_name_looked_for_is_not_kept_with_a_filter(world, two, signed_in):
    client = signed_in("clerk_a")
    client.post("/work/name/", {"name": "张三"})
    client.post("/work/filters/", {"name": "x", "query": "kind=UNINSURED&name=张三"})
    assert "张三" not in SavedFilter.objects.get().query


@pytest.mark.parametrize(("name", "query"), [("", "kind=UNINSURED"), ("x", "")])
def test_a_filter_needs_a_name_and_a_filter(world, two, signed_in, name, query):
    client = signed_in("clerk_a")
    assert client.post("/work/filters/", {"name": name, "query": query}).status_code == 400


def test_two_on_one_person_read_each_others_name_for_a_minute(world, two, signed_in):
    def here(name: str, seconds: int) -> list[str]:
        return record_presence(actor=world.actor(name), key=two[0], at=NOW + timedelta(seconds=seconds))

    assert here("clerk_a", 0) == []
    assert here("colleague_a", 30) == ["clerk_a"]
    assert here("colleague_a", 61) == []
    assert record_presence(actor=world.actor("colleague_a"), key=two[1], at=NOW) == []
    assert record_presence(actor=world.actor("clerk_a"), key=two[1], at=NOW + timedelta(hours=2)) == []
    assert Presence.objects.count() == 1


def test_the_page_says_who_is_here(world, two, signed_in):
    signed_in("colleague_a").post("/work/here/", {"subject": str(two[0])})
    assert (
        "colleague_a is viewing this"
        in signed_in("clerk_a").post("/work/here/", {"subject": str(two[0])}).content.decode()
    )


def test_the_list_as_a_workbook_has_masked_numbers_and_is_recorded_as_a_disclosure(world, signed_in):
    number = right_number("99010119500101002")
    world.gap(
        world.person("张三", number), GapKind.UNINSURED, "never_enrolled", due_on=date(2019, 1, 29), desk="township"
    )
    world.gap(world.person("李四"), GapKind.PAUSED)
    client = signed_in("clerk_a")
    client.get(f"{URL}?kind=PAUSED")  # in another tab
    client.post("/work/name/", {"name": "李四"})
    answer = client.post("/work/list.xlsx", {"purpose": "下村核对", "query": "kind=UNINSURED", "listed_name": ""})
    sheet: Any = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    shown = [row for row in rows if row[0] == "张三"]
    assert shown[0][3:5] == ("Uninsured", "Never enrolled")
    assert shown[0][6:8] == (datetime(2019, 1, 29), "Township office")  # noqa: DTZ001 as a workbook has it
    assert number not in str(rows)
    assert "李四" not in str(rows)
    disclosure = Disclosure.objects.get()
    assert (disclosure.purpose, disclosure.row_count) == ("下村核对", 1)


def test_a_workbook_that_has_not_every_entry_says_so(world, two, signed_in, monkeypatch):
    monkeypatch.setattr(export, "MOST_ROWS", 1)
    answer = signed_in("clerk_a").post("/work/list.xlsx", {"purpose": "下村核对"})
    sheet: Any = load_workbook(io.BytesIO(answer.content)).active
    texts = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any("the first 1 of 2 in the order of the list; 1 are not in this file" in text for text in texts)
    assert AuditEvent.objects.get(object_id="work_list_xlsx").detail["count"] == 2


def test_no_workbook_without_a_purpose_nor_for_who_may_not_export(world, two, signed_in):
    assert signed_in("clerk_a").post("/work/list.xlsx", {"purpose": ""}).status_code == 400
    assert signed_in("village").post("/work/list.xlsx", {"purpose": "用途"}).status_code == 403
    assert not Disclosure.objects.exists()


def test_up_to_five_hundred_rows_for_paper(world, signed_in, queries_within):
    for position in range(40):
        world.gap(world.person(f"人{position}"), GapKind.UNINSURED)
    client = signed_in("clerk_a")
    with queries_within():
        assert len(client.get(f"{URL}?rows=500").context["rows"]) == 40


def test_assignments_are_listed_for_those_who_made_them_and_the_reviewer(world, two, signed_in):
    assign(world, two, at=now())
    assert len(signed_in("clerk_a").get("/work/assignments/").context["rows"]) == 1
    assert len(signed_in("reviewer_a").get("/work/assignments/").context["rows"]) == 1
    assert len(signed_in("colleague_a").get("/work/assignments/").context["rows"]) == 0


def test_only_those_whose_unit_covers_rows_are_offered_and_the_rest_is_left_and_counted(world, signed_in):
    """Of three cases one lies in the township; its clerk is offered with 1, a clerk of another town not at all."""
    people = [world.person("张三"), *(world.person(name, unit=world.other_township) for name in ("李四", "王五"))]
    for person in people:
        world.gap(person, GapKind.UNINSURED, "never_enrolled")
    keys = [SubjectKey(person_id=person.pk) for person in people]
    clerk, client = world.actor("clerk_a"), signed_in("clerk_a")
    offered = {each.user.username: each.count for each in list_candidates(clerk, keys, on=NOW.date())}
    assert (offered["township"], offered["colleague_a"]) == (1, 3)
    assert "township" not in {each.user.username for each in list_candidates(clerk, keys[1:], on=NOW.date())}
    form = {"subject": [str(key) for key in keys], "assignee": world.users["township"].pk}
    assert "2 of 3 lie outside their unit" in client.post("/work/assign/", form).content.decode()
    _act, left = assign(world, keys, to="township")
    assert left == 2
    assert list(Case.objects.filter(owner__isnull=False).values_list("person_id", flat=True)) == [people[0].pk]
    with pytest.raises(Conflict) as refusal:
        assign(world, keys[1:], to="township")
    assert refusal.value.code == "outside_unit"


def test_the_name_filter_is_a_chip_cleared_with_the_rest_and_gone_when_entered_from_today(world, two, signed_in):
    client = signed_in("clerk_a")
    assert (
        client.post("/work/name/", {"name": "张", "query": "kind=UNINSURED"}).headers["Location"]
        == f"{URL}?kind=UNINSURED"
    )
    page = client.get(f"{URL}?kind=UNINSURED").content.decode()
    assert "Name: 张" in page
    assert 'form="all-filters"' in page
    assert client.post("/work/name/", {"all": "yes"}).headers["Location"] == URL
    assert "Name: 张" not in client.get(URL).content.decode()
    client.post("/work/name/", {"name": "张"})
    assert client.get("/").status_code == 200
    assert "Name: 张" not in client.get(URL).content.decode()


def leave(world: World, name: str, unit: Unit | None = None, role: Role = Role.COUNTY_CLERK) -> None:
    """End somebody's role; with a unit, they work there from now on."""
    Membership.objects.filter(user=world.users[name]).update(valid_to=SINCE_LONG_AGO)
    if unit is not None:
        Membership.objects.create(user=world.users[name], role=role, unit=unit, valid_from=SINCE_LONG_AGO)


def test_an_undone_assignment_gives_no_case_to_whoever_may_not_take_it_any_more(world, two, signed_in):
    """Both cases were the colleague's, who then moved to one town: there the case is theirs again, the other is nobody's."""
    for key in two:
        take_case(actor=world.actor("colleague_a"), key=key, at=NOW)
    act, _left = assign(world, two, by="reviewer_a", to="clerk_a", at=now())
    leave(world, "colleague_a", world.township, Role.TOWNSHIP_CLERK)
    page = signed_in("reviewer_a").post(f"/work/assignments/{act.pk}/undo/", follow=True).content.decode()
    assert "1 of them is unassigned now" in page
    assert owners() == {"张三": ("colleague_a", "assigned"), "李四": (None, "open")}


@pytest.mark.parametrize("is_deputy", [False, True])
def test_who_has_left_is_given_nothing_back_and_a_deputy_only_while_they_are_one(world, two, is_deputy):
    take_case(actor=world.actor("colleague_a"), key=two[0], at=NOW)
    act, _left = assign(world, two[:1], by="reviewer_a", to="clerk_a")
    absent = Membership.objects.get(user=world.users["clerk_a"])
    leave(world, "colleague_a")
    if is_deputy:
        Deputy.objects.create(
            absent=absent.user,
            deputy=world.users["colleague_a"],
            membership=absent,
            granted_by=absent.user,
            valid_from=SINCE_LONG_AGO,
            valid_to=days_later(9).date(),
        )
    undone = undo_assignment(actor=world.actor("reviewer_a"), assignment_id=act.pk, at=days_later(1))
    assert undone.without_owner == (0 if is_deputy else 1)
    assert owners()["张三"] == (("colleague_a", "assigned") if is_deputy else (None, "open"))


def test_an_account_that_was_closed_is_given_nothing_back(world, two):
    take_case(actor=world.actor("colleague_a"), key=two[0], at=NOW)
    act, _left = assign(world, two[:1], by="reviewer_a", to="clerk_a")
    User.objects.filter(username="colleague_a").update(is_active=False)
    undo_assignment(actor=world.actor("reviewer_a"), assignment_id=act.pk, at=days_later(1))
    assert owners()["张三"] == (None, "open")


def test_a_case_that_went_to_another_county_is_not_touched_by_an_undo(world, two):
    act, _left = assign(world, two)
    Case.objects.filter(person_id=two[0].person_id).update(county=world.county_b, unit=world.county_b)
    undone = undo_assignment(actor=world.actor("clerk_a"), assignment_id=act.pk, at=days_later(1))
    assert (undone.restored, undone.left) == (1, 1)
    assert owners() == {"张三": ("colleague_a", "assigned"), "李四": (None, "open")}
