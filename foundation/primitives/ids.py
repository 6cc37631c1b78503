"""Ids as a request carries them: a text that may be anything. Pure; the one place that decides what can be an id."""

LARGEST_ID = 2**63 - 1
LONGEST_ID = len(str(LARGEST_ID))


def read_id(text: str | None) -> int | None:
    """Return the id a text states; None for anything that cannot be the key of a row."""
    if not text or len(text) > LONGEST_ID or not (text.isascii() and text.isdecimal()):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


def is_id(text: str | None) -> bool:
    """Answer whether a text states an id."""
    return read_id(text) is not None
