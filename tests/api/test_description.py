"""The API's description: an OpenAPI document and its page, served by us, under a policy without inline script."""

import re

import pytest


def test_the_document_names_the_question_and_the_token(client, db):
    answer = client.get("/api/v1/schema", headers={"accept": "application/json"})
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    deliveries = {f"/api/v1/deliveries/{rest}" for rest in ("", "{delivery_id}/", "{delivery_id}/problems/")}
    assert set(document["paths"]) == {"/api/v1/coverage", "/api/v1/e1/"} | deliveries
    for path in document["paths"].values():
        assert all(each["security"] == [{"departmentToken": []}] for each in path.values())


def test_the_document_says_how_a_file_is_sent(client, db):
    path = client.get("/api/v1/schema", headers={"accept": "application/json"}).json()["paths"]["/api/v1/deliveries/"]
    key = next(each for each in path["post"]["parameters"] if each["name"] == "Idempotency-Key")
    assert (key["in"], key["required"]) == ("header", True)
    assert set(path["post"]["requestBody"]["content"]) == {"multipart/form-data"}
    assert path["post"]["responses"]["201"]["content"]["application/json"]["examples"]


@pytest.mark.parametrize("address", ["/api/v1/", "/api/v1/?script="])
def test_the_page_and_its_script_are_ours(client, db, address):
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    if "script" not in address:
        assert not re.search(r"<style|<script(?![^>]*\ssrc=)|https?://", page)
        assert set(re.findall(r'(?:src|href)="([^"]+)"', page))
