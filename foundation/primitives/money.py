"""Money is integer fen; text in yuan exists only in files and on pages. Nothing here rounds silently."""

import re
from decimal import ROUND_HALF_UP, Decimal

FEN_PER_YUAN = 100
_YUAN_TEXT = re.compile(r"^(?P<sign>-?)(?P<yuan>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<fen>\d{1,2}))?$", re.ASCII)


def parse_fen(text: str) -> int:
    """Read yuan as people write them ("1,147,200.00", "135", "-0.5") into fen.

    Errors: ValueError for anything else, also for a third decimal: a sum is never rounded on reading.
    """
    found = _YUAN_TEXT.match(text.strip())
    if found is None:
        raise ValueError(f"not an amount in yuan with at most two decimals: {text!r}")
    fen = int(found["yuan"].replace(",", "")) * FEN_PER_YUAN + int((found["fen"] or "0").ljust(2, "0"))
    return -fen if found["sign"] else fen


def format_fen(amount_fen: int) -> str:
    """Write fen as yuan with two decimals and thousands separators: 114720000 is "1,147,200.00"."""
    sign = "-" if amount_fen < 0 else ""
    yuan, fen = divmod(abs(amount_fen), FEN_PER_YUAN)
    return f"{sign}{yuan:,}.{fen:02d}"


def divide_half_up(amount_fen: int, divisor: int) -> int:
    """Divide fen and round half away from zero to whole fen: 195000 / 139 is 1403 (14.03 yuan).

    Source: docs/rules.md R28, rounding to 0.01 half-up.
    """
    return int((Decimal(amount_fen) / Decimal(divisor)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
