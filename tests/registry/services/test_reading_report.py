"""The reading report: each field with its column and why, what was understood, and what must be accepted before a file is applied."""

from datetime import date

import pytest

from foundation.accounts.actors import system_actor
from foundation.primitives.clock import now
from registry.models import Delivery
from registry.presenters.reading_reports import shown_reading
from registry.services.receiving import process_delivery, receive_file
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

HEADER = ["户编号", "人编号", "姓名", "身份证号码", "脱贫属性", "所在乡镇", "村(居)", "帮扶干部"]
DECEMBER, JANUARY = date(2018, 12, 31), date(2019, 1, 31)


def lines(count: int, *, village: str = "二案村委会", status: str = "未脱贫") -> list[list[str]]:
    return [
        [
            f"H{n:04}",
            f"P{n:04}",
            f"王{'建国富强民主'[n % 6]}{chr(0x4E00 + n)}",
            make_number(f"1950{n % 12 + 1:02}{n % 28 + 1:02}", n),
            status,
            "长江镇",
            village,
            "某",
        ]
        for n in range(count)
    ]


@pytest.fixture
def sent(county, tmp_path):
    """Send a poverty list; with `hold` it waits for approval."""

    def send(rows: list[list[str]], day: date, *, hold: bool = False, header: list[str] = HEADER) -> Delivery:
        path = senders.write_csv(tmp_path / f"贫困人口_{day:%Y%m}.csv", [header, *rows])
        actor = system_actor(county)
        received = receive_file(actor=actor, county=county, path=path, name=path.name, as_of=day, at=now(), hold=hold)
        return process_delivery(actor=actor, delivery_id=received.pk, at=now(), consent=not hold)

    return send


def codes(delivery: Delivery) -> list[str]:
    return [each["code"] for each in delivery.reading.get("remarks", ())]


def by_field(delivery: Delivery) -> dict[str, dict]:
    return {each["field"]: each for each in delivery.reading["report"]["fields"]}


def test_each_field_has_its_column_its_reason_and_what_was_understood(sent):
    fields = by_field(sent(lines(30), DECEMBER))
    assert fields["number"]["sources"] == [
        {"column": "D", "header": "身份证号码", "by": "header", "share": 1.0, "sheets": 1}
    ]
    assert fields["household_no"]["sources"][0]["by"] == "usual_header"
    assert (fields["number"]["filled"], fields["number"]["understood"]) == (30, 30)
    assert (fields["status"]["filled"], fields["status"]["understood"]) == (30, 30)


def test_columns_nobody_used_are_named(sent):
    assert sent(lines(3), DECEMBER).reading["report"]["unused"] == ["帮扶干部"]


def test_places_that_do_not_reach_the_village_say_what_that_costs(sent):
    delivery = sent([*lines(6), *lines(4, village="没有的村")], DECEMBER)
    assert "without_village" in codes(delivery)
    assert "below_limit" in codes(delivery)


def test_a_file_below_its_limit_waits_for_somebody(sent):
    delivery = sent(lines(10, village="没有的村"), DECEMBER, hold=True)
    assert delivery.state == "checked"
    assert "below_limit" in codes(delivery)


def test_what_is_worse_than_in_the_month_before_must_be_accepted(sent):
    sent(lines(40), DECEMBER)
    worse = [*lines(36), *[[*row[:6], "没有的村", *row[7:]] for row in lines(40)[36:]]]
    assert "understood_less" in codes(sent(worse, JANUARY))


def test_a_column_that_is_gone_must_be_accepted(sent):
    sent(lines(5), DECEMBER)
    without = [[*row[:1], *row[2:]] for row in lines(5)]
    assert "column_gone" in codes(sent(without, JANUARY, header=[HEADER[0], *HEADER[2:]]))


def test_the_same_file_a_month_later_says_nothing(sent):
    sent(lines(5), DECEMBER)
    assert not {"understood_less", "column_gone", "below_limit"} & set(codes(sent(lines(5), JANUARY)))


def test_the_report_is_shown_with_reasons(sent):
    shown = shown_reading(sent(lines(4), DECEMBER))
    assert shown is not None
    number = next(each for each in shown.fields if "D" in each.column)
    assert number.understood.startswith("100 %")
    assert number.reason
