"""Whatever a program sends below /api/, errors have one format, and nothing it sends is answered with 500."""

import json

import pytest
from django.urls import reverse

from foundation.accounts.constants import Verb
from tests.administration.routes import all_routes
from tests.administration.test_access import BY_TOKEN

COVERAGE = "/api/v1/coverage"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"nothing", b'{"persons": NaN}', b"\xff\xfe", b"[" * 100_000, b'{"persons":' * 50_000, b"[]", b"null",
        b'{"persons": null}', b'{"persons": [null]}', b'{"persons": [{"number": 1e400, "name": {}}]}',
        b'{"persons": [{"number": 320682, "name": "a"}]}', b" " * 1_100_000,
    ],
    ids=repr,
)  # fmt: skip
def test_a_malformed_body_is_400(world, api, body):
    body = body[:1_100_000]
    answer = api(world.county_a).generic("POST", COVERAGE, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("odd", ["", " ", "\x00", "张\x00三", "\ud800", "\U0001f600", "1" * 40, "٣٢٠٦٨٢"])
def test_an_odd_number_or_name_finds_nobody(world, api, odd):
    body = json.dumps({"persons": [{"number": odd, "name": odd}]})
    answer = api(world.county_a).generic("POST", COVERAGE, body, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["persons"][0]["found"] is False


@pytest.mark.parametrize(
    ("kind", "status"), [("text/plain", 415), ("application/xml", 415), ("application/json; charset=x", 200)]
)
def test_only_json_is_read(world, api, kind, status):
    body = b'{"persons": [{"number": "1", "name": "a"}]}'
    assert api(world.county_a).generic("POST", COVERAGE, body, content_type=kind).status_code == status


def test_a_form_of_thousands_of_fields_is_a_problem(world, api):
    fields = {f"f{number}": "1" for number in range(2_000)}
    answer = api(world.county_a).post("/api/v1/deliveries/", fields, format="multipart", HTTP_IDEMPOTENCY_KEY="k")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "address", ["/api/v1/gaps/?changed_sinse=2019-01-01", "/api/v1/deliveries/?page=2", "/api/v1/e1/?kind=x"]
)
def test_a_misspelt_parameter_is_refused(world, api, address):
    answer = api(world.county_a).get(address)
    assert answer.status_code == 400
    assert list(answer.json()["fields"].values()) == [["Unknown parameter."]]


def test_another_form_of_answer_is_not_offered(world, api):
    answer = api(world.county_a).get("/api/v1/gaps/", HTTP_ACCEPT="text/html")
    assert (answer.status_code, answer.headers["Content-Type"]) == (406, "application/problem+json")


def test_an_unknown_url_is_a_problem_below_api_only(client, db):
    answer = client.get("/api/v1/nothing/", headers={"accept-language": "en"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["request_number"] == answer.headers["X-Request-ID"]
    assert client.get("/nothing/").headers["Content-Type"].startswith("text/html")


def test_a_server_error_is_a_problem_with_its_request_number(world, api, monkeypatch):
    def fail(**_given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("coverage.api.views.answer_coverage", fail)
    client = api(world.county_a)
    client.raise_request_exception = False
    answer = client.post(COVERAGE, {"persons": [{"number": "1", "name": "a"}]}, format="json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["type"] == "urn:poverty-pension:fault"
    assert "ZeroDivision" not in answer.content.decode()


ROUTES = [route for route in all_routes() if route.name in BY_TOKEN]


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_token_with_every_verb_but_the_one_asked_for_is_refused(world, api, route):
    """Generated from urlpatterns; the control is the one verb alone, which is not refused for that."""
    address = reverse(route.name, kwargs=dict.fromkeys(route.takes, 1))
    for method in ("get", "post"):
        if hasattr(route.view.view_class, method):
            needed = getattr(route.view.view_class, "verbs", {}).get(method.upper(), route.view.view_class.verb)
            others = api(world.county_a, [verb for verb in Verb.values if verb != needed])
            assert getattr(others, method)(address).status_code == 403
            assert getattr(api(world.county_a, [needed]), method)(address).status_code not in {401, 403}


IN_WORDS = {
    "en": {
        401: ("Sign in first", "This token is unknown"),
        404: ("Not found", ""),
        422: ("Not a number", "“abc” is not a number"),
    },
    "zh-hans": {401: ("请先登录", "令牌"), 404: ("未找到", ""), 422: ("不是数字", "“abc”不是数字")},
}
"""Language asked for -> status -> title of the problem, and what its detail contains."""


@pytest.mark.parametrize("language", IN_WORDS)
@pytest.mark.parametrize(
    ("status", "address", "token"),
    [
        (401, "/api/v1/gaps/", "unknown"),
        (404, "/api/v1/nothing/", None),
        (404, "/api/v1/deliveries/999999/", None),
        (422, "/api/v1/deliveries/abc/", None),
        (422, "/api/v1/possible-matches/abc/decision/", None),
        (404, "/api/v1/deliveries/abc/nothing/", None),
        (404, "/api/v1/applications/999999/", None),
        (422, "/api/v1/applications/abc/", None),
        (422, "/api/v1/applications/abc/withdrawal/", None),
    ],
)
def test_a_refusal_is_in_the_language_the_client_asks_for(world, api, language, status, address, token):
    client = api(world.county_a)
    client.credentials(
        HTTP_AUTHORIZATION=f"Bearer {token}" if token else client._credentials["HTTP_AUTHORIZATION"],
        HTTP_ACCEPT_LANGUAGE=language,
    )
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    title, detail = IN_WORDS[language][status]
    assert answer.json()["title"] == title
    assert detail in answer.json()["detail"]
    assert answer.headers["Content-Language"] == language


@pytest.mark.parametrize(("language", "words"), [("en", "Authentication credentials"), ("zh-hans", "身份")])
def test_who_sends_no_token_is_told_so_in_their_language(client, db, language, words):
    answer = client.get("/api/v1/gaps/", headers={"accept-language": language})
    assert answer.status_code == 401
    assert words in answer.json()["detail"]
