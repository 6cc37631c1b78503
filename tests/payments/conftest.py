"""The named world with everybody a batch of money passes, and the shipped rules of contributions for the whole country in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.db.models import Max
from django.utils.translation import override

from coverage.models import CoverageVerdict
from foundation.accounts.actors import system_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.policy.models import ParameterValue
from foundation.policy.services.reading import read_parameters
from foundation.regions.models import Unit
from payments.contributions.rules import NAMES
from payments.models import Batch, ContributionPlanLine
from payments.services.batches import approve_batch, fund_batch, request_funds, review_batch
from payments.services.booking import certify_list, check_townships, draft_batch, freeze_batch, read_content
from payments.services.crediting import credit_batch
from payments.services.planning import compute_plan
from registry.constants import NumberState
from registry.models import DeliveredRow, Delivery, Designation, Person
from tests.named_world import AS_OF, NOW, SINCE_LONG_AGO, World, queries_within, signed_in, world

__all__ = ["queries_within", "signed_in", "world"]

YEAR = 2018
ACCOUNT_RULES = {"subsidy", "subsidy_split", "one_year_deposit_share", "interest_basis", "interest_rounding"}


def rule(name: str, value: object, since: date = date(2009, 9, 1)) -> None:
    """Put another value in the place of a shipped one; None: the region has no such rule."""
    ParameterValue.objects.filter(name=name).delete()
    ParameterValue.objects.create(
        name=name, value=value, is_none_here=value is None, unit="none", valid_from=since, source="the tests' own"
    )


class Money:
    """Who does what, in short: people on lists with their codes, and the steps of a batch."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.county = world.county_a

    def listed(
        self, person: Person, kind: str, status: str = "", *, first: date = AS_OF, last: date | None = None
    ) -> Designation:
        """Put a person on a list from a day on."""
        number = Designation.objects.count() + 1
        row = DeliveredRow.objects.create(
            delivery=Delivery.objects.filter(feed=kind).earliest("pk"),
            row=number,
            person=person,
            name=person.name,
            number_state=NumberState.MISSING,
            record_key=f"{kind}|{number}",
            identified_by="new",
        )
        return Designation.objects.create(
            person=person,
            county=person.county,
            kind=kind,
            record_key=row.record_key,
            status=status or {"poverty": "poor", "dibao": "full", "tekun": "dispersed"}[kind],
            file_unit=person.unit,
            row=row,
            valid_from=first,
            valid_to=last,
            recorded_at=NOW,
        )

    def poor(
        self, name: str, *kinds: str, birth: date = date(1980, 5, 5), unit: Unit | None = None, **code: object
    ) -> Person:
        """Add somebody insured here, on these lists; `code` changes the code."""
        person = self.world.person(name, unit=unit)
        for kind in kinds or ("dibao",):
            self.listed(person, kind)
        self.code(person, birth_date=birth, **code)
        return person

    def code(self, person: Person, **code: object) -> CoverageVerdict:
        """Give a person a code: insured here unless something else is said."""
        row: dict[str, object] = {"verdict": "1-011", "column": "9_resident", "desk": "contributing"} | code
        return self.world.verdict(person, **row)  # type: ignore[arg-type]

    def plan(self, year: int = YEAR, at: datetime = NOW, as_of: date | None = None) -> dict[str, tuple[str, int]]:
        """Compute the plan; name -> category and fen of who is paid for, or reason and 0."""
        newest = CoverageVerdict.objects.aggregate(day=Max("as_of_date"))["day"] or AS_OF
        compute_plan(county=self.world.county_a, year=year, as_of=as_of or newest, at=at)
        rows = ContributionPlanLine.objects.filter(year=year, superseded_at=None).select_related("person")
        return {each.person.name: (each.reason or each.category, each.amount_fen) for each in rows}

    def draft(self, year: int = YEAR, at: datetime = NOW) -> Batch:
        """Draft a batch with the lists certified and the townships' checks."""
        batch = draft_batch(actor=self.world.actor("clerk_a"), year=year, note="", at=at)
        for category in ("dibao", "tekun", "poverty"):
            certify_list(
                actor=self.world.actor("clerk_a"),
                batch_id=batch.pk,
                category=category,
                office="民政局",
                certified_on=AS_OF,
                at=at,
            )
        check_townships(actor=self.world.actor("colleague_a"), batch_id=batch.pk, codes=None, at=at)
        return batch

    def frozen(self, year: int = YEAR, at: datetime = NOW) -> Batch:
        return freeze_batch(actor=self.world.actor("clerk_a"), batch_id=self.draft(year, at).pk, at=at)

    def bring(self, batch: Batch, state: str, at: datetime = NOW) -> Batch:
        """Bring a frozen batch to a state on its way."""
        actor = self.world.actor
        ways = {
            "reviewed": lambda: review_batch(actor=actor("reviewer_a"), batch_id=batch.pk, at=at),
            "approved": lambda: approve_batch(actor=actor("approver_a"), batch_id=batch.pk, at=at),
            "requested": lambda: request_funds(actor=actor("clerk_a"), batch_id=batch.pk, at=at),
            "funded": lambda: fund_batch(
                actor=actor("finance"),
                batch_id=batch.pk,
                amounts=read_content(batch)[2],
                voucher=f"V{batch.pk}",
                received_on=AS_OF,
                at=at,
            ),
            "credited": lambda: credit_batch(actor=system_actor(batch.county), batch_id=batch.pk, day=AS_OF, at=at),
        }
        names = list(ways)
        begin = names.index(batch.state) + 1 if batch.state in names else 0
        for name in names[begin : names.index(state) + 1]:
            batch = ways[name]()
        return batch


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Sentences are compared in the language they are written in."""
    with override("en"):
        yield


@pytest.fixture
def money(world: World) -> Money:
    """The world with an approver, another reviewer and approver, the shipped rules, and lists of all three kinds on the day."""
    for name, role in (
        ("approver_a", Role.COUNTY_APPROVER),
        ("approver_2", Role.COUNTY_APPROVER),
        ("reviewer_2", Role.COUNTY_REVIEWER),
    ):
        user = User.objects.create(username=name, display_name=name)
        Membership.objects.create(user=user, role=role, unit=world.county_a, valid_from=SINCE_LONG_AGO)
        world.users[name] = user
    ParameterValue.objects.filter(name__in=[*NAMES, *ACCOUNT_RULES]).delete()
    ParameterValue.objects.bulk_create(
        ParameterValue(
            name=each.name,
            value=each.value,
            is_none_here=each.is_none_here,
            unit=each.unit,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            source=each.source,
        )
        for each in read_parameters()
        if each.name in {*NAMES, *ACCOUNT_RULES} and not each.region_code
    )
    for feed in ("poverty", "dibao", "tekun"):
        world.delivery(feed)
    return Money(world)
