"""A list declared complete without a part that did not come: compared and used as a whole, by whom, with what reason, and undone."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from coverage.findings.inputs import choose_deliveries
from foundation.accounts.actors import Actor
from foundation.audit.models import AuditEvent
from foundation.primitives.clock import now
from foundation.primitives.errors import BadInput, Conflict, NotAllowed
from foundation.regions.models import Unit
from registry.models import Delivery, DeliveryChange, Designation, Fact
from registry.selectors.feeds import list_feed_states
from registry.selectors.whole_lists import list_half_lists
from registry.services.completing import complete_list, preview_completion
from registry.services.undoing import undo_delivery
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

DECEMBER, JANUARY, FEBRUARY = "2018-12-31", "2019-01-31", "2019-02-28"
HEADER = ["户编号", "人编号", "姓名", "证件号码", "脱贫属性", "乡镇", "行政村"]
TOWNS = {"长江镇": range(60), "白蒲镇": range(60, 120), "如城街道": range(120, 122)}
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊洋艳霞军杰"
REASON = "如城街道已并入长江镇，乡镇扶贫办2月1日电话确认"


def row(place: int) -> list[str]:
    name = f"{SURNAMES[place % 10]}{GIVEN[place // 10]}"
    return [
        str(1000 + place),
        f"{1000 + place}01",
        name,
        make_number(f"19{50 + place % 40}0305", place),
        "未脱贫",
        "",
        "",
    ]


@pytest.fixture
def send(tmp_path, take_in):
    def sent(month: str, *towns: str, without: tuple[int, ...] = ()) -> list[Delivery]:
        folder = tmp_path / month
        folder.mkdir(exist_ok=True)
        files = []
        for town in towns:
            lines = [row(place) for place in TOWNS[town] if place not in without]
            files.append(take_in(senders.write_csv(folder / f"{town}贫困人口.csv", [HEADER, *lines]), month))
        return files

    return sent


@pytest.fixture
def half(send) -> Delivery:
    """January without its third part, of which two people of 122 are missing."""
    send(DECEMBER, *TOWNS)
    return send(JANUARY, "长江镇", "白蒲镇", without=(7,))[-1]


@pytest.fixture
def clerk(county: Unit) -> Actor:
    return actor_of(county, "county_clerk", 900_001)


def actor_of(unit: Unit, role: str, user_id: int) -> Actor:
    return Actor(user_id, role, role, unit.pk, unit.path, unit.code, unit.level)


def current() -> int:
    return Designation.objects.as_known().filter(valid_to=None).count()


def exits() -> set[str]:
    return set(DeliveryChange.objects.filter(kind="poor_exit").values_list("name", flat=True))


def chosen(county: Unit, as_of: str = JANUARY) -> str:
    return choose_deliveries(county, date.fromisoformat(as_of), now())["poverty"][0]["as_of"]


def test_a_list_declared_complete_is_compared_and_used_as_a_whole(half, clerk, county):
    assert (current(), exits(), chosen(county)) == (122, set(), DECEMBER)
    before = now()
    completed = complete_list(actor=clerk, delivery_id=half.pk, reason=REASON, at=now())
    assert (current(), chosen(county), list_half_lists(county.pk)) == (119, JANUARY, [])
    assert exits() == {row(place)[2] for place in (7, 120, 121)}
    assert completed.row_counts["changes"]["designations_closed"] == 3
    assert completed.preview["persons"] == {"before": 122, "after": 119, "gone": 3, "new": 0}
    said = [each["code"] for each in completed.reading["remarks"]]
    assert ("complete_without" in said, "parts_missing" in said) == (True, False)
    event = AuditEvent.objects.get(verb="list_completed")
    assert event.detail == {"parts": ["如城街道贫困人口.csv"], "reason": REASON}
    assert [each.missing for each in list_half_lists(county.pk, known_at=before)] == [["如城街道贫困人口.csv"]]
    [state] = [each for each in list_feed_states(clerk) if each.feed == "poverty"]
    assert (str(state.as_of_date), state.missing_parts) == (JANUARY, 0)


def test_the_preview_says_what_it_changes_and_keeps_nothing(half, clerk):
    found = preview_completion(actor=clerk, delivery_id=half.pk, at=now())
    assert found.turnover is not None
    assert (found.turnover.gone, found.loss, found.needs_second_person) == (3, {}, False)
    half.refresh_from_db()
    assert (half.completed_at, current(), exits()) == (None, 122, set())


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_demanded(half, clerk, reason):
    with pytest.raises(BadInput):
        complete_list(actor=clerk, delivery_id=half.pk, reason=reason, at=now())


def test_above_the_limit_somebody_who_sent_none_of_the_files_decides(send, clerk, county):
    send(DECEMBER, *TOWNS)
    first, last = send(JANUARY, "长江镇", "如城街道")
    Delivery.objects.filter(pk=first.pk).update(people_behind=[clerk.user_id])
    with pytest.raises(Conflict) as refused, transaction.atomic():
        complete_list(actor=clerk, delivery_id=last.pk, reason=REASON, at=now())
    assert (refused.value.code, current()) == ("second_person", 122)
    assert preview_completion(actor=clerk, delivery_id=last.pk, at=now()).needs_second_person
    complete_list(actor=actor_of(county, "county_reviewer", 900_002), delivery_id=last.pk, reason=REASON, at=now())
    assert (current(), chosen(county)) == (62, JANUARY)


def test_who_only_sends_files_states_it_and_somebody_else_decides(half, clerk, county):
    town = Unit.objects.get(code="320682111000")
    sender = actor_of(town, "township_clerk", 900_003)
    stated = complete_list(actor=sender, delivery_id=half.pk, reason=REASON, at=now())
    assert (stated.completed_at, stated.completion["stated_by"], current()) == (None, "township_clerk", 122)
    assert "said_complete" in [each["code"] for each in stated.reading["remarks"]]
    assert AuditEvent.objects.filter(verb="list_said_complete").count() == 1
    completed = complete_list(actor=clerk, delivery_id=half.pk, reason="乡镇说明属实", at=now())
    assert (completed.completed_by, completed.completion["stated_by"]) == ("county_clerk", "township_clerk")


@pytest.mark.parametrize("role", ["supervisor", "village_official", "county_approver"])
def test_others_may_not(half, county, role):
    with pytest.raises(NotAllowed):
        complete_list(actor=actor_of(county, role, 900_004), delivery_id=half.pk, reason=REASON, at=now())


def test_only_the_last_file_of_a_waiting_list_can_be_declared(half, send, clerk):
    first = Delivery.objects.filter(as_of_date=JANUARY).order_by("pk")[0]
    for delivery in (first, Delivery.objects.filter(as_of_date=DECEMBER)[0]):
        with pytest.raises(Conflict):
            complete_list(actor=clerk, delivery_id=delivery.pk, reason=REASON, at=now())
    complete_list(actor=clerk, delivery_id=half.pk, reason=REASON, at=now())
    with pytest.raises(Conflict):
        complete_list(actor=clerk, delivery_id=half.pk, reason=REASON, at=now())


def test_undoing_the_file_undoes_the_declaration(half, clerk, county, as_system):
    complete_list(actor=clerk, delivery_id=half.pk, reason=REASON, at=now())
    undo_delivery(actor=as_system, delivery_id=half.pk, at=now())
    assert (current(), chosen(county)) == (122, DECEMBER)
    assert [len(each.missing) for each in list_half_lists(county.pk)] == [2]


def test_a_part_that_comes_after_all_is_added(half, send, clerk, county):
    complete_list(actor=clerk, delivery_id=half.pk, reason=REASON, at=now())
    [late] = send(JANUARY, "如城街道")
    assert (late.missing_parts, current(), list_half_lists(county.pk)) == ([], 121, [])


def test_a_file_sent_again_does_not_wait_for_the_part_again(half, send, clerk, county):
    complete_list(actor=clerk, delivery_id=half.pk, reason=REASON, at=now())
    [again] = send(JANUARY, "白蒲镇", without=(7, 61))
    assert (again.state, again.missing_parts, current()) == ("applied", [], 118)


def test_the_month_after_is_compared_with_the_list_declared_complete(half, send, clerk, county):
    complete_list(actor=clerk, delivery_id=half.pk, reason=REASON, at=now())
    sent = send(FEBRUARY, "长江镇", "白蒲镇", without=(7,))
    assert [len(each.missing_parts) for each in sent] == [1, 0]
    assert (current(), chosen(county, FEBRUARY)) == (119, FEBRUARY)


def test_facts_of_the_part_end(tmp_path, take_in, clerk, county):
    def prison(name: str, places: range, month: str) -> Delivery:
        terms = [(row(n)[2], row(n)[3], "监狱服刑", "20150101", "20250101") for n in places]
        return take_in(senders.prison(tmp_path / name, terms), month)

    prison("服刑甲.xlsx", range(60), DECEMBER)
    prison("服刑乙.xlsx", range(60, 62), DECEMBER)
    half = prison("服刑甲.xlsx", range(59), JANUARY)
    assert Fact.objects.as_known().count() == 121
    complete_list(actor=clerk, delivery_id=half.pk, reason=REASON, at=now())
    assert (Fact.objects.as_known().count(), list_half_lists(county.pk)) == (59, [])
    undo_delivery(actor=clerk, delivery_id=half.pk, at=now())
    assert Fact.objects.as_known().count() == 62


def test_a_roll_is_compared_as_a_whole(tmp_path: Path, take_in, clerk, county):
    def roll(name: str, places: range, month: str) -> Delivery:
        lines = [senders.resident_row(f"R{n}", row(n)[2], row(n)[3]) for n in places]
        return take_in(senders.write_csv(tmp_path / name, [senders.RESIDENT, *lines]), month)

    roll("居保明细20181231A.csv", range(60), DECEMBER)
    roll("居保明细20181231B.csv", range(60, 62), DECEMBER)
    half = roll("居保明细20190131A.csv", range(60), JANUARY)
    completed = complete_list(actor=clerk, delivery_id=half.pk, reason=REASON, at=now())
    assert (completed.preview["roll"]["before"], completed.preview["persons"]["gone"]) == (62, 2)
    assert choose_deliveries(county, date.fromisoformat(JANUARY), now())["resident"][0]["as_of"] == JANUARY


def test_a_declaration_without_a_reason_cannot_be_stored(half):
    with (
        pytest.raises(IntegrityError, match="delivery_completed_with_reason"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE registry_delivery SET completed_at = %s, completed_by = 'x' WHERE id = %s", [now(), half.pk]
        )


def receive_by_command(folder: Path, *options: str) -> None:
    call_command("receive", str(folder), "--county", "320682", "--as-of", JANUARY, *options)


def test_the_command_declares_a_list_complete(half, tmp_path, county, capsys):
    receive_by_command(tmp_path / JANUARY)
    assert chosen(county) == DECEMBER, "received only, the list still waits"
    receive_by_command(tmp_path / JANUARY, "--complete", REASON)
    assert (chosen(county), list_half_lists(county.pk)) == (JANUARY, [])
    assert REASON in capsys.readouterr().out
    assert Delivery.objects.get(pk=half.pk).completed_by == "system"


def test_above_the_limit_the_command_leaves_it_to_a_person(send, tmp_path, county, capsys):
    send(DECEMBER, *TOWNS)
    send(JANUARY, "长江镇")
    with pytest.raises(CommandError) as refused:
        receive_by_command(tmp_path / JANUARY, "--complete", REASON)
    assert (refused.value.returncode, chosen(county)) == (3, DECEMBER)
    assert "长江镇贫困人口.csv" in capsys.readouterr().err
