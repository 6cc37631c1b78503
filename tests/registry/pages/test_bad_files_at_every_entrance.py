"""A bad file is refused with its sentence, or loaded with its lines named, the same by page, by API and by command."""

import io
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from foundation.accounts.actors import system_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership
from foundation.accounts.services import issue_client_token
from registry.intake.errors import sentence
from registry.models import Delivery, DeliveryProblem, Person
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

DAY = "2018-12-31"
GOOD = make_number("19500305", 2)
PERSON = ["如皋市长江镇二案村委会", "T1", "张三", GOOD, "男", "", "分散供养"]


def tekun(*rows: list[Any], header: list[str] = senders.TEKUN) -> bytes:
    return senders.csv_bytes([header, *rows])


def workbook(rows: list[list[Any]]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return senders.write_xlsx(Path(folder) / "x.xlsx", rows).read_bytes()


ZIPPED = senders.zip_bytes({"特困.csv": tekun(PERSON)})
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "empty": ("特困.csv", b"", "empty_file"),
    "a zip cut off": ("特困.zip", ZIPPED[: len(ZIPPED) // 2], "zip_broken"),
    "a zip bomb": ("特困.zip", senders.zip_bytes({"特困.csv": b"0" * (64 << 20)}), "zip_too_large"),
    "a PDF called xlsx": ("特困.xlsx", b"%PDF-1.4 ...", "is_pdf"),
    "noise called xlsx": ("特困.xlsx", b"PK\x03\x04" + bytes(range(256)) * 8, "zip_broken"),
    "NUL bytes": ("特困.csv", tekun(PERSON).replace("张三".encode("gb18030"), b"\x00\x00"), "binary"),
    "two encodings": ("特困.csv", tekun(PERSON) + "李四,村委会".encode(), "mixed_encodings"),
    "a column missing": ("特困.csv", tekun(PERSON[:-1], header=senders.TEKUN[:-1]), "missing_columns"),
    "another table": ("车辆.csv", senders.csv_bytes([["车牌号", "颜色"], ["苏F", "红"]]), "unknown_layout"),
    "no person in it": ("特困.csv", tekun(), "no_rows"),
}
WRONG = GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1")
OTHER = ["如皋市长江镇二案村委会", "T2", "李四", make_number("19581215", 1), "男", "", "分散供养"]


def numbered(number: object) -> list[Any]:
    return [*PERSON[:3], number, *PERSON[4:]]


NAMED: dict[str, tuple[str, bytes, str]] = {
    "a figure for a number": (
        "特困.xlsx",
        workbook([senders.TEKUN, numbered(int(GOOD[:17] + "0"))]),
        "id_numeric_float",
    ),
    "a wrong check character": ("特困.csv", tekun(numbered(WRONG)), "id_checksum_or_date"),
    "the same line twice": ("特困.csv", tekun(PERSON, PERSON), "duplicate_of_row_2"),
    "the header repeated": ("特困.csv", tekun(PERSON, senders.TEKUN, OTHER), "header_repeated"),
}
Entrance = Callable[[Path], None]


@pytest.fixture(params=["page", "api", "command"])
def entrance(request, county, clerk_browser, department, django_capture_on_commit_callbacks) -> Entrance:
    """Return one way in: it sends a file and lets the worker go as far as it does by itself."""

    def by_page(path: Path) -> None:
        with path.open("rb") as opened, django_capture_on_commit_callbacks(execute=True):
            body = {"tables": [SimpleUploadedFile(path.name, opened.read())], "as_of": DAY, "at_once": "on"}
            assert clerk_browser.post("/deliveries/receive/", body).status_code in (302, 422)

    def by_api(path: Path) -> None:
        with path.open("rb") as opened, django_capture_on_commit_callbacks(execute=True):
            body = {"file": SimpleUploadedFile(path.name, opened.read()), "as_of": DAY}
            answer = department.post("/api/v1/deliveries/", body, format="multipart", HTTP_IDEMPOTENCY_KEY="k")
            assert answer.status_code in (201, 400, 422)

    def by_command(path: Path) -> None:
        with suppress(CommandError):
            call_command("receive", str(path), f"--county={county.code[:6]}", f"--as-of={DAY}", stdout=io.StringIO())

    return {"page": by_page, "api": by_api, "command": by_command}[request.param]


@pytest.fixture
def clerk_browser(county, client, django_user_model):
    user = django_user_model.objects.create(username="clerk", display_name="clerk")
    Membership.objects.create(user=user, role=Role.COUNTY_CLERK, unit=county, valid_from="2018-01-01")
    client.force_login(user)
    return client


@pytest.fixture
def department(county) -> APIClient:
    expires = timezone.now() + timedelta(days=1)
    actor = system_actor(county)
    _token, text = issue_client_token(
        actor=actor, name="民政局", unit=county, verbs=["send_deliveries"], expires_at=expires
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_refused_with_a_message_and_nothing_is_loaded(entrance, tmp_path, case):
    name, content, code = REFUSED[case]
    path = tmp_path / name
    path.write_bytes(content)
    entrance(path)
    assert not Person.objects.exists()
    refused = Delivery.objects.first()
    if refused is None:  # an empty file does not pass the form
        assert code == "empty_file"
        return
    assert (refused.state, refused.refusal["code"]) == ("refused", code)
    assert "%(" not in sentence(refused.refusal)


@pytest.mark.parametrize("case", NAMED)
def test_a_bad_line_is_named_and_the_rest_of_the_file_is_there(entrance, tmp_path, case):
    name, content, reason = NAMED[case]
    path = tmp_path / name
    path.write_bytes(content)
    entrance(path)
    delivery = Delivery.objects.get()
    assert delivery.state in ("applied", "checked")
    assert DeliveryProblem.objects.filter(delivery=delivery, reason=reason).count() == 1
