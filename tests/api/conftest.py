"""The named world for the tests of this folder, and departments' tokens."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from foundation.accounts.actors import system_actor
from foundation.accounts.constants import Verb
from foundation.accounts.services import issue_client_token
from foundation.regions.models import Unit
from tests.named_world import World, queries_within, signed_in, world

__all__ = ["queries_within", "signed_in", "world"]


@pytest.fixture
def token_of(world: World) -> Callable[..., str]:
    """Return a function that issues a department's token of a unit, with every verb unless some are named."""

    def issue(unit: Unit, verbs: Sequence[str] = Verb.values) -> str:
        end = timezone.now() + timedelta(days=1)
        actor = system_actor(unit)
        _token, text = issue_client_token(actor=actor, name="民政局", unit=unit, verbs=list(verbs), expires_at=end)
        return text

    return issue


@pytest.fixture
def api(token_of: Callable[..., str]) -> Callable[..., APIClient]:
    """Return a function that signs a department's system in."""

    def sign_in(unit: Unit, verbs: Sequence[str] = Verb.values) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token_of(unit, verbs)}", HTTP_ACCEPT_LANGUAGE="en")
        return client

    return sign_in
