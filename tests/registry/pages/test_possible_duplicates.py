"""The page of possible duplicates: who decides, what is refused, and a merged person's address leads to the one kept."""

from datetime import timedelta

import pytest
from django.urls import reverse

from registry.models import MergeProposal, MergeReason, PersonMerge, ProposalState
from tests.named_world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(world) -> MergeProposal:
    one, other = world.person("张三", "320697195003051234"), world.person("章建国")
    return MergeProposal.objects.create(
        county=world.county_a, person_a=one, person_b=other, reason=MergeReason.SAME_NUMBER, proposed_at=NOW
    )


def test_a_reviewer_merges_and_undoes(pair, signed_in):
    reviewer = signed_in("reviewer_a")
    listed = reviewer.get(reverse("possible_duplicates")).content.decode()
    assert "张三" in listed
    assert "320697195003051234" not in listed
    decide = reverse("possible_duplicate_decide", args=[pair.pk])
    assert reviewer.post(decide, {"same": "yes", "reason": " "}).status_code == 400
    assert reviewer.post(decide, {"same": "yes", "reason": "one identity card"}).status_code == 302
    assert PersonMerge.objects.get().kept == pair.person_a
    assert reviewer.post(decide, {"same": "no"}).status_code == 409
    assert reviewer.get(reverse("person", args=[pair.person_b_id])).url == reverse("person", args=[pair.person_a_id])
    page = reviewer.get(reverse("person", args=[pair.person_a_id])).content.decode()
    assert "one identity card" in page
    assert reviewer.post(reverse("person_merge_undo", args=[PersonMerge.objects.get().pk])).status_code == 302
    assert reviewer.get(reverse("person", args=[pair.person_b_id])).status_code == 200
    assert MergeProposal.objects.get().state == ProposalState.OPEN


@pytest.mark.parametrize("same", ["yes", "no"])
def test_either_decision_is_undone_within_the_period(pair, signed_in, same):
    reviewer = signed_in("reviewer_a")
    reviewer.post(reverse("possible_duplicate_decide", args=[pair.pk]), {"same": same, "reason": "one identity card"})
    undo = reverse("possible_duplicate_undo", args=[pair.pk])
    assert signed_in("clerk_a").post(undo).status_code == 403
    assert signed_in("clerk_b").post(undo).status_code in (403, 404)
    page = reviewer.get(reverse("possible_duplicates"), {"state": "merged" if same == "yes" else "different"})
    assert undo in page.content.decode()
    assert reviewer.post(undo).status_code == 302
    assert MergeProposal.objects.get().state == ProposalState.OPEN
    assert not PersonMerge.objects.filter(undone_at=None).exists()
    assert reviewer.post(undo).status_code == 409, "it is not decided any longer"


def test_an_old_decision_is_not_undone(pair, signed_in):
    decided = NOW - timedelta(days=800)
    MergeProposal.objects.update(state=ProposalState.DIFFERENT, decided_by="reviewer_a", decided_at=decided)
    assert signed_in("reviewer_a").post(reverse("possible_duplicate_undo", args=[pair.pk])).status_code == 409
    assert MergeProposal.objects.get().state == ProposalState.DIFFERENT


def test_a_merged_persons_name_and_number_find_the_person_kept(pair, signed_in, world):
    reviewer = signed_in("reviewer_a")
    reviewer.post(reverse("possible_duplicate_decide", args=[pair.pk]), {"same": "yes", "reason": "one identity card"})
    found = reviewer.post(reverse("find_person"), {"q": "章建国"})
    assert found.url == reverse("person", args=[pair.person_a_id])


def test_a_clerk_sees_the_pair_and_does_not_decide(pair, signed_in):
    clerk = signed_in("clerk_a")
    assert b"A reviewer decides this." in clerk.get(reverse("possible_duplicates")).content
    assert (
        clerk.post(reverse("possible_duplicate_decide", args=[pair.pk]), {"same": "yes", "reason": "x"}).status_code
        == 403
    )
    assert "张三" not in signed_in("clerk_b").get(reverse("possible_duplicates")).content.decode()


def test_the_queries_do_not_grow_with_the_pairs(world, signed_in, queries_within):
    people = [world.person(f"人{n}") for n in range(40)]
    MergeProposal.objects.bulk_create(
        MergeProposal(
            county=world.county_a, person_a=one, person_b=other, reason=MergeReason.SAME_NUMBER, proposed_at=NOW
        )
        for one, other in zip(people[::2], people[1::2], strict=True)
    )
    clerk = signed_in("clerk_a")
    with queries_within():
        page = clerk.get(reverse("possible_duplicates"))
    assert "人0" in page.content.decode()


def test_a_person_as_known_before_anything_was_recorded_shows_nothing_later(world, signed_in):
    person = world.person("张三", "320697195003051234")
    clerk = signed_in("clerk_a")
    page = clerk.get(reverse("person", args=[person.pk]), {"known": "2018-01-01"}).content.decode()
    assert "what was known at the end of 2018-01-01" in page
    assert "no number in any file" in page
    assert "no number in any file" not in clerk.get(reverse("person", args=[person.pk])).content.decode()
