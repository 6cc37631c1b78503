"""The numbers one slip away from a typed one, for a search that finds nobody. One value at a time; whole columns: number_repair.py.

Of a number with a wrong check character, or a character too few or too many, the right numbers it may have been; of a right number the
damaged ones a file may have had for it: one digit or two neighbours other.
"""

from __future__ import annotations

import re

from foundation.primitives.resident_id import is_valid, repair_candidates

DIGITS = "0123456789"
WHOLE = 18


def near_numbers(number: str) -> list[str]:
    """Return the numbers one slip away, without the number itself; none where it is no number of 17 to 19 characters.

    Between ten and two hundred: a bounded set, looked up at once.
    """
    if not re.fullmatch(r"[0-9]{16,18}[0-9X]", number):
        return []
    if len(number) < WHOLE:
        candidates = {number[:place] + digit + number[place:] for place in range(WHOLE) for digit in f"{DIGITS}X"}
        return sorted(each for each in candidates if is_valid(each))
    if len(number) > WHOLE:
        return sorted(
            each for each in {number[:place] + number[place + 1 :] for place in range(WHOLE + 1)} if is_valid(each)
        )
    return sorted(_damaged(number) if is_valid(number) else repair_candidates(number))


def _damaged(number: str) -> set[str]:
    last = len(number) - 1
    other = {
        number[:place] + digit + number[place + 1 :]
        for place in range(WHOLE)
        for digit in (f"{DIGITS}X" if place == last else DIGITS)
    }
    swapped = {number[:place] + number[place + 1] + number[place] + number[place + 2 :] for place in range(last - 1)}
    return {each for each in other | swapped if each != number and not is_valid(each)}
