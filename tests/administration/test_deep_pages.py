"""Pages far beyond a list's end, before its beginning, and of no number: the last page or a refusal, at the cost of any page."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.accounts.constants import Role
from tests.administration.routes import all_routes
from tests.administration.test_odd_requests import names_read

ODD = (
    "1000000000",
    "9223372036854775807",
    "-1",
    "0",
    "-9223372036854775808",
    "last",
    "1e9",
    "0x10",
    "²",
    "１２",
    " 2",
    "1.0",
    "",
)
FAR = 1_000
ROLES = (Role.COUNTY_REVIEWER, Role.SUPERVISOR, Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)


@pytest.mark.parametrize("role", ROLES)
def test_every_list_answers_any_page_as_cheaply_as_its_first(world, sign_in, monkeypatch, role):
    client, lists = sign_in(role.value), 0
    for route in all_routes():
        if route.takes or route.path.startswith(("api/", "account/", "static/")):
            continue
        address = f"/{route.path}"
        with names_read(monkeypatch) as read:
            first = client.get(address)
        if "page" not in read or first.status_code != 200:
            continue
        lists += 1
        with CaptureQueriesContext(connection) as usual:
            client.get(address, {"page": "1"})
        for page in ODD:
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(address, {"page": page, "rows": "1000000", "per_page": "1000000"})
            assert answer.status_code in {200, 400}, (address, page)
            assert len(captured) <= len(usual) + 1, (address, page)
            skipped = re.findall(r"OFFSET (\d+)", " ".join(query["sql"] for query in captured))
            assert all(int(rows) < FAR for rows in skipped), (address, page)
    assert lists
