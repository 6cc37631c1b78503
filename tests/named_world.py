"""The named world of the page tests: two counties, a township with its village, and who works there.

A conftest imports the fixtures `world`, `signed_in` and `queries_within`; persons, gaps and deliveries are made row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.queries import MOST_QUERIES, is_counted
from casework.constants import GAP_RANK, GapKind
from casework.models import Gap
from coverage.models import CoverageVerdict
from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.policy.models import ParameterValue
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.person_names import sort_key
from foundation.primitives.resident_id import check_character
from foundation.regions.models import Unit
from registry.constants import DeliveryState, Feed, NumberState
from registry.models import Delivery, IdentityNumber, Person, PersonIdentifier, PersonName
from registry.services.numbers import store_numbers
from tests.plugins.worlds import written_once

AS_OF = date(2018, 12, 31)
NOW = datetime(2019, 1, 2, 8, 30, tzinfo=BUSINESS_ZONE)
SINCE_LONG_AGO = date(2018, 1, 1)
RULES = {
    "undo_within_days": 7,
    "whole_selection_limit": 5000,
    "village_answer_working_days": 5,
    "field_report_oldest_days": 366,
    "field_report_working_days": {"died": 5, "cannot_be_found": 5, "not_listed": 5},
    "pattern_least_matches": 20,
    "pattern_least_decided": 10,
    "show_number_limit_per_hour": 2,
    "number_search_limit_per_hour": 20,
    "near_number_limit_per_hour": 5,
    "number_misses_allowed": 3,
    "number_lock_days": 1,
    "gap_overdue_days": 30,
    "feed_freshness_days": dict.fromkeys(Feed.values, 45),
    "feed_expected_day": {"resident": 1, "poverty": 3},
}


@dataclass
class World:
    """Units and users by name, and the makers of rows."""

    county_a: Unit
    county_b: Unit
    township: Unit
    other_township: Unit
    village: Unit
    users: dict[str, User] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Return the actor somebody is in their one role."""
        return user_actor(Membership.objects.select_related("user", "unit").get(user=self.users[name]))

    def person(self, name: str, number: str = "", *, county: Unit | None = None, unit: Unit | None = None) -> Person:
        """Add a poor person, with one number where it is given."""
        person = Person.objects.create(
            county=county or self.county_a,
            unit=unit or self.village,
            name=name,
            name_pinyin=sort_key(name),
            birth_date=date(1950, 1, 1),
            sex=2,
            created_at=NOW,
        )
        PersonName.objects.create(person=person, name=name, recorded_at=NOW)
        if number:
            number_id = store_numbers(pa.array([number]), recorded_at=NOW)[number]
            right = IdentityNumber.objects.get(pk=number_id).valid
            state = NumberState.OK if right else NumberState.CHECKSUM
            PersonIdentifier.objects.create(person=person, number_id=number_id, state=state, recorded_at=NOW)
        return person

    def gap(self, person: Person | None, kind: GapKind, reason: str = "", **values: object) -> Gap:
        """Open a gap of a person, or of a roll line when `roll_no` is given instead."""
        line = {} if person else {"scheme": "resident"}
        row: dict[str, object] = {
            "county": person.county if person else self.county_a,
            "unit": person.unit if person else self.village,
            "person": person,
            "subject_name": person.name if person else "甲",
            "subject_pinyin": person.name_pinyin if person else "jia",
            "kind": kind,
            "reason": reason,
            "rank": GAP_RANK[kind],
            "opened_on": AS_OF,
            "opened_at": NOW,
        }
        return Gap.objects.create(**(row | line | values))

    def verdict(
        self,
        person: Person,
        verdict: str = "GAP",
        column: str = "16f_other",
        desk: str = "never_enrolled",
        **values: object,
    ) -> CoverageVerdict:
        """Add current codes of a person."""
        row: dict[str, object] = {
            "county": person.county,
            "night_id": 1,
            "as_of_date": AS_OF,
            "recorded_at": NOW,
            "person": person,
            "verdict": verdict,
            "e1_column": column,
            "desk_reason": desk,
            "in_poverty_file": True,
            "in_three_categories": False,
            "due_to_draw": False,
            "drawing": False,
            "oldest_feed_date": AS_OF,
        }
        return CoverageVerdict.objects.create(**(row | values))

    def delivery(self, feed: str = "poverty", state: str = DeliveryState.APPLIED, **values: object) -> Delivery:
        """Add a delivery of county A."""
        row: dict[str, object] = {
            "county": self.county_a,
            "feed": feed,
            "as_of_date": AS_OF,
            "state": state,
            "file_name": f"{feed}.xlsx",
            "file_sha256": f"{Delivery.objects.count():064x}",
            "file_bytes": 1024,
            "stored_path": "deliveries/none",
            "row_counts": {"rows": 3, "outcomes": {"loaded": 3}, "changes": {}},
            "received_by": "clerk_a",
            "received_at": NOW,
            "applied_at": NOW if state == DeliveryState.APPLIED else None,
        }
        return Delivery.objects.create(**(row | values))


def right_number(body: str) -> str:
    """Return a right number; its first six digits should be a county code that was never assigned."""
    return body + check_character(body)


def make_unit(code: str, name: str, level: int, parent: Unit | None) -> Unit:
    """Add a unit below another."""
    return Unit.objects.create(
        code=code,
        name=name,
        full_name=(parent.full_name if parent else "") + name,
        level=level,
        parent=parent,
        path=(parent.path if parent else "") + code + "/",
        valid_from=date(1949, 10, 1),
    )


@pytest.fixture
def world(db: None) -> World:
    """Make the units, the people and the few rules the pages ask for."""
    return written_once(make_world)


def make_world() -> World:
    """Write the rows of the named world."""
    province = make_unit("320000000000", "江苏省", 1, None)
    city = make_unit("320600000000", "南通市", 2, province)
    county_a = make_unit("320682000000", "如皋市", 3, city)
    township = make_unit("320682111000", "长江镇", 4, county_a)
    world = World(
        county_a=county_a,
        county_b=make_unit("320681000000", "启东市", 3, city),
        township=township,
        other_township=make_unit("320682112000", "江安镇", 4, county_a),
        village=make_unit("320682111201", "知青村", 5, township),
    )
    for name, role, unit in (
        ("clerk_a", Role.COUNTY_CLERK, world.county_a),
        ("colleague_a", Role.COUNTY_CLERK, world.county_a),
        ("reviewer_a", Role.COUNTY_REVIEWER, world.county_a),
        ("clerk_b", Role.COUNTY_CLERK, world.county_b),
        ("township", Role.TOWNSHIP_CLERK, world.township),
        ("village", Role.VILLAGE_OFFICIAL, world.village),
        ("supervisor", Role.SUPERVISOR, province),
        ("sysadmin", Role.SYSADMIN, world.county_a),
        ("finance", Role.FINANCE, world.county_a),
    ):
        user = User.objects.create(username=name, display_name=name)
        Membership.objects.create(user=user, role=role, unit=unit, valid_from=SINCE_LONG_AGO)
        world.users[name] = user
    for name, value in RULES.items():
        ParameterValue.objects.create(
            name=name, value=value, unit="none", valid_from=date(2017, 8, 1), source="the tests' own"
        )
    return world


@pytest.fixture
def signed_in(world: World) -> Callable[[str], Client]:
    """Return a browser in which somebody is signed in; pages are in English."""

    def sign_in(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(world.users[name])
        return client

    return sign_in


@pytest.fixture
def queries_within() -> Callable[..., AbstractContextManager[CaptureQueriesContext]]:
    """Return a check that a page makes at most twelve queries, transactions not counted."""

    @contextmanager
    def check(most: int = MOST_QUERIES) -> Iterator[CaptureQueriesContext]:
        with CaptureQueriesContext(connection) as captured:
            yield captured
        asked = [query["sql"] for query in captured.captured_queries if is_counted(query["sql"])]
        assert len(asked) <= most, "\n".join(asked)

    return check


def count_queries(act: Callable[[], object]) -> int:
    """Count the queries an act makes, transactions not counted."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum(is_counted(query["sql"]) for query in captured.captured_queries)


def days_later(days: int) -> datetime:
    """Return a moment after NOW."""
    return NOW + timedelta(days=days)
