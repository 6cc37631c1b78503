"""Masks of numbers for users who need not see them whole. Text in, text out; damaged numbers are masked too.

Source: docs/rules.md R40. Everybody sees one and one character of an ID number: six and four beside a birth date are the whole
number. A bank account shows three and four, a telephone three and four. A text too short to hide anything shows nothing.
"""

ID_LENGTH = 18
STAR = "*"


def mask_id(text: str) -> str:
    """Mask an ID number: 3****************5. What follows the 18th character (a disability kind) is hidden."""
    return _mask(text[:ID_LENGTH], head=1, tail=1) + STAR * len(text[ID_LENGTH:])


def mask_bank_account(text: str) -> str:
    """Mask a bank account: the first three and the last four digits remain."""
    return _mask(text, head=3, tail=4)


def mask_phone(text: str) -> str:
    """Mask a telephone number: 138****5678."""
    return _mask(text, head=3, tail=4)


def _mask(text: str, *, head: int, tail: int) -> str:
    """Hide the middle; a text where less than four characters would be hidden is hidden whole."""
    hidden = len(text) - head - tail
    if hidden < 4:
        return STAR * len(text)
    return text[:head] + STAR * hidden + text[-tail:]
