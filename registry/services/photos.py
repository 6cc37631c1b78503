"""Photographs of a village helper: decoded and encoded again, so that nothing but the picture is kept, then stored encrypted.

A telephone writes into its photographs where and when they were taken and with which device; none of it survives. What is no picture,
or would be too large once decoded, is refused before it is decoded.
"""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from foundation.primitives.disk import refusing_full_disk
from foundation.primitives.errors import BadInput
from foundation.regions.models import Unit
from registry.selectors.stored_files import ATTACHMENTS
from registry.services.originals import store_file

MOST_BYTES = 10 << 20
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""Of each kind accepted: as many as a telephone's camera has. A small file can claim to be larger than the memory; a JPEG is decoded
smaller than it is, the others whole."""
LONGEST_SIDE = 1600
QUALITY = 80
CONTENT_TYPE = "image/jpeg"
"""Of what is stored."""
CONTENT_TYPES = "image/jpeg,image/png,image/webp"
"""Of what may be sent, as a browser's file field names them."""


@dataclass(frozen=True)
class StoredPhoto:
    """A photograph as it was stored: its hash, its path below DATA_DIR, its bytes."""

    sha256: str = ""
    path: str = ""
    size: int = 0


def store_photo(source: Path, county: Unit) -> StoredPhoto:
    """Store the picture of a photograph, turned upright and at most LONGEST_SIDE pixels long, as JPEG without anything beside it.

    Effects: one encrypted file. Errors: BadInput for size or kind; Conflict when the disk is full.
    """
    size = source.stat().st_size
    if size > MOST_BYTES:
        raise BadInput(
            _("The photo is %(size)s; the limit is %(most)s.")
            % {"size": filesizeformat(size), "most": filesizeformat(MOST_BYTES)},
            code="photo_too_large",
            what_to_do=_("Take it at a lower resolution, or send the report without it."),
        )
    picture = _read(source)
    with refusing_full_disk(), tempfile.NamedTemporaryFile(suffix=".jpg", dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        picture.save(file, "JPEG", quality=QUALITY, optimize=True)
        file.flush()
        digest, stored = store_file(Path(file.name), county, ATTACHMENTS)
        return StoredPhoto(digest, stored, file.tell())


def _read(source: Path) -> Image.Image:
    """Return the pixels alone. Errors: BadInput for what is no picture of a known kind, cut off, or too large."""
    try:
        with warnings.catch_warnings(), Image.open(source, formats=list(MOST_PIXELS)) as opened:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit is ours
            if opened.width * opened.height > MOST_PIXELS[opened.format or ""]:
                raise _no_photo()
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            plain = Image.new("RGB", upright.size, "white")
            with_alpha = upright.convert("RGBA")
            plain.paste(with_alpha, mask=with_alpha.getchannel("A"))
            return plain
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise _no_photo() from error


def _no_photo() -> BadInput:
    return BadInput(
        _("This file is not a photo that can be read."),
        code="photo_kind",
        what_to_do=_("Send a JPEG, PNG or WebP photo, or send the report without it."),
    )
