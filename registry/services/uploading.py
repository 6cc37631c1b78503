"""Large files in pieces: begun, continued after a break, finished into a delivery, cancelled, deleted when abandoned.

A piece is written at its place and then counted; after a kill between the two only that piece is sent again.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import county_of
from foundation.primitives.disk import disk_full, refusing_full_disk
from foundation.primitives.errors import BadInput, Conflict, NotFound
from registry.models import Delivery, Upload, UploadState
from registry.services.receiving import receive_file

MOST_BYTES = 2 << 30
PIECE_BYTES = 4 << 20
STORED_FOR = timedelta(days=1)
SPACE_FACTOR = 2
"""A file needs twice its size until it is received: as sent, and encrypted."""


@dataclass(frozen=True)
class WantedUpload:
    """What a browser states of a file before it sends it."""

    name: str
    size: int
    modified_ms: int
    as_of: date
    at_once: bool = False


class Readable(Protocol):
    """Where a piece is read from, such as a request."""

    def read(self, size: int, /) -> bytes: ...


class OutOfStep(Conflict):
    """A piece does not begin where the last one ended; `offset` is where it should."""

    def __init__(self, upload: Upload) -> None:
        super().__init__(
            _("This part of the file does not follow the previous part."), code="out_of_step", ids=[upload.pk]
        )
        self.offset = upload.received_bytes


@transaction.atomic
def start_upload(*, actor: Actor, wanted: WantedUpload, at: datetime) -> Upload:
    """Begin a file, or find the same unfinished one of the same user again.

    `at_once` is kept only of those who may apply files.
    Effects: one Upload. Errors: NotAllowed; BadInput for an empty or too large file; Conflict when the disk is full.
    """
    actor.demand(Action.RECEIVE_DELIVERY)
    _check_size(wanted)
    upload, _is_new = Upload.objects.select_for_update().get_or_create(
        county=county_of(actor),
        user_id=actor.user_id or 0,
        file_name=wanted.name[:255],
        file_bytes=wanted.size,
        modified_ms=wanted.modified_ms,
        as_of_date=wanted.as_of,
        state=UploadState.OPEN,
        defaults={"started_at": at, "touched_at": at},
    )
    upload.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    upload.received_bytes = min(upload.received_bytes, _bytes_on_disk(upload))
    upload.at_once, upload.touched_at = wanted.at_once and actor.may(Action.APPLY_DELIVERY), at
    upload.save(update_fields=["received_bytes", "at_once", "touched_at"])
    _check_space(upload)
    return upload


def _check_size(wanted: WantedUpload) -> None:
    if wanted.size == 0:
        raise BadInput(_("The file is empty; nothing was sent."), code="empty_file")
    if wanted.size > MOST_BYTES:
        raise BadInput(
            _("The file is %(size)s; the limit is %(most)s.")
            % {"size": filesizeformat(wanted.size), "most": filesizeformat(MOST_BYTES)},
            code="file_too_large",
            what_to_do=_("Compress it as zip, or send it in several parts."),
        )


def _check_space(upload: Upload) -> None:
    left = upload.file_bytes * SPACE_FACTOR - upload.received_bytes
    if shutil.disk_usage(upload.path.parent).free < left:
        raise disk_full()


def _bytes_on_disk(upload: Upload) -> int:
    return upload.path.stat().st_size if upload.path.exists() else 0


@transaction.atomic
def add_piece(*, actor: Actor, upload_id: int, offset: int, piece: Readable, at: datetime) -> Upload:
    """Write the piece that begins at `offset`.

    Effects: locks the upload; its file, mode 0600; received_bytes.
    Errors: NotFound; OutOfStep; BadInput when it runs past the end of the file; Conflict when the disk is full.
    """
    upload = _locked(actor, upload_id)
    if offset != upload.received_bytes or offset > _bytes_on_disk(upload):
        raise OutOfStep(upload)
    content = piece.read(PIECE_BYTES + 1)
    if len(content) > min(PIECE_BYTES, upload.file_bytes - offset):
        raise BadInput(_("This part is larger than expected; choose the file again."), code="piece_too_large")
    with refusing_full_disk(), os.fdopen(os.open(upload.path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as written:
        written.seek(offset)
        written.write(content)
        written.truncate()
    upload.received_bytes, upload.touched_at = offset + len(content), at
    upload.save(update_fields=["received_bytes", "touched_at"])
    return upload


@transaction.atomic
def finish_upload(*, actor: Actor, upload_id: int, at: datetime) -> Delivery:
    """Receive the whole file; asking again gives the same delivery.

    Effects: one Delivery; the upload is done and its bytes deleted. Errors: NotFound; OutOfStep; Conflict when the disk is full.
    """
    upload = _locked(actor, upload_id, states=(UploadState.OPEN, UploadState.DONE))
    if upload.delivery is not None:
        return upload.delivery
    if upload.received_bytes != upload.file_bytes:
        raise OutOfStep(upload)
    with refusing_full_disk():
        delivery = receive_file(
            actor=actor,
            county=upload.county,
            path=upload.path,
            name=upload.file_name,
            as_of=upload.as_of_date,
            at=at,
            hold=not upload.at_once,
        )
    upload.state, upload.delivery, upload.touched_at = UploadState.DONE, delivery, at
    upload.save(update_fields=["state", "delivery", "touched_at"])
    transaction.on_commit(lambda: upload.path.unlink(missing_ok=True))
    return delivery


@transaction.atomic
def cancel_upload(*, actor: Actor, upload_id: int, at: datetime) -> None:
    """Cancel an unfinished file and delete what was received. Errors: NotFound."""
    upload = _locked(actor, upload_id)
    upload.state, upload.touched_at = UploadState.CANCELLED, at
    upload.save(update_fields=["state", "touched_at"])
    transaction.on_commit(lambda: upload.path.unlink(missing_ok=True))


def wipe_stale_uploads(*, at: datetime, real_at: datetime) -> int:
    """Delete uploads without activity for a day, and files left in the folder by killed processes; return how many.

    `at`: business time, which dates the uploads; `real_at`: what dates the files.

    Effects: deletes rows of Upload and files of DATA_DIR/incoming. Safe to run again.
    """
    before = at - STORED_FOR
    stale = Upload.objects.filter(touched_at__lt=before)
    for upload in stale:
        upload.path.unlink(missing_ok=True)
    deleted, _by_model = stale.delete()
    current = {upload.path for upload in Upload.objects.filter(state=UploadState.OPEN)}
    return deleted + sum(_delete_if_old(path, real_at - STORED_FOR) for path in _incoming() if path not in current)


def _incoming() -> list[Path]:
    return [path for path in (settings.DATA_DIR / "incoming").glob("*") if path.is_file()]


def _delete_if_old(path: Path, before: datetime) -> bool:
    is_old = path.stat().st_mtime < before.timestamp()
    if is_old:
        path.unlink(missing_ok=True)
    return is_old


def _locked(actor: Actor, upload_id: int, states: tuple[str, ...] = (UploadState.OPEN,)) -> Upload:
    actor.demand(Action.RECEIVE_DELIVERY)
    upload = (
        Upload.objects.select_for_update(of=("self",))
        .select_related("county", "delivery")
        .filter(pk=upload_id, user=actor.user_id, county=county_of(actor), state__in=states)
        .first()
    )
    if upload is None:
        raise NotFound(_("This upload no longer exists; choose the file again."), ids=[upload_id])
    return upload
