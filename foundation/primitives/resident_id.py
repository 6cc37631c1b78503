"""The citizen identity number of GB 11643: check character, birth date, sex, 15 to 18 digits. One value at a time.

Whole columns are read by `columns.py`, the computed repair of damaged numbers is a SQL step of the matching; the tests
compare all three. python-stdnum is not used: its cn.ric refuses most elderly people's valid numbers.
"""

from __future__ import annotations

from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
CENTENARIAN_SEQUENCES = range(996, 1000)


def check_character(body: str) -> str:
    """Return the check character of the first seventeen digits.

    Source: GB 11643-1999, ISO 7064 MOD 11-2.
    """
    return CHECK_CHARACTERS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def birth_date(number: str) -> date | None:
    """Return the birth date in digits 7 to 14, or None when they are no date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def is_valid(number: str) -> bool:
    """Answer whether an 18-character number has digits, a birth date between 1850 and 2100 and the right check character."""
    if len(number) != 18 or not number[:17].isascii() or not number[:17].isdigit():
        return False
    born = birth_date(number)
    return born is not None and 1850 <= born.year <= 2100 and check_character(number[:17]) == number[17]


def sex_code(number: str) -> int:
    """Return GB/T 2261.1's 1 (male) or 2 (female) from the seventeenth digit."""
    return 1 if int(number[16]) % 2 else 2


def upgrade(number15: str) -> str:
    """Return the 18-character number of a 15-digit one.

    Source: GB 11643-1999; sequences 996 to 999 marked people over a hundred, born in 18xx (docs/rules.md R2).
    """
    century = "18" if int(number15[12:15]) in CENTENARIAN_SEQUENCES else "19"
    body = number15[:6] + century + number15[6:]
    return body + check_character(body)


def repair_candidates(number: str) -> set[str]:
    """Return every valid number one digit error away from a damaged 18-character one: a digit, an adjacent swap, day and month.

    The weighted sum over all eighteen places, the check character counting as weight one, must be 1 modulo 11; so each
    place admits at most one other digit. Computed, not searched (docs/matching.md#numbers-one-digit-error-away).
    """
    if len(number) != 18 or not number[:17].isdigit() or not (number[17].isdigit() or number[17] == "X"):
        return set()
    places = [int(digit) for digit in number[:17]] + [10 if number[17] == "X" else int(number[17])]
    found = {_with(places, {place: digit}) for place in range(18) for digit in range(11) if digit != places[place]}
    found |= {_with(places, {place: places[place + 1], place + 1: places[place]}) for place in range(17)}
    found.add(_with(places, {10: places[12], 11: places[13], 12: places[10], 13: places[11]}))
    return {candidate for candidate in found if candidate and is_valid(candidate) and candidate != number}


def _with(places: list[int], changes: dict[int, int]) -> str:
    changed = [changes.get(place, digit) for place, digit in enumerate(places)]
    if any(digit > 9 for digit in changed[:17]):
        return ""
    return "".join(map(str, changed[:17])) + ("X" if changed[17] == 10 else str(changed[17]))
