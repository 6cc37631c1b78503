"""Sending files in a real browser: a folder, what is not a table, an interruption, a reload, resuming, giving up."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from foundation.accounts.constants import Role
from foundation.accounts.models import User
from foundation.accounts.services.roles import grant_role
from foundation.accounts.services.users import create_user
from registry.models import Delivery, Upload
from registry.selectors.stored_files import read_original
from registry.services import uploading
from tests.browser.clerk import MONTH, PASSWORD
from tests.plugins.county import load_county

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]
Opened = Callable[[], None]
LINES = "姓名,年龄\n".encode() * 20_000


@pytest.fixture
def deliveries(page: Page, live_server: LiveServer, tmp_path: Path, settings: Settings) -> Page:
    """Open the deliveries as a county clerk."""
    settings.DATA_DIR = tmp_path / "data"
    county = load_county(tmp_path)
    user: User = create_user(actor=None, username="wang", display_name="王", password=PASSWORD, must_change=False)
    grant_role(actor=None, user=user, role=Role.COUNTY_CLERK, unit=county, valid_from=MONTH)
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page.goto(f"{live_server.url}/deliveries/")
    return page


def send(page: Page) -> None:
    page.locator("#upload form .buttons button").click()


def test_a_folder_gives_each_file_its_month_and_leaves_out_what_is_no_table(deliveries, tmp_path):
    folder = tmp_path / "month" / "2018-12"
    folder.mkdir(parents=True)
    (folder / "低保.csv").write_bytes(LINES)
    (folder / "特困_201811.csv").write_bytes(b"a,b\n1,2\n")
    (folder / "通知.pdf").write_bytes(b"%PDF")
    (folder / "~$低保.xlsx").write_bytes(b"lock")
    deliveries.set_input_files(".upload-folder input", str(tmp_path / "month"))
    lines = deliveries.locator(".upload-line")
    expect(lines).to_have_count(3)
    days = {line.locator("strong").inner_text(): line.locator("input").input_value() for line in lines.all()}
    assert days["month/2018-12/低保.csv"] == "2018-12-31"
    assert days["month/2018-12/特困_201811.csv"] == "2018-11-30"
    expect(lines.filter(has_text="通知.pdf")).to_contain_text("不是表格")
    send(deliveries)
    expect(deliveries.get_by_text("已接收 2 个文件")).to_be_visible(timeout=30_000)
    received = {each.file_name: read_original(each) for each in Delivery.objects.all()}
    assert received == {"低保.csv": LINES, "特困_201811.csv": b"a,b\n1,2\n"}


def test_after_a_reload_the_file_goes_on_where_it_stopped(deliveries, tmp_path, monkeypatch):
    monkeypatch.setattr(uploading, "PIECE_BYTES", 100_000)
    monkeypatch.setattr("registry.views.uploads.PIECE_BYTES", 100_000)
    file = tmp_path / "低保_201812.csv"
    file.write_bytes(LINES)
    offsets: list[str] = []

    def cut_after_one(route: Route) -> None:
        offsets.append(route.request.url.partition("offset=")[2])
        if len(offsets) == 1:
            route.continue_()
        else:
            route.abort()

    deliveries.route("**/piece/**", cut_after_one)
    deliveries.set_input_files("input[name=tables]", str(file))
    send(deliveries)
    expect(deliveries.get_by_text("连接已断开")).to_be_visible()
    deliveries.on("dialog", lambda dialog: dialog.accept())
    deliveries.reload()
    expect(deliveries.get_by_text("再次选择该文件即可从 35 % 继续")).to_be_visible()
    deliveries.unroute("**/piece/**")
    again: list[str] = []
    deliveries.on("request", lambda request: again.append(request.url) if "/piece/" in request.url else None)
    deliveries.set_input_files("input[name=tables]", str(file))
    expect(deliveries.locator(".upload-line")).to_contain_text("从 35 % 继续")
    send(deliveries)
    expect(deliveries.get_by_text("已接收 1 个文件")).to_be_visible(timeout=30_000)
    assert [url.partition("offset=")[2] for url in again] == ["100000", "200000"]
    assert read_original(Delivery.objects.get()) == LINES


def test_a_lost_connection_is_shown_and_resumes_by_itself(deliveries, tmp_path):
    file = tmp_path / "低保.csv"
    file.write_bytes(LINES)
    deliveries.route("**/piece/**", lambda route: route.abort(), times=1)
    deliveries.set_input_files("input[name=tables]", str(file))
    send(deliveries)
    expect(deliveries.get_by_text("连接已断开")).to_be_visible()
    expect(deliveries.get_by_text("已接收 1 个文件")).to_be_visible(timeout=30_000)
    assert read_original(Delivery.objects.get()) == LINES


def test_giving_a_file_up_in_the_middle_wipes_it(deliveries, tmp_path):
    file = tmp_path / "低保.csv"
    file.write_bytes(LINES)
    deliveries.route("**/piece/**", lambda route: route.abort())
    deliveries.set_input_files("input[name=tables]", str(file))
    send(deliveries)
    expect(deliveries.get_by_text("连接已断开")).to_be_visible()
    with deliveries.expect_response("**/cancel/"):
        deliveries.get_by_role("button", name="取消", exact=True).click()
    expect(deliveries.locator(".upload-line")).to_contain_text("已取消")
    assert (Upload.objects.get().state, Delivery.objects.exists()) == ("cancelled", False)
