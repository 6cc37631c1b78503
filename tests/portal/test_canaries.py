"""A month full of canaries leaves none behind: not in a plain column, an address, a message, a log line or a page."""

from __future__ import annotations

import io
import logging
import os
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from casework.models import Gap
from coverage.models import Link, MatchDecision
from foundation.accounts import second_factor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.audit.models import AuditEvent
from foundation.jobs.logs import JsonFormatter
from foundation.primitives.personal_texts import is_reference, roll_no_in_address, shown_roll_no
from foundation.regions.models import Unit
from registry.constants import DeliveryState, Feed
from registry.models import Delivery
from tests.canaries import Canaries, Month
from tests.plugins.county import load_county, receive_and_process
from tests.plugins.month import run_night_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("canaries")]

DECEMBER, JANUARY = "2018-12-31", "2019-01-31"
NAMES = {
    "registry_person": {"name", "name_pinyin"},
    "registry_personname": {"name"},
    "registry_deliveredrow": {"name"},
    "registry_fact": {"name", "name_before", "name_after"},
    "registry_deliverychange": {"name", "before", "after"},
    "casework_gap": {"subject_name", "subject_pinyin"},
    "coverage_matchdecision": {"roll_name", "person_names"},
    "casework_caseevent": {"note"},
    "casework_question": {"subject_name", "roll_name"},
}
"""The columns that are names; a change of a name has both in before and after, a question to a village names the line."""
ENTRANCES = (
    "/", "/work/", "/deliveries/", "/possible-matches/", "/possible-matches/decided/", "/persons/find/", "/persons/duplicates/",
    "/reports/", "/nights/", "/work/?kind=ROLL_ENDED",
)  # fmt: skip
MOST_QUESTIONS = 6
"""Of one address with different queries: each mark of a picture asks another of the same page."""
LINKED = re.compile(r"""(?:href|action|hx-get|hx-post|src)="([^"]+)\"""")


class World:
    """The county with its month, the clerk who works it, and what was logged meanwhile."""

    def __init__(self, county: Unit, canaries: Canaries, logged: io.StringIO) -> None:
        self.county, self.canaries, self.logged = county, canaries, logged
        self.clerk = User.objects.create(username="canary_clerk", display_name="canary_clerk")
        Membership.objects.create(user=self.clerk, role=Role.COUNTY_CLERK, unit=county, valid_from=date(2018, 1, 1))

    def client(self) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(self.clerk)
        return client


@pytest.fixture(scope="module")
def world(module_database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("canaries")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    with override_settings(DATA_DIR=folder / "data"):
        county = load_county(folder)
        take_in, month = partial(receive_and_process, county), Month(folder)
        for day in (DECEMBER, JANUARY):
            for path in month.write(day[:7]):
                take_in(path, day, consent=True)
            run_night_of(county, day)
        take_in(month.headerless(), JANUARY)
        take_in(month.unknown_words(), JANUARY)
        world = World(county, month.canaries, stream)
        connection.check_constraints()
        yield world
    logging.getLogger().removeHandler(handler)


@pytest.fixture(autouse=True, scope="module")
def _work(world: World) -> None:
    """Search by number and name, decide possible matches in every way, and have an error with a row in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            second_factor, "is_lifted", lambda: True
        )  # as plugins/second_factor.py does, which is for one test
        work(world)
    logging.getLogger("x").error(
        "row (%s, %s)\\nDETAIL: Key (name)=(%s) exists.",
        world.canaries.numbers[0],
        world.canaries.phones[0],
        world.canaries.names[0],
    )


def work(world: World) -> None:
    client = world.client()
    for typed in (world.canaries.numbers[0], world.canaries.numbers[0][-6:], world.canaries.names[0]):
        client.post("/persons/find/", {"q": typed})
    for decision, link in zip(
        ("same", "not_same", "ask_village", "cannot_tell"),
        Link.objects.as_known().filter(action="review"),
        strict=False,
    ):
        sent = {"link": link.pk, "decision": decision, "note": "家访核实", "person": link.person_id}
        answer = client.post(reverse("possible_match_decide"), sent)
        assert answer.status_code == 302, answer.content.decode()


def visited(client: Client) -> Iterator[tuple[str, str]]:
    """Open the pages of a clerk and every page they link to, a few questions of each, and yield address and body."""
    waiting, seen, asked = list(ENTRANCES), set[str](), Counter[str]()
    while waiting and len(seen) < 250:
        address = waiting.pop(0)
        path = address.partition("?")[0]
        if address in seen or "logout" in address or not address.startswith("/") or asked[path] >= MOST_QUESTIONS:
            continue
        seen.add(address)
        asked[path] += 1
        answer = client.get(address)
        if answer.status_code != 200 or "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        body = answer.content.decode()
        yield address, body
        links = [link.replace("&amp;", "&").partition("#")[0] for link in LINKED.findall(body)]
        waiting += [link.partition("?list=")[0] for link in links]  # the same page, whatever list it was opened from


def found_in(text: str, canaries: Collection[str]) -> set[str]:
    """Return the canaries a text holds, in one pass for each length: what begins like one is looked up."""
    found: set[str] = set()
    for beginning, known in beginnings(frozenset(canaries)):
        found |= known.intersection(beginning.findall(text))
    return found


@cache
def beginnings(canaries: frozenset[str]) -> list[tuple[re.Pattern[str], frozenset[str]]]:
    """Return, for each length and for numbers or words, a pattern of as many characters that begin alike, and the canaries."""
    alike: dict[tuple[int, bool], set[str]] = defaultdict(set)
    for canary in canaries:
        alike[len(canary), canary[0].isdigit()].add(canary)
    patterns = []
    for (length, _is_number), known in alike.items():
        shared = os.path.commonprefix(list(known))  # noqa: RUF071 - characters are meant
        start = re.escape(shared) if shared else f"[{''.join(map(re.escape, {each[0] for each in known}))}]"
        rest = length - (len(shared) or 1)
        patterns.append((re.compile(f"(?=({start}.{{{rest}}}))", re.DOTALL), frozenset(known)))
    return patterns


def test_the_search_finds_what_lies_anywhere_and_overlaps(world):
    numbers, names = world.canaries.numbers, world.canaries.names
    for wanted in ([*numbers, *(number[:17] for number in numbers)], names, world.canaries.phones):
        texts = (
            f"3{wanted[0]}9{wanted[-1]}",
            f"{wanted[1][:2]}{wanted[1]}\n{wanted[2]}",
            wanted[0][1:],
            "".join(wanted[:9]),
        )
        for text in texts:
            assert found_in(text, wanted) == {each for each in wanted if each in text}


def test_the_files_arrived_as_meant(world):
    states = dict(Delivery.objects.values_list("file_name", "state"))
    assert {name for name, state in states.items() if state == DeliveryState.REFUSED} == {
        "新名单.csv",
        "建档立卡_新词.csv",
    }
    assert set(Delivery.objects.exclude(feed="").values_list("feed", flat=True)) == set(Feed.values)
    canaries = world.canaries
    assert len(canaries.numbers) + len(canaries.names) + len(canaries.phones) > 1000
    assert min(len(canaries.numbers), len(canaries.names), len(canaries.phones)) > 300
    assert Link.objects.as_known().exists()
    assert Gap.objects.open().filter(person__isnull=True, scheme="resident").exists()
    assert MatchDecision.objects.count() == 4


def test_no_plain_column_has_a_canary(world):
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relpersistence = 'p' AND relnamespace = 'public'::regnamespace"
        )
        for table in [row[0] for row in cursor.fetchall()]:
            for column in connection.introspection.get_table_description(cursor, table):
                cursor.execute(f'SELECT DISTINCT "{column.name}"::text FROM "{table}"')
                text = "\n".join(row[0] for row in cursor.fetchall() if row[0])
                wanted = [*world.canaries.numbers, *world.canaries.phones]
                wanted += [number[:17] for number in world.canaries.numbers]
                if column.name not in NAMES.get(table, ()):
                    wanted += world.canaries.names
                if hits := found_in(text, wanted):
                    found[f"{table}.{column.name}"] = set(sorted(hits)[:3])
    assert found == {}


def test_roll_numbers_that_are_identity_numbers_are_references(world):
    numbers = {
        *Link.objects.values_list("roll_no", flat=True),
        *Gap.objects.exclude(scheme__in=["", "feed"]).values_list("roll_no", flat=True),
    }
    assert numbers
    assert all(is_reference(number) for number in numbers if number)
    shown = {shown_roll_no(number) for number in numbers}
    assert shown <= {"****", *(f"3{'*' * 16}{last}" for last in "0123456789X")}


def test_a_reference_opens_its_page_by_an_id(world):
    gap = Gap.objects.open().filter(person__isnull=True, scheme="resident").first()
    assert gap is not None
    address = f"/work/roll/{world.county.pk}/resident/{roll_no_in_address(gap.roll_no)}/"
    assert "*" not in address
    page = world.client().get(address)
    assert page.status_code == 200
    assert shown_roll_no(gap.roll_no) in page.content.decode()


def test_no_address_message_or_page_has_a_number(world):
    client, wanted = world.client(), [*world.canaries.numbers, *world.canaries.phones]
    pages = list(visited(client))
    assert len(pages) > 60
    assert any("/work/roll/" in address for address, _body in pages)
    for address, body in pages:
        assert found_in(body, wanted) == set(), address
        addresses = "\n".join([address, *LINKED.findall(body)])
        assert found_in(addresses, [*wanted, *world.canaries.names]) == set(), address


def test_no_log_line_or_session_has_a_canary(world):
    sessions = " ".join(str(each.get_decoded()) for each in Session.objects.all())
    everything = [*world.canaries.numbers, *world.canaries.phones, *world.canaries.names]
    assert found_in(sessions, everything) == set()
    assert "[row]" in world.logged.getvalue()
    assert found_in(world.logged.getvalue(), everything) == set()


def test_the_audit_log_has_every_reading_and_no_canary(world):
    text = "\n".join(map(str, AuditEvent.objects.values_list("object_id", "purpose", "detail")))
    assert found_in(text, [*world.canaries.numbers, *world.canaries.phones, *world.canaries.names]) == set()
    refused = AuditEvent.objects.filter(verb="delivery_refused").values_list("detail__code", flat=True)
    assert set(refused) == {"unknown_layout", "unknown_words"}


def test_files_at_rest_are_ciphertext_or_prepared_rolls(world):
    folder = Path(settings.DATA_DIR)
    for path in folder.rglob("*"):
        if path.is_file() and "snapshots" not in path.parts:
            text = path.read_bytes().decode("utf-8", "ignore")
            assert found_in(text, [*world.canaries.numbers, *world.canaries.names]) == set(), path
