"""Telephones given to reach a person: stored encrypted, shown masked, and whole for a stated purpose only."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from foundation.primitives.errors import BadInput
from foundation.primitives.masks import mask_phone
from foundation.regions.models import Unit
from registry.models import ContactPoint
from registry.selectors.numbers import cipher
from registry.services.numbers import allocate_ids

TABLE = "registry_contactpoint"
COLUMN = f"{TABLE}.ciphertext"
_WIDE = str.maketrans("０１２３４５６７８９－＋　", "0123456789-+ ")
_TELEPHONE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9}|0[0-9]{9,11}|[2-9][0-9]{6,7})")


def read_telephone(typed: str) -> str:
    """Return the digits of a telephone; nothing for nothing. Errors: BadInput for what is none."""
    plain = re.sub(r"[\s()-]", "", typed.translate(_WIDE))
    if not plain:
        return ""
    found = _TELEPHONE.fullmatch(plain)
    if found is None:
        raise BadInput(
            _("This is not a telephone number."),
            code="telephone_invalid",
            what_to_do=_("Enter a mobile number of eleven digits, or a landline with its area code."),
        )
    return found[1]


def store_telephone(telephone: str, *, county: Unit, at: datetime) -> ContactPoint:
    """Store a telephone as read_telephone returns it. Effects: one ContactPoint."""
    (row_id,) = allocate_ids(TABLE, 1)
    return ContactPoint.objects.create(
        pk=row_id,
        county=county,
        ciphertext=cipher().encrypt(f"{COLUMN}:{row_id}", telephone),
        key_id=settings.KEYS.current_key,
        blind_full=cipher().blind_index("full", telephone),
        masked=mask_phone(telephone),
        recorded_at=at,
    )


def decrypt_telephone(contact: ContactPoint) -> str:
    """Return the whole number, for a user who stated a purpose; the caller records that."""
    return cipher().decrypt(f"{COLUMN}:{contact.pk}", bytes(contact.ciphertext))
