"""A role signs in to a page it may see, and every link of the pages it is led to opens."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from foundation.accounts.constants import Role
from tests.foundation.conftest import PASSWORD

LINK = re.compile(r'<a [^>]*href="(/[^"#]*)"')
DEPTH = 3


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("wanted", ["", "/", "/work/", "/administration/audit/", "/deliveries/"])
def test_whatever_was_wanted_a_role_signs_in_to_a_page_it_may_see(role, wanted, world):
    client = Client()
    address = f"{reverse('account_login')}?next={wanted}" if wanted else reverse("account_login")
    body = {"login": role.value, "password": PASSWORD} | ({"next": wanted} if wanted else {})
    assert client.post(address, body, follow=True).status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_every_link_a_role_is_shown_opens(role, world, sign_in):
    client, seen, found = sign_in(role.value), {"/"}, ["/"]
    for _step in range(DEPTH):
        pages = [(address, client.get(address, follow=True)) for address in found]
        refused = [(address, page.status_code) for address, page in pages if page.status_code in {403, 404, 500}]
        assert not refused
        texts = [page.content.decode() for _address, page in pages if "html" in page.headers["Content-Type"]]
        links = {unescape(link) for text in texts for link in LINK.findall(text)}
        found = sorted(link for link in links - seen if not link.startswith(("/static/", "/api/")))
        seen |= links
