"""A small world: two counties side by side, a township in one, and a user in every role."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from foundation.accounts.constants import Role
from foundation.accounts.models import User
from foundation.accounts.services import create_user, grant_role
from foundation.regions.models import Unit
from tests.plugins.worlds import written_once

PASSWORD = "eight-lanterns-at-noon"
SINCE = date(2018, 1, 1)


@dataclass
class World:
    """Units and users by name."""

    county_a: Unit
    county_b: Unit
    township: Unit
    users: dict[str, User] = field(default_factory=dict)


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


def make_world() -> World:
    """Make the units and the users."""
    province = make_unit("320000000000", "江苏省", 1, None)
    city = make_unit("320600000000", "南通市", 2, province)
    county_a = make_unit("320682000000", "如皋市", 3, city)
    township = make_unit("320682111000", "长江镇", 4, county_a)
    world = World(county_a, make_unit("320681000000", "启东市", 3, city), township)
    for role in Role:
        unit = {Role.SUPERVISOR: province, Role.TOWNSHIP_CLERK: township, Role.VILLAGE_OFFICIAL: township}.get(
            role, county_a
        )
        user = create_user(actor=None, username=role.value, display_name="", password=PASSWORD, must_change=False)
        grant_role(actor=None, user=user, role=role, unit=unit, valid_from=SINCE)
        world.users[role.value] = user
    return world


@pytest.fixture
def world(db):
    return written_once(make_world)
