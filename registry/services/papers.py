"""A scanned paper: checked by its first bytes, stored encrypted. Of a person (person_file.py) or evidence of a closed case."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from foundation.primitives.errors import BadInput
from foundation.regions.models import Unit
from registry.selectors.stored_files import ATTACHMENTS
from registry.services.originals import store_file

MOST_BYTES = 10 << 20
KINDS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""The first bytes of what may be attached; the file's name is not relied on."""


@dataclass(frozen=True)
class StoredPaper:
    """A paper as it was stored: its type, size in bytes, hash, and path below DATA_DIR."""

    content_type: str
    size: int
    sha256: str
    path: str


def store_paper(source: Path, county: Unit) -> StoredPaper:
    """Check and store a paper. Effects: one encrypted file. Errors: BadInput for size or kind; Conflict when the disk is full."""
    size = source.stat().st_size
    if size > MOST_BYTES:
        raise BadInput(
            _("The attachment is %(size)s; the limit is %(most)s.")
            % {"size": filesizeformat(size), "most": filesizeformat(MOST_BYTES)},
            code="paper_too_large",
            what_to_do=_("Scan it in greyscale or at a lower resolution."),
        )
    kind = _kind_of(source)
    if not kind:
        raise BadInput(_("Only PDF, JPEG and PNG attachments are accepted."), code="paper_kind")
    digest, stored = store_file(source, county, ATTACHMENTS)
    return StoredPaper(kind, size, digest, stored)


def _kind_of(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(8)
    return next((kind for mark, kind in KINDS.items() if start.startswith(mark)), "")
