"""A department's token: what it permits, what it does not, and that only its hash is stored."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.accounts.actors import system_actor
from foundation.accounts.models import ClientToken
from foundation.accounts.services import issue_client_token, revoke_client_token
from foundation.audit.models import AuditEvent
from foundation.primitives import clock
from foundation.primitives.errors import BadInput, Conflict


class Coverage(APIView):
    """A view that needs a verb."""

    verb = "read_coverage"

    def get(self, request):
        return Response({"unit": request.actor.unit_code, "role": request.user.role})

    def post(self, request):
        raise Conflict("Two rows at once.", what_to_do="Ask again.", ids=[1, 2])


class Closed(APIView):
    """A view that names no verb."""

    def get(self, request):
        return Response({})


urlpatterns = [path("coverage/", Coverage.as_view()), path("closed/", Closed.as_view())]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def issued(world):
    return issue_client_token(
        actor=system_actor(world.county_a),
        name="civil affairs",
        unit=world.county_a,
        verbs=["read_coverage"],
        expires_at=clock.now() + timedelta(days=1),
    )


def ask(client: Client, text: str, address: str = "/coverage/", method: str = "get") -> Any:
    return getattr(client, method)(address, headers={"Authorization": f"Bearer {text}"})


def test_a_token_opens_what_its_verbs_say_for_its_unit(client, issued):
    assert ask(client, issued[1]).json() == {"unit": "320682000000", "role": "client"}


def test_only_the_hash_is_stored(issued):
    token, text = issued
    row = ClientToken.objects.values().get(pk=token.pk)
    assert text not in str(row)
    assert text not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("given", ["", "nonsense", "é"])
def test_an_unknown_token_is_401_as_a_problem(client, issued, given):
    answer = ask(client, given)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 401


def test_no_token_at_all_is_401(client, db):
    assert client.get("/coverage/").status_code == 401


def test_an_expired_or_revoked_token_is_401(client, issued, world):
    token, text = issued
    ClientToken.objects.filter(pk=token.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    assert ask(client, text).status_code == 401
    ClientToken.objects.filter(pk=token.pk).update(expires_at=clock.now() + timedelta(days=1))
    assert ask(client, text).status_code == 200
    revoke_client_token(actor=system_actor(world.county_a), token=token, at=clock.now())
    assert ask(client, text).status_code == 401


def test_a_view_without_a_verb_is_refused_and_the_refusal_recorded(client, issued):
    assert ask(client, issued[1], "/closed/").status_code == 403
    assert AuditEvent.objects.get(outcome="refused").actor_name == "civil affairs"


def test_a_conflict_is_409_with_the_ids_and_the_number_to_quote(client, issued):
    answer = ask(client, issued[1], method="post")
    problem = answer.json()
    assert answer.status_code == 409
    assert problem["conflicting_ids"] == ["1", "2"]
    assert problem["type"] == "urn:poverty-pension:conflict"
    assert (problem["detail"], problem["what_to_do"]) == ("Two rows at once.", "Ask again.")


def test_a_verb_that_does_not_exist_is_refused(world):
    with pytest.raises(BadInput):
        issue_client_token(
            actor=system_actor(world.county_a), name="x", unit=world.county_a, verbs=["all"], expires_at=clock.now()
        )


def test_the_command_prints_the_token_once(client, world):
    out = StringIO()
    call_command(
        "issue_token",
        "--name=x",
        "--county=320682",
        "--verbs",
        "read_coverage",
        "--days=30",
        stdout=out,
        stderr=StringIO(),
    )
    assert ask(client, out.getvalue().strip()).status_code == 200
    with pytest.raises(CommandError):
        call_command("issue_token", "--name=x", "--county=999999", "--verbs", "read_coverage", "--days=30")
