"""Signing in and out, lockout, the first password, languages, ended sessions, and no other way in."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import NoReverseMatch, path, reverse

from foundation.accounts.actors import user_actor
from foundation.accounts.constants import Role
from foundation.accounts.decorators import requires
from foundation.accounts.permissions import Action
from foundation.accounts.services import create_user, end_role, grant_role, set_temporary_password
from foundation.audit.models import AuditEvent
from foundation.primitives import clock
from foundation.primitives.errors import NotAllowed, NotFound
from poverty_pension.urls import urlpatterns as real_patterns

LOGIN = "/account/login/"
PASSWORD = "eight-lanterns-at-noon"


@requires(Action.VIEW_BOARD)
def board(request):
    return HttpResponse(request.actor.unit_code)


@requires(Action.VIEW_CASE_DATA)
def one_case(request, case_id):
    if case_id == 403:
        raise NotAllowed("Only a reviewer closes this.", what_to_do="Ask one.")
    raise NotFound("no such case")


urlpatterns = [
    *[each for each in real_patterns if getattr(each, "name", "") != "today"],
    path("board/", board, name="today"),
    path("case/<int:case_id>/", one_case, name="one_case"),
]
handler403 = "portal.errors.not_allowed"
handler404 = "portal.errors.not_found"
pytestmark = pytest.mark.urls(__name__)


def sign_in(client: Client, username: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": username, "password": password})


def test_a_clerk_signs_in_works_and_signs_out(client, world):
    assert client.get("/board/").status_code == 302
    assert sign_in(client, "county_clerk").headers["Location"] == "/board/"
    answer = client.get("/board/")
    assert answer.content == b"320682000000"
    client.post("/account/logout/")
    assert client.get("/board/").status_code == 302
    verbs = list(AuditEvent.objects.filter(verb__startswith="sign").order_by("id").values_list("verb", "actor_name"))
    assert verbs == [("sign_in", "county_clerk"), ("sign_out", "county_clerk")]


def test_signing_in_is_the_only_way_in():
    for name in ("account_signup", "account_reset_password", "account_email", "account_set_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_five_wrong_passwords_lock_the_account_on_this_device(client, world):
    answers = [sign_in(client, "county_clerk", "wrong").status_code for _ in range(5)]
    assert answers[-1] == 429
    locked = sign_in(client, "county_clerk")
    assert locked.status_code == 429
    assert locked.headers["X-Request-ID"] in locked.content.decode()
    assert sign_in(client, "finance").status_code == 302
    refused = AuditEvent.objects.filter(verb="sign_in", outcome="refused")
    assert refused.count() >= 5
    assert "wrong" not in str(list(refused.values()))


def test_a_wrong_role_sees_403_and_leaves_a_line(client, world):
    sign_in(client, "auditor")
    assert client.get("/board/").status_code == 403
    line = AuditEvent.objects.get(outcome="refused")
    assert (line.verb, line.actor_name, line.object_id, line.detail["reason"]) == (
        "view_board",
        "auditor",
        "today",
        "role",
    )


def test_what_lies_elsewhere_is_404_and_leaves_a_line_with_its_id(client, world):
    sign_in(client, "county_clerk")
    assert client.get("/case/7/").status_code == 404
    line = AuditEvent.objects.get(outcome="refused")
    assert line.detail["ids"] == {"case_id": "7"}
    assert line.request_id


def test_a_refusal_is_shown_in_the_service_s_own_words(client, world):
    sign_in(client, "county_clerk")
    answer = client.get("/case/403/")
    assert answer.status_code == 403
    assert "Only a reviewer closes this." in answer.content.decode()


def test_a_user_without_a_membership_may_nothing(client, world):
    create_user(actor=None, username="new", display_name="", password=PASSWORD, must_change=False)
    sign_in(client, "new")
    assert client.get("/board/").status_code == 403


def test_a_first_password_must_be_changed_before_anything_else(client, world):
    user = create_user(actor=None, username="new", display_name="", password=PASSWORD, must_change=True)
    grant_role(actor=None, user=user, role=Role.FINANCE, unit=world.county_a, valid_from=clock.today())
    sign_in(client, "new")
    assert client.get("/board/").headers["Location"] == "/account/password/"
    form = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    assert client.post("/account/password/", form).status_code == 422
    form |= {"new_password1": "seven-herons-at-dusk", "new_password2": "seven-herons-at-dusk"}
    assert client.post("/account/password/", form).status_code == 302
    assert client.get("/board/").status_code == 200


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(client, world):
    elsewhere = Client()
    sign_in(client, "county_clerk")
    sign_in(elsewhere, "county_clerk")
    new = "seven-herons-at-dusk"
    client.post("/account/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert client.get("/board/").status_code == 200
    assert elsewhere.get("/board/").status_code == 302


def test_a_granted_or_ended_role_ends_the_sessions(client, world):
    user = world.users["county_clerk"]
    sign_in(client, "county_clerk")
    role = grant_role(actor=None, user=user, role=Role.FINANCE, unit=world.county_a, valid_from=clock.today())
    assert client.get("/board/").status_code == 302
    sign_in(client, "county_clerk")
    secadmin = user_actor(world.users["secadmin"].memberships.get())
    end_role(actor=secadmin, membership=role, on=clock.today())
    assert client.get("/board/").status_code == 302


def test_an_idle_session_ends_and_activity_extends_it(client, world):
    start = clock.now()
    with time_machine.travel(start, tick=False) as moment:
        sign_in(client, "county_clerk")
        for _ in range(3):
            moment.shift(timedelta(minutes=25))
            assert client.get("/board/").status_code == 200
        moment.shift(timedelta(minutes=31))
        answer = client.get("/board/", follow=True, headers={"accept-language": "en"})
        assert answer.redirect_chain == [("/account/login/?next=%2Fboard%2F", 302)]
        assert "You were signed out because of inactivity" in answer.content.decode()


def test_a_page_that_refreshes_itself_does_not_keep_a_session(client, world):
    with time_machine.travel(clock.now(), tick=False) as moment:
        sign_in(client, "county_clerk")
        client.get("/board/")
        for _ in range(2):
            moment.shift(timedelta(minutes=16))
            headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/board/?page=2"}
            answer = client.get("/board/", headers=headers)
        assert answer.headers["HX-Redirect"] == "/account/login/?next=%2Fboard%2F%3Fpage%3D2"
        assert not answer.content


def test_asking_who_else_is_here_does_not_keep_a_session(client, world):
    with time_machine.travel(clock.now(), tick=False) as moment:
        sign_in(client, "county_clerk")
        client.get("/board/")
        for _ in range(95):
            moment.shift(timedelta(seconds=20))
            client.post("/work/here/", {"subject": "p:1"}, headers={"HX-Request": "true"})
        assert client.get("/board/").status_code == 302


def test_a_session_ends_after_the_working_day_however_busy(client, world):
    with time_machine.travel(clock.now(), tick=False) as moment:
        sign_in(client, "county_clerk")
        for _ in range(30):
            assert client.get("/board/").status_code == 200
            moment.shift(timedelta(minutes=20))
        moment.shift(timedelta(minutes=1))
        answer = client.get("/board/", follow=True, headers={"accept-language": "en"})
        assert "a session ends after ten hours" in answer.content.decode()


def test_a_first_password_expires(client, world):
    with time_machine.travel(clock.now(), tick=False) as moment:
        user = create_user(actor=None, username="new", display_name="", password=PASSWORD, must_change=True)
        grant_role(actor=None, user=user, role=Role.FINANCE, unit=world.county_a, valid_from=clock.today())
        moment.shift(timedelta(days=7, seconds=1))
        answer = client.post(LOGIN, {"login": "new", "password": PASSWORD}, headers={"accept-language": "en"})
        assert (answer.status_code, "Initial password expired" in answer.content.decode()) == (403, True)
        assert client.get("/board/").status_code == 302
        given = set_temporary_password(
            actor=user_actor(world.users["sysadmin"].memberships.get()), user=user, at=clock.now()
        )
        assert sign_in(client, "new", given).status_code == 302
        assert client.get("/board/").headers["Location"] == "/account/password/"


def test_one_of_several_roles_is_chosen_and_a_stranger_s_is_not(client, world):
    user = world.users["county_clerk"]
    other = grant_role(actor=None, user=user, role=Role.COUNTY_CLERK, unit=world.county_b, valid_from=clock.today())
    sign_in(client, "county_clerk")
    client.post("/account/role/", {"membership": other.pk})
    assert client.get("/board/").content == b"320681000000"
    client.post("/account/role/", {"membership": world.users["finance"].memberships.get().pk})
    assert client.get("/board/").content == b"320681000000"


@override_settings(LANGUAGE_CODE="zh-hans")
def test_a_language_is_kept_by_the_browser_and_by_the_user(client, world):
    sign_in(client, "county_clerk")
    answer = client.post("/account/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
    assert 'lang="en"' in client.get(LOGIN.replace("login", "password")).content.decode()
    client.post("/account/logout/")
    client.cookies.clear()
    sign_in(client, "county_clerk")
    assert client.cookies["django_language"].value == "en"


def test_the_actor_costs_one_query_more_than_the_user(client, world, django_assert_num_queries):
    sign_in(client, "county_clerk")
    client.get("/board/")
    with django_assert_num_queries(3):  # session, user, memberships
        client.get("/board/")
