"""The tiles of the page people sign in to: right counts, own scope, each link opens for whoever sees it, one query for all that count."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext_lazy

from casework.constants import GapKind
from casework.selectors.subjects import SubjectKey
from casework.services.cases import take_case
from casework.services.questions import Asked, answer_question, ask_village
from casework.services.village_reports import report_from_village
from coverage.models import PatternDecision
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, SignInFailure, User
from foundation.accounts.permissions import Action
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_disclosure, record_event
from foundation.jobs.long_work import RunState
from foundation.policy.models import ParameterProposal
from foundation.primitives import clock
from foundation.web import tiles as registry
from foundation.web.tiles import CountingTile, register_tiles, tiles_of
from nightly.models import NightRun
from operations.system_state import Disk
from registry.constants import ReportKind
from registry.models import MergeProposal
from registry.services.field_reports import Observation
from tests.named_world import AS_OF, NOW, SINCE_LONG_AGO, World
from tests.possible_matches import pairs

__all__ = ["pairs"]

SHARES = {
    "gone": 40,
    "before": 100,
    "new": 1,
    "now": 61,
    "gone_share": "40 %",
    "most_gone": "5 %",
    "new_share": "1 %",
    "most_new": "5 %",
}
ABOVE_LIMIT = {"code": "loss_limit", "values": SHARES}


def join(world: World, role: Role) -> str:
    """Give somebody named after a role this role at county A, where the named world has none so; return the name."""
    user, made = User.objects.get_or_create(username=role.value)
    if made:
        Membership.objects.create(user=user, role=role, unit=world.county_a, valid_from=SINCE_LONG_AGO)
    world.users[role.value] = user
    return role.value


def figures(browser: Any) -> dict[str, str]:
    return {tile.name: tile.figure for tile in browser.get("/").context["tiles"]}


def tile(browser: Any, name: str) -> Any:
    return next(each for each in browser.get("/").context["tiles"] if each.name == name)


def page_of(browser: Any, name: str) -> str:
    return browser.get(tile(browser, name).url).content.decode()


def listed(browser: Any, url: str) -> int:
    """Count what the page a tile opens lists."""
    context = browser.get(url).context
    return context["page"].paginator.count


@pytest.fixture
def cases(world):
    """Three cases of the clerk: overdue, due this week, without a day; one of a colleague."""
    today = clock.today()
    for name, due, who in (
        ("一", today - timedelta(days=3), "clerk_a"), ("二", today + timedelta(days=3), "clerk_a"),
        ("三", None, "clerk_a"), ("四", today - timedelta(days=1), "colleague_a"),
    ):  # fmt: skip
        person = world.person(name)
        world.gap(person, GapKind.UNINSURED, due_on=due)
        take_case(actor=world.actor(who), key=SubjectKey(person_id=person.pk), at=NOW)


def test_own_cases_are_counted_as_their_lists_count_them(cases, signed_in):
    browser = signed_in("clerk_a")
    assert {name: figure for name, figure in figures(browser).items() if name.startswith("my_cases")} == {
        "my_cases_overdue": "1", "my_cases_this_week": "1", "my_cases": "3",
    }  # fmt: skip
    for name in ("my_cases_overdue", "my_cases_this_week", "my_cases"):
        shown = tile(browser, name)
        assert browser.get(shown.url).context["totals"].subjects == int(shown.figure)
    assert tile(browser, "my_cases_overdue").tone == "bad"
    assert tile(signed_in("township"), "my_cases").is_quiet


def test_who_takes_no_cases_sees_what_is_overdue_in_the_area(world, cases, signed_in):
    assert figures(signed_in("supervisor"))["overdue"] == "2"
    assert "overdue" not in figures(signed_in("clerk_a"))


def test_questions_answers_and_reports_wait_where_their_work_is(world, signed_in):
    person = world.person("一")
    world.gap(person, GapKind.UNINSURED)
    key = SubjectKey(person_id=person.pk)
    (question,) = ask_village(actor=world.actor("clerk_a"), asked=[Asked(key, "还在村里吗")], at=NOW)
    assert figures(signed_in("village"))["questions_to_answer"] == "1"
    assert figures(signed_in("township"))["questions_to_answer"] == "1"
    assert "questions_to_answer" not in figures(signed_in("clerk_a"))
    assert figures(signed_in("clerk_a"))["answers_to_read"] == "0"
    answer_question(
        actor=world.actor("village"), question_id=question.pk, uuid=uuid4(), value="yes", note="", at=NOW
    )  # fmt: skip
    assert figures(signed_in("village"))["questions_to_answer"] == "0"
    assert figures(signed_in("clerk_a"))["answers_to_read"] == "1"
    assert figures(signed_in("colleague_a"))["answers_to_read"] == "0", "somebody else asked"
    report_from_village(
        actor=world.actor("village"), person_id=person.pk, uuid=uuid4(), at=NOW,
        observation=Observation(kind=ReportKind.CANNOT_BE_FOUND, observed_on=NOW.date()),
    )  # fmt: skip
    for name, count in (("township", "1"), ("clerk_a", "1"), ("clerk_b", "0")):
        assert figures(signed_in(name))["village_reports"] == count, name
    assert listed(signed_in("township"), tile(signed_in("township"), "village_reports").url) == 1


def test_possible_matches_are_counted_by_person_as_their_list_does(world, pairs, signed_in):
    person = world.person("一")
    pairs.link(person, "R1")
    pairs.link(person, "R2")
    pairs.link(world.person("二"), "R3")
    browser = signed_in("clerk_a")
    assert figures(browser)["possible_matches"] == "2"
    assert browser.get(tile(browser, "possible_matches").url).context["cards"] == 2
    assert figures(signed_in("clerk_b"))["possible_matches"] == "0"
    assert "possible_matches" not in figures(signed_in("township"))


def test_nobody_is_asked_to_confirm_their_own_batch_decision(world, signed_in):
    PatternDecision.objects.create(
        county=world.county_a, scheme="resident", rule="name_village", comparison_vector="name=same", decision="same",
        links=[], proposed_by="clerk_a", people_behind=[world.users["clerk_a"].pk], proposed_at=NOW,
    )  # fmt: skip
    assert figures(signed_in("clerk_a"))["patterns_to_confirm"] == "0"
    assert "No batch decision awaits your approval" in page_of(signed_in("clerk_a"), "patterns_to_confirm")
    assert figures(signed_in("reviewer_a"))["patterns_to_confirm"] == "1"
    assert "Batch decisions to confirm" in page_of(signed_in("reviewer_a"), "patterns_to_confirm")


def test_files_wait_for_who_may_approve_them(world, signed_in):
    clerk = world.users["clerk_a"].pk
    world.delivery("poverty", state="checked", people_behind=[clerk])
    world.delivery("dibao", state="checked", preview={"changes": {}, "loss": ABOVE_LIMIT}, people_behind=[clerk])
    world.delivery("tekun", state="refused", refusal=ABOVE_LIMIT, people_behind=[clerk])
    world.delivery("deaths", state="refused", refusal={"code": "empty_file", "values": {}})
    assert figures(signed_in("clerk_a"))["files_to_approve"] == "1", "what is above the limit is another's to approve"
    assert figures(signed_in("reviewer_a"))["files_to_approve"] == "3"
    assert figures(signed_in("clerk_b"))["files_to_approve"] == "0"
    for name in ("clerk_a", "reviewer_a"):
        shown = tile(signed_in(name), "files_to_approve")
        assert listed(signed_in(name), shown.url) == int(shown.figure)


def test_possible_duplicates_wait_for_the_reviewer(world, signed_in):
    one, other = world.person("一"), world.person("一")
    MergeProposal.objects.create(
        county=world.county_a, person_a=one, person_b=other, reason="same_number_other_name", proposed_at=NOW
    )
    assert figures(signed_in("reviewer_a"))["possible_duplicates"] == "1"
    assert "possible_duplicates" not in figures(signed_in("clerk_a"))


def test_nobody_is_asked_to_approve_their_own_proposal(world, signed_in):
    drafter, other = join(world, Role.SECADMIN), "second"
    world.users[other] = User.objects.create(username=other)
    Membership.objects.create(
        user=world.users[other], role=Role.SECADMIN, unit=world.county_a, valid_from=SINCE_LONG_AGO
    )
    ParameterProposal.objects.create(
        name="gap_overdue_days", unit="days", region=world.county_a, effective_date=date(2019, 3, 1), value=20,
        source="x", drafted_by=world.users[drafter], drafted_at=NOW, drafted_date=NOW.date(),
    )  # fmt: skip
    assert figures(signed_in(drafter))["proposals_to_approve"] == "0"
    shown = tile(signed_in(other), "proposals_to_approve")
    assert shown.figure == "1"
    assert len(signed_in(other).get(shown.url).context["proposals"]) == 1


def test_the_system_administrator_sees_locks_queue_disk_backup_and_the_last_night(world, signed_in, monkeypatch):
    for _time in range(20):
        SignInFailure.objects.create(
            user=world.users["township"], account_hash="0" * 64, address="192.0.2.7", at=timezone.now()
        )
    world.delivery("deaths", state="failed", failed_at=NOW, failure_number="A1B2", attempts=3)
    world.delivery("poverty", state="received")
    NightRun.objects.create(
        county=world.county_a,
        as_of_date=AS_OF,
        state=RunState.DONE,
        requested_by="system",
        requested_at=NOW,
        finished_at=NOW,
    )
    monkeypatch.setattr("operations.tiles.find_disk", lambda: Disk(total=100 * 2**30, free=5 * 2**30))
    browser = signed_in("sysadmin")
    shown = {each.name: each for each in browser.get("/").context["tiles"]}
    assert (shown["users_locked"].figure, shown["failed_work"].figure, shown["queue"].figure) == ("1", "1", "1")
    assert listed(browser, shown["users_locked"].url) == 1
    assert int(shown["users_without_factor"].figure) == listed(browser, shown["users_without_factor"].url)
    assert (shown["disk"].tone, shown["backup"].tone, shown["last_night"].tone) == ("bad", "bad", "bad")
    assert shown["queue"].tone == "bad", "it has waited since long ago"
    record_event(actor=world.actor("sysadmin"), verb="make_backup", object_type="backup")
    assert tile(browser, "backup").tone == "ok"


def test_the_auditor_sees_what_is_unsealed_refusals_and_the_largest_disclosure(world, signed_in):
    browser = signed_in(join(world, Role.AUDITOR))
    clerk, clerk_b = world.actor("clerk_a"), world.actor("clerk_b")
    for actor, rows, recipient in ((clerk, 20, "民政局"), (clerk, 3000, "公安局"), (clerk_b, 9000, "邻县")):
        record_disclosure(
            actor=actor, recipient=recipient, purpose="核对", legal_basis="x", fields=["name"], row_count=rows
        )
        record_event(actor=actor, verb="look", object_type="page", outcome=Outcome.REFUSED)
    shown = {each.name: each for each in browser.get("/").context["tiles"]}
    assert (shown["refusals"].figure, listed(browser, shown["refusals"].url)) == ("2", 2)
    assert (shown["largest_disclosure"].figure, shown["largest_disclosure"].hint) == ("3,000", "公安局")
    first, *_rest = browser.get(shown["largest_disclosure"].url).context["rows"]
    assert first[1] == "公安局"
    assert int(shown["unsealed"].figure.replace(",", "")) > 0


@pytest.mark.parametrize("role", list(Role))
def test_every_tile_a_role_sees_opens(role, world, signed_in):
    browser = signed_in(join(world, role))
    answer = browser.get("/")
    assert answer.status_code == 200
    for each in answer.context["tiles"]:
        assert browser.get(each.url).status_code == 200, each.name


def test_a_tile_to_a_door_that_is_closed_to_its_reader_is_not_shown(world, monkeypatch):
    """Whatever action an app registers a tile for: its page is asked who may open it."""
    monkeypatch.setattr(registry, "_TILES", {})
    closed = CountingTile(
        name="closed", rank=1, label=gettext_lazy("Events"), action=Action.VIEW_BOARD, route="admin_audit",
        rows=lambda _actor, _today: User.objects.all(),
    )  # fmt: skip
    register_tiles(closed)
    assert tiles_of(world.actor("clerk_a")) == []
    with pytest.raises(ValueError, match="taken"):
        register_tiles(
            CountingTile(
                name="other", rank=1, label=closed.label, action=closed.action, route="today", rows=closed.rows
            )
        )


def test_all_that_count_are_counted_in_one_query_and_no_page_needs_more_than_twelve(
    world, cases, signed_in, queries_within
):
    for name in (
        "clerk_a",
        "reviewer_a",
        "township",
        "supervisor",
        "sysadmin",
        join(world, Role.AUDITOR),
        join(world, Role.SECADMIN),
    ):
        browser = signed_in(name)
        with queries_within():
            browser.get("/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        signed_in("reviewer_a").get("/")
    assert len([each for each in asked if "UNION ALL" in each["sql"] and "casework_reportreview" in each["sql"]]) == 1
