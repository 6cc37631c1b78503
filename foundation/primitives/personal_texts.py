"""Identity numbers and telephones in texts that are neither: found by their form, so that no plain column keeps one.

A roll number that reads as an identity number is stored as its reference: the mask, a point, and a keyed hash by which the same
number is recognised again. The hash alone is its id in addresses. Pure; the key is that of registry/selectors/numbers.py.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from foundation.primitives.columns import half_width_numbers
from foundation.primitives.masks import STAR, mask_id

HASH_BYTES = 12
ID_MARK = "~"
"""What an id begins with that stands for a number: in an address, in the key of a household."""
SHORTEST = 11
"""Characters of the shortest number that is looked for: a mobile telephone."""
HIDDEN = STAR * 4
MAY_BE_TELEPHONE = r"(?:^|[^0-9])1[3-9][0-9]{9}(?:[^0-9]|$)"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
READS_AS_IDENTITY = (
    rf"(?:^|[^0-9])(?:[0-9]{{6}}(?:18|19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9X]|[0-9]{{8}}{_DAY}[0-9]{{3}})(?:[^0-9]|$)"
)
_AS_LONG_AS_AN_IDENTITY = re.compile(r"[0-9]{13,17}[0-9X]")
_REFERENCE = re.compile(r"(?P<mask>[^.]\*+[^.]?)\.(?P<hash>[a-z2-7]{20})")
_LONG_RUN = r"[0-9０-９](?:[ -]?[0-9０-９]){10,}"
_TELEPHONE = r"(?:\+?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]){8}|0[0-9]{2,3}[ -]?[0-9]{7,8}"
_PERSONAL = re.compile(rf"(?<![0-9])(?:{_TELEPHONE}|[0-9](?: ?[0-9]){{12,}}[Xx]?)(?![0-9])")
_IDENTITY_OR_TELEPHONE = re.compile(rf"{READS_AS_IDENTITY}|(?<![0-9])(?:{_TELEPHONE})(?![0-9])")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789XX")
Hash = Callable[[str], bytes]
"""A keyed hash of a text."""


def read_as_identity_numbers(texts: pa.Array) -> pa.Array:
    """Answer for each text whether a birth date is where 15 or 18 characters have it, whatever the check character says."""
    return pc.match_substring_regex(half_width_numbers(texts), READS_AS_IDENTITY)


def may_have_numbers(texts: pa.Array | pa.ChunkedArray) -> bool:
    """Answer whether any text is long enough for a number: most columns need no closer look."""
    return bool(len(texts)) and (pc.max(pc.binary_length(texts)).as_py() or 0) >= SHORTEST


def without_numbers(texts: pa.Array) -> pa.Array:
    """Replace identity numbers, bank cards and telephones in texts; codes of places (12 digits at most) and days stay.

    Cost: distinct texts with eleven digits in a row only.
    """
    if not may_have_numbers(texts):
        return texts
    suspect = pc.match_substring_regex(texts, _LONG_RUN)
    if not pc.any(suspect).as_py():
        return texts
    encoded = texts.filter(suspect).dictionary_encode()
    hidden = pa.array([hide_numbers(text) for text in encoded.dictionary.to_pylist()], pa.string())
    return pc.replace_with_mask(texts, suspect, hidden.take(encoded.indices))


def hide_numbers(text: str) -> str:
    """Replace the identity numbers, bank cards and telephones in one text."""
    return _PERSONAL.sub(HIDDEN, text.translate(_HALF_WIDTH))


def is_personal(text: str) -> bool:
    """Answer whether a text contains what reads as an identity number or a telephone; a long code of a department does not."""
    return _IDENTITY_OR_TELEPHONE.search(re.sub(r"\s", "", text.translate(_HALF_WIDTH))) is not None


def hash_words(text: str, hash_of: Hash) -> str:
    """Return a text's keyed hash as twenty letters and digits."""
    return base64.b32encode(hash_of(text)[:HASH_BYTES]).decode("ascii").rstrip("=").lower()


def make_reference(number: str, hash_of: Hash) -> str:
    """Return what is stored for a roll number that is somebody's number or name: a mask and its keyed hash.

    Only of what reads as an identity number the mask shows two characters, as everywhere.
    """
    mask = mask_id(number) if _AS_LONG_AS_AN_IDENTITY.fullmatch(number) else HIDDEN
    return f"{mask}.{hash_words(number, hash_of)}"


def is_reference(roll_no: str) -> bool:
    """Answer whether a stored roll number is a reference; every other one is as the department sent it."""
    return _REFERENCE.fullmatch(roll_no) is not None


def shown_roll_no(roll_no: str) -> str:
    """Return a stored roll number as pages and answers show it: a reference as its mask."""
    found = _REFERENCE.fullmatch(roll_no)
    return found["mask"] if found else roll_no


def roll_no_in_address(roll_no: str) -> str:
    """Return a stored roll number as addresses contain it: a reference as its id, nothing of the number."""
    found = _REFERENCE.fullmatch(roll_no)
    return f"{ID_MARK}{found['hash']}" if found else roll_no


def id_in_address(text: str) -> str:
    """Return the end of the reference an address means; empty when it contains a roll number as sent."""
    return f".{text.removeprefix(ID_MARK)}" if re.fullmatch(r"~[a-z2-7]{20}", text) else ""
