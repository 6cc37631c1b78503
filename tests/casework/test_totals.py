"""The totals of the work list are remembered while the work stays as it is, and never longer: closings, nights, merges,
another's open transaction and one's own, what was taken back."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.constants import CloseReason, GapKind
from casework.models import Gap, WorkChange
from casework.selectors.subjects import SubjectKey
from casework.selectors.totals import get_totals, work_version
from casework.selectors.worklist import MINE, SETTLED, UNASSIGNED, PersonCondition, Totals, WorkFilter, count_totals
from casework.services.cases import take_case
from casework.services.closing import close_case
from coverage.constants import Verdict
from coverage.models import CoverageVerdict
from coverage.selectors.persons_by_code import CodeFilter, person_ids_by_code
from foundation.primitives.bounded_cache import BoundedCache
from foundation.primitives.clock import now
from registry.services.merging import merge_persons
from tests.named_world import AS_OF, NOW, days_later

ALL = WorkFilter(today=AS_OF)


class TakenBack(Exception):
    """Ends a transaction that must leave nothing."""


@pytest.fixture
def people(world):
    """Two uninsured persons of county A, one of them with a second gap."""
    first, second = world.person("张三"), world.person("李四")
    world.gap(first, GapKind.UNINSURED)
    world.gap(first, GapKind.IDENTITY_CONFLICT)
    world.gap(second, GapKind.UNINSURED)
    return first, second


def totals(world: Any, name: str = "clerk_a", wanted: WorkFilter = ALL) -> Totals:
    """Return the totals somebody gets, which must be those one counts."""
    given = get_totals(world.actor(name), wanted, today=AS_OF)
    assert given == count_totals(world.actor(name), wanted, today=AS_OF)
    return given


def in_another_process(work: Any) -> Any:
    """Do something on another connection, as another process of the web server would."""

    def alone() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as another:
        return another.submit(alone).result(timeout=20)


def test_the_same_list_is_counted_once(world, people):
    actor = world.actor("clerk_a")
    totals(world)
    with CaptureQueriesContext(connection) as captured:
        assert get_totals(actor, ALL, today=AS_OF) == Totals(subjects=2, gaps=3, overdue=0)
    assert [query["sql"] for query in captured if '"casework_gap"' in query["sql"]] == []
    assert len(captured) == 1


def test_a_change_is_recorded_once_per_statement_and_county(world, people):
    before = WorkChange.objects.count()
    Gap.objects.filter(kind=GapKind.UNINSURED).update(due_on=AS_OF)
    assert WorkChange.objects.count() == before + 1
    Gap.objects.filter(kind=GapKind.TURNING_60).update(due_on=AS_OF)
    assert WorkChange.objects.count() == before + 1


def test_closing_taking_and_the_night_are_counted(world, people):
    first, second = (SubjectKey(person_id=person.pk) for person in people)
    settled, mine, nobodys = (
        WorkFilter(state=SETTLED, today=AS_OF),
        WorkFilter(owner=MINE, today=AS_OF),
        WorkFilter(owner=UNASSIGNED, today=AS_OF),
    )
    assert totals(world).subjects == 2
    close_case(actor=world.actor("clerk_a"), key=first, reason=CloseReason.DATA_WRONG, note="told", at=days_later(1))
    assert (totals(world).subjects, totals(world, wanted=settled).subjects) == (1, 1)
    assert (totals(world, wanted=mine).subjects, totals(world, wanted=nobodys).subjects) == (0, 1)
    take_case(actor=world.actor("clerk_a"), key=second, at=NOW)
    assert (totals(world, wanted=mine).subjects, totals(world, wanted=nobodys).subjects) == (1, 0)
    assert totals(world, "colleague_a", mine).subjects == 0
    Gap.objects.filter(person=people[1]).update(closed_on=AS_OF, closed_at=NOW)
    assert totals(world).subjects == 0


def test_another_code_and_a_gap_that_goes_are_counted(world, people):
    codes = CodeFilter(code=Verdict.GAP)
    condition = PersonCondition(codes.asked, person_ids_by_code(world.actor("clerk_a"), codes))
    coded = WorkFilter(persons=condition, today=AS_OF)
    world.verdict(people[0])
    assert totals(world, wanted=coded).subjects == 1
    CoverageVerdict.objects.update(superseded_at=NOW)
    assert totals(world, wanted=coded).subjects == 0
    Gap.objects.filter(person=people[0]).delete()
    assert totals(world).gaps == 1


def test_two_persons_who_are_one_are_counted_as_the_list_has_them(world, people):
    kept, absorbed = (person.pk for person in people)
    assert totals(world).subjects == 2
    merge_persons(actor=world.actor("reviewer_a"), kept_id=kept, absorbed_id=absorbed, reason="one", at=NOW)
    totals(world)
    Gap.objects.filter(person=absorbed).update(closed_on=AS_OF, closed_at=NOW)  # as the next night does
    assert totals(world).subjects == 1


def test_everybody_has_the_totals_of_their_own_reach(world, people):
    world.gap(world.person("王五", county=world.county_b, unit=world.county_b), GapKind.UNINSURED)
    assert [totals(world, name).gaps for name in ("clerk_a", "clerk_b", "township", "supervisor")] == [3, 1, 3, 4]
    version = work_version(world.actor("clerk_a"))
    Gap.objects.filter(county=world.county_b).update(closed_on=AS_OF, closed_at=NOW)
    assert work_version(world.actor("clerk_a")) == version
    assert [totals(world, name).gaps for name in ("clerk_a", "clerk_b", "supervisor")] == [3, 0, 3]


def test_what_is_taken_back_was_never_counted(world, people):
    with suppress(TakenBack), transaction.atomic():
        Gap.objects.filter(person=people[0]).update(closed_on=AS_OF, closed_at=NOW)
        assert totals(world).subjects == 1
        raise TakenBack
    assert totals(world).subjects == 2
    Gap.objects.filter(kind=GapKind.IDENTITY_CONFLICT).update(closed_on=AS_OF, closed_at=NOW)
    assert totals(world).gaps == 2


@pytest.mark.django_db(transaction=True)
def test_others_see_a_change_when_it_is_committed(world, people):
    def close() -> None:
        Gap.objects.filter(person=people[0]).update(closed_on=AS_OF, closed_at=NOW)

    assert totals(world).subjects == 2
    with transaction.atomic():
        close()
        assert totals(world).subjects == 1
        assert in_another_process(lambda: totals(world)).subjects == 2
    assert totals(world).subjects == in_another_process(lambda: totals(world)).subjects == 1
    in_another_process(lambda: Gap.objects.update(closed_on=AS_OF, closed_at=NOW))
    assert totals(world).subjects == 0


def test_old_changes_go_but_never_the_last_of_a_county(world, people):
    actor, tomorrow = world.actor("clerk_a"), now() + timedelta(days=1)
    WorkChange.objects.of_the_past(world.county_a, before=now() - timedelta(days=1)).delete()
    assert work_version(actor)[0][1] > 1
    WorkChange.objects.of_the_past(world.county_a, before=tomorrow).delete()
    version = work_version(actor)
    assert [changes for _county, changes, _hash in version] == [1]
    assert totals(world).subjects == 2
    Gap.objects.update(closed_on=AS_OF, closed_at=NOW)
    WorkChange.objects.of_the_past(world.county_a, before=tomorrow).delete()
    assert work_version(actor) != version
    assert totals(world).subjects == 0


def test_a_memory_forgets_what_was_asked_longest_ago():
    worked_out: list[str] = []
    memory: BoundedCache[str] = BoundedCache(most=2)

    def ask(key: str) -> str:
        return memory.get(key, lambda: worked_out.append(key) or key.upper())  # type: ignore[func-returns-value]

    assert [ask(key) for key in "abacab"] == list("ABACAB")
    assert worked_out == ["a", "b", "c", "b"]
