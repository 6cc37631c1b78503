"""What a clerk does in a real browser, step by step: signs in, sends a month's files, runs the night."""

import base64
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect

from foundation.accounts.constants import Role
from foundation.accounts.services.roles import grant_role
from foundation.accounts.services.users import create_user
from foundation.regions.models import Unit
from registry.constants import REMARKS_TO_CONFIRM, DeliveryState, Feed
from registry.models import Delivery

PASSWORD = "a long enough word"
MONTH = date(2018, 12, 1)
ALL_BUT_CERTIFICATIONS = len(Feed) - 1
"""Lists a county that is made sends in its first month: certifications of life come later."""


def make_clerk(county: Unit, username: str, name: str) -> None:
    user = create_user(actor=None, username=username, display_name=name, password=PASSWORD, must_change=False)
    grant_role(actor=None, user=user, role=Role.COUNTY_CLERK, unit=county, valid_from=MONTH)


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/account/login/")
    page.fill("input[name=login]", "wang")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.wait_for_url(f"{url}/")


def send_files(page: Page, url: str, files: list[Path], day: str) -> None:
    """Drop a month's files on the page, look at what each would change, and apply them all."""
    drop_files(page, url, files, day)
    expect(page.get_by_text("将带来的变化").first).to_be_visible()
    assert not Delivery.objects.filter(as_of_date=day).exclude(state=DeliveryState.CHECKED).exists()
    apply_files(page, url, day)


def drop_files(page: Page, url: str, files: list[Path], day: str, *, without_day: int = 0) -> None:
    """Drop files on the page and send them; the day is read from all names but so many."""
    page.goto(f"{url}/deliveries/")
    drop(page, files)
    expect(page.locator(".upload-line")).to_have_count(len(files))
    days = page.locator(".upload-line input").all()
    assert [each.input_value() for each in days].count(day) == len(files) - without_day, "read from the names"
    for each in days:
        each.fill(day)
    page.locator("#upload form .buttons button").click()
    expect(page.get_by_text(f"已接收 {len(files)} 个文件")).to_be_visible(timeout=60_000)


def apply_files(page: Page, url: str, day: str) -> None:
    """Apply the files of a day that were checked: those whose remarks must be read one by one, the others together."""
    checked = list(Delivery.objects.filter(as_of_date=day, state=DeliveryState.CHECKED))
    waiting = [each for each in checked if must_be_read(each)]
    page.get_by_role("button", name="已核对的文件全部入库").click()
    expect(page.get_by_text(f"{len(checked) - len(waiting)} 个文件正在入库")).to_be_visible(timeout=60_000)
    for delivery in waiting:
        page.goto(f"{url}/deliveries/{delivery.pk}/")
        page.locator("input[name=has_read_remarks]").check()
        page.locator("form[action$='/apply/'] button").click()
    page.goto(f"{url}/deliveries/")


def must_be_read(delivery: Delivery) -> bool:
    """Answer whether the file is applied alone, once somebody has read a remark: the county of this test has few of its villages."""
    return any(each["code"] in REMARKS_TO_CONFIRM for each in delivery.reading.get("remarks", ()))


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


def run_night(page: Page, url: str, day: str) -> None:
    page.goto(f"{url}/nights/")
    page.fill("input[name=as_of]", day)
    page.get_by_role("main").get_by_role("button", name="立即比对").click()
    expect(page.get_by_text("已完成").first).to_be_visible(timeout=60_000)
