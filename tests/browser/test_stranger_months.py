"""Two months of senders nobody here has seen, in a real browser: what is asked once is not asked again."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from casework.models import Gap
from coverage.models import CoverageVerdict
from demo.county import make_county
from foundation.policy.services.calendar import load_calendar
from registry.constants import DeliveryState
from registry.models import Delivery, Fact
from tests.browser.clerk import ALL_BUT_CERTIFICATIONS, apply_files, drop_files, make_clerk, run_night, sign_in
from tests.plugins.county import load_county

DECEMBER, JANUARY = "2018-12-31", "2019-01-31"
DAY_OF_DEATH, NOBODY_S_WORD = "离世年月日", "大限"


@pytest.mark.xdist_group("browser")
@pytest.mark.django_db(transaction=True)
def test_a_stranger_s_first_month_is_asked_about_and_the_second_is_not(
    page: Page, live_server: LiveServer, tmp_path: Path, settings: Settings
) -> None:
    """From the folder of files to the work list, one question answered on the way; a month later there is none."""
    settings.DATA_DIR = tmp_path / "data"
    county, url = load_county(tmp_path), live_server.url
    load_calendar()
    make_clerk(county, "wang", "王经办")
    made = make_county(poor=150, roll=1500, seed=3, out=tmp_path / "made", county="320682", layout="stranger", months=2)
    december, january = (sorted(folder.iterdir()) for folder in made.month_folders)
    for folder in made.month_folders:
        rename_header(next(folder.glob("死亡登记*")))

    sign_in(page, url)
    without_day = sum("201812" not in each.name for each in december)
    drop_files(page, url, december, DECEMBER, without_day=without_day)
    [asked] = Delivery.objects.exclude(state=DeliveryState.CHECKED)
    assert (asked.state, asked.file_name[:4]) == (DeliveryState.REFUSED, "死亡登记")
    name_the_column(page, url, asked)
    page.goto(f"{url}/deliveries/")
    apply_files(page, url, DECEMBER)
    assert Delivery.objects.filter(state=DeliveryState.APPLIED).count() == len(december) == ALL_BUT_CERTIFICATIONS
    assert Fact.objects.filter(delivery=asked, event_date__gte=date(2018, 1, 1)).exists()
    run_night(page, url, DECEMBER)
    page.goto(f"{url}/work/")
    expect(page.locator("main table a[href^='/persons/']").first).to_be_visible()
    assert CoverageVerdict.objects.filter(superseded_at=None).count() > 100

    drop_files(page, url, january, JANUARY, without_day=without_day)
    assert not Delivery.objects.filter(as_of_date=JANUARY).exclude(state=DeliveryState.CHECKED).exists()
    apply_files(page, url, JANUARY)
    run_night(page, url, JANUARY)
    page.goto(f"{url}/work/")
    expect(page.locator("main table a[href^='/persons/']").first).to_be_visible()
    assert Gap.objects.filter(opened_on=JANUARY).exists()


def rename_header(path: Path) -> None:
    """Write a word nobody uses for the day of a death."""
    book = openpyxl.load_workbook(path)
    cell = next(cell for row in book.worksheets[0].iter_rows(max_row=5) for cell in row if cell.value == DAY_OF_DEATH)
    cell.value = NOBODY_S_WORD
    book.save(path)


def name_the_column(page: Page, url: str, delivery: Delivery) -> None:
    """Say on the mapping page what the column is, and have the file read again."""
    page.goto(f"{url}/deliveries/{delivery.pk}/")
    page.get_by_role("link", name="指明各列含义").click()
    select = page.locator("tr", has=page.get_by_text(NOBODY_S_WORD, exact=True)).locator("select")
    select.select_option("event")
    page.fill("input[name=sender]", "市民政局")
    page.get_by_role("button", name="保存并重新读取").click()
    expect(page.get_by_role("heading", name="入库会带来的变化")).to_be_visible(timeout=60_000)
