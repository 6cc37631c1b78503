"""The address of a subject's page: a person's, or a roll line's by county, scheme and roll number, never an identity number.

Where it was opened from a list, it carries the filters of that list, so that "next" stays in it whatever another tab shows.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from casework.selectors.subjects import SubjectKey
from foundation.primitives.personal_texts import roll_no_in_address

LIST = "list"
"""Of an address or a form: the filters of the work list a subject was opened from; empty for the whole list."""


def subject_url(key: SubjectKey, *, listed: str | None = None) -> str:
    """Return the address of a subject's page, with the filters of the list it was opened from."""
    query = "" if listed is None else f"?{urlencode({LIST: listed})}"
    if key.person_id:
        return reverse("person", args=[key.person_id]) + query
    return reverse("work_roll_line", args=[key.county_id, key.scheme, roll_no_in_address(key.roll_no)]) + query
