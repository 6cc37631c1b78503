"""A full disk is a sentence for whoever sends: on the form, by the API, with an attachment; nothing is half done."""

import errno
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from foundation.primitives import encrypted_files
from registry.models import Attachment, Delivery

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture(params=["while it arrives", "while it is stored"])
def full_disk(request, monkeypatch):
    """The disk is full when the file arrives, or when it is encrypted and stored."""

    def refuse(*_args: object) -> None:
        raise FULL

    if request.param == "while it arrives":
        monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", refuse)
    else:
        monkeypatch.setattr(encrypted_files, "_write", refuse)


@pytest.mark.usefixtures("full_disk")
def test_a_file_of_the_form(world, signed_in):
    body = {"tables": [SimpleUploadedFile("a.csv", b"a,b\n1,2\n")], "as_of": "2018-12-31"}
    answer = signed_in("clerk_a").post("/deliveries/receive/", body)
    assert answer.status_code == 409
    assert "The disk of the server is full" in answer.content.decode()
    assert not Delivery.objects.exists()


@pytest.mark.usefixtures("full_disk")
def test_an_attachment(world, signed_in):
    person = world.person("张三")
    body = {"paper": SimpleUploadedFile("证明.pdf", b"%PDF-1.7")}
    answer = signed_in("clerk_a").post(f"/persons/{person.pk}/attach/", body)
    assert answer.status_code == 409
    assert "The disk of the server is full" in answer.content.decode()
    assert not Attachment.objects.exists()
