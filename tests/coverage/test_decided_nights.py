"""How later nights apply a clerk's decision on a possible match: it holds, and a rejected match returns only when it must."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from casework.models import Case
from coverage.constants import PairDecision
from coverage.models import CoverageVerdict, Link, MatchDecision
from coverage.services.decisions import decide_pair, undo_decision
from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.primitives.clock import now
from registry.models import IdentityNumber
from tests import senders
from tests.plugins.county import receive_and_process
from tests.plugins.month import DECEMBER, FEBRUARY, JANUARY, LINES, NOWHERE, run_night_of, send_month
from tests.possible_matches import refused

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nights")]

DOUBTED = senders.resident_row("R3", "王芳", NOWHERE, "contributing")
"""The number of 王强, whom December knows on no roll, under another name."""


@pytest.fixture(scope="module")
def january(december, tmp_path_factory):
    """December's county after the night of January, which leaves one possible match to decide; once for the module."""
    send_month(tmp_path_factory.mktemp("january"), partial(receive_and_process, december), JANUARY, [*LINES, DOUBTED])
    run_night_of(december, JANUARY)
    connection.check_constraints()
    return december


@pytest.fixture
def county(january, db):
    return january


@pytest.fixture
def clerk(county) -> Actor:
    user = User.objects.create(username="clerk", display_name="王经办")
    membership = Membership.objects.create(
        user=user, role=Role.COUNTY_CLERK, unit=county, valid_from=DECEMBER.replace("12-31", "01-01")
    )
    return user_actor(Membership.objects.select_related("user", "unit").get(pk=membership.pk))


@pytest.fixture
def pair(county) -> Link:
    return the_link()


def the_link() -> Link:
    return Link.objects.as_known().get(person__name="王强")


def code() -> tuple[str, str]:
    verdict = CoverageVerdict.objects.as_known().get(person__name="王强")
    return verdict.verdict, verdict.desk_reason


def decide(actor: Actor, link: Link, decision: PairDecision, note: str = "姓名不同，核对原始登记表") -> MatchDecision:
    return decide_pair(actor=actor, link_id=link.pk, decision=decision, note=note, at=now())


def test_a_pair_waits_and_its_person_is_undecided(pair):
    assert (pair.rule, pair.action) == ("number_of_another", "review")
    assert code() == ("GAP", "undecided")


def test_the_same_is_confirmed_by_the_next_night_and_survives_a_re_run(pair, clerk, run_county_night):
    decide(clerk, pair, PairDecision.SAME)
    assert code() == ("GAP", "undecided"), "codes follow with the night"
    for _run in range(2):
        run_county_night(JANUARY)
        confirmed = the_link()
        assert (confirmed.rule, confirmed.action, confirmed.roll_no) == ("decided_same", "auto", "R3")
        assert code() == ("1-011", "contributing")


def test_the_same_holds_on_the_next_roll_though_no_step_proposes_it(pair, clerk, tmp_path, take_in, run_county_night):
    decide(clerk, pair, PairDecision.SAME)
    other_number = senders.resident_row("R3", "王芳", "", "drawing", birth="19800202", unit="320682103201")
    send_month(tmp_path, take_in, FEBRUARY, [*LINES, other_number])
    run_county_night(FEBRUARY)
    assert (the_link().rule, the_link().status) == ("decided_same", "1/3")
    assert code() == ("1-011", "drawing")


def test_the_same_does_not_hold_for_another_line_under_the_old_roll_number(
    pair, clerk, tmp_path, take_in, run_county_night
):
    decide(clerk, pair, PairDecision.SAME)
    somebody = senders.resident_row("R3", "赵六", "", "contributing", birth="19900909")
    send_month(tmp_path, take_in, FEBRUARY, [*LINES, somebody])
    run_county_night(FEBRUARY)
    assert not Link.objects.as_known().filter(person__name="王强").exists()
    assert code() == ("GAP", "never_enrolled")


def test_a_rejected_pair_is_gone_and_does_not_return(pair, clerk, tmp_path, take_in, run_county_night):
    decide(clerk, pair, PairDecision.NOT_SAME)
    run_county_night(JANUARY)
    assert code() == ("GAP", "never_enrolled")
    send_month(tmp_path, take_in, FEBRUARY, [*LINES, DOUBTED])
    run_county_night(FEBRUARY)
    assert not Link.objects.as_known().filter(person__name="王强").exists()


def test_a_rejected_match_returns_with_changed_evidence_and_names_it(pair, clerk, tmp_path, take_in, run_county_night):
    decide(clerk, pair, PairDecision.NOT_SAME)
    run_county_night(JANUARY)
    renamed = senders.resident_row("R3", "王刚", NOWHERE, "contributing", unit="320682103201")
    send_month(tmp_path, take_in, FEBRUARY, [*LINES, renamed])
    run_county_night(FEBRUARY)
    assert the_link().action == "review"
    assert the_link().changed.split() == ["fields", "roll_name", "roll_unit"]
    assert code() == ("GAP", "undecided")


def test_what_a_rule_confirms_later_needs_no_clerk(pair, clerk, tmp_path, take_in, run_county_night):
    decide(clerk, pair, PairDecision.NOT_SAME)
    send_month(tmp_path, take_in, FEBRUARY, [*LINES, senders.resident_row("R3", "王强", NOWHERE, "contributing")])
    run_county_night(FEBRUARY)
    assert (the_link().rule, the_link().action, the_link().changed) == ("same_number", "auto", "")


def test_an_undone_decision_binds_no_night(pair, clerk, run_county_night):
    decision = decide(clerk, pair, PairDecision.NOT_SAME)
    undo_decision(actor=clerk, decision_id=decision.pk, at=now())
    run_county_night(JANUARY)
    assert the_link().pk == pair.pk
    with refused("not_current"):
        undo_decision(actor=clerk, decision_id=decision.pk, at=now())


def test_a_decision_older_than_seven_days_stays(pair, clerk):
    decision = decide(clerk, pair, PairDecision.SAME)
    with refused("too_old"):
        undo_decision(actor=clerk, decision_id=decision.pk, at=now() + timedelta(days=8))
    assert MatchDecision.objects.as_known().get() == decision


@pytest.mark.parametrize("decision", [PairDecision.CANNOT_TELL, PairDecision.ASK_VILLAGE])
def test_who_is_not_decided_stays_undecided(pair, clerk, run_county_night, decision):
    decide(clerk, pair, decision)
    run_county_night(JANUARY)
    assert the_link().pk == pair.pk
    assert code() == ("GAP", "undecided")


def test_asking_the_village_opens_a_case_with_the_question(pair, clerk):
    decide(clerk, pair, PairDecision.ASK_VILLAGE, "问一下老王")
    case = Case.objects.get(person=pair.person)
    assert (case.state, case.waiting_until is not None) == ("waiting_outside", True)
    assert case.unit == pair.person.unit
    line = case.case_events.get(verb="ask_village")
    assert "R3 王芳 1980-02-02" in line.note
    assert "问一下老王" in line.note


def test_the_evidence_is_kept_and_holds_no_number(pair, clerk):
    row = decide(clerk, pair, PairDecision.SAME)
    assert (row.roll_name, f"{row.roll_birth}", row.roll_unit_code) == ("王芳", "1980-02-02", senders.VILLAGE)
    assert (row.rule, row.comparison_vector, row.line) == (pair.rule, pair.comparison_vector, pair.line)
    assert row.person_names == ["王强"]
    assert [each["feed"] for each in row.files] == ["poverty"]
    assert IdentityNumber.objects.filter(pk__in=row.person_numbers).count() == 1
    assert row.roll_number_id in row.person_numbers, "the same number is stored once"
    assert NOWHERE not in str(MatchDecision.objects.values())


def test_two_clerks_one_match_the_second_sees_who_decided(pair, clerk):
    decide(clerk, pair, PairDecision.SAME)
    with refused("already_decided"):
        decide(clerk, pair, PairDecision.NOT_SAME)
    assert MatchDecision.objects.get().decision == "same"


def test_a_pair_that_could_not_be_decided_can_be_decided_later(pair, clerk):
    first = decide(clerk, pair, PairDecision.CANNOT_TELL)
    decide(clerk, pair, PairDecision.SAME)
    first.refresh_from_db()
    assert first.superseded_at is not None
    assert first.undone_at is None
    assert MatchDecision.objects.as_known().get().decision == "same"


def test_a_night_between_opening_the_page_and_deciding_is_reported(pair, clerk, tmp_path, take_in, run_county_night):
    send_month(tmp_path, take_in, FEBRUARY, [*LINES, DOUBTED])
    run_county_night(FEBRUARY)
    with refused("link_superseded"):
        decide(clerk, pair, PairDecision.SAME)
    assert not MatchDecision.objects.exists()
