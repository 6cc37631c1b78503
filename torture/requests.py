"""`./run torture requests [--values N] [--seed S] [--minutes M]`: odd values for every address and name; no answer may be a 500.

An installation of its own with the demo county. A worker signs in each of its roles and sends every address 400 odd values under the
names the product reads, spread over them, as parameters and as a form; and the same to every field of the API. One line an address.
Exit code 1 when an answer was a server error.
"""

from __future__ import annotations

import argparse
import http.client
import http.cookiejar
import json
import random
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter

from torture._installation import (
    CHECKOUT,
    CURRENT_CODES,
    OPEN_NIGHTS,
    Installation,
    run_on_installation,
    wait_for,
)
from torture._odd_values import list_names, list_odd_values

PASSWORD = "rugao-demo-2018"
ROLES = ("wang.jingban", "li.fuhe", "sun.shiwusuo", "feng.xitong", "chen.anquan", "chu.shenji")
SKIPPED = ("/account/login/", "/account/logout/", "/account/password/", "/static/", "/health/")
"""Signing in with odd names would only lock this address; the rest would end the session that asks."""
LIST_ADDRESSES = """
import json
from django.urls import get_resolver, URLPattern
def walk(patterns, before):
    for each in patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield path
        else:
            yield from walk(each.url_patterns, path)
print("ADDRESSES" + json.dumps(list(walk(get_resolver().url_patterns, "/"))))
"""
ISSUE_TOKEN = ("issue_token", "--name", "odd", "--county", "320682", "--days", "1", "--verbs")
NO_SUCH_METHOD = 405
VERBS = (
    "read_coverage", "read_matches", "decide_matches", "read_gaps", "read_reports", "send_deliveries", "read_applications",
    "send_applications", "read_eligibility",
)  # fmt: skip
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
_PART = re.compile(r"<[^>]*>")


class Browser:
    """One signed-in user."""

    def __init__(self, port: int, username: str) -> None:
        self.root, self.username = f"http://127.0.0.1:{port}", username
        self._sign_in()

    def _sign_in(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar, _NoRedirects())
        page = self.opener.open(self.root + "/account/login/", timeout=60).read().decode()
        form = {"csrfmiddlewaretoken": _token_in(page), "login": self.username, "password": PASSWORD}
        self._open("/account/login/", urllib.parse.urlencode(form).encode(), {})
        page = self.opener.open(self.root + "/style/", timeout=60).read().decode()
        self.token = _token_in(page)

    def ask(self, address: str, values: dict[str, str], *, is_form: bool) -> int:
        """Send a request; return the status. A session that ended meanwhile begins again."""
        encoded = urllib.parse.urlencode(values, errors="replace")
        headers = {"X-CSRFToken": self.token, "Referer": self.root}
        if is_form:
            status = self._open(address, encoded.encode(), headers)
        else:
            status = self._open(f"{address}?{encoded}"[:60_000] if encoded else address, None, headers)
        if status in {302, 403} and self._open("/account/second-factor/", None, {}) == 302:
            self._sign_in()
        return status

    def _open(self, address: str, body: bytes | None, headers: dict[str, str]) -> int:
        request = urllib.request.Request(self.root + urllib.parse.quote(address, safe="/?&=%+"), body, headers)
        try:
            with self.opener.open(request, timeout=120) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except (
            http.client.HTTPException,
            OSError,
        ):  # the server refused the request itself, a line too long for example
            return 400


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_options: object) -> None:
        return None


def _token_in(page: str) -> str:
    found = _TOKEN.search(page)
    return found[1] if found else ""


def command(installation: Installation, *words: str) -> str:
    """Run a command of the product beside the running servers; return what it prints."""
    note = installation.note()
    environment = installation.environment | {
        "DATABASE_URL": note["database_url"],
        "REDIS_URL": note["redis_url"],
        "KEY_FILE": str(installation.folder / "keys" / "keys.json"),
    }
    program = [str(installation.folder / "venv" / "bin" / "python"), "manage.py", *words]
    done = subprocess.run(program, env=environment, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return done.stdout


def ask_pages(browser: Browser, addresses: list[str], values: list[str], dice: random.Random) -> Counter[str]:
    """Send every address the values, each under one name or all; return address -> server errors."""
    names, wrong = list_names(), Counter[str]()
    for address in addresses:
        statuses, ways = Counter[int](), [False, True]
        for number, value in enumerate(values):
            part = str(dice.choice((1, 2, 3, 320682, "resident", "reports", value[:50])))
            place = _PART.sub(lambda _match: urllib.parse.quote(part, safe=""), address)  # noqa: B023
            chosen = names if number % 40 == 0 else dice.sample(names, 3)
            is_form = ways[number % len(ways)]
            status = browser.ask(place, dict.fromkeys(chosen, value), is_form=is_form)
            statuses[status] += 1
            if status == NO_SUCH_METHOD and len(ways) > 1:
                ways.remove(is_form)
        wrong[address] += sum(count for status, count in statuses.items() if status >= 500)
        print(f"{browser.username:14s} {address:60s} {dict(sorted(statuses.items()))}", flush=True)
    return wrong


def ask_api(installation: Installation, token: str, values: list[str]) -> Counter[str]:
    """Send every operation and field of the API the values."""
    root, wrong = f"http://127.0.0.1:{installation.port}", Counter[str]()
    document = json.loads(urllib.request.urlopen(f"{root}/api/v1/schema?format=json", timeout=60).read())
    for path, methods in document["paths"].items():
        address = root + re.sub(r"\{[^}]*\}", "1", path)
        for method in methods:
            for value in values:
                status = _call(address, method, value, token)
                wrong[f"{method} {path}"] += status >= 500
        print(f"{'api':14s} {path:60s} {len(values)} values a method", flush=True)
    return wrong


def _call(address: str, method: str, value: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "odd"}
    fields = (
        "after",
        "limit",
        "kind",
        "reason",
        "unit",
        "changed_since",
        "day",
        "population",
        "basis",
        "as_of",
        "decision",
        "note",
    )
    body = None
    if method == "get":
        address += "?" + urllib.parse.urlencode({random.choice(fields): value}, errors="replace")
    else:
        headers["Content-Type"] = "application/json"
        persons = [{"number": value, "name": value}]
        body = json.dumps({**dict.fromkeys(fields, value), "persons": persons, "pair": value}).encode()
    try:
        request = urllib.request.Request(address[:60_000], body, headers, method=method.upper())
        with urllib.request.urlopen(request, timeout=120) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (http.client.HTTPException, OSError):
        return 400


def torture(installation: Installation, options: argparse.Namespace) -> int:
    """Send everything; return how many answers were server errors."""
    dice = random.Random(options.seed)
    values = list_odd_values(options.values, options.seed)
    installation.start()
    print(f"up after {wait_for('the first start', installation.is_up, 600):.0f} s; seed {options.seed}", flush=True)
    wait_for(
        "the demo county",
        lambda: installation.ask(OPEN_NIGHTS) == (0,) and bool(installation.ask(CURRENT_CODES)[0]),
        300,
    )
    listed = command(installation, "shell", "-v0", "-c", LIST_ADDRESSES).partition("ADDRESSES")[2]
    addresses = [each for each in json.loads(listed) if not each.startswith((*SKIPPED, "/api/"))]
    token = command(installation, *ISSUE_TOKEN, *VERBS).strip()
    wrong, sent, deadline = ask_api(installation, token, values), 0, time.monotonic() + options.minutes * 60
    for place, username in enumerate(ROLES):
        if time.monotonic() > deadline:
            print(f"{options.minutes:g} minutes are over; {len(ROLES) - place} roles were not asked.")
            break
        share = values if place == 0 else dice.sample(values, max(10, len(values) // 10))
        wrong += ask_pages(Browser(installation.port, username), addresses, share, dice)
        sent += len(addresses) * len(share)
    bad = {address: count for address, count in wrong.items() if count}
    print(f"{sent:,} requests to {len(addresses)} addresses; {sum(bad.values())} server errors {bad or ''}")
    return sum(bad.values())


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run torture requests", description=__doc__)
    parser.add_argument("--values", type=int, default=400)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--minutes", type=float, default=60)
    options = parser.parse_args()
    return run_on_installation(lambda installation: torture(installation, options))


if __name__ == "__main__":
    sys.exit(main())
