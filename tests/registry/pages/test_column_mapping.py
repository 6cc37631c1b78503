"""The page that asks what a table's columns are: guesses, answers, remembered for the next file, by command as well."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from registry.constants import Feed
from registry.intake import delivery_layouts
from registry.intake.files import sheets_of
from registry.intake.mapping_guess import guess_mapping
from registry.intake.stated_layouts import fingerprint
from registry.models import DeliveredRow, Delivery, LearnedLayout
from registry.selectors.numbers import cipher
from registry.services.originals import Samples
from registry.services.samples import first_lines
from tests.plugins.county import load_local_parameters
from tests.registry.intake.test_mapping_guess import OWN, STRANGE
from tests.registry.intake.varieties import tekun_table
from tests.senders import csv_bytes, write_csv


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def rules(world, tmp_path):
    load_local_parameters(tmp_path / "parameters")


def strange_file() -> bytes:
    return csv_bytes([STRANGE, *tekun_table().rows])


def send(client: Client, callbacks: Any, content: bytes, as_of: str = "2018-12-31") -> Delivery:
    with callbacks(execute=True):
        client.post("/deliveries/receive/", {"tables": [SimpleUploadedFile("名册.csv", content)], "as_of": as_of})
    return Delivery.objects.latest("id")


def answers() -> dict[str, str]:
    fields = tekun_table().fields
    return {
        "feed": "tekun",
        "header_line": "1",
        "sender": "民政局",
        **{f"column-{n}": field for n, field in enumerate(fields)},
    }


def test_the_page_presets_guesses_with_their_reasons(world, signed_in, django_capture_on_commit_callbacks):
    client = signed_in("clerk_a")
    delivery = send(client, django_capture_on_commit_callbacks, strange_file())
    assert delivery.refusal["code"] == "columns_to_confirm"
    assert f"/deliveries/{delivery.pk}/columns/" in client.get(f"/deliveries/{delivery.pk}/").content.decode()
    page = client.get(f"/deliveries/{delivery.pk}/columns/").content.decode()
    assert "100 % of the cells are ID numbers." in page
    assert '<option value="number" selected>' in page
    assert tekun_table().rows[0][2] not in page


def test_answers_are_kept_and_the_file_is_read_again(world, rules, signed_in, django_capture_on_commit_callbacks):
    client = signed_in("clerk_a")
    delivery = send(client, django_capture_on_commit_callbacks, strange_file())
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/deliveries/{delivery.pk}/columns/", answers()).status_code == 302
    delivery.refresh_from_db()
    assert delivery.feed == "tekun"
    assert delivery.layout == "tekun (民政局)"
    assert delivery.row_counts["rows"] == len(tekun_table().rows)
    saved = LearnedLayout.objects.get()
    assert (saved.saved_by, saved.county) == ("clerk_a", world.county_a)


def test_the_next_file_with_these_headers_is_known(world, rules, signed_in, django_capture_on_commit_callbacks):
    client = signed_in("clerk_a")
    delivery = send(client, django_capture_on_commit_callbacks, strange_file())
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/deliveries/{delivery.pk}/columns/", answers())
    turned = csv_bytes([row[::-1] for row in [STRANGE, *tekun_table().rows]])
    later = send(client, django_capture_on_commit_callbacks, turned, "2019-01-31")
    assert (later.feed, later.refusal) == ("tekun", {})


def test_answers_without_a_required_column_are_refused(world, signed_in, django_capture_on_commit_callbacks):
    client = signed_in("clerk_a")
    delivery = send(client, django_capture_on_commit_callbacks, strange_file())
    answer = client.post(f"/deliveries/{delivery.pk}/columns/", {**answers(), "column-2": ""})
    assert answer.status_code == 422
    assert "nothing says which column is" in answer.content.decode()
    assert not LearnedLayout.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"header_line": "999999"},
        {"column-999": "number"},
        {"column-0": "member_name_x"},
        {"column-0": "no_such_field"},
        {"word-status-0": "集中", "ours-status-0": "x" * 5_000},
        {"word-name-0": "集中", "ours-name-0": "residential"},
    ],
)
def test_answers_the_page_cannot_give_are_refused(world, signed_in, django_capture_on_commit_callbacks, odd):
    client = signed_in("clerk_a")
    delivery = send(client, django_capture_on_commit_callbacks, strange_file())
    kept = {name: value for name, value in answers().items() if value not in odd.values()}
    assert 400 <= client.post(f"/deliveries/{delivery.pk}/columns/", kept | odd).status_code < 500
    assert not LearnedLayout.objects.exists()


def test_a_file_that_needs_no_mapping_is_redirected(world, rules, signed_in, django_capture_on_commit_callbacks):
    client = signed_in("clerk_a")
    table = tekun_table()
    delivery = send(client, django_capture_on_commit_callbacks, csv_bytes([table.headers, *table.rows]))
    assert client.get(f"/deliveries/{delivery.pk}/columns/").status_code == 302
    assert client.post(f"/deliveries/{delivery.pk}/columns/", answers()).status_code == 409


@pytest.mark.parametrize("name", ["village", "supervisor", "sysadmin", "township"])
def test_who_may_not_say(world, signed_in, name, django_capture_on_commit_callbacks):
    delivery = send(signed_in("clerk_a"), django_capture_on_commit_callbacks, strange_file())
    assert signed_in(name).get(f"/deliveries/{delivery.pk}/columns/").status_code == 403


def test_another_county_does_not_see_it(world, signed_in, django_capture_on_commit_callbacks):
    delivery = send(signed_in("clerk_a"), django_capture_on_commit_callbacks, strange_file())
    assert signed_in("clerk_b").get(f"/deliveries/{delivery.pk}/columns/").status_code == 404


def test_by_command_a_strange_file_ends_with_4_and_a_layout_file_helps(world, rules, tmp_path):
    path = write_csv(tmp_path / "名册.csv", [STRANGE, *tekun_table().rows])
    code = world.county_a.code[:6]
    with pytest.raises(CommandError) as refusal:
        call_command("receive", str(path), county=code, as_of="2018-12-31", stdout=io.StringIO())
    assert refusal.value.returncode == 4
    layout = tmp_path / "own.yaml"
    layout.write_text(OWN, "utf-8")
    printed = io.StringIO()
    call_command("receive", str(path), county=code, as_of="2018-12-31", layout=layout, stdout=printed)
    assert "tekun (own)" in printed.getvalue()
    assert DeliveredRow.objects.count() == len(tekun_table().rows)


def test_by_command_a_damaged_file_ends_with_3(world, tmp_path):
    (tmp_path / "名册.xlsx").write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError) as refusal:
        call_command(
            "receive",
            str(tmp_path / "名册.xlsx"),
            county=world.county_a.code[:6],
            as_of="2018-12-31",
            stdout=io.StringIO(),
        )
    assert refusal.value.returncode == 3


def test_the_page_and_its_answers_read_the_first_lines_and_never_the_file(
    world, rules, signed_in, django_capture_on_commit_callbacks, monkeypatch
):
    client = signed_in("clerk_a")
    delivery = send(client, django_capture_on_commit_callbacks, strange_file())

    def refuse(_delivery: Delivery) -> bytes:
        raise AssertionError("the whole file was read")

    with monkeypatch.context() as patch:
        patch.setattr(delivery_layouts, "read_original", refuse)
        address = f"/deliveries/{delivery.pk}/columns/"
        assert "100 % of the cells are ID numbers." in client.get(address).content.decode()
        assert client.get(address, {"feed": "deaths"}).status_code == 200
        assert client.post(address, answers()).status_code == 302
    assert LearnedLayout.objects.get().feed == "tekun"


def test_the_first_lines_are_kept_encrypted_and_made_again_when_they_are_gone(
    world, signed_in, django_capture_on_commit_callbacks, settings
):
    client = signed_in("clerk_a")
    delivery = send(client, django_capture_on_commit_callbacks, strange_file())
    [kept] = [path for path in (settings.DATA_DIR / "samples").rglob("*") if path.is_file()]
    assert kept.stat().st_mode & 0o777 == 0o600
    for row in tekun_table().rows[:5]:
        assert not any(cell.encode() in kept.read_bytes() for cell in row if len(cell) > 3)
    page = client.get(f"/deliveries/{delivery.pk}/columns/").content
    for damage in (kept.unlink, lambda: kept.write_bytes(b"x" * 100), lambda: kept.write_bytes(b"")):
        damage()
        again = client.get(f"/deliveries/{delivery.pk}/columns/").content
        assert again.count(b"<option") == page.count(b"<option")
        assert kept.stat().st_size > 1000
    assert Samples().verify(cipher()).broken == 0
    kept.write_bytes(kept.read_bytes()[:-1])
    assert Samples().verify(cipher()).broken_ids == (delivery.pk,)


@pytest.mark.parametrize("deep", [False, True])
def test_from_its_first_lines_a_long_table_is_guessed_as_from_all(deep):
    """The first cells of one column stand far below: no guess looks further than the lines kept."""
    rows = [
        [*row, "残疾" if number > 1_000 and number % 7 == 0 else ""]
        for number, row in enumerate(tekun_table().rows * 1_000)
    ]
    table = [[*STRANGE, "类别"], *([[""] * len(rows[0])] * (8 if deep else 0)), *rows]
    [sheet] = sheets_of(csv_bytes(table), "名册.csv")
    kept = first_lines(sheet)
    assert kept.rows < sheet.rows
    for feed in (None, Feed.TEKUN, Feed.DISABILITY):
        assert guess_mapping(kept, "名册.csv", feed) == guess_mapping(sheet, "名册.csv", feed)
    for row in (-1, 0, 5):
        assert fingerprint(kept, row) == fingerprint(sheet, row)
