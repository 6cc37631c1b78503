"""The search box finds lines of the county's newest rolls too; only for the county's own users, and each search in the audit log."""

from datetime import date

import pytest
from django.test import Client

from foundation.audit.models import AuditEvent
from registry.models import RollSnapshot
from tests import senders
from tests.named_world import NOW, right_number
from tests.rolls import PreparedRolls

FIND, LINE = "/persons/find/", "/work/roll/"
NUMBER, OTHER = right_number("99010119500101002"), right_number("99010119600202004")


@pytest.fixture
def rolls(world, settings, tmp_path):
    """Deliver November's roll with 李四 and December's, in two files, without."""
    settings.DATA_DIR = tmp_path
    rolls = PreparedRolls(tmp_path)
    village = "320682111201"
    rows = [senders.resident_row("1000000001", "王五", NUMBER, unit=village)]
    gone = [senders.resident_row("1000000002", "李四", OTHER, unit=village)]
    for day, lines in ((date(2018, 11, 30), [*rows, *gone]), (date(2018, 12, 31), rows)):
        roll = rolls.add_resident(lines)
        delivery = world.delivery("resident", as_of_date=day)
        RollSnapshot.objects.create(
            delivery=delivery,
            scheme="resident",
            path=roll.path.name,
            sha256="0" * 64,
            row_count=1,
            preparation=1,
            prepared_at=NOW,
        )
    return world


def names(client: Client, text: str) -> list[str]:
    answer = client.post(FIND, {"q": text}, follow=True)
    return [line.name for line, _status in answer.context["lines"]]


@pytest.mark.parametrize("text", [NUMBER, NUMBER[-6:], "1000000001", "王五"])
def test_a_line_is_found_by_number_its_end_roll_number_and_name(rolls, signed_in, text):
    assert names(signed_in("clerk_a"), text) == ["王五"]


def test_homophones_come_after_the_name_and_a_place_narrows(rolls, signed_in):
    assert names(signed_in("clerk_a"), "王武") == ["王五"]
    assert names(signed_in("clerk_a"), "知青村王五") == ["王五"]
    assert names(signed_in("clerk_a"), "知青 王武") == ["王五"]
    assert names(signed_in("clerk_a"), "知青 李四") == []


def test_a_slip_in_a_number_finds_the_line_meant_and_masks_it(rolls, signed_in):
    typed = NUMBER[:9] + str((int(NUMBER[9]) + 3) % 10) + NUMBER[10:]
    client = signed_in("clerk_a")
    assert names(client, typed) == ["王五"]
    page = client.get(FIND).content.decode()
    assert "differs by one digit" in page
    assert NUMBER not in page
    assert names(signed_in("township"), typed) == []


def test_only_the_newest_roll_counts_and_only_for_its_own_county_desk(rolls, signed_in):
    assert names(signed_in("clerk_a"), "李四") == []
    for name in ("clerk_b", "township", "village", "supervisor"):
        assert names(signed_in(name), "王五") == []


def test_the_list_masks_numbers_and_leads_to_the_line(rolls, signed_in):
    client = signed_in("clerk_a")
    page = client.post(FIND, {"q": "王五"}, follow=True).content.decode()
    assert NUMBER not in page
    address = f"{LINE}{rolls.county_a.pk}/resident/1000000001/"
    assert address in page
    assert "知青村" in page
    line = client.get(address)
    assert line.status_code == 200
    assert NUMBER not in line.content.decode()
    assert signed_in("clerk_b").get(address).status_code == 404
    assert signed_in("township").get(address).status_code == 404


def test_one_person_and_that_persons_own_line_open_the_page(rolls, signed_in):
    person = rolls.person("王五", NUMBER)
    answer = signed_in("clerk_a").post(FIND, {"q": NUMBER})
    assert answer.headers["Location"] == f"/persons/{person.pk}/"
    namesake = rolls.person("赵六", OTHER)
    assert signed_in("clerk_a").post(FIND, {"q": OTHER}).headers["Location"] == f"/persons/{namesake.pk}/"


def test_a_search_is_in_the_audit_log_without_what_was_typed(rolls, signed_in):
    client = signed_in("clerk_a")
    client.post(FIND, {"q": NUMBER[-6:]})
    event = AuditEvent.objects.get(verb="find_roll_lines")
    assert event.detail == {"by": "last6", "found": 1}
    assert NUMBER[-6:] not in str(dict(client.session))
