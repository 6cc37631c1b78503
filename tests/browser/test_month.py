"""One clerk's month in a real browser: the files in, the night, the list, a person, a case taken and closed."""

import base64
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from enrollment.constants import CaseState, CloseReason
from enrollment.models import Case, CoverageVerdict
from poverty_pension.accounts.constants import Role
from poverty_pension.accounts.services.roles import grant_role
from poverty_pension.accounts.services.users import create_user
from poverty_pension.demo.county import make_county
from registry.constants import DeliveryState, Feed, RowAction
from registry.models import Delivery, DeliveryProblem
from tests.oracles.numbers import make_number
from tests.plugins.county import load_county

MONTH, DAY = date(2018, 12, 1), "2018-12-31"
PASSWORD = "a long enough word"


@pytest.mark.xdist_group("browser")
@pytest.mark.django_db(transaction=True)
def test_month_from_files_to_a_closed_case(
    page: Page, live_server: LiveServer, tmp_path: Path, settings: Settings
) -> None:
    """What a county clerk does in a month works from the first upload to the closed case, without a reload by hand."""
    settings.DATA_DIR = tmp_path / "data"
    county = load_county(tmp_path)
    user = create_user(actor=None, username="wang", display_name="王经办", password=PASSWORD, must_change=False)
    grant_role(actor=None, user=user, role=Role.COUNTY_CLERK, unit=county, valid_from=MONTH)
    made = make_county(poor=150, roll=1500, seed=3, out=tmp_path / "made", county="320682", month=MONTH)
    files = sorted(made.month_folder.iterdir())

    sign_in(page, live_server.url)
    send_files(page, live_server.url, files)
    assert Delivery.objects.filter(state=DeliveryState.APPLIED).count() == len(files) == len(Feed)
    mend_lines(page, live_server.url, tmp_path)
    run_night(page, live_server.url)
    assert CoverageVerdict.objects.filter(superseded_at__isnull=True).count() > 100

    open_first_person(page, live_server.url)
    expect(page.get_by_role("heading", name="代码")).to_be_visible()
    page.get_by_role("button", name="领取任务").click()
    close_case(page)

    case = Case.objects.get()
    assert (case.state, case.close_reason) == (CaseState.CLOSED_WITH_REASON, CloseReason.DATA_WRONG)
    assert case.person is not None
    assert case.person.gaps.filter(closed_at__isnull=True).exists(), "closing the case leaves the gap to the next night"
    assert [line.verb for line in case.story.order_by("id")] == ["take_case", "close_case"]


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/account/login/")
    page.fill("input[name=login]", "wang")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.wait_for_url(f"{url}/")


def send_files(page: Page, url: str, files: list[Path]) -> None:
    """Drop the month's files on the page, look at what each would change, and apply them all."""
    page.goto(f"{url}/deliveries/")
    drop(page, files)
    expect(page.locator(".upload-line")).to_have_count(len(files))
    assert {each.input_value() for each in page.locator(".upload-line input").all()} == {DAY}, "read from the names"
    page.locator("#upload form .buttons button").click()
    expect(page.get_by_text(f"已接收 {len(files)} 个文件")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("将带来的变化").first).to_be_visible()
    assert not Delivery.objects.exclude(state=DeliveryState.CHECKED).exists()
    page.get_by_role("button", name="已核对的文件全部入库").click()
    expect(page.get_by_text(f"{len(files)} 个文件正在入库")).to_be_visible(timeout=60_000)


def mend_lines(page: Page, url: str, folder: Path) -> None:
    """Download the poverty file's lines to mend, write right numbers, and send them through the same door."""
    delivery = Delivery.objects.get(feed=Feed.POVERTY)
    page.goto(f"{url}/deliveries/{delivery.pk}/")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载待补正行").click()
    mended = folder / "建档立卡更正_201812.xlsx"
    download.value.save_as(mended)
    book = openpyxl.load_workbook(mended)
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if str(row[0].value).startswith("原行号#"))
    number = next(cell.column for cell in header if cell.value == "证件号码")
    for line in range(int(header[0].row or 0) + 1, sheet.max_row + 1):
        sheet.cell(line, int(number or 0)).value = make_number("19600101", line)
    book.save(mended)
    page.goto(f"{url}/deliveries/")
    drop(page, [mended])
    page.locator("#upload form .buttons button").click()
    page.get_by_role("button", name="已核对的文件全部入库").click(timeout=60_000)
    expect(page.get_by_text("1 个文件正在入库")).to_be_visible(timeout=60_000)
    back = Delivery.objects.get(corrects=delivery)
    assert back.state == DeliveryState.APPLIED
    assert not DeliveryProblem.objects.filter(delivery=delivery, corrected_by=None).exclude(
        action__in=[RowAction.SKIP, RowAction.DUPLICATE]
    )


def drop(page: Page, files: list[Path]) -> None:
    """Drop files as a mouse would."""
    contents = [[file.name, base64.b64encode(file.read_bytes()).decode()] for file in files]
    dropped = page.evaluate_handle(
        """files => {
            const transfer = new DataTransfer();
            for (const [name, content] of files)
                transfer.items.add(new File([Uint8Array.from(atob(content), each => each.charCodeAt(0))], name));
            return transfer;
        }""",
        contents,
    )
    page.dispatch_event(".upload-drop", "dragover", {"dataTransfer": dropped})
    page.dispatch_event(".upload-drop", "drop", {"dataTransfer": dropped})


def run_night(page: Page, url: str) -> None:
    page.goto(f"{url}/nights/")
    page.fill("input[name=as_of]", DAY)
    page.get_by_role("main").get_by_role("button", name="立即比对").click()
    expect(page.get_by_text("已完成").first).to_be_visible(timeout=60_000)


def open_first_person(page: Page, url: str) -> None:
    page.goto(f"{url}/work/?kind=UNINSURED")
    page.locator("main table a[href^='/persons/']").first.click()


def close_case(page: Page) -> None:
    form = page.locator("form[action$='/work/close/']")
    page.locator("summary", has_text="关闭并写明理由").click()
    form.locator("select[name=reason]").select_option("data_wrong")
    form.locator("textarea[name=note]").fill("名单有误，已告知扶贫办")
    form.locator("button").click()
    expect(page.get_by_text("有理由关闭").first).to_be_visible()
