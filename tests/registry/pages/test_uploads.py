"""Files sent in pieces: begun, gone on with, out of step, cancelled, forgotten; whose they are; a full disk."""

import errno
import os
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from foundation.primitives import clock
from registry.models import Delivery, Upload
from registry.selectors.stored_files import read_original
from registry.services import uploading
from registry.services.uploading import MOST_BYTES, wipe_stale_uploads

URL = "/deliveries/uploads/"
CONTENT = b"a,b\n1,2\n" * 1000


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


def begin(client: Client, **values: object) -> Any:
    stated = {"name": "名单_201812.csv", "size": len(CONTENT), "modified_ms": 7, "as_of": "2018-12-31"}
    return client.post(URL, stated | values)


def send(client: Client, upload_id: int, offset: int, content: bytes) -> Any:
    address = f"{URL}{upload_id}/piece/?offset={offset}"
    return client.post(address, content, content_type="application/octet-stream")


def test_pieces_become_the_very_file(world, signed_in, django_capture_on_commit_callbacks):
    client = signed_in("clerk_a")
    begun = begin(client).json()
    assert begun["offset"] == 0
    assert send(client, begun["id"], 0, CONTENT[:3000]).json()["offset"] == 3000
    assert send(client, begun["id"], 3000, CONTENT[3000:]).json()["offset"] == len(CONTENT)
    assert Upload.objects.get().path.stat().st_mode & 0o777 == 0o600
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"{URL}{begun['id']}/finish/")
    delivery = Delivery.objects.get()
    assert answer.json() == {"url": f"/deliveries/{delivery.pk}/", "is_known": False}
    assert (delivery.hold, delivery.received_by, delivery.state) == (True, "clerk_a", "refused")
    assert read_original(delivery) == CONTENT
    assert not Upload.objects.get().path.exists()
    assert client.post(f"{URL}{begun['id']}/finish/").json()["url"] == f"/deliveries/{delivery.pk}/"
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(("who", "is_held"), [("township", True), ("clerk_a", False)])
def test_only_who_may_apply_files_applies_without_a_preview(world, signed_in, who, is_held):
    client = signed_in(who)
    upload_id = begin(client, at_once="on").json()["id"]
    assert Upload.objects.get().at_once is not is_held
    send(client, upload_id, 0, CONTENT)
    Upload.objects.update(at_once=True)  # as if the role had been a larger one when it began
    client.post(f"{URL}{upload_id}/finish/")
    assert Delivery.objects.get().hold is is_held


def test_after_a_break_the_page_names_the_file_and_it_goes_on(world, signed_in):
    client = signed_in("clerk_a")
    begun = begin(client).json()
    send(client, begun["id"], 0, CONTENT[:3440])
    page = client.get("/deliveries/").content.decode()
    assert "Choose the file again to continue from 43 %." in page
    assert begin(client).json() == begun | {"offset": 3440}
    assert begin(client, as_of="2018-11-30").json()["offset"] == 0
    assert "名单_201812.csv" not in signed_in("colleague_a").get("/deliveries/").content.decode()


def test_a_piece_out_of_step_is_answered_with_the_next_offset(world, signed_in):
    client = signed_in("clerk_a")
    upload_id = begin(client).json()["id"]
    send(client, upload_id, 0, CONTENT[:100])
    for offset in (0, 99, 101):
        answer = send(client, upload_id, offset, b"x")
        assert (answer.status_code, answer.json()["offset"]) == (409, 100)
    assert client.post(f"{URL}{upload_id}/finish/").json()["offset"] == 100
    assert send(client, upload_id, 100, CONTENT).status_code == 422, "longer than stated"


def test_bytes_written_but_not_counted_are_sent_again(world, signed_in):
    client = signed_in("clerk_a")
    upload_id = begin(client).json()["id"]
    send(client, upload_id, 0, CONTENT[:100])
    with Upload.objects.get().path.open("ab") as file:
        file.write(b"lost in a kill")
    send(client, upload_id, 100, CONTENT[100:])
    client.post(f"{URL}{upload_id}/finish/")
    assert read_original(Delivery.objects.get()) == CONTENT


def test_an_upload_whose_file_is_gone_starts_again(world, signed_in):
    client = signed_in("clerk_a")
    upload_id = begin(client).json()["id"]
    send(client, upload_id, 0, CONTENT[:100])
    Upload.objects.get().path.unlink()
    assert send(client, upload_id, 100, b"x").status_code == 409
    assert begin(client).json() == {"id": upload_id, "offset": 0, "piece_bytes": uploading.PIECE_BYTES}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"size": 0}, "The file is empty"),
        ({"size": MOST_BYTES + 1}, "the limit is 2.0"),
        ({"as_of": "yesterday"}, "valid date"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_it_is_sent(world, signed_in, values, words):
    answer = begin(signed_in("clerk_a"), **values)
    assert answer.status_code == 422
    assert words in answer.json()["message"]
    assert not Upload.objects.exists()


def test_a_full_disk_is_refused_with_a_message(world, signed_in, monkeypatch):
    client = signed_in("clerk_a")
    upload_id = begin(client).json()["id"]

    def full(*_args: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("registry.services.uploading.os.open", full)
        answer = send(client, upload_id, 0, CONTENT)
    assert answer.status_code == 409
    assert "The disk of the server is full" in answer.json()["message"]
    assert send(client, upload_id, 0, CONTENT).json()["offset"] == len(CONTENT)
    monkeypatch.setattr("registry.services.uploading.shutil.disk_usage", lambda _path: type("Usage", (), {"free": 100}))
    assert begin(client, name="other.csv").json()["code"] == "disk_full"


def test_giving_up_wipes_what_came(world, signed_in, django_capture_on_commit_callbacks):
    client = signed_in("clerk_a")
    upload_id = begin(client).json()["id"]
    send(client, upload_id, 0, CONTENT[:100])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{URL}{upload_id}/cancel/").headers["Location"] == "/deliveries/"
    assert not Upload.objects.get().path.exists()
    assert send(client, upload_id, 100, b"x").status_code == 404
    assert begin(client).json()["offset"] == 0


def test_a_colleague_and_another_county_do_not_find_it(world, signed_in):
    upload_id = begin(signed_in("clerk_a")).json()["id"]
    for name in ("colleague_a", "clerk_b"):
        assert send(signed_in(name), upload_id, 0, b"x").status_code == 404
    assert send(signed_in("village"), upload_id, 0, b"x").status_code == 403


def test_uploads_without_activity_for_a_day_are_deleted(world, signed_in):
    client = signed_in("clerk_a")
    upload_id = begin(client).json()["id"]
    send(client, upload_id, 0, CONTENT[:100])
    path = Upload.objects.get().path
    left = path.parent / "tmp.upload"
    left.write_bytes(b"of a web process that died")
    assert wipe_stale_uploads(at=clock.now() + timedelta(hours=23), real_at=clock.real_now() + timedelta(hours=23)) == 0
    assert wipe_stale_uploads(at=clock.now() + timedelta(hours=25), real_at=clock.real_now() + timedelta(hours=25)) == 2
    assert (path.exists(), left.exists(), Upload.objects.exists()) == (False, False, False)
