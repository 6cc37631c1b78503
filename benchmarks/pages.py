"""`./run bench pages [--rate 20 --seconds 20 --user NAME]`: every page of the demo county under load, and its queries.

Loads the demo county into an empty database first. Starts a web server like that of ./run on a free port, signs a clerk in,
and requests every page that needs no argument and one of each that does, in turn, at a fixed rate whether answers arrive or
not. Limits: p95 60 ms, and 12 queries, those for session and actor included (queries.py). Exit code 1 when a page misses one.
"""

from __future__ import annotations

import argparse
import http.client
import logging
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse  # noqa: E402

from benchmarks._demo import get_demo_county  # noqa: E402
from benchmarks.queries import MOST_QUERIES, is_counted  # noqa: E402
from casework.models import Case  # noqa: E402
from foundation.accounts.models import User  # noqa: E402
from nightly.models import NightRun  # noqa: E402
from registry.models import Delivery, Person  # noqa: E402

LIMIT_MS = 60.0
START_SECONDS = 90
TIMEOUT_SECONDS = 30
CLIENTS = 16


@dataclass
class Page:
    """One address and what was measured of it."""

    name: str
    address: str
    queries: int = 0
    milliseconds: list[float] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.milliseconds, n=20)[-1] if len(self.milliseconds) > 1 else self.milliseconds[0]

    @property
    def is_within(self) -> bool:
        return self.p95 <= LIMIT_MS and self.queries <= MOST_QUERIES


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench pages", description=__doc__)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--user", default="", help="default: the first county clerk of the demo")
    options = parser.parse_args()
    settings.ALLOWED_HOSTS = ["*"]
    logging.disable(logging.ERROR)
    get_demo_county()
    client = Client(raise_request_exception=False)
    client.force_login(_find_user(options.user))
    pages = [page for page in list_pages() if is_page(client, page)]
    with web_server() as port:
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        for page in pages * 2:  # so that every worker has loaded its templates
            ask(port, page.address, cookie)
        load(pages, port, cookie, rate=options.rate, seconds=options.seconds)
    return report(pages, options.rate)


def _find_user(name: str) -> User:
    chosen = User.objects.filter(username=name) if name else User.objects.filter(memberships__role="county_clerk")
    user = chosen.order_by("pk").first()
    if user is None:
        sys.exit(f"There is no user {name!r}." if name else "There is no county clerk.")
    return user


def list_pages() -> Iterator[Page]:
    """Yield every named address, with the id of an existing row where it takes one."""
    samples = {"person": Person, "delivery": Delivery, "case": Case, "run": NightRun, "night": NightRun}
    ids = {word: model.objects.order_by("pk").values_list("pk", flat=True).first() for word, model in samples.items()}
    for name, arguments in sorted(named(get_resolver())):
        wanted = {argument: ids.get(argument.removesuffix("_id")) for argument in arguments}
        if None in wanted.values():
            continue
        try:
            yield Page(name, reverse(name, kwargs=wanted))
        except NoReverseMatch:
            continue


def named(resolver: URLResolver) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from named(entry)
        elif isinstance(entry, URLPattern) and entry.name:
            yield entry.name, tuple(entry.pattern.converters)


def is_page(client: Client, page: Page) -> bool:
    """Request it once in this process: is it a page for this user, and how many queries does it make."""
    if "logout" in page.name or page.name.startswith(("account", "health")):
        return False
    client.get(page.address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(page.address)
    page.queries = sum(is_counted(query["sql"]) for query in captured)
    if answer.status_code >= 500:
        print(f"{page.name} answers {answer.status_code}")
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


@contextmanager
def web_server() -> Iterator[int]:
    """Run gunicorn as ./run does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [f"--bind=127.0.0.1:{port}", "--workers=2", "--threads=4", "poverty_pension.wsgi:application"]
    command = [sys.executable, "-m", "gunicorn", "--config=python:poverty_pension.settings.gunicorn", *options]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=os.environ)
    try:
        deadline = time.monotonic() + START_SECONDS
        while ask(port, "/health/live", "") != 200:
            if time.monotonic() > deadline:
                sys.exit("The web server does not answer.")
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait()


def ask(port: int, address: str, cookie: str) -> int:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        asked.request("GET", address, headers={"Cookie": cookie})
        answer = asked.getresponse()
        answer.read()
    except OSError:
        return 0
    finally:
        asked.close()
    return answer.status


def load(pages: list[Page], port: int, cookie: str, *, rate: float, seconds: float) -> None:
    """Request page after page at the rate; time counts from when a request was due, so that queueing is measured."""
    began = time.perf_counter()

    def one(number: int) -> None:
        due = began + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        page = pages[number % len(pages)]
        status = ask(port, page.address, cookie)
        page.milliseconds.append((time.perf_counter() - due) * 1000 if status == 200 else float("inf"))

    with ThreadPoolExecutor(CLIENTS) as pool:
        for _ in pool.map(one, range(int(rate * seconds))):
            pass


def report(pages: list[Page], rate: float) -> int:
    everything = sorted(value for page in pages for value in page.milliseconds)
    print(f"{'page':<28} {'queries':>7} {'p50 ms':>8} {'p95 ms':>8}")
    for page in sorted((page for page in pages if page.milliseconds), key=lambda page: -page.p95):
        note = "" if page.is_within else "  over the limit"
        print(f"{page.name:<28} {page.queries:>7} {statistics.median(page.milliseconds):>8.1f} {page.p95:>8.1f}{note}")
    p95 = everything[int(len(everything) * 0.95)]
    print(f"{len(everything)} requests at {rate:g} a second: p50 {statistics.median(everything):.1f} ms, p95 {p95:.1f} ms"
          f" of {LIMIT_MS:g} ms, {p95 / LIMIT_MS:.0%}; load of the machine {os.getloadavg()[0]:.1f}")  # fmt: skip
    return int(p95 > LIMIT_MS or any(page.queries > MOST_QUERIES for page in pages))


if __name__ == "__main__":
    sys.exit(main())
