"""Possible duplicates are proposed, never merged without a decision; a merge counts two as one and is undone completely."""

from datetime import date, datetime

import pyarrow as pa
import pytest
from django.db import connection

from coverage.findings.statements import read_statement
from coverage.findings.tables import PERSON_COLUMNS
from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.audit.models import AuditEvent
from foundation.primitives.bulk import copy_out
from foundation.primitives.clock import now
from foundation.primitives.errors import BadInput, Conflict, NotAllowed, NotFound
from foundation.regions.models import Unit
from registry.models import DeliveredRow, Delivery, MergeProposal, Person, PersonMerge
from registry.selectors.details import details_as_known
from registry.services.merging import decide_proposal, find_possible_duplicates, merge_persons, undo_merge
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db
ZHANG, LI = make_number("19500305", 1), make_number("19581215", 2)


def called(*rows: tuple) -> pa.Table:
    names = ("person_id", "feed", "name", "number_id", "village_id")
    kinds = (pa.int64(), pa.string(), pa.string(), pa.int64(), pa.int64())
    columns = zip(*rows, strict=True)
    return pa.table(
        {name: pa.chunked_array([pa.array(c, kind)]) for name, kind, c in zip(names, kinds, columns, strict=True)}
    )


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ((1, "poverty", "张三", 7, 50), (2, "dibao", "李四", 7, 60), "same_number_other_name"),
        ((1, "poverty", "张三", None, 50), (2, "poverty", "张三", 8, 50), "same_name_and_village"),
        ((1, "poverty", "张珧", None, 50), (2, "dibao", "张瑶", None, 50), "same_name_and_village"),
        ((1, "poverty", "张三", 7, 50), (2, "dibao", "张三", 8, 50), "same_name_and_village"),
        ((1, "poverty", "张三", 7, 50), (2, "poverty", "张三", 8, 50), None),
        ((1, "poverty", "张三", None, 50), (2, "dibao", "张三", None, 60), None),
        ((1, "poverty", "张三", None, None), (2, "dibao", "张三", None, None), None),
    ],
)
def test_who_is_in_doubt(one, other, reason):
    expected = [] if reason is None else [{"person_a": 1, "person_b": 2, "reason": reason}]
    assert find_possible_duplicates(called(one, other)).to_pylist() == expected


@pytest.fixture
def possible_duplicates(tmp_path, take_in) -> MergeProposal:
    """One man whom the tekun file calls otherwise, received after the poverty file."""
    take_in(senders.poverty(tmp_path / "建档立卡.xlsx", [{"name": "张三", "number": ZHANG, "household": 1}]))
    take_in(senders.tekun(tmp_path / "特困.csv", [{"name": "章建国", "number": ZHANG}]))
    return MergeProposal.objects.get()


@pytest.fixture
def reviewer(county) -> Actor:
    return worker(county, "reviewer", Role.COUNTY_REVIEWER)


def worker(county: Unit, name: str, role: Role) -> Actor:
    user = User.objects.create(username=name, display_name=name)
    membership = Membership.objects.create(user=user, role=role, unit=county, valid_from=date(2018, 1, 1))
    return user_actor(membership)


def counted(county: Unit, known: datetime) -> list[tuple[bool, bool]]:
    """Whom a night would look at: in the poverty file, in the three categories."""
    values = {"county": county.pk, "day": date(2018, 12, 31), "known": known, "last_days": "[]"}
    with connection.cursor() as cursor:
        persons = copy_out(cursor, read_statement("register/read_persons"), PERSON_COLUMNS, values).to_pylist()
    return sorted((person["in_poverty_file"], person["in_three_categories"]) for person in persons)


def test_a_merge_counts_two_as_one_and_is_undone_whole(possible_duplicates, reviewer, county):
    before = counted(county, now())
    assert before == [(False, True), (True, True)]
    decide_proposal(actor=reviewer, proposal_id=possible_duplicates.pk, same=True, reason="one identity card", at=now())
    merged_at = now()
    assert counted(county, merged_at) == [(True, True)]
    merge = PersonMerge.objects.get()
    undo_merge(actor=reviewer, merge_id=merge.pk, at=now())
    assert counted(county, now()) == before
    assert counted(county, merged_at) == [(True, True)], "what was known then stays known"
    possible_duplicates.refresh_from_db()
    assert possible_duplicates.state == "open"
    assert AuditEvent.objects.filter(verb__in=["persons_merged", "merge_undone"]).count() == 2


def test_the_next_file_finds_the_merged_person_and_its_rows_stay_apart(
    possible_duplicates, reviewer, county, tmp_path, take_in
):
    decide_proposal(actor=reviewer, proposal_id=possible_duplicates.pk, same=True, reason="one identity card", at=now())
    people = Person.objects.count()
    day = "2019-01-31"
    take_in(senders.tekun(tmp_path / "特困1.csv", [{"name": "章建国", "number": ZHANG, "birth": "19500305"}]), day)
    take_in(
        senders.poverty(tmp_path / "贫困1.xlsx", [{"name": "张三", "number": ZHANG, "household": 1, "status": "返贫"}]),
        day,
    )
    assert Person.objects.count() == people
    by_file = dict(DeliveredRow.objects.filter(delivery__as_of_date=day).values_list("delivery__feed", "person_id"))
    assert by_file == {"poverty": possible_duplicates.person_a_id, "tekun": possible_duplicates.person_b_id}
    assert MergeProposal.objects.get().state == "merged"


def test_a_pair_found_different_is_not_proposed_again(possible_duplicates, reviewer, tmp_path, take_in):
    decide_proposal(actor=reviewer, proposal_id=possible_duplicates.pk, same=False, reason="", at=now())
    next_month = senders.tekun(tmp_path / "特困1.csv", [{"name": "章建国", "number": ZHANG, "birth": "19500305"}])
    assert take_in(next_month, "2019-01-31").state == "applied"
    assert MergeProposal.objects.get().state == "different"
    with pytest.raises(Conflict):
        decide_proposal(actor=reviewer, proposal_id=possible_duplicates.pk, same=True, reason="x", at=now())


def test_a_doubt_that_is_gone_is_withdrawn(possible_duplicates, tmp_path, take_in):
    take_in(senders.tekun(tmp_path / "特困1.csv", [{"name": "李四", "number": LI}]), "2019-01-31", consent=True)
    assert MergeProposal.objects.get().state == "withdrawn"


def test_who_may_merge_and_what_is_refused(possible_duplicates, reviewer, county):
    one, other = possible_duplicates.person_a_id, possible_duplicates.person_b_id
    with pytest.raises(NotAllowed):
        merge_persons(
            actor=worker(county, "clerk", Role.COUNTY_CLERK), kept_id=one, absorbed_id=other, reason="x", at=now()
        )
    with pytest.raises(BadInput):
        merge_persons(actor=reviewer, kept_id=one, absorbed_id=other, reason=" ", at=now())
    with pytest.raises(BadInput):
        merge_persons(actor=reviewer, kept_id=one, absorbed_id=one, reason="x", at=now())
    with pytest.raises(NotFound):
        merge_persons(actor=reviewer, kept_id=one, absorbed_id=0, reason="x", at=now())
    merge_persons(actor=reviewer, kept_id=one, absorbed_id=other, reason="x", at=now())
    with pytest.raises(Conflict):
        merge_persons(actor=reviewer, kept_id=other, absorbed_id=one, reason="x", at=now())


def test_a_persons_details_follow_the_first_list_whatever_arrived_first(tmp_path, take_in):
    moved = {"name": "张珧", "number": ZHANG, "place": "如皋市白蒲镇顾岱村委会"}
    take_in(senders.tekun(tmp_path / "特困.csv", [moved]))
    take_in(senders.poverty(tmp_path / "建档立卡.xlsx", [{"name": "张瑶", "number": ZHANG, "household": 1}]))
    person = Person.objects.select_related("unit").get()
    assert (person.name, person.name_pinyin, person.birth_date) == ("张瑶", "zhang yao", date(1950, 3, 5))
    assert person.unit is not None
    assert "白蒲" not in person.unit.full_name
    applied_at = Delivery.objects.get(feed="tekun").applied_at
    assert applied_at is not None
    first = details_as_known([person.pk], known=applied_at)[person.pk]
    assert first.name == "张珧"
    assert "白蒲" in Unit.objects.get(pk=first.unit_id or 0).full_name


def test_merges_in_a_circle_hang_nothing(possible_duplicates):
    one, other = possible_duplicates.person_a_id, possible_duplicates.person_b_id
    merge = {"reason": "by hand", "decided_by": "a reviewer", "decided_at": now()}
    PersonMerge.objects.create(kept_id=one, absorbed_id=other, **merge)
    PersonMerge.objects.create(kept_id=other, absorbed_id=one, **merge)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '2s'")
        cursor.execute("SELECT count(*) FROM person_alias_at(now())")
        assert cursor.fetchone() == (0,)
