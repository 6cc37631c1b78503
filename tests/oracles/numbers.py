"""An identity number cleaned one at a time, as docs/rules.md R1, R2 and R3 word it."""

import unicodedata
from typing import NamedTuple

from foundation.primitives import resident_id

BLANKS_AND_QUOTES = set(" \t\r\n\u00a0\u200b\ufeff'\"`‘’“”=")


class Cleaned(NamedTuple):
    number: str
    state: str


def clean_number(text: str) -> Cleaned:
    """Return the number as it is stored and its state."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c not in BLANKS_AND_QUOTES)
    if len(plain) <= 1:
        return Cleaned("", "missing")
    if len(plain) == 18:
        return Cleaned(plain, "ok" if resident_id.is_valid(plain) else "checksum")
    if 20 <= len(plain) <= 24 and resident_id.is_valid(plain[:18]):
        return Cleaned(plain[:18], "cut")
    if len(plain) == 15 and plain.isdigit() and resident_id.is_valid(resident_id.upgrade(plain)):
        return Cleaned(resident_id.upgrade(plain), "fifteen")
    if not any(c.isdigit() for c in plain):
        return Cleaned("", "missing")
    return Cleaned(plain, "length")


def make_number(birth: str, sequence: int, prefix: str = "320697") -> str:
    """Return a right number of a county code that was never assigned: nobody's."""
    body = f"{prefix}{birth}{sequence:03d}"
    return body + resident_id.check_character(body)


def repairs_of(number: str) -> set[str]:
    """Return the right numbers one digit error away from a damaged one of 18 characters."""
    return resident_id.repair_candidates(number)


def lost_or_added(number: str) -> set[str]:
    """Try every digit at every gap of 17 characters, every deletion of 19."""
    if not number[:-1].isdigit() or number[-1] not in "0123456789X":
        return set()
    tried: set[str] = set()
    if len(number) == 17:
        tried = {number[:gap] + digit + number[gap:] for gap in range(18) for digit in "0123456789X"}
    elif len(number) == 19:
        tried = {number[:extra] + number[extra + 1 :] for extra in range(19)}
    return {each for each in tried if resident_id.is_valid(each)}
