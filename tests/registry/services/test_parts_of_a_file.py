"""Every part of a file has its fate, and it is said: read, left out, passed over, not read, or a delivery of its own."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from foundation.accounts.actors import system_actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.primitives.clock import now
from foundation.primitives.errors import Conflict
from registry.intake.errors import sentence
from registry.models import Delivery, DeliveryProblem, Fact, Person
from registry.services.approving import approve_delivery
from registry.services.receiving import process_delivery, receive_file
from registry.services.undoing import undo_delivery
from registry.tasks import process_delivery_task
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

HEADER = ["户编号", "人编号", "姓名", "证件号码", "脱贫属性", "乡镇", "行政村"]
NAMES = ["王建国", "李秀英", "张玉兰", "赵德发", "陈桂芳", "杨志明"]


def people(first: int, last: int) -> list[list[str]]:
    return [
        [f"3206970{n:04}", f"3206970{n:04}01", NAMES[n], make_number("19500305", n), "未脱贫", "长江镇", "二案村"]
        for n in range(first, last)
    ]


def workbook(path: Path, sheets: dict[str, list[list[str]]], hidden: tuple[str, ...] = ()) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
            if name in hidden:
                sheet.hide()
    return path


def archive(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return path


def sentence_in_english(delivery: Delivery) -> str:
    with translation.override("en"):
        return sentence(delivery.refusal)


def codes(delivery: Delivery) -> list[str]:
    return [each["code"] for each in delivery.reading.get("remarks", ())]


def names() -> set[str]:
    return set(Person.objects.values_list("name", flat=True))


@pytest.fixture
def clerk(county):
    user = User.objects.create(username="clerk", display_name="x")
    membership = Membership.objects.create(user=user, role=Role.COUNTY_CLERK, unit=county, valid_from="2018-01-01")
    return user_actor(membership)


POVERTY = senders.csv_bytes([HEADER, *people(0, 3)])
DEATHS = senders.csv_bytes(
    [["数据来源", "姓名", "身份证号", "死亡日期"], ["公安", "赵德发", make_number("19500305", 3), "20181203"]]
)


def test_what_is_no_table_is_named_and_the_rest_is_read(tmp_path, take_in):
    parts = {"长江镇贫困人口.csv": POVERTY, "通知.pdf": b"%PDF-1.4", "白蒲镇.rar": b"Rar!\x1a\x07", "旧表.dbf": b"\x03"}
    delivery = take_in(archive(tmp_path / "贫困人口.zip", parts))
    assert (delivery.state, names()) == ("applied", set(NAMES[:3]))
    assert [(each["code"], each["values"]["kind"]) for each in delivery.reading["remarks"]] == [
        ("part_not_read", "pdf"),
        ("data_not_read", "rar"),
        ("data_not_read", "dbf"),
    ]


def test_an_empty_part_is_named_and_no_name_or_number_of_somebody(tmp_path, take_in):
    number = make_number("19500305", 1)
    delivery = take_in(
        archive(
            tmp_path / "贫困人口.zip",
            {"长江镇.csv": POVERTY, "白蒲镇.csv": b"", "王建国.jpg": b"\xff", f"{number}.pdf": b"%PDF-1"},
        )
    )
    assert codes(delivery) == ["part_empty", "part_not_read", "pictures_not_read"]
    assert number not in str(delivery.reading)
    assert "王建国" not in str(delivery.reading)


@pytest.mark.parametrize("second", ["长江镇二.csv", "白蒲镇.csv"])
def test_a_list_nobody_knows_beside_a_known_one_stops_the_file(tmp_path, take_in, second):
    unknown = senders.csv_bytes([["甲", "乙", "丙"], *([row[2], row[3], "x"] for row in people(3, 6))])
    delivery = take_in(archive(tmp_path / "贫困人口.zip", {"长江镇.csv": POVERTY, second: unknown}))
    assert (delivery.state, delivery.refusal["code"]) == ("refused", "unknown_layout")
    assert "2 of 2" in sentence_in_english(delivery)
    assert not names()


def test_a_table_of_names_nobody_recognises_is_no_note(tmp_path, take_in):
    """Names without usual surnames and without numbers: whether they are persons must be asked."""
    rows = [[f"阿依{chr(0x5E0C + n)}木", "白蒲镇", "是"] for n in range(12)]
    sheets = {"在册": [HEADER, *people(0, 3)], "白蒲镇": [["甲", "乙", "丙"], *rows]}
    delivery = take_in(workbook(tmp_path / "贫困人口.xlsx", sheets))
    assert (delivery.state, delivery.refusal["code"]) == ("refused", "unknown_layout")


def test_two_feeds_in_one_file_are_two_deliveries(tmp_path, take_in, county):
    path = archive(tmp_path / "12月.zip", {"贫困人口.csv": POVERTY, "死亡信息.csv": DEATHS})
    delivery = take_in(path)
    assert (delivery.feed, delivery.only_feed, delivery.state) == ("poverty", "poverty", "applied")
    other = Delivery.objects.get(only_feed="deaths")
    process_delivery_task(other.pk)
    other.refresh_from_db()
    assert (other.state, other.feed, Fact.objects.count()) == ("applied", "deaths", 1)
    assert {codes(each)[0] for each in (delivery, other)} == {"other_feed"}


def test_what_else_is_in_a_file_is_said_with_its_main_feed_only(tmp_path, take_in):
    summary = senders.csv_bytes([["乡镇", "人数"], ["长江镇", "3"], ["合计", "3"]])
    parts = {"贫困人口.csv": POVERTY, "死亡信息.csv": DEATHS, "汇总.csv": summary, "旧.rar": b"Rar!"}
    delivery = take_in(archive(tmp_path / "12月.zip", parts))
    other = Delivery.objects.get(only_feed="deaths")
    process_delivery_task(other.pk)
    other.refresh_from_db()
    assert (codes(delivery), codes(other)) == (["data_not_read", "summary_agrees", "other_feed"], ["other_feed"])


def test_a_preview_names_the_dates_that_cannot_be_read(tmp_path, county, clerk):
    days = ["20181203", "3/12/2018", "20911203"]
    rows = [["公安", NAMES[n], make_number("19500305", n), day] for n, day in enumerate(days)]
    path = tmp_path / "死亡信息.csv"
    path.write_bytes(senders.csv_bytes([["数据来源", "姓名", "身份证号", "死亡日期"], *rows]))
    sent = receive_file(actor=clerk, county=county, path=path, name=path.name, as_of=AS_OF, at=now(), hold=True)
    checked = process_delivery(actor=clerk, delivery_id=sent.pk, at=now())
    assert (checked.state, Fact.objects.count()) == ("checked", 0)
    found = DeliveryProblem.objects.filter(delivery=checked).exclude(action="skip").values_list("row", "reason")
    assert set(found) == {(3, "date_unreadable"), (4, "date_implausible")}
    assert checked.row_counts["outcomes"]["loaded"] == 1


def test_a_term_ends_on_the_last_day_of_the_month_it_states(tmp_path, take_in):
    """In a month nobody is released before its end; a year ends with its last day, a day is itself."""
    terms = [("20150101", "201812"), ("201501", "2018"), ("201812", "201812"), ("20150101", "20181203")]
    rows = [(NAMES[n], make_number("19800305", n), "监狱服刑", *term) for n, term in enumerate(terms)]
    take_in(senders.prison(tmp_path / "服刑人员.xlsx", rows))
    ends = Fact.objects.order_by("row").values_list("valid_to", flat=True)
    assert [str(day) for day in ends] == ["2018-12-31", "2018-12-31", "2018-12-31", "2018-12-03"]


def test_the_same_file_with_two_feeds_again_is_the_same_two(tmp_path, take_in):
    path = archive(tmp_path / "12月.zip", {"贫困人口.csv": POVERTY, "死亡信息.csv": DEATHS})
    delivery = take_in(path)
    other = Delivery.objects.get(only_feed="deaths")
    process_delivery_task(other.pk)
    assert take_in(path).pk in (delivery.pk, other.pk), "the same file again is the same two deliveries"
    assert Delivery.objects.count() == 2


def test_the_command_reads_all_feeds_of_a_file(tmp_path, county, capsys):
    path = archive(tmp_path / "12月.zip", {"贫困人口.csv": POVERTY, "死亡信息.csv": DEATHS, "通知.pdf": b"%PDF-1.4"})
    call_command("receive", str(path), county="320682", as_of="2018-12-31")
    assert set(Delivery.objects.values_list("feed", "state")) == {("poverty", "applied"), ("deaths", "applied")}
    said = capsys.readouterr().out
    assert "通知.pdf" in said


def test_a_damaged_list_is_not_taken_for_a_note(tmp_path, take_in):
    rows = [["公安", f"王?{n}", "1", "2018"] for n in range(6)]
    odd = senders.csv_bytes([["数据来源", "姓名", "身份证号", "死亡日期"], *rows])
    delivery = take_in(archive(tmp_path / "12月.zip", {"贫困人口.csv": POVERTY, "死亡信息.csv": odd}))
    assert (delivery.state, delivery.refusal["code"]) == ("refused", "names_damaged")


def test_of_a_file_with_two_feeds_only_the_one_that_failed_is_read_again(tmp_path, take_in):
    path = archive(tmp_path / "12月.zip", {"贫困人口.csv": POVERTY, "死亡信息.csv": DEATHS})
    delivery = take_in(path)
    other = Delivery.objects.get(only_feed="deaths")
    Delivery.objects.filter(pk=other.pk).update(state="refused", refusal={"code": "discarded", "values": {"who": "x"}})
    again = take_in(path)
    assert (again.pk, again.state, again.only_feed) == (other.pk, "applied", "deaths")
    assert Delivery.objects.get(pk=delivery.pk).state == "applied"


def test_an_undone_feed_of_a_file_with_two_is_read_again_when_the_file_is_sent_again(tmp_path, take_in):
    path = archive(tmp_path / "12月.zip", {"贫困人口.csv": POVERTY, "死亡信息.csv": DEATHS})
    delivery = take_in(path)
    other = Delivery.objects.get(only_feed="deaths")
    process_delivery_task(other.pk)
    undo_delivery(actor=system_actor(delivery.county), delivery_id=delivery.pk, at=now())
    assert not Person.objects.filter(designations__superseded_at__isnull=True).exists()
    again = take_in(path)
    assert (again.pk > other.pk, again.only_feed, again.state) == (True, "poverty", "applied")
    assert Delivery.objects.filter(only_feed="deaths").count() == 1


def test_sheets_that_list_nobody_are_passed_over_line_by_line(tmp_path, take_in):
    sheets = {
        "封面": [["如皋市2018年12月建档立卡贫困人口花名册"], [""], ["填报单位：长江镇人民政府"]],
        "在册": [HEADER, *people(0, 3)],
        "填表说明": [["一、本表每月5日前报送。"], ["二、身份证号码须为文本。"]],
        "汇总": [["乡镇", "人数"], ["长江镇", "3"], ["合计", "3"]],
    }
    delivery = take_in(workbook(tmp_path / "贫困人口.xlsx", sheets))
    assert names() == set(NAMES[:3])
    assert sorted(codes(delivery)) == ["note_sheet", "note_sheet", "summary_agrees"]
    found = set(DeliveryProblem.objects.exclude(sheet="在册").values_list("sheet", "row", "reason", "action"))
    assert found == {
        ("封面", 1, "note_sheet", "skip"),
        ("封面", 3, "note_sheet", "skip"),
        ("填表说明", 1, "note_sheet", "skip"),
        ("填表说明", 2, "note_sheet", "skip"),
        ("汇总", 1, "summary_sheet", "skip"),
        ("汇总", 2, "summary_sheet", "skip"),
        ("汇总", 3, "summary_sheet", "skip"),
    }


def test_a_summary_that_counts_others_must_be_confirmed(tmp_path, county, clerk):
    sheets = {"在册": [HEADER, *people(0, 3)], "汇总": [["乡镇", "人数"], ["长江镇", "5"], ["合计", "5"]]}
    path = workbook(tmp_path / "贫困人口.xlsx", sheets)
    sent = receive_file(actor=clerk, county=county, path=path, name=path.name, as_of=AS_OF, at=now())
    checked = process_delivery(actor=clerk, delivery_id=sent.pk, at=now())
    assert (checked.state, codes(checked), names()) == ("checked", ["summary_differs"], set())
    with pytest.raises(Conflict) as refused:
        approve_delivery(actor=clerk, delivery_id=sent.pk, at=now())
    assert refused.value.code == "remarks_unread"
    page = browser(clerk)
    shown = page.get(reverse("delivery", args=[sent.pk])).content.decode()
    assert "states a total of 5, but 3 persons were read" in shown
    assert 'name="has_read_remarks"' in shown
    page.post(reverse("delivery_approve", args=[sent.pk]), {"has_read_remarks": "yes"})
    process_delivery_task(sent.pk)
    assert names() == set(NAMES[:3])


@pytest.mark.parametrize(
    ("sheet", "hidden", "code"), [("11月", ("11月",), "hidden_sheet"), ("已死亡退出", (), "exited_sheet")]
)
def test_who_left_is_not_current(tmp_path, take_in, sheet, hidden, code):
    sheets = {"在册": [HEADER, *people(0, 3)], sheet: [HEADER, *people(3, 6)]}
    delivery = take_in(workbook(tmp_path / "贫困人口.xlsx", sheets, hidden))
    assert names() == set(NAMES[:3])
    assert codes(delivery) == [code]


def test_the_only_sheet_is_read_although_it_is_hidden_and_it_is_said(tmp_path, take_in):
    sheets = {"封面": [["花名册"]], "名单": [HEADER, *people(0, 3)]}
    delivery = take_in(workbook(tmp_path / "贫困人口.xlsx", sheets, ("名单",)))
    assert names() == set(NAMES[:3])
    assert sorted(codes(delivery)) == ["left_sheet_read", "note_sheet"]


def test_sheets_of_events_and_of_rolls_are_named_as_they_like(tmp_path, take_in):
    header, row = ["姓名", "身份证号", "死亡日期"], ["20181203"]
    sheets = {
        "公安": [header, ["赵德发", make_number("19500305", 3), *row]],
        "户籍注销": [header, ["陈桂芳", make_number("19500305", 4), *row]],
    }
    delivery = take_in(workbook(tmp_path / "死亡人员.xlsx", sheets))
    assert (Fact.objects.count(), codes(delivery)) == (2, [])


def test_a_list_of_its_own_kind_is_no_list_of_who_left(tmp_path, take_in):
    rows = [["姓名", "身份证号", "死亡日期"], ["赵德发", make_number("19500305", 3), "20181203"]]
    delivery = take_in(workbook(tmp_path / "死亡人员.xlsx", {"死亡": rows}))
    assert (delivery.state, Fact.objects.count(), codes(delivery)) == ("applied", 1, [])


def test_hidden_and_struck_lines_are_counted(tmp_path, take_in):
    path = tmp_path / "贫困人口.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, struck = book.add_worksheet("在册"), book.add_format({"font_strikeout": True})
        for line, row in enumerate([HEADER, *people(0, 5)]):
            sheet.write_row(line, 0, row, struck if line == 2 else None)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_row(4, None, None, {"hidden": True})
    delivery = take_in(path)
    assert [(each["code"], each["values"]["rows"]) for each in delivery.reading["remarks"]] == [
        ("hidden_rows", "2"),
        ("struck_rows", "1"),
    ]


AS_OF = now().date().replace(year=2018, month=12, day=31)


def browser(actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def test_a_file_none_of_whose_lines_can_be_read_is_refused(tmp_path, take_in):
    """As a full list it would end everything known from the month before."""
    rows = [["姓名", "身份证号", "死亡日期"], *([row[2], row[3], "不知"] for row in people(0, 4))]
    path = tmp_path / "死亡人员信息.csv"
    path.write_bytes(senders.csv_bytes(rows))
    delivery = take_in(path)
    assert (delivery.state, delivery.refusal["code"]) == ("refused", "no_line_read")
    assert not Fact.objects.exists()
