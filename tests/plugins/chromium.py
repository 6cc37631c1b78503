"""Fixtures that drive a real Chromium: `browser` once per process, `page` per test, at the size of a clerk's screen.

CHROMIUM names the program; ./run test sets it (see launcher/browser.py).
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = (
    "--no-sandbox",  # the tests open only their own pages, and root has no sandbox
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no way out; routing each request would switch the cache off
)
SECONDS_TO_FINISH = 10


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium once; it fails, with the reason, where there is none."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # Playwright keeps an event loop in the thread that also sets up the database
    )
    program = os.environ.get("CHROMIUM") or pytest.fail("CHROMIUM names no browser; ./run test fetches one.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a fresh window: no cookies of another test, Chinese asked for, no way out to other machines."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", timezone_id="Asia/Shanghai")
    opened = context.new_page()
    yield opened
    context.close()
    let_the_server_finish()


def let_the_server_finish() -> None:
    """Wait until no request of the closed window works in the database: emptying the tables would wait for it, and it for them."""
    if connection.connection is None:
        return
    until = time.monotonic() + SECONDS_TO_FINISH
    with suppress(RuntimeError), connection.cursor() as cursor:  # a test without a database
        while time.monotonic() < until:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND state <> 'idle'"
            )
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.02)
