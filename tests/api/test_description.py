"""The API's description: an OpenAPI document and its page, served by us, under a policy without inline script."""

import re
from typing import Any

import pytest
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

REFUSED_EVERYWHERE = {"401", "403", "406", "500"}
Operation = dict[str, Any]


@pytest.fixture
def document(client, db) -> dict[str, Any]:
    return client.get("/api/v1/schema", headers={"accept": "application/json"}).json()


def operations(document: dict[str, Any]) -> list[Operation]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_the_document_is_one_of_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    validate_schema(document)  # type: ignore[no-untyped-call]


def test_the_document_names_the_questions_and_the_token(document):
    deliveries = {f"/api/v1/deliveries/{rest}" for rest in ("", "{delivery_id}/", "{delivery_id}/problems/")}
    assert {"/api/v1/coverage", "/api/v1/e1/", "/api/v1/gaps/"} | deliveries <= set(document["paths"])
    assert all(operation["security"] == [{"departmentToken": []}] for operation in operations(document))


def test_every_question_and_every_answer_has_an_example_that_fits_its_form(document):
    for operation in operations(document):
        for code, answer in operation["responses"].items():
            check_examples(document, answer["content"], f"{operation['operationId']} {code}")
        if "requestBody" in operation:
            check_examples(document, operation["requestBody"]["content"], operation["operationId"])


def check_examples(document: dict[str, Any], content: dict[str, Any], where: str) -> None:
    (body,) = content.values()
    assert body.get("examples"), where
    form = Draft202012Validator({**body["schema"], "components": document["components"]})
    for example in body["examples"].values():
        assert not [error.message for error in form.iter_errors(example["value"])], where


def test_every_operation_describes_its_refusals(document):
    for operation in operations(document):
        refused = {code for code in operation["responses"] if code >= "400"}
        assert refused >= REFUSED_EVERYWHERE, operation["operationId"]
        assert ("415" in refused) == ("requestBody" in operation), operation["operationId"]
        for code in refused:
            assert set(operation["responses"][code]["content"]) == {"application/problem+json"}
    assert "409" in document["paths"]["/api/v1/deliveries/"]["post"]["responses"]
    assert "404" in document["paths"]["/api/v1/deliveries/{delivery_id}/"]["get"]["responses"]


def test_the_document_says_how_a_file_is_sent(document):
    path = document["paths"]["/api/v1/deliveries/"]
    key = next(each for each in path["post"]["parameters"] if each["name"] == "Idempotency-Key")
    assert (key["in"], key["required"]) == ("header", True)
    assert set(path["post"]["requestBody"]["content"]) == {"multipart/form-data"}


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/?script="])
def test_the_page_and_its_script_are_ours(client, db, address):
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    if "script" not in address:
        assert not re.search(r"<style|<script(?![^>]*\ssrc=)|https?://", page)
        assert set(re.findall(r'(?:src|href)="([^"]+)"', page))
