"""What a user or a file wrote stays what it is: text in pages, values in statements, parts of addresses, cells in workbooks."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from casework.constants import GapKind
from foundation.jobs.logs import JsonFormatter
from registry.models import Delivery, Person, PersonNote
from tests.administration.routes import all_routes
from tests.administration.test_access import address_of
from tests.named_world import right_number

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{7*7}}{% now %}"
STATEMENTS = (
    "' OR '1'='1",
    "'; DROP TABLE registry_person; --",
    "1) UNION SELECT password FROM accounts_user --",
    "%' OR 1=1 --",
    "\\",
    "%",
    "_",
)
PATTERNS = (".*", "(", "[", "(a+)+$", "\\d", "^", "$", "?", "*", "张三|李四")
ESCAPED = (
    "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&gt;&lt;img src=x onerror=alert(2)&gt;&amp;amp;{{7*7}}{% now %}"
)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()


@pytest.fixture
def hostile(world):
    """A person, a file and a note that would like to be code."""
    person = world.person(HOSTILE[:60], right_number("99010119500101002"))
    world.gap(person, GapKind.UNINSURED, "never_enrolled")
    world.verdict(person)
    PersonNote.objects.create(person=person, text=HOSTILE, written_by=HOSTILE[:60], written_at=person.created_at)
    world.delivery(file_name=HOSTILE)
    return person


def pages(client: Client, person: Person) -> Iterator[tuple[str, str]]:
    paths = [address_of(route) for route in all_routes()]
    paths += [f"/persons/{person.pk}/", f"/persons/{person.pk}/file/", f"/persons/{person.pk}/timeline/"]
    paths += [f"/deliveries/{Delivery.objects.get().pk}/"]
    for path in paths:
        answer = client.get(path)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            yield path, answer.content.decode()


def test_nothing_a_user_wrote_becomes_part_of_a_page(world, hostile, signed_in):
    shown = 0
    for path, page in pages(signed_in("clerk_a"), hostile):
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert '""' not in re.sub(r'="">|=""[ />]', "", page) or "onerror" not in page.replace(ESCAPED, ""), path
        shown += "&lt;script&gt;alert(1)" in page
    assert shown >= 4
    page = signed_in("clerk_a").get(f"/persons/{hostile.pk}/file/").content.decode()
    assert ESCAPED in page  # written as it is: neither escaped twice nor run by the templates


def test_every_address_in_a_page_begins_as_ours(world, hostile, signed_in):
    found = 0
    for path, page in pages(signed_in("clerk_a"), hostile):
        for address in re.findall(r'\s(?:href|src|action|formaction|hx-get|hx-post)="([^"]*)"', page):
            assert re.match(r"/(?!/)|\?|#|$|data:image/svg\+xml;base64,", address), (path, address)
            found += 1
    assert found > 200


@pytest.mark.parametrize(
    "next_page",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "\thttps://evil.example",
    ],
)
def test_no_answer_leads_to_another_host_or_scheme(world, hostile, signed_in, next_page):
    client = signed_in("clerk_a")
    for path, form in (
        ("/account/language/", {"language": "en"}),
        ("/work/take/", {"subject": f"p{hostile.pk}", "back": next_page}),
        ("/account/role/", {"membership": "0"}),
    ):
        answer = client.post(path, form | {"next": next_page})
        location = answer.headers.get("Location", "/")
        assert urlsplit(location).netloc == "", (path, location)
        assert urlsplit(location).scheme == "", (path, location)
        assert location.startswith("/"), (path, location)
        assert not location.startswith(("//", "/\\")), (path, location)


def test_values_in_an_address_are_encoded(world, signed_in):
    """A filter that holds the characters that mean something in an address comes back whole, in one place."""
    client = signed_in("clerk_a")
    odd = "a&unit=1#x?y=z+%20é"
    answer = client.get(reverse("work_list"), {"kind": odd, "page": "1"})
    for address in re.findall(r'href="(/work/?\?[^"]*)"', answer.content.decode()):
        query = parse_qs(urlsplit(address.replace("&amp;", "&")).query)
        assert "1" not in query.get("unit", []), address
        assert urlsplit(address).fragment == "", address


@pytest.mark.parametrize("text", [*STATEMENTS, *PATTERNS])
def test_a_search_is_a_value_whatever_it_holds(world, signed_in, text):
    world.person("张三", right_number("99010119500101002"))
    world.person("李四", right_number("99010119500202006"))
    answer = signed_in("clerk_a").post("/persons/find/", {"q": text}, follow=True)
    has_letters = re.search(r"[^\W\d_]", text) is not None
    assert answer.status_code == (200 if has_letters else 400), "nothing but signs is no name: refused in words"
    page = answer.content.decode()
    assert not ("张三" in page.replace(text, "") and "李四" in page.replace(text, ""))
    assert "pbkdf2" not in page


@pytest.mark.parametrize("text", [*STATEMENTS, *PATTERNS])
def test_a_parameter_of_the_api_is_a_value_whatever_it_holds(world, api, text):
    person = world.person("张三", right_number("99010119500101002"))
    world.gap(person, GapKind.UNINSURED, "never_enrolled")
    client = api(world.county_a)
    for name in ("kind", "reason", "unit"):
        answer = client.get("/api/v1/gaps/", {name: text})
        assert answer.status_code in {200, 400, 404}, name
        assert answer.status_code != 200 or answer.json()["gaps"] == []


def test_json_answers_are_json_whatever_they_hold(world, api, signed_in):
    body = json.dumps({"persons": [{"number": HOSTILE[:18], "name": HOSTILE[:30]}]})
    answer = api(world.county_a).generic("POST", "/api/v1/coverage", body, content_type="application/json")
    assert answer.json()["persons"][0]["found"] is False
    assert answer.headers["Content-Type"] == "application/json"
    stated = {"name": HOSTILE + ".pdf", "size": 7, "modified_ms": 7, "as_of": "2018-12-31"}
    refused = signed_in("clerk_a").post("/deliveries/uploads/", stated)
    assert refused.headers["Content-Type"].startswith("application/json")
    assert isinstance(refused.json(), dict)


@pytest.mark.parametrize(
    "name", ["a\r\nSet-Cookie: x=1.csv", 'a";x=".csv', "张三\u2028.csv", "../../etc/passwd", "a/b\\c.csv", "\x00.csv"]
)
def test_a_file_name_breaks_no_header_and_no_path(world, signed_in, name, tmp_path):
    client = signed_in("clerk_a")
    upload = SimpleUploadedFile("x.csv", b"a,b\n1,2\n")
    vars(upload)["_name"] = name  # its setter would take the folders away, as browsers do
    answer = client.post("/deliveries/receive/", {"tables": [upload], "as_of": "2018-12-31"})
    assert answer.status_code in {302, 400, 422}
    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(re.fullmatch(r"[0-9a-f]{64}", path.name) for path in stored)
    for delivery in Delivery.objects.all():
        listed = client.get(f"/deliveries/{delivery.pk}/problems.xlsx")
        assert "Set-Cookie: x" not in str(listed.headers)
        disposition = listed.headers.get("Content-Disposition", "attachment")
        assert disposition.startswith("attachment")
        assert not re.search(r"[\r\n]", disposition)


def test_a_line_of_the_log_is_one_line_whatever_it_holds():
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "name %s", ('a\n{"level": "FORGED"}\r\u2028b',), None)
    record.fields = {"where": "b\nc"}
    (line,) = JsonFormatter().format(record).split("\n")
    assert json.loads(line)["level"] == "INFO"
    assert "\r" not in line
