"""A line of a file opens as it was sent: every format, under its own headers, masked, with its neighbours, in the reader's reach."""

import re
import unicodedata
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter
from django.conf import settings
from django.test import Client
from django.urls import reverse

from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.audit.models import AuditEvent
from foundation.primitives.errors import Conflict, NotAllowed, NotFound
from foundation.primitives.masks import mask_id, mask_phone
from foundation.regions.selectors import get_unit
from registry.intake import lines as intake_lines
from registry.models import DeliveredRow, Delivery, DeliveryProblem, Fact, Person
from registry.presenters.delivered_lines import ShownSheet, shown_sheet
from registry.services.delivered_lines import open_line
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

NUMBERS = [make_number("19600101", n) for n in range(12)]
HERE, THERE = "320682111201", "320682103201"
PEOPLE: list[dict[str, Any]] = [
    {"name": f"王{'甲乙丙丁戊己庚辛壬癸子丑'[n]}", "number": number, "household": n, "place": HERE if n % 2 else THERE}
    for n, number in enumerate(NUMBERS)
]
TEKUN = [
    ["如皋市长江镇二案村委会", f"T{n}", each["name"], each["number"], "男", "", "分散供养"]
    for n, each in enumerate(PEOPLE)
]
ROLL = [
    senders.resident_row(f"R{n}", PEOPLE[n]["name"], number, unit=HERE if n % 2 else THERE)
    for n, number in enumerate(NUMBERS)
]


@pytest.fixture
def reader(county):
    def make(role=Role.COUNTY_CLERK, unit=None):
        user = User.objects.create(username=f"{role}-{unit}", display_name="x")
        membership = Membership.objects.create(user=user, role=role, unit=unit or county, valid_from="2018-01-01")
        return user_actor(membership)

    return make


def shown(actor: Actor, delivery: Delivery, place: str, line: int) -> list[ShownSheet]:
    sheets = open_line(actor=actor, delivery_id=delivery.pk, place=place, line=line, read_long=True)
    assert sheets is not None
    return [shown_sheet(sheet, line) for sheet in sheets]


def cells_of(sheet: ShownSheet, line: int) -> Any:
    (found,) = [each.cells for each in sheet.lines if each.line == line]
    return found


def write_xls_like_text(path: Path, rows: list[list[Any]]) -> Path:
    path.write_bytes("".join("\t".join(row) + "\n" for row in rows).encode("gb18030"))
    return path


def table(kind: str, folder: Path) -> Path:
    rows = [senders.RESIDENT, *ROLL]
    match kind:
        case "xlsx":
            return senders.write_xlsx(folder / "居保.xlsx", rows, "名册")
        case "csv":
            return senders.write_csv(folder / "居保.csv", rows)
        case "txt":
            return write_xls_like_text(folder / "居保.txt", rows)
        case "xls as text":
            return write_xls_like_text(folder / "居保.xls", rows)
        case "zip of csv":
            path = folder / "居保.zip"
            path.write_bytes(senders.zip_bytes({"jm.csv": senders.csv_bytes(rows)}))
            return path
        case "zip of xlsx":
            path = folder / "居保.zip"
            path.write_bytes(senders.zip_bytes({"居保.xlsx": senders.write_xlsx(folder / "a.xlsx", rows).read_bytes()}))
            return path
        case _:
            path = folder / "居保.ods"
            path.write_bytes(ods(rows))
            return path


def ods(rows: list[list[Any]]) -> bytes:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = "".join(f"<table:table-row>{''.join(cell.format(text) for text in row)}</table:table-row>" for row in rows)
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="名册">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    parts = {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content}
    return senders.zip_bytes({name: text.encode() for name, text in parts.items()})


@pytest.mark.parametrize("kind", ["xlsx", "csv", "txt", "xls as text", "zip of csv", "zip of xlsx", "ods"])
@pytest.mark.parametrize("is_long", [False, True])
def test_a_line_of_every_format_opens_as_sent(tmp_path, take_in, reader, monkeypatch, kind, is_long):
    if is_long:
        for name, limit in (("LONG_TEXT_BYTES", 10), ("LONG_WORKBOOK_BYTES", 10), ("FIRST_LINES", 3)):
            monkeypatch.setattr(intake_lines, name, limit)
    delivery = take_in(table(kind, tmp_path))
    assert delivery.state == "applied"
    place = "jm.csv" if kind == "zip of csv" else ""
    (sheet,) = shown(reader(), delivery, place, 7)
    assert sheet.header == senders.RESIDENT
    assert [each.line for each in sheet.lines] == [4, 5, 6, 7, 8, 9, 10]
    assert [each.line for each in sheet.lines if each.is_asked] == [7]
    for each in sheet.lines:
        sent = list(ROLL[each.line - 2])
        sent[3] = mask_id(sent[3])
        assert [cell for _, cell in each.cells or ()] == [str(cell) for cell in sent]
    event = AuditEvent.objects.get(verb="read_delivered_line")
    assert (event.object_id, event.outcome, event.detail) == (str(delivery.pk), "read", {"sheet": place, "line": 7})


def test_every_line_a_file_is_named_by_opens_with_its_person(tmp_path, take_in, reader):
    files = [
        take_in(senders.poverty(tmp_path / "建档立卡.xlsx", PEOPLE)),
        take_in(
            senders.tekun(tmp_path / "特困.csv", [{"name": each["name"], "number": each["number"]} for each in PEOPLE])
        ),
        take_in(
            senders.dibao(tmp_path / "低保.xlsx", [{"members": [(each["name"], each["number"])]} for each in PEOPLE])
        ),
        take_in(
            senders.prison(
                tmp_path / "服刑.xlsx", [(p["name"], p["number"], "监狱服刑", "20160101", "20300101") for p in PEOPLE]
            )
        ),
    ]
    rows = [(row.delivery, row.sheet, row.row, row.name) for row in DeliveredRow.objects.select_related("delivery")]
    rows += [(fact.delivery, fact.sheet, fact.row, fact.name) for fact in Fact.objects.select_related("delivery")]
    assert len(rows) == 4 * len(PEOPLE)
    actor = reader()
    for delivery, place, line, name in rows:
        (sheet,) = shown(actor, delivery, place, line)
        assert name in [cell for _, cell in cells_of(sheet, line)]
    for problem in DeliveryProblem.objects.filter(delivery__in=files).select_related("delivery"):
        assert shown(actor, problem.delivery, problem.sheet, problem.row)


def test_several_tables_of_one_zip_and_several_sheets_are_distinguished(tmp_path, take_in, reader):
    halves = {
        f"{place}.csv": senders.csv_bytes([senders.TEKUN, *rows])
        for place, rows in (("北片", TEKUN[:6]), ("南片", TEKUN[6:]))
    }
    path = tmp_path / "特困供养.zip"
    path.write_bytes(senders.zip_bytes(halves))
    delivery = take_in(path)
    assert delivery.state == "applied"
    assert DeliveredRow.objects.filter(delivery=delivery).count() == len(TEKUN)
    actor = reader()
    for row in DeliveredRow.objects.filter(delivery=delivery):
        (sheet,) = shown(actor, delivery, row.sheet, row.row)
        assert cells_of(sheet, row.row)[2][1] == row.name


def test_a_roll_in_two_sheets_keeps_its_lines_apart(tmp_path, take_in, reader):
    path = tmp_path / "居保.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in (("说明", [["本表由居保科提供"]]), ("一", ROLL[:6]), ("二", ROLL[6:])):
            page = book.add_worksheet(name)
            for line, row in enumerate(rows if name == "说明" else [senders.RESIDENT, *rows]):
                page.write_row(line, 0, row)
    delivery = take_in(path)
    places = pq.read_table(settings.DATA_DIR / delivery.snapshot.path, columns=["part", "line", "name"]).to_pylist()
    assert {place["part"] for place in places} == {"一", "二"}
    actor = reader()
    for place in places:
        (sheet,) = shown(actor, delivery, place["part"], place["line"])
        assert cells_of(sheet, place["line"])[2][1] == place["name"]


def test_every_number_of_a_person_is_masked_in_every_column(tmp_path, take_in, reader):
    phone, account, damaged = "13800001234", "6222020200112233445", NUMBERS[3][:-2]
    header = [*senders.TEKUN, "联系电话", "银行账号", "监护人身份证号", "备注"]
    remark = f"代办人{NUMBERS[1]}，电话{phone}；残疾证{NUMBERS[2]}43，座机0513-87654321"
    wide = NUMBERS[4].translate({ord(c): 0xFF10 + int(c) for c in "0123456789"})
    rows = [
        [*TEKUN[0], phone, account, NUMBERS[5], remark],
        [*TEKUN[1][:3], damaged, *TEKUN[1][4:], "无", "", "不详", f"原号 {wide}"],
        [*TEKUN[2][:1], NUMBERS[6], *TEKUN[2][2:], "", "", "", " ".join(NUMBERS[7])],
    ]
    rows[0][1], rows[1][1] = "320682D0512345678", phone  # a key with a landline's digits, and a telephone as a key
    delivery = take_in(senders.write_csv(tmp_path / "特困.csv", [header, *rows]))
    (sheet,) = shown(reader(), delivery, "", 3)
    page = "\n".join(cell for each in sheet.lines for _, cell in each.cells or ())
    digits = re.sub(r"[ \-]", "", unicodedata.normalize("NFKC", page))
    for whole in (*NUMBERS[:8], damaged, account, phone, "051387654321"):
        assert whole not in digits
    assert not re.search(r"\d{13}", digits)
    assert dict(cells_of(sheet, 2))["联系电话"] == mask_phone(phone)
    assert [dict(cells_of(sheet, 3))[name] for name in ("联系电话", "监护人身份证号")] == ["无", "不详"]
    assert dict(cells_of(sheet, 2))["供养证号"] == "320682D0512345678"
    assert dict(cells_of(sheet, 3))["供养证号"] == mask_phone(phone)


def test_a_township_sees_its_own_lines_and_of_others_the_number_only(tmp_path, take_in, reader):
    township = reader(Role.TOWNSHIP_CLERK, get_unit(code="320682111"))
    supervisor = reader(Role.SUPERVISOR, get_unit(code="3206"))
    take_in(senders.poverty(tmp_path / "建档立卡.xlsx", PEOPLE))
    roll = take_in(table("csv", tmp_path))
    prisoners = [(each["name"], each["number"], "监狱服刑", "20160101", "20300101") for each in PEOPLE]
    take_in(senders.prison(tmp_path / "服刑.xlsx", prisoners))
    named = [(row.delivery, row.sheet, row.row, row.name) for row in DeliveredRow.objects.select_related("delivery")]
    named += [(fact.delivery, fact.sheet, fact.row, fact.name) for fact in Fact.objects.select_related("delivery")]
    named += [(roll, "", line, row[2]) for line, row in enumerate(ROLL, start=2)]
    own = {each["name"] for each in PEOPLE if each["place"] == HERE}
    for delivery, place, line, name in named:
        (sheet,) = shown(township, delivery, place, line)
        assert (cells_of(sheet, line) is not None) is (name in own), (delivery, line)
        names = {cell for each in sheet.lines for _, cell in each.cells or ()} & {each["name"] for each in PEOPLE}
        assert names <= own
        (whole,) = shown(supervisor, delivery, place, line)
        assert all(each.cells is not None for each in whole.lines)


def test_who_may_not_and_what_is_not_there(tmp_path, take_in, reader):
    delivery = take_in(table("csv", tmp_path))
    clerk = reader()
    for line in (0, 14, 10**12):
        with pytest.raises(NotFound):
            shown(clerk, delivery, "", line)
    with pytest.raises(NotAllowed):
        shown(reader(Role.VILLAGE_OFFICIAL, get_unit(code="320682111201")), delivery, "", 2)
    with pytest.raises(NotFound):
        shown(reader(Role.COUNTY_CLERK, get_unit(code="320681")), delivery, "", 2)
    (settings.DATA_DIR / delivery.stored_path).unlink()
    with pytest.raises(Conflict):
        shown(clerk, delivery, "", 2)
    assert not AuditEvent.objects.filter(verb="read_delivered_line").exists()


def test_a_refused_file_opens_without_headers(tmp_path, take_in, reader):
    delivery = take_in(senders.write_csv(tmp_path / "车辆.csv", [["车牌", "颜色"], ["苏F1", NUMBERS[0]]]))
    assert delivery.state == "refused"
    (sheet,) = shown(reader(), delivery, "", 2)
    assert [cell for _, cell in cells_of(sheet, 2)] == ["苏F1", mask_id(NUMBERS[0])]


def test_a_long_file_shows_its_progress_and_then_the_line(tmp_path, take_in, reader, monkeypatch):
    monkeypatch.setattr(intake_lines, "LONG_WORKBOOK_BYTES", 10)
    delivery = take_in(table("xlsx", tmp_path))
    actor = reader()
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=actor.user_id))
    address = f"{reverse('delivery_line', args=[delivery.pk, 7])}?sheet="
    page = client.get(address).content.decode()
    assert f'hx-get="{address}" hx-trigger="load"' in page
    assert "<progress" in page
    assert PEOPLE[5]["name"] not in page
    assert not AuditEvent.objects.filter(verb="read_delivered_line").exists()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert PEOPLE[5]["name"] in part
    assert NUMBERS[5] not in part
    assert PEOPLE[5]["name"] in client.get(f"{address}&whole=yes").content.decode()


def test_pages_lead_to_the_lines_they_name(tmp_path, take_in, reader):
    poverty = take_in(
        senders.poverty(tmp_path / "建档立卡.xlsx", [*PEOPLE, {"name": "无号", "number": "", "household": 99}])
    )
    actor = reader()
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=actor.user_id))
    person = Person.objects.get(name=PEOPLE[5]["name"])
    row = person.delivered_rows.get()
    link = f"/deliveries/{poverty.pk}/lines/{row.row}/?sheet=%E8%B4%AB%E5%9B%B0%E4%BA%BA%E5%8F%A3"
    assert link in client.get(f"/persons/{person.pk}/").content.decode()
    assert link in client.get(reverse("person_timeline", args=[person.pk])).content.decode()
    assert PEOPLE[5]["name"] in client.get(link).content.decode()
    problem = DeliveryProblem.objects.get(delivery=poverty, reason="id_missing")
    assert (
        f"/deliveries/{poverty.pk}/lines/{problem.row}/?sheet="
        in client.get(f"/deliveries/{poverty.pk}/").content.decode()
    )


def test_a_damaged_file_is_a_sentence_on_the_page_of_its_line(tmp_path, take_in, reader):
    poverty = take_in(senders.poverty(tmp_path / "建档立卡.xlsx", PEOPLE))
    path = settings.DATA_DIR / poverty.stored_path
    path.write_bytes(path.read_bytes()[:-1])
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=reader().user_id))
    answer = client.get(reverse("delivery_line", args=[poverty.pk, 5]))
    assert answer.status_code == 409
    assert "restore it from the backup" in answer.content.decode()
