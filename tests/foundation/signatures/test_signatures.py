"""One person signs once and never under their own work, a deputy for two; the database refuses what the service would not."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from foundation.accounts.actors import Actor, system_actor, user_actor
from foundation.accounts.selectors import list_memberships
from foundation.primitives.errors import Conflict, NotAllowed
from foundation.signatures.constants import Act
from foundation.signatures.models import Signature
from foundation.signatures.selectors import list_people, list_signatures, may_still_sign
from foundation.signatures.services import content_hash, sign
from tests.foundation.conftest import World

AT = datetime(2018, 12, 31, 9, tzinfo=UTC)
FIRST, SECOND = content_hash(["first"]), content_hash(["second"])


def actor_of(world: World, role: str) -> Actor:
    return user_actor(list_memberships(user_id=world.users[role].pk, on=date(2018, 12, 31))[0])


def deputy_of(world: World, absent: str, deputy: str) -> Actor:
    membership = list_memberships(user_id=world.users[absent].pk, on=date(2018, 12, 31))[0]
    return user_actor(membership, deputy=world.users[deputy])


def act(actor: Actor, what: Act, content: str = FIRST, number: int = 1) -> list[Signature]:
    return sign(actor=actor, object_type="application", object_id=number, content=content, act=what, at=AT)


def test_prepared_by_one_reviewed_and_approved_by_two_others(world):
    act(actor_of(world, "county_clerk"), Act.PREPARED)
    act(actor_of(world, "county_reviewer"), Act.REVIEWED)
    act(actor_of(world, "county_approver"), Act.APPROVED)
    rows = list_signatures("application", [1])[1]
    assert [(row.act, row.person.username) for row in rows] == [
        (Act.PREPARED, world.users["county_clerk"].username),
        (Act.REVIEWED, world.users["county_reviewer"].username),
        (Act.APPROVED, world.users["county_approver"].username),
    ]


def test_nobody_signs_what_they_prepared_in_any_version_whatever_their_role(world):
    act(actor_of(world, "county_clerk"), Act.PREPARED)
    act(actor_of(world, "county_reviewer"), Act.PREPARED, SECOND)
    for content in (FIRST, SECOND, content_hash(["third"])):
        with pytest.raises((NotAllowed, Conflict)):
            act(actor_of(world, "county_clerk"), Act.REVIEWED, content)
    with pytest.raises(NotAllowed) as refusal:
        act(actor_of(world, "county_clerk"), Act.REVIEWED, SECOND)
    assert refusal.value.code == "own_work"
    assert refusal.value.ids == (str(world.users["county_clerk"].pk),)
    act(actor_of(world, "county_clerk"), Act.REVIEWED, number=2)  # another object is another matter


def test_one_person_signs_a_version_once_and_the_next_again(world):
    act(actor_of(world, "county_clerk"), Act.PREPARED)
    act(actor_of(world, "county_reviewer"), Act.RETURNED)
    with pytest.raises(Conflict) as refusal:
        act(actor_of(world, "county_reviewer"), Act.APPROVED)
    assert refusal.value.code == "signed_already"
    act(actor_of(world, "county_clerk"), Act.PREPARED, SECOND)
    act(actor_of(world, "county_reviewer"), Act.REVIEWED, SECOND)


def test_whoever_judged_a_version_prepares_none(world):
    act(actor_of(world, "county_clerk"), Act.PREPARED)
    act(actor_of(world, "county_reviewer"), Act.RETURNED)
    with pytest.raises(Conflict) as refusal:
        act(actor_of(world, "county_reviewer"), Act.PREPARED, SECOND)
    assert refusal.value.code == "judged_before"


def test_a_deputy_s_act_is_the_absent_colleague_s_too(world):
    """Neither signs what either prepared, whoever of them acts, and for whomever."""
    act(deputy_of(world, "county_clerk", "county_approver"), Act.PREPARED)
    assert list_people("application", 1) == {world.users["county_clerk"].pk, world.users["county_approver"].pk}
    for actor in (
        actor_of(world, "county_approver"),
        actor_of(world, "county_clerk"),
        deputy_of(world, "county_reviewer", "county_approver"),
        deputy_of(world, "county_clerk", "county_reviewer"),
    ):
        with pytest.raises((NotAllowed, Conflict)):
            act(actor, Act.REVIEWED)
    act(actor_of(world, "county_reviewer"), Act.REVIEWED)


def test_a_system_signs_nothing(world):
    with pytest.raises(NotAllowed) as refusal:
        act(system_actor(world.county_a), Act.APPROVED)
    assert refusal.value.code == "no_person"


def test_the_database_refuses_what_no_service_asked(world):
    """A second signature, one's own work, a change, an unknown act, a hash that is none."""
    mine = {"object_type": "batch", "object_id": 7, "role": "finance", "unit": world.county_a, "signed_at": AT}
    mine |= {"person": world.users["finance"], "acted_by": world.users["finance"]}
    Signature.objects.create(content_hash=FIRST, act=Act.PREPARED, **mine)
    refused = {
        "signature_once_per_person": {"content_hash": FIRST, "act": Act.PREPARED},
        "signature_never_on_own_work": {"content_hash": SECOND, "act": Act.FUNDED},
        "signature_act_is_known": {"content_hash": SECOND, "act": "read"},
        "signature_hash_is_sha256": {"content_hash": "F" * 64, "act": Act.PREPARED},
    }
    for name, values in refused.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Signature.objects.create(**{**mine, **values})
    for statement in ("UPDATE signatures_signature SET act = 'approved'", "DELETE FROM signatures_signature"):
        with (
            pytest.raises(DatabaseError, match="Cannot update or delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize("what", [Act.PREPARED, Act.REVIEWED])
def test_a_page_knows_beforehand_what_the_database_would_take(world, what):
    act(actor_of(world, "county_clerk"), Act.PREPARED)
    act(actor_of(world, "county_reviewer"), Act.RETURNED)
    read = list_signatures("application", [1])[1]
    for role in ("county_clerk", "county_reviewer", "county_approver"):
        for content in (FIRST, SECOND):
            expected = may_still_sign(actor_of(world, role), read, content, what)
            try:
                with transaction.atomic():
                    act(actor_of(world, role), what, content)
                    transaction.set_rollback(True)
                taken = True
            except (NotAllowed, Conflict):
                taken = False
            assert taken == expected, (role, content, what)


def test_contents_that_read_alike_have_different_hashes():
    texts: list[list[str | None]] = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["abc", None], ["", "abc"], []]
    assert len({content_hash(text) for text in texts}) == len(texts)
