"""A batch on its way: certified, checked, frozen, signed by different people, funded, credited, taken back (docs/rules.md R54)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from foundation.primitives.errors import BadInput, Conflict, NotAllowed, NotFound
from foundation.signatures.constants import Act
from foundation.signatures.models import Signature
from payments.models import AccountEntry, Batch, BatchFunding, ContributionLine
from payments.services.batches import (
    approve_batch,
    cancel_draft,
    close_batch,
    fund_batch,
    request_funds,
    return_batch,
    review_batch,
)
from payments.services.booking import (
    certify_list,
    check_townships,
    draft_batch,
    draft_reversal,
    freeze_batch,
    list_townships,
    read_content,
)
from payments.services.crediting import credit_batch
from registry.models import Person
from tests.named_world import AS_OF, NOW
from tests.payments.conftest import YEAR, Money

REFUSED = (IntegrityError, InternalError)


@pytest.fixture
def planned(money: Money) -> Money:
    """Two people of one township, one of another, all paid for."""
    money.poor("甲", "dibao")
    money.poor("乙", "tekun")
    money.poor("丙", "poverty", unit=money.world.other_township)
    money.plan()
    return money


def test_from_plan_to_credited_and_closed(planned: Money):
    batch = planned.frozen()
    assert (batch.line_count, batch.total_fen) == (3, 30_000)
    batch = planned.bring(batch, "credited")
    assert batch.credited_on == AS_OF
    assert close_batch(actor=planned.world.actor("clerk_a"), batch_id=batch.pk, at=NOW).state == "closed"
    entries = AccountEntry.objects.values_list("person__name", "kind", "credit", "level", "amount_fen").order_by("id")
    assert sorted(entries) == sorted(
        line
        for name in ("甲", "乙", "丙")
        for line in (
            (name, "contribution", "government", "", 10_000),
            (name, "subsidy", "subsidy", "county", 3_000),
        )
    )
    signatures = Signature.objects.filter(object_type="payments_batch", object_id=batch.pk)
    assert [(each.act, each.person.username) for each in signatures.order_by("pk")] == [
        (Act.PREPARED, "clerk_a"),
        (Act.REVIEWED, "reviewer_a"),
        (Act.APPROVED, "approver_a"),
        (Act.FUNDED, "finance"),
    ]


def test_a_list_without_certificate_and_a_township_without_check_stop_the_freezing(planned: Money):
    actor = planned.world.actor
    batch = draft_batch(actor=actor("clerk_a"), year=YEAR, note="", at=NOW)
    with pytest.raises(Conflict, match="not certified") as missing:
        freeze_batch(actor=actor("clerk_a"), batch_id=batch.pk, at=NOW)
    assert missing.value.ids == ("dibao", "poverty", "tekun")
    for category in missing.value.ids:
        certify_list(
            actor=actor("clerk_a"), batch_id=batch.pk, category=category, office="民政局", certified_on=AS_OF, at=NOW
        )
    assert check_townships(actor=actor("township"), batch_id=batch.pk, codes=None, at=NOW) == 1
    with pytest.raises(Conflict, match=r"1 township has not checked .* 江安镇"):
        freeze_batch(actor=actor("clerk_a"), batch_id=batch.pk, at=NOW)
    assert check_townships(actor=actor("colleague_a"), batch_id=batch.pk, codes=None, at=NOW) == 1
    assert freeze_batch(actor=actor("clerk_a"), batch_id=batch.pk, at=NOW).state == "frozen"


def test_a_check_is_of_the_people_it_saw(planned: Money):
    batch = planned.draft()
    planned.poor("丁", "dibao")
    planned.plan(at=NOW + timedelta(hours=1))
    with pytest.raises(Conflict, match="长江镇"):
        freeze_batch(actor=planned.world.actor("clerk_a"), batch_id=batch.pk, at=NOW + timedelta(hours=2))


def test_a_township_checks_its_own_people_only(planned: Money):
    batch = planned.draft()
    with pytest.raises(NotAllowed, match="outside your unit"):
        check_townships(
            actor=planned.world.actor("township"),
            batch_id=batch.pk,
            codes=[planned.world.other_township.code],
            at=NOW,
        )


@pytest.mark.parametrize(
    ("step", "who"),
    [
        (draft_batch, "reviewer_a"),
        (freeze_batch, "reviewer_a"),
        (review_batch, "clerk_a"),
        (approve_batch, "reviewer_a"),
        (request_funds, "finance"),
        (cancel_draft, "township"),
        (close_batch, "finance"),
    ],
)
def test_each_step_is_of_its_role(planned: Money, step, who):
    what: dict[str, Any] = {"year": YEAR, "note": ""} if step is draft_batch else {"batch_id": planned.draft().pk}
    with pytest.raises(NotAllowed):
        step(actor=planned.world.actor(who), at=NOW, **what)


def test_another_county_s_batch_is_not_there(planned: Money):
    batch = planned.draft()
    with pytest.raises(NotFound):
        cancel_draft(actor=planned.world.actor("clerk_b"), batch_id=batch.pk, at=NOW)


def test_the_database_itself_refuses_a_second_signature_and_a_state_without_one(planned: Money):
    batch = planned.bring(planned.frozen(), "reviewed")
    first = Signature.objects.get(object_type="payments_batch", object_id=batch.pk, act=Act.REVIEWED)
    for act in (Act.APPROVED, Act.PREPARED):
        first.pk, first.act = None, act
        with pytest.raises(IntegrityError), transaction.atomic():
            first.save(force_insert=True)
    with pytest.raises(REFUSED), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(state="approved")


def test_whoever_prepared_a_version_signs_none(planned: Money):
    batch = planned.frozen()
    users = planned.world.users
    Signature.objects.create(
        object_type="payments_batch",
        object_id=batch.pk,
        content_hash="0" * 64,
        act=Act.PREPARED,
        role="county_reviewer",
        person=users["reviewer_a"],
        acted_by=users["reviewer_a"],
        unit=planned.world.county_a,
        signed_at=NOW,
    )
    with pytest.raises(NotAllowed, match="prepared it"):
        review_batch(actor=planned.world.actor("reviewer_a"), batch_id=batch.pk, at=NOW)


def test_of_two_drafts_one_freezes_everybody_and_the_other_finds_nobody(planned: Money):
    first, second = planned.draft(), planned.draft()
    freeze_batch(actor=planned.world.actor("clerk_a"), batch_id=first.pk, at=NOW)
    with pytest.raises(Conflict, match="Nobody is left"):
        freeze_batch(actor=planned.world.actor("clerk_a"), batch_id=second.pk, at=NOW)
    with pytest.raises(Conflict, match="Everybody the plan of 2018 pays for"):
        draft_batch(actor=planned.world.actor("clerk_a"), year=YEAR, note="", at=NOW)


def test_an_addition_has_only_whom_no_batch_has(planned: Money):
    planned.frozen()
    planned.poor("丁", "dibao")
    planned.plan(at=NOW + timedelta(hours=1))
    addition = planned.frozen(at=NOW + timedelta(hours=2))
    assert [each.person.name for each in addition.contributions.all()] == ["丁"]


def test_returned_the_lines_are_void_and_the_people_may_be_in_another(planned: Money):
    batch = planned.bring(planned.frozen(), "approved")
    with pytest.raises(BadInput, match="why"):
        return_batch(actor=planned.world.actor("finance"), batch_id=batch.pk, reason=" ", at=NOW)
    return_batch(actor=planned.world.actor("finance"), batch_id=batch.pk, reason="资金未到位", at=NOW)
    again = planned.frozen()
    assert {each.attempt for each in again.contributions.all()} == {2}
    assert planned.bring(again, "credited").total_fen == 30_000


def test_money_is_what_the_lines_of_each_level_come_to(planned: Money):
    batch = planned.bring(planned.frozen(), "requested")
    given: dict[str, Any] = {
        "actor": planned.world.actor("finance"),
        "batch_id": batch.pk,
        "received_on": AS_OF,
        "at": NOW,
    }
    for amounts in ({"county": 29_999}, {"county": 30_000, "province": 1}, {"moon": 1, "county": 30_000}, {}):
        with pytest.raises(BadInput, match=r"300\.00"):
            fund_batch(amounts=amounts, voucher="V1", **given)
    with pytest.raises(BadInput, match="voucher"):
        fund_batch(amounts={"county": 30_000}, voucher=" ", **given)
    assert fund_batch(amounts={"county": 30_000}, voucher="V1", **given).state == "funded"
    assert [(each.level, each.amount_fen) for each in BatchFunding.objects.all()] == [("county", 30_000)]


def test_credited_twice_posts_once(planned: Money):
    batch = planned.bring(planned.frozen(), "credited")
    count = AccountEntry.objects.count()
    with pytest.raises(Conflict, match="only a funded one"):
        credit_batch(actor=planned.world.actor("clerk_a"), batch_id=batch.pk, day=AS_OF, at=NOW)
    assert AccountEntry.objects.count() == count


def test_what_is_credited_is_taken_back_line_by_line_and_paid_anew(planned: Money):
    batch = planned.bring(planned.frozen(), "credited")
    person = Person.objects.get(name="甲")
    contra = draft_reversal(
        actor=planned.world.actor("clerk_a"), batch_id=batch.pk, persons=[person.pk], note="死亡", at=NOW
    )
    contra = freeze_batch(actor=planned.world.actor("clerk_a"), batch_id=contra.pk, at=NOW)
    assert (contra.line_count, contra.total_fen) == (1, -10_000)
    with pytest.raises(Conflict):
        draft_batch(actor=planned.world.actor("clerk_a"), year=YEAR, note="", at=NOW)
    planned.bring(contra, "credited")
    assert sum(AccountEntry.objects.filter(person=person).values_list("amount_fen", flat=True)) == 0
    assert [(each.code, each.people) for each in list_townships(county=batch.county, year=YEAR, known=NOW)] == [
        (planned.world.township.code, 1)
    ]
    again = planned.frozen()
    assert [(each.person.name, each.attempt) for each in again.contributions.all()] == [("甲", 2)]
    planned.bring(again, "credited")
    assert sum(AccountEntry.objects.filter(person=person).values_list("amount_fen", flat=True)) == 13_000


def test_only_a_credited_batch_is_taken_back_and_only_once(planned: Money):
    batch = planned.frozen()
    given: dict[str, Any] = {"actor": planned.world.actor("clerk_a"), "batch_id": batch.pk, "persons": None, "at": NOW}
    with pytest.raises(Conflict, match="Only a credited"):
        draft_reversal(note="重复", **given)
    planned.bring(batch, "credited")
    with pytest.raises(BadInput, match="why"):
        draft_reversal(note="", **given)
    draft_reversal(note="重复", **given)
    with pytest.raises(Conflict, match="Nothing of this batch"):
        draft_reversal(note="重复", **given)


def test_a_batch_whose_rows_are_not_those_that_were_frozen_is_not_signed(planned: Money):
    batch, person = planned.frozen(), Person.objects.get(name="甲")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # as somebody who works past the triggers
        cursor.execute(
            "UPDATE payments_contributionline SET amount_fen = 9999, county_fen = 9999 WHERE person_id = %s",
            [person.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    with pytest.raises(Conflict, match="not those that were frozen"):
        review_batch(actor=planned.world.actor("reviewer_a"), batch_id=batch.pk, at=NOW)


def test_the_hash_depends_on_every_amount_and_person_but_on_no_name(planned: Money):
    batch = planned.frozen()
    Person.objects.filter(name="甲").update(name="甲甲")
    assert read_content(batch)[3] == batch.content_hash


FIELDS = "batch_id, county_id, person_id, year, payer, attempt, category, amount_fen, central_fen, province_fen, prefecture_fen, county_fen"


def inserted(batch: str, payer: str, attempt: int, amount: int, share: int, contra: str = "NULL") -> str:
    """A line of the person of the first line: whose money, which attempt, how much of which the county bears how much."""
    row = f"{batch}, county_id, person_id, 2018, '{payer}', {attempt}, '', {amount}, 0, 0, 0, {share}, {contra}"
    return f"INSERT INTO payments_contributionline ({FIELDS}, contra_of_id) SELECT {row} FROM payments_contributionline LIMIT 1"


CHANGES = {
    "a line": "UPDATE payments_contributionline SET amount_fen = 1, county_fen = 1",
    "no line": "DELETE FROM payments_contributionline",
    "the total": "UPDATE payments_batch SET total_fen = 1",
    "the hash": "UPDATE payments_batch SET content_hash = repeat('0', 64)",
    "a state": "UPDATE payments_batch SET state = 'credited', credited_on = '2018-12-31'",
    "the year": "UPDATE payments_batch SET period = '2019'",
    "no batch": "DELETE FROM payments_batch",
    "a line into a frozen batch": inserted("batch_id", "own", 1, 1, 1),
    "a second attempt while the first stands": inserted("{draft}", "government", 2, 1, 1),
    "the same attempt twice": inserted("{draft}", "government", 1, 1, 1),
    "shares that do not meet": inserted("{draft}", "own", 1, 2, 1),
    "taken back with another amount, outside a batch that reverses": inserted("{draft}", "government", 1, -1, -1, "id"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_database_keeps_frozen_rows_and_their_rules(planned: Money, change):
    planned.frozen()
    clerk, county = planned.world.users["clerk_a"], planned.world.county_a
    draft = Batch.objects.create(county=county, kind="contributions", period="2018", made_by=clerk, made_at=NOW)
    with pytest.raises(REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.replace("{draft}", str(draft.pk)))


def test_totals_that_are_not_those_of_the_lines_freeze_nothing(planned: Money):
    batch = planned.draft()
    with pytest.raises(REFUSED), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(
            state="frozen", content_hash="0" * 64, frozen_at=NOW, line_count=1, total_fen=10_000
        )
    assert ContributionLine.objects.count() == 0
