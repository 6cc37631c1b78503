"""What a process remembers reaches nobody else: pages asked after everybody are those asked first, and nothing of an actor is kept."""

from __future__ import annotations

import ast
import itertools
import re
from typing import Any

import pytest
from django.test import Client

from casework.constants import GapKind
from casework.selectors import totals
from casework.selectors.subjects import SubjectKey
from casework.services.cases import take_case
from foundation.primitives.bounded_cache import BoundedCache
from registry.models import Person
from tests.named_world import NOW
from tests.security.sources import trees

ADDRESSES = (
    "/",
    "/work/",
    "/work/?kind=UNINSURED",
    "/work/?owner=mine",
    "/work/?owner=nobody",
    "/work/assignments/",
    "/deliveries/",
    "/nights/",
)
PEOPLE = ("clerk_a", "colleague_a", "reviewer_a", "clerk_b", "township", "village", "supervisor", "finance")
LANGUAGES = ("zh-hans", "en")
WHOSE = re.compile(r"actor|request|user|session|county|unit|token|client|language")
_VARIES = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|[0-9A-Z]{4}-[0-9A-Z]{4}')


@pytest.fixture
def work(world):
    """Work of its own for everybody: in both counties, in a town and outside it, taken by one, by another, by nobody."""
    for place, unit in enumerate((world.village, world.village, world.other_township, world.county_a)):
        world.gap(world.person(f"甲{place}", unit=unit), GapKind.UNINSURED)
    for place in range(3):
        world.gap(world.person(f"乙{place}", county=world.county_b, unit=world.county_b), GapKind.PAUSED)
    for name, wanted in (("clerk_a", "甲0"), ("colleague_a", "甲2"), ("colleague_a", "甲3"), ("clerk_b", "乙0")):
        person = Person.objects.get(name=wanted)
        take_case(actor=world.actor(name), key=SubjectKey(person_id=person.pk), at=NOW)


def forget() -> None:
    totals._KEPT = BoundedCache(most=500)


def body(world, name: str, language: str, address: str, **headers: Any) -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(world.users[name])
    answer = client.get(address, **headers)
    return f"{answer.status_code} " + _VARIES.sub("", answer.content.decode())


def test_after_everybody_a_page_is_what_it_was_alone(world, work):
    asked = list(itertools.product(PEOPLE, LANGUAGES, ADDRESSES))
    alone = {}
    for each in asked:
        forget()
        alone[each] = body(world, *each)
    assert len({alone[name, "en", "/work/"] for name in PEOPLE}) >= 5
    for each in [*asked, *reversed(asked)]:
        assert body(world, *each) == alone[each], each


def test_no_header_changes_what_the_next_reader_gets(world, work):
    forget()
    before = {address: body(world, "clerk_a", "en", address) for address in ADDRESSES}
    for address in ADDRESSES:
        for header, value in (
            ("HTTP_X_FORWARDED_HOST", "evil.example"),
            ("HTTP_X_FORWARDED_PREFIX", "/evil"),
            ("HTTP_ACCEPT_LANGUAGE", "zh-hans"),
            ("HTTP_ACCEPT_ENCODING", "identity"),
            ("HTTP_X_HTTP_METHOD_OVERRIDE", "POST"),
            ("HTTP_HX_REQUEST", "true"),
        ):
            body(world, "clerk_b", "en", address, **{header: value})
            assert body(world, "clerk_a", "en", address) == before[address], (address, header)


def test_what_is_remembered_for_the_life_of_a_process_depends_on_nobody_and_no_language():
    """A memory takes no actor, request, place or language, and holds no translated sentence."""
    found = 0
    for path, tree in trees().items():
        for function in ast.walk(tree):
            if path.startswith("demo/") or not isinstance(function, ast.FunctionDef) or not _is_remembered(function):
                continue
            found += 1
            taken = [each.arg for each in [*function.args.args, *function.args.kwonlyargs]]
            assert not [name for name in taken if WHOSE.search(name)], (path, function.name)
            called = {
                each.func.id
                for each in ast.walk(function)
                if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
            }
            assert not called & {"_", "gettext", "ngettext", "pgettext", "get_language"}, (path, function.name)
    assert found > 20


def _is_remembered(function: ast.FunctionDef) -> bool:
    names = {
        each.id for decorator in function.decorator_list for each in ast.walk(decorator) if isinstance(each, ast.Name)
    }
    return bool(names & {"cache", "lru_cache"})
