"""Matches of one agreement pattern decided as a batch: after individual decisions, approved by a second person, undone as a whole."""

import pytest
from django.urls import reverse

from coverage.constants import PairDecision, PatternState
from coverage.findings.precision import list_band_precision
from coverage.models import MatchDecision, PatternDecision
from coverage.selectors.possible_matches import MatchFilter, list_undecided_matches
from coverage.services.decisions import decide_pair, undo_decision
from coverage.services.pattern_decisions import propose_pattern, sign_pattern, undo_pattern, withdraw_pattern
from foundation.accounts.actors import Actor
from foundation.audit.models import AuditEvent
from foundation.primitives.errors import BadInput, NotAllowed, NotFound
from nightly.models import NightRun
from tests.named_world import AS_OF, NOW, days_later
from tests.possible_matches import WEAK_VECTOR, refused

PATTERN = f"resident|name_village|{WEAK_VECTOR}"


@pytest.fixture
def clerk(world):
    return world.actor("clerk_a")


@pytest.fixture
def reviewer(world):
    return world.actor("reviewer_a")


@pytest.fixture
def by_hand(pairs, clerk):
    """Thirty-five alike, ten of them decided by hand: not the same."""
    links = pairs.many(35)
    for link in links[:10]:
        decide_pair(actor=clerk, link_id=link.pk, decision="not_same", note="", at=NOW)
    return links


@pytest.fixture
def proposed(by_hand, clerk):
    return propose_pattern(actor=clerk, pattern=PATTERN, note="同村同名", at=NOW)


def count_undecided(actor: Actor) -> int:
    return len(list_undecided_matches(actor, MatchFilter()))


def test_ten_alike_and_twenty_waiting_may_be_proposed(proposed, clerk):
    assert (proposed.decision, len(proposed.links), proposed.state) == ("not_same", 25, "proposed")
    assert count_undecided(clerk) == 25, "nothing is decided before a second person approves"


def test_fewer_than_ten_by_hand_are_not_enough(pairs, clerk):
    for link in pairs.many(35)[:9]:
        decide_pair(actor=clerk, link_id=link.pk, decision="not_same", note="", at=NOW)
    with refused("pattern_not_open"):
        propose_pattern(actor=clerk, pattern=PATTERN, note="", at=NOW)
    assert not PatternDecision.objects.exists()


def test_ten_that_do_not_agree_are_not_enough(pairs, clerk):
    for place, link in enumerate(pairs.many(35)[:10]):
        decide_pair(actor=clerk, link_id=link.pk, decision="not_same" if place else "same", note="家访核实", at=NOW)
    with refused("pattern_not_open"):
        propose_pattern(actor=clerk, pattern=PATTERN, note="", at=NOW)
    assert not PatternDecision.objects.exists()


def test_fewer_than_twenty_waiting_are_decided_by_hand(pairs, clerk):
    for link in pairs.many(29)[:10]:
        decide_pair(actor=clerk, link_id=link.pk, decision="not_same", note="", at=NOW)
    with refused("pattern_not_open"):
        propose_pattern(actor=clerk, pattern=PATTERN, note="", at=NOW)
    assert not PatternDecision.objects.exists()


def test_nobody_signs_the_own_proposal(proposed, clerk, reviewer):
    with pytest.raises(NotAllowed):
        sign_pattern(actor=clerk, pattern_id=proposed.pk, at=NOW)
    assert sign_pattern(actor=reviewer, pattern_id=proposed.pk, at=NOW) == 25
    assert count_undecided(clerk) == 0
    rows = MatchDecision.objects.filter(pattern=proposed)
    assert {(row.decision, row.decided_by, row.note) for row in rows} == {("not_same", "reviewer_a", "同村同名")}
    assert all(row.roll_name and row.person_names for row in rows)
    assert AuditEvent.objects.filter(verb="pair_not_same").count() == 35


def test_a_pair_decided_meanwhile_or_changed_is_left_out(proposed, by_hand, clerk, reviewer):
    decide_pair(actor=clerk, link_id=by_hand[10].pk, decision="same", note="家访核实", at=NOW)
    type(by_hand[11]).objects.filter(pk=by_hand[11].pk).update(superseded_at=NOW)
    assert sign_pattern(actor=reviewer, pattern_id=proposed.pk, at=NOW) == 23
    assert MatchDecision.objects.as_known().get(link=by_hand[10]).decision == PairDecision.SAME


def test_a_batch_of_the_same_over_other_names_needs_a_note(world, pairs):
    """Ten were decided so by hand, each with its own note; what is proposed for all of them says why, too."""
    clerk = world.actor("clerk_a")
    links = [pairs.link(world.person(f"钱{place}"), f"R{place}", "name_village") for place in range(1, 36)]
    for link in links[:10]:
        decide_pair(actor=clerk, link_id=link.pk, decision="same", note="家访核实", at=NOW)
    with pytest.raises(BadInput) as refused_:
        propose_pattern(actor=clerk, pattern=PATTERN, note=" ", at=NOW)
    assert refused_.value.code == "note_missing"
    assert propose_pattern(actor=clerk, pattern=PATTERN, note="村委会逐户核实", at=NOW).note == "村委会逐户核实"


def test_a_pattern_makes_no_line_two_persons(world, pairs, clerk, reviewer):
    links = pairs.many(35)
    for link in links[:10]:
        decide_pair(actor=clerk, link_id=link.pk, decision="same", note="家访核实", at=NOW)
    pairs.link(world.person("李四"), links[20].roll_no, "name_village")
    pairs.link(world.person("李五"), links[0].roll_no, "name_village")
    proposed = propose_pattern(actor=clerk, pattern=PATTERN, note="家访核实", at=NOW)
    assert (proposed.decision, len(proposed.links)) == ("same", 27)
    assert sign_pattern(actor=reviewer, pattern_id=proposed.pk, at=NOW) == 24
    decided_lines = MatchDecision.objects.as_known().filter(decision="same").values_list("roll_no", flat=True)
    assert len(decided_lines) == len(set(decided_lines)) == 34


def test_a_signed_pattern_is_undone_whole_within_seven_days(proposed, by_hand, clerk, reviewer):
    sign_pattern(actor=reviewer, pattern_id=proposed.pk, at=NOW)
    one = MatchDecision.objects.filter(pattern=proposed).earliest("pk")
    with refused("part_of_pattern"):
        undo_decision(actor=clerk, decision_id=one.pk, at=NOW)
    with refused("too_old"):
        undo_pattern(actor=clerk, pattern_id=proposed.pk, at=days_later(8))
    assert undo_pattern(actor=clerk, pattern_id=proposed.pk, at=days_later(1)) == 25
    assert count_undecided(clerk) == 25
    proposed.refresh_from_db()
    assert (proposed.state, proposed.undone_by) == (PatternState.UNDONE, "clerk_a")
    with refused("pattern_state"):
        undo_pattern(actor=clerk, pattern_id=proposed.pk, at=days_later(1))


def test_a_proposal_is_made_once_and_can_be_withdrawn(proposed, clerk, reviewer):
    with refused("already_proposed"):
        propose_pattern(actor=reviewer, pattern=PATTERN, note="", at=NOW)
    withdraw_pattern(actor=clerk, pattern_id=proposed.pk, at=NOW)
    with refused("pattern_state"):
        sign_pattern(actor=reviewer, pattern_id=proposed.pk, at=NOW)
    assert propose_pattern(actor=reviewer, pattern=PATTERN, note="", at=NOW).pk != proposed.pk


def test_another_county_finds_no_such_pattern(proposed, world):
    with pytest.raises(NotFound):
        sign_pattern(actor=world.actor("clerk_b"), pattern_id=proposed.pk, at=NOW)


def test_the_pages_from_the_list_to_the_second_persons_approval(by_hand, signed_in, queries_within):
    clerk, reviewer = signed_in("clerk_a"), signed_in("reviewer_a")
    listed = clerk.get(reverse("possible_matches"), {"pattern": PATTERN}).content.decode()
    assert "25 matches of this pattern: decide as a batch" in listed
    with queries_within():
        preview = clerk.get(reverse("match_pattern"), {"pattern": PATTERN}).content.decode()
    assert preview.count("<tr>") == 26
    assert "Propose for all: Not the same" in preview
    answer = clerk.post(reverse("match_pattern_propose"), {"pattern": PATTERN})
    proposed = PatternDecision.objects.get()
    assert answer.headers["Location"] == reverse("match_pattern_decision", args=[proposed.pk])
    again = clerk.get(reverse("match_pattern"), {"pattern": PATTERN}).content.decode()
    assert reverse("match_pattern_propose") not in again
    assert f'<a href="{answer.headers["Location"]}">A batch decision on this pattern is already proposed' in again
    sign = reverse("match_pattern_sign", args=[proposed.pk])
    assert sign not in clerk.get(answer.headers["Location"]).content.decode()
    assert clerk.post(sign).status_code == 403
    assert sign in reviewer.get(answer.headers["Location"]).content.decode()
    assert "25 matches decided." in reviewer.post(sign, follow=True).content.decode()
    undone = reviewer.post(reverse("match_pattern_undo", args=[proposed.pk]), follow=True)
    assert "25 matches are awaiting decision again." in undone.content.decode()


def test_a_township_clerk_decides_no_pattern(by_hand, signed_in):
    assert signed_in("township").get(reverse("match_pattern"), {"pattern": PATTERN}).status_code == 403


def test_precision_counts_current_decisions_by_rule_and_band(world, pairs, clerk):
    strong, weak, other = pairs.many(3)
    taught = pairs.link(world.person("李四"), "R39", score=14.0)
    for link, decision in ((strong, "same"), (weak, "not_same"), (other, "cannot_tell"), (taught, "not_same")):
        decide_pair(actor=clerk, link_id=link.pk, decision=decision, note="家访核实", at=NOW)
    undone = decide_pair(
        actor=clerk, link_id=pairs.link(world.person("丁"), "R38").pk, decision="same", note="家访核实", at=NOW
    )
    undo_decision(actor=clerk, decision_id=undone.pk, at=NOW)
    found = [(each.rule, each.band, each.same, each.not_same) for each in list_band_precision(world.county_a)]
    assert found == [("name_village", "strong", 1, 1), ("number_of_another", "weak", 0, 1)]
    assert list_band_precision(world.county_b) == []


def test_the_page_of_a_night_prints_the_precision_it_knew(world, pairs, clerk, signed_in):
    link, later = pairs.many(2)
    decide_pair(actor=clerk, link_id=link.pk, decision="same", note="家访核实", at=NOW)
    decide_pair(actor=clerk, link_id=later.pk, decision="not_same", note="", at=days_later(2))
    run = NightRun.objects.create(
        county=world.county_a, as_of_date=AS_OF, requested_by="clerk_a", requested_at=days_later(1), state="done",
        known_at=days_later(1), finished_at=days_later(1), board={"verdicts": {"GAP": 1}},
    )  # fmt: skip
    page = signed_in("clerk_a").get(reverse("night", args=[run.pk])).content.decode()
    assert "Share confirmed as the same person" in page
    assert "100.00 %" in page, "what was decided after the night is the next one's"
