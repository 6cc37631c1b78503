"""The world of tests/foundation/accounts, with a client per role, for the pages of the administration."""

from collections.abc import Callable

import pytest
from django.test import Client

from foundation.policy.services.loading import load_parameters
from tests.foundation.conftest import World, make_world
from tests.plugins.worlds import written_once

SignIn = Callable[[str], Client]


def make_governed_world() -> World:
    """Make the world with all parameters in force."""
    load_parameters()
    return make_world()


@pytest.fixture
def world(db: None) -> World:
    return written_once(make_governed_world)


@pytest.fixture
def sign_in(world: World) -> SignIn:
    """Return a client of the role of this name."""

    def as_role(name: str) -> Client:
        client = Client()
        client.force_login(world.users[name], "django.contrib.auth.backends.ModelBackend")
        return client

    return as_role
