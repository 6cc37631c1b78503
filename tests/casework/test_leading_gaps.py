"""Which gap of a subject leads, whatever order gaps open and close in; a long list read from both ends."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from casework.constants import GAP_RANK, GapKind
from casework.models import Gap
from casework.selectors.subjects import key_of
from casework.selectors.worklist import LeadingGaps, WorkFilter, count_totals, leading_gaps
from tests.named_world import AS_OF, NOW

KINDS = sorted(GAP_RANK, key=lambda kind: GAP_RANK[kind])


def leading_by_looking() -> set[int]:
    """The slow way: of each subject's open gaps the one of the lowest rank."""
    first: dict[Any, Gap] = {}
    for gap in Gap.objects.open().order_by("-rank"):
        first[key_of(gap)] = gap
    return {gap.pk for gap in first.values()}


def leading_as_kept() -> set[int]:
    return set(Gap.objects.open().filter(is_leading=True).values_list("pk", flat=True))


def test_the_gravest_leads_and_hands_on_when_it_closes(world):
    person = world.person("张三")
    wrong = world.gap(person, GapKind.IDENTITY_CONFLICT)
    uninsured = world.gap(person, GapKind.UNINSURED)
    assert leading_as_kept() == {uninsured.pk}
    Gap.objects.filter(pk=uninsured.pk).update(closed_on=AS_OF, closed_at=NOW)
    assert leading_as_kept() == {wrong.pk}
    Gap.objects.filter(pk=uninsured.pk).update(closed_on=None, closed_at=None)
    assert leading_as_kept() == {uninsured.pk}


@pytest.mark.parametrize("seed", range(5))
def test_as_one_sees_by_looking_after_any_changes(world, seed):
    draw = random.Random(seed)
    people = [world.person(f"张{letter}") for letter in "一二三四"]
    subjects: list[tuple[Any, str]] = [*((person, "") for person in people), *((None, f"3206{n}") for n in range(4))]
    for _turn in range(6):
        held = {(gap.person_id or 0, gap.roll_no, gap.kind) for gap in Gap.objects.open()}
        wanted = [(person, roll_no, kind) for person, roll_no in subjects for kind in draw.sample(KINDS, 2)]
        for person, roll_no, kind in wanted:
            if (person.pk if person else 0, roll_no, kind) not in held:
                world.gap(person, kind, **({} if person else {"roll_no": roll_no}))
        open_ids = list(Gap.objects.open().values_list("pk", flat=True))
        leaving = draw.sample(open_ids, len(open_ids) // 3)
        Gap.objects.filter(pk__in=leaving).update(closed_on=AS_OF, closed_at=F("opened_at") + timedelta(days=1))
        assert leading_as_kept() == leading_by_looking()


def test_a_list_read_from_both_ends_is_the_list(world):
    for place in range(23):
        world.gap(world.person(f"张{place}"), GapKind.UNINSURED, opened_at=NOW + timedelta(days=place % 7))
    actor, wanted = world.actor("clerk_a"), WorkFilter()
    rows = leading_gaps(actor, wanted)
    leads = LeadingGaps(rows, count_totals(actor, wanted, today=AS_OF).subjects)
    assert len(leads) == 23
    assert [lead for start in range(0, 23, 5) for lead in leads[start : start + 5]] == list(rows)
