"""A clerk's browser for these scripts: signs in, sends files, approves them, requests nights. Standard library only.

A request that fails (a web server just killed) is retried; the portal must tolerate every request twice.
"""

from __future__ import annotations

import http.client
import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

NAME, PASSWORD = "wang.jingban", "rugao-demo-2018"
TRY_AGAIN_SECONDS = 180
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Page:
    """One signed-in browser. Errors of its methods: TimeoutError when the site stays unavailable."""

    def __init__(self, port: int, name: str = NAME) -> None:
        self._root, self._name = f"http://127.0.0.1:{port}/", name
        self._forget()

    def send_once(self, path: Path, as_of: str) -> int:
        """Send one file, to wait for approval, without trying again; return the status of the page it leads to."""
        return self._once("deliveries/receive/", {"as_of": as_of}, path)

    def attach_once(self, path: Path, person: object) -> int:
        """Attach one paper to a person without trying again; return the status."""
        return self._once(f"persons/{person}/attach/", {}, path, field="paper")

    def apply_once(self, delivery_id: int) -> int:
        """Approve a checked delivery without trying again; return the status."""
        return self._once(f"deliveries/{delivery_id}/apply/", {"has_read_remarks": "yes"})

    def send_file(self, path: Path, as_of: str, *, at_once: bool) -> None:
        """Send one file of a day; without at_once it waits for approval once it is checked."""
        fields = {"as_of": as_of} | ({"at_once": "on"} if at_once else {})
        self._insist("deliveries/receive/", fields, path)

    def apply(self, delivery_id: int) -> None:
        """Approve a checked delivery."""
        self._insist(f"deliveries/{delivery_id}/apply/", {})

    def run_night(self, as_of: str) -> None:
        """Request a night as of a day."""
        self._insist("nights/run/", {"as_of": as_of})

    def _forget(self) -> None:
        self._kept_token = ""
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    def _once(self, address: str, fields: dict[str, str], file: Path | None = None, field: str = "tables") -> int:
        try:
            self._post(address, fields | {"csrfmiddlewaretoken": self._known_token()}, file, field)
        except urllib.error.HTTPError as error:
            return error.code
        return 200

    def _known_token(self) -> str:
        """Return the token of this session, which is good for every form; asked for once."""
        self._kept_token = self._kept_token or self._token()
        return self._kept_token

    def _insist(self, address: str, fields: dict[str, str], file: Path | None = None) -> None:
        deadline = time.monotonic() + TRY_AGAIN_SECONDS
        while True:
            try:
                return self._post(address, fields | {"csrfmiddlewaretoken": self._token()}, file)
            except urllib.error.HTTPError as error:
                if error.code == 409:  # done already, perhaps by this browser before the answer was lost
                    return None
                self._wait(deadline, f"{address}: {error.code}")
            except (OSError, http.client.HTTPException, ValueError) as error:
                self._wait(deadline, f"{address}: {error}")

    def _wait(self, deadline: float, why: str) -> None:
        if time.monotonic() > deadline:
            raise TimeoutError(why)
        self._forget()
        time.sleep(0.5)

    def _token(self) -> str:
        """Return a token of the list's form; sign in first where the site asks for it."""
        page, address = self._get("deliveries/")
        if "/account/login/" in address:
            form = {"csrfmiddlewaretoken": _token_in(page), "login": self._name, "password": PASSWORD}
            self._post("account/login/", form)
            page, address = self._get("deliveries/")
        return _token_in(page)

    def _get(self, address: str) -> tuple[str, str]:
        with self._opener.open(self._root + address, timeout=60) as answer:
            return answer.read().decode(), answer.geturl()

    def _post(self, address: str, fields: dict[str, str], file: Path | None = None, field: str = "tables") -> None:
        body, kind = _multipart(fields, file, field) if file else (urllib.parse.urlencode(fields).encode(), _FORM)
        headers = {"Content-Type": kind, "Referer": self._root}
        request = urllib.request.Request(self._root + address, data=body, headers=headers)
        with self._opener.open(request, timeout=120) as answer:
            answer.read()


_FORM = "application/x-www-form-urlencoded"


def _token_in(page: str) -> str:
    found = _TOKEN.search(page)
    if not found:
        raise ValueError("the page has no form")
    return found[1]


def _multipart(fields: dict[str, str], file: Path, field: str) -> tuple[bytes, str]:
    border = uuid.uuid4().hex
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{border}\r\nContent-Disposition: form-data; name="{field}"; filename="{file.name}"\r\n\r\n'
    parts += [head.encode(), file.read_bytes(), f"\r\n--{border}--\r\n".encode()]
    return b"".join(parts), f"multipart/form-data; boundary={border}"
