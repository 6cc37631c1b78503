"""The address of a subject's page: a person's, or a roll line's by county, scheme and roll number, never an identity number."""

from __future__ import annotations

from django.urls import reverse

from casework.selectors.subjects import SubjectKey
from foundation.primitives.personal_texts import roll_no_in_address


def subject_url(key: SubjectKey) -> str:
    """Return the address of a subject's page."""
    if key.person_id:
        return reverse("person", args=[key.person_id])
    return reverse("work_roll_line", args=[key.county_id, key.scheme, roll_no_in_address(key.roll_no)])
