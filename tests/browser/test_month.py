"""Two months of one clerk in a real browser: upload, night, possible matches, work list, table; then the next month."""

import csv
import io
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from casework.constants import CaseState, CloseReason
from casework.models import Case, Gap
from coverage.models import CoverageVerdict, Link, MatchDecision
from demo.county import make_county
from foundation.policy.services.calendar import load_calendar
from registry.constants import DeliveryState, Feed, RowAction
from registry.models import Delivery, DeliveryProblem, Person
from tests.browser.clerk import ALL_BUT_CERTIFICATIONS, MONTH, drop, make_clerk, run_night, send_files, sign_in
from tests.oracles.numbers import clean_number, make_number
from tests.plugins.county import load_county

DECEMBER, JANUARY = "2018-12-31", "2019-01-31"
NEWLY_POOR = "欧阳新贫"


@pytest.mark.xdist_group("browser")
@pytest.mark.django_db(transaction=True)
def test_two_months_from_files_to_the_worked_list(
    page: Page, live_server: LiveServer, tmp_path: Path, settings: Settings
) -> None:
    """What a county clerk does in two months works from the first upload to the last table, without a reload by hand."""
    settings.DATA_DIR = tmp_path / "data"
    county, url = load_county(tmp_path), live_server.url
    load_calendar()
    for name, shown in (("wang", "王经办"), ("li", "李经办")):
        make_clerk(county, name, shown)
    made = make_county(poor=150, roll=1500, seed=3, out=tmp_path / "made", county="320682", month=MONTH)
    files = sorted(made.month_folder.iterdir())

    sign_in(page, url)
    send_files(page, url, files, DECEMBER)
    assert Delivery.objects.filter(state=DeliveryState.APPLIED).count() == len(files) == ALL_BUT_CERTIFICATIONS
    correct_lines(page, url, tmp_path)
    run_night(page, url, DECEMBER)
    assert CoverageVerdict.objects.filter(superseded_at__isnull=True).count() > 100
    assert Case.objects.count() == Gap.objects.values("person_id", "scheme", "roll_no").distinct().count()

    decided = decide_a_pair(page, url)
    enrolled, settled = never_enrolled(made.month_folder)[:2]
    assign(page, url, enrolled)
    close_with_evidence(page, url, settled)
    look_at_table(page, url, DECEMBER)

    files = [january_roll(made.month_folder, tmp_path, enrolled), january_list(made.month_folder, tmp_path)]
    send_files(page, url, files, JANUARY)
    run_night(page, url, JANUARY)
    the_night_changed_what_should_change(page, url, enrolled, settled)
    assert not Link.objects.as_known().filter(pk=decided.link_id, action="review").exists(), "a decision counts at once"
    look_at_table(page, url, JANUARY)


def correct_lines(page: Page, url: str, folder: Path) -> None:
    """Download the poverty file's correction file, enter right numbers, and upload it as any other file."""
    delivery = Delivery.objects.get(feed=Feed.POVERTY)
    page.goto(f"{url}/deliveries/{delivery.pk}/")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载待更正的行").click()
    corrected = folder / "建档立卡更正_201812.xlsx"
    download.value.save_as(corrected)
    book = openpyxl.load_workbook(corrected)
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if str(row[0].value).startswith("原行号#"))
    number = next(cell.column for cell in header if cell.value == "证件号码")
    for line in range(int(header[0].row or 0) + 1, sheet.max_row + 1):
        sheet.cell(line, int(number or 0)).value = make_number("19600101", line)
    book.save(corrected)
    page.goto(f"{url}/deliveries/")
    drop(page, [corrected])
    page.locator("#upload form .buttons button").click()
    page.get_by_role("button", name="已核对的文件全部入库").click(timeout=60_000)
    expect(page.get_by_text("1 个文件正在入库")).to_be_visible(timeout=60_000)
    back = Delivery.objects.get(corrects=delivery)
    assert back.state == DeliveryState.APPLIED
    assert not DeliveryProblem.objects.filter(delivery=delivery, corrected_by=None).exclude(
        action__in=[RowAction.SKIP, RowAction.DUPLICATE]
    )


def decide_a_pair(page: Page, url: str) -> MatchDecision:
    """Decide on the first card that it is somebody else; the next card follows without a reload."""
    page.goto(f"{url}/possible-matches/")
    page.locator("button[data-press=n]").click()
    expect(page.locator("#done")).to_contain_text("不是同一人")
    return MatchDecision.objects.get()


def never_enrolled(december: Path) -> list[Person]:
    """People on no roll, listed with a right number, with nothing else to do about them: January may enrol one of them."""
    gaps = Gap.objects.open().filter(kind="UNINSURED", reason="never_enrolled").order_by("id")
    people = [gap.person for gap in gaps if gap.person and gap.person.gaps.count() == 1]
    return [person for person in people if clean_number(poor_number(december, person.name)).state == "ok"]


def assign(page: Page, url: str, person: Person) -> None:
    """Select a row, give it to a colleague after looking at before and after, and find it in the colleague's list."""
    page.goto(f"{url}/work/?kind=UNINSURED&rows=500")
    page.locator(f"input[name=subject][value='p:{person.pk}']").check()
    page.get_by_role("button", name="分派", exact=True).click()
    page.locator("select[name=assignee]").select_option(label="李经办")
    page.get_by_role("button", name="预览").click()
    page.get_by_role("main").get_by_role("button", name="分派", exact=True).click()
    expect(page.get_by_text("已将 1 项任务分派给李经办")).to_be_visible()
    page.locator("summary", has_text="添加筛选").click()
    page.locator("select[name=owner]").select_option(label="李经办")
    page.locator("form.filter-bar button").click()
    expect(page.locator("main table a[href^='/persons/']")).to_have_count(1)


def close_with_evidence(page: Page, url: str, person: Person) -> None:
    """Close without evidence, see the error beside the field, and close with a letter."""
    page.goto(f"{url}/work/?kind=UNINSURED&rows=500")
    page.locator(f"main table a[href^='/persons/{person.pk}/']").click()
    expect(page.get_by_role("heading", name="代码")).to_be_visible()
    expect(page.locator(".case")).to_contain_text("前办理")
    page.get_by_role("button", name="认领任务").click()
    page.locator("summary", has_text="说明原因销号").click()
    form = page.locator("form[action$='/work/close/']")
    form.locator("select[name=reason]").select_option(CloseReason.INSURED_ELSEWHERE)
    form.locator("textarea[name=note]").fill("外省参保，已见证明")
    form.locator("button").click()
    expect(page.locator(".error-summary")).to_contain_text("请填写依据")
    expect(form.locator("textarea[name=note]")).to_have_value("外省参保，已见证明")
    form.locator("select[name=evidence_kind]").select_option("document")
    form.locator("input[name=evidence_date]").fill("2019-01-08")
    form.locator("input[name=evidence_reference]").fill("苏人社证〔2019〕12号")
    form.get_by_role("button", name="说明原因销号").click()
    expect(page.locator(".case")).to_contain_text("苏人社证〔2019〕12号")
    expect(page.get_by_text("说明原因销号").first).to_be_visible()
    case = Case.objects.get(person=person)
    assert (case.state, case.close_reason) == (CaseState.CLOSED_WITH_REASON, CloseReason.INSURED_ELSEWHERE)
    assert person.gaps.filter(closed_at__isnull=True).exists(), "closing the case leaves the gap to the next night"
    assert [line.verb for line in case.case_events.order_by("id")] == ["open_case", "take_case", "close_case"]


def look_at_table(page: Page, url: str, day: str) -> None:
    """Open the statutory table of a day, the list behind one of its cells, and the table as a workbook."""
    page.goto(f"{url}/reports/?day={day}")
    cell = page.locator("tr.total td.figure a").first
    count = int(cell.inner_text().replace(",", ""))
    cell.click()
    expect(page.locator("h1")).to_contain_text(f"{count}")
    expect(page.locator("main tbody tr").first).to_be_visible()
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 xlsx").click()
    assert day.replace("-", "") in download.value.suggested_filename
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).worksheets[0]
    assert str(count) in {str(each.value) for row in sheet.iter_rows() for each in row}


def january_roll(december: Path, folder: Path, enrolled: Person) -> Path:
    """Write December's resident roll with one line more: somebody has been enrolled."""
    source = next(december.glob("城乡居保参保人员_*.zip"))
    with zipfile.ZipFile(source) as archive:
        rows = list(csv.reader(io.StringIO(archive.read(archive.namelist()[0]).decode("gb18030"))))
    header, line = rows[0], next(list(row) for row in rows[1:] if "正常缴费" in row)
    number = poor_number(december, enrolled.name)
    line[header.index("个人编号")], line[header.index("姓名")] = "32060099999999", enrolled.name
    line[header.index("证件号码")], line[header.index("出生日期")] = number, number[6:14]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([*rows, line])
    target = folder / "城乡居保参保人员_201901.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("jm_201901.csv", text.getvalue().encode("gb18030"))
    return target


def january_list(december: Path, folder: Path) -> Path:
    """Write December's list of the poor with one person more."""
    target = folder / "建档立卡贫困人口信息_201901.xlsx"
    shutil.copy(next(december.glob("建档立卡贫困人口信息_*.xlsx")), target)
    book = openpyxl.load_workbook(target)
    sheet = book.worksheets[0]
    sheet.cell(1, 1).value = "如皋市建档立卡低收入农户人口信息表（2019年01月）"
    last = [cell.value for cell in sheet[sheet.max_row]]
    last[0], last[1], last[2], last[3] = "3206399999", "320639999901", NEWLY_POOR, NEWLY_POOR
    last[5] = make_number("19700101", 999)
    sheet.append(last)
    book.save(target)
    return target


def poor_number(december: Path, name: str) -> str:
    """Return the number December's list of the poor gives a name; nothing when the name is not in it."""
    book = openpyxl.load_workbook(next(december.glob("建档立卡贫困人口信息_*.xlsx")), read_only=True)
    return next((str(row[5]) for row in book.worksheets[0].iter_rows(values_only=True) if row[3] == name), "")


def the_night_changed_what_should_change(page: Page, url: str, enrolled: Person, settled: Person) -> None:
    """Who was enrolled is insured, their case resolved; what a person closed stays closed; the newly poor have come."""
    expect(page.get_by_role("main")).to_contain_text("1-011")
    page.goto(f"{url}/persons/{enrolled.pk}/")
    expect(page.get_by_role("main")).to_contain_text("1-011")
    expect(page.locator(".case")).to_contain_text("已办结")
    expect(page.locator("main")).to_contain_text(f"{JANUARY} 夜间比对办结任务")
    page.goto(f"{url}/work/?kind=UNINSURED&state=settled")
    expect(page.locator(f"main table a[href^='/persons/{settled.pk}/']")).to_be_visible()
    page.goto(f"{url}/work/?kind=NEW_POOR")
    expect(page.locator("main table")).to_contain_text(NEWLY_POOR)
    assert Case.objects.get(person=enrolled).state == CaseState.RESOLVED
    assert Case.objects.get(person__name=NEWLY_POOR).state == CaseState.OPEN
