"""The proxy of the compose file: read as text, without starting it, and held against the product it stands before."""

import re

import pytest

from foundation.accounts.body_limit import MOST_BYTES_OF_A_FORM
from registry.services.papers import MOST_BYTES as LARGEST_PAPER
from registry.services.photos import MOST_BYTES as LARGEST_PHOTO
from registry.services.uploading import MOST_BYTES as LARGEST_FILE
from registry.services.uploading import PIECE_BYTES
from tests.administration.routes import all_routes
from tests.security.sources import ROOT

CONFIGURATION = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
PRODUCTION = (ROOT / "poverty_pension" / "settings" / "production.py").read_text("utf-8")
LOCATION = re.compile(r"^ {8}location (=|~)? ?(\S+) \{\n(.*?)^ {8}\}", re.MULTILINE | re.DOTALL)
PAPERS_AT_ONCE = 6
"""As many papers as an application needs, each of the largest size."""
UNITS = {"k": 1 << 10, "m": 1 << 20}
LARGEST = {
    "deliveries_receive": LARGEST_FILE,
    "upload_piece": PIECE_BYTES,
    "person_attach": LARGEST_PAPER,
    "case_close": LARGEST_PAPER,
    "application_begin": PAPERS_AT_ONCE * LARGEST_PAPER,
    "application_correct": PAPERS_AT_ONCE * LARGEST_PAPER,
    "village_report": LARGEST_PHOTO,
    "village_unlisted": LARGEST_PHOTO,
}
"""Page that takes files -> the largest body it takes."""


def location_of(path: str) -> str:
    """Return what nginx does at an address: an exact location first, then an expression, then the longest beginning."""
    found = LOCATION.findall(CONFIGURATION)
    for kind, address, body in found:
        if (kind == "=" and address == path) or (kind == "~" and re.search(address, path)):
            return str(body)
    return max(((address, body) for kind, address, body in found if not kind and path.startswith(address)))[1]


def most_bytes(location: str) -> int:
    number, unit = re.findall(r"client_max_body_size (\d+)([km]);", location)[0]
    return int(number) * UNITS[unit]


def test_only_tls_1_2_and_1_3_are_accepted():
    assert re.findall(r"ssl_protocols ([^;]+);", CONFIGURATION) == ["TLSv1.2 TLSv1.3"]
    assert re.findall(r"listen ([^;]+);", CONFIGURATION) == ["443 ssl"]


def test_every_page_that_takes_files_is_stated():
    assert {route.name for route in all_routes() if getattr(route.view, "takes_files", False)} == LARGEST.keys()


@pytest.mark.parametrize("name", LARGEST)
def test_the_proxy_lets_through_what_the_page_takes_of_who_shows_a_session(name):
    (route,) = [route for route in all_routes() if route.name == name]
    location = location_of("/" + re.sub(r"<[^>]*>", "7", route.path))
    assert most_bytes(location) > LARGEST[name]
    assert "if ($shows_session = 0) { return 413; }" in location


def test_a_form_has_the_room_the_product_gives_it():
    assert most_bytes(location_of("/work/")) == MOST_BYTES_OF_A_FORM


def test_a_session_is_recognised_by_the_production_cookie():
    (name,) = re.findall(r'^SESSION_COOKIE_NAME = \(?\s*"([^"]+)"', PRODUCTION, re.MULTILINE)
    (expression,) = re.findall(r'^\s+"~(.+)" 1;$', CONFIGURATION, re.MULTILINE)
    assert re.search(expression, f"a=b; {name}=k3j9")
    assert not re.search(expression, f"{name}=")
    assert not re.search(expression, f"x{name}=k3j9")
    assert "$cookie_" not in CONFIGURATION
