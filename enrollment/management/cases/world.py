"""The office a case takes place in: a county, a village in it, everybody an application passes, and the one person of the case.

Everything is made inside a transaction that is rolled back; a county or a rule the database already has is used as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
from django.db.models import Q

from enrollment.models import Application
from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.policy.models import ParameterValue
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.person_names import sort_key
from foundation.primitives.resident_id import check_character
from foundation.regions.models import Unit
from foundation.regions.models.unit import Level
from registry.constants import DeliveryState, Feed, NumberState
from registry.models import Delivery, IdentityNumber, Person, PersonIdentifier, PersonName
from registry.services.numbers import store_numbers

FIRST_DAY = date(2000, 1, 1)
PEOPLE = {
    "village_helper": (Role.VILLAGE_OFFICIAL, Level.VILLAGE),
    "township_clerk": (Role.TOWNSHIP_CLERK, Level.TOWNSHIP),
    "township_colleague": (Role.TOWNSHIP_CLERK, Level.TOWNSHIP),
    "county_clerk": (Role.COUNTY_CLERK, Level.COUNTY),
    "county_reviewer": (Role.COUNTY_REVIEWER, Level.COUNTY),
    "second_reviewer": (Role.COUNTY_REVIEWER, Level.COUNTY),
    "county_approver": (Role.COUNTY_APPROVER, Level.COUNTY),
    "second_approver": (Role.COUNTY_APPROVER, Level.COUNTY),
    "finance": (Role.FINANCE, Level.COUNTY),
}
"""Who acts in cases -> role, and the level of the unit it is held at."""
_NEVER_ASSIGNED = "320697"
"""A county code no number was ever given under."""


@dataclass
class CaseWorld:
    """What a case has made so far. `applications`: the latest of each kind; `now`: the moment of the entry being handled."""

    county: Unit
    units: Mapping[int, Unit]
    actors: Mapping[str, Actor]
    users: Mapping[str, User]
    person: Person
    delivery: Delivery
    now: datetime
    applications: dict[str, Application] = field(default_factory=dict)
    last: Application | None = None

    def actor(self, name: str, deputy_for: str | None = None) -> Actor:
        """Return who acts; as somebody's deputy, in the absent colleague's role."""
        if deputy_for is None:
            return self.actors[name]
        absent = Membership.objects.select_related("user", "unit").get(user=self.users[deputy_for])
        return user_actor(absent, deputy=self.users[name])


def moment(day: str | date, hour: int = 0, minute: int = 0) -> datetime:
    """Return a moment of a day in business time."""
    return datetime.combine(
        day if isinstance(day, date) else date.fromisoformat(day), time(hour, minute), BUSINESS_ZONE
    )


def make_world(case: Mapping[str, Any]) -> CaseWorld:
    """Make the office, the rules a case sets and its person."""
    units = _units(case.get("region", "320682"))
    county = units[Level.COUNTY]
    _set_parameters(county, case.get("parameters", {}))
    users = {name: User.objects.create(username=f"case:{name}", display_name=name) for name in PEOPLE}
    for name, (role, level) in PEOPLE.items():
        Membership.objects.create(user=users[name], role=role, unit=units[level], valid_from=FIRST_DAY)
    memberships = Membership.objects.select_related("user", "unit").filter(user__in=users.values())
    return CaseWorld(
        county=county,
        units=units,
        actors={each.user.display_name: user_actor(each) for each in memberships},
        users=users,
        person=make_person(units[Level.VILLAGE], county, case["person"]),
        delivery=make_delivery(county, Feed.POVERTY, FIRST_DAY),
        now=moment(FIRST_DAY),
    )


def make_delivery(county: Unit, feed: Feed, day: date) -> Delivery:
    """Add an applied file that describes a day, received on it."""
    return Delivery.objects.create(
        county=county,
        feed=feed,
        as_of_date=day,
        state=DeliveryState.APPLIED,
        file_name="case",
        file_sha256="0" * 64,
        file_bytes=1,
        stored_path="",
        received_by="case",
        received_at=moment(day),
        applied_at=moment(day),
    )


def make_person(village: Unit, county: Unit, given: Mapping[str, Any]) -> Person:
    """Add a person of the register; without a stated number one that is right is made from birth and sex."""
    name, at = given.get("name", "某某"), moment(FIRST_DAY)
    birth = date.fromisoformat(given["birth"]) if "birth" in given else None
    sex = 1 if given["sex"] == "male" else 2
    person = Person.objects.create(
        county=county,
        unit=village,
        name=name,
        name_pinyin=sort_key(name),
        birth_date=birth,
        sex=sex,
        created_at=at,
    )
    PersonName.objects.create(person=person, name=name, recorded_at=at)
    number = given.get("number") or _right_number(birth, sex)
    if number != "none":
        number_id = store_numbers(pa.array([number]), recorded_at=at)[number]
        is_right = IdentityNumber.objects.get(pk=number_id).valid
        state = NumberState.OK if is_right else NumberState.CHECKSUM
        PersonIdentifier.objects.create(person=person, number_id=number_id, state=state, recorded_at=at)
    return person


def _right_number(birth: date | None, sex: int) -> str:
    if birth is None:
        return "none"
    body = f"{_NEVER_ASSIGNED}{birth:%Y%m%d}{'001' if sex == 1 else '002'}"
    return body + check_character(body)


def _units(county: str) -> dict[int, Unit]:
    """Return the county and what is missing around it: those above by their codes, a township and a village of the case below."""
    units: dict[int, Unit] = {}
    above: Unit | None = None
    for level, code, name in (
        (Level.PROVINCE, county[:2], "某省"),
        (Level.PREFECTURE, county[:4], "某市"),
        (Level.COUNTY, county, "某县"),
        (Level.TOWNSHIP, f"{county}998", "某镇"),
        (Level.VILLAGE, f"{county}998298", "某村"),
    ):
        whole = code.ljust(12, "0")
        unit = Unit.objects.current().filter(code=whole).first() or Unit.objects.create(
            code=whole,
            name=name,
            full_name=(above.full_name if above else "") + name,
            level=level,
            parent=above,
            path=(above.path if above else "") + whole + "/",
            valid_from=FIRST_DAY,
        )
        units[level] = above = unit
    return units


def _set_parameters(county: Unit, values: Mapping[str, Any]) -> None:
    """Put the case's values in the place of the county's own, for every day; null states that there is no such rule here."""
    for name, value in values.items():
        shipped = ParameterValue.objects.filter(name=name).first()
        if shipped is None:
            raise ValueError(f"there is no parameter “{name}”")
        ParameterValue.objects.filter(Q(region=county), name=name).delete()
        ParameterValue.objects.create(
            name=name,
            region=county,
            valid_from=FIRST_DAY - timedelta(days=36525),
            value=value,
            is_none_here=value is None,
            unit=shipped.unit,
            source="the case",
        )
