"""The fields of all feeds as users read them: the name of a column, and the format of its cells. For templates and mapping."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class FieldWords:
    """What a field is and how its cells are written."""

    label: Promise
    form: Promise


TEXT, NUMBER = _("Text."), _("18 characters as text, not as a number: numbers lose their last digits.")
CODE = _("Text with leading zeros; the same every month.")
DAY = _("20181231, 2018-12-31, 2018/12/31 or 2018年12月31日; the month alone where the day is unknown: 201812.")
PLACE = _("The 12-digit division code, or the town and village by name.")
WORD = _("One of the terms below; other terms are asked about once.")
NAME = _("As on the identity card, with nothing else in the cell.")
FIELDS: dict[str, FieldWords] = {
    "name": FieldWords(_("Name"), NAME),
    "number": FieldWords(_("ID number"), NUMBER),
    "household_no": FieldWords(_("Household or certificate number"), CODE),
    "person_no": FieldWords(_("Person number in the list"), CODE),
    "head_name": FieldWords(_("Name of the head of household"), NAME),
    "relation": FieldWords(_("Relation to the head of household"), TEXT),
    "sex": FieldWords(_("Sex"), _("男 (male) or 女 (female).")),
    "birth": FieldWords(_("Date of birth"), DAY),
    "schooling": FieldWords(_("At school"), WORD),
    "status": FieldWords(_("Status or kind of support"), WORD),
    "settlement": FieldWords(_("Urban or rural"), WORD),
    "place": FieldWords(_("Village or community"), PLACE),
    "town": FieldWords(_("Township"), _("The name.")),
    "address": FieldWords(_("Address"), TEXT),
    "hukou": FieldWords(_("Place of household registration"), TEXT),
    "phone": FieldWords(_("Telephone"), TEXT),
    "institution": FieldWords(_("Care home"), TEXT),
    "disability_kind": FieldWords(_("Type of disability"), TEXT),
    "grade": FieldWords(_("Grade of disability"), WORD),
    "state": FieldWords(_("State"), TEXT),
    "unit_code": FieldWords(_("Division"), PLACE),
    "roll_no": FieldWords(_("Personal number on the roll"), CODE),
    "identity": FieldWords(_("Participant type"), TEXT),
    "business": FieldWords(_("Combined status"), WORD),
    "paying": FieldWords(_("Contribution status"), WORD),
    "joined": FieldWords(_("Insured since"), DAY),
    "benefit_start": FieldWords(_("First month of the benefit"), DAY),
    "end_reason": FieldWords(_("Reason of the end"), TEXT),
    "end_source": FieldWords(_("Who reported the death"), TEXT),
    "insured_in": FieldWords(_("Place of insurance"), PLACE),
    "employer_no": FieldWords(_("Employer number"), CODE),
    "employer": FieldWords(_("Employer"), TEXT),
    "scheme": FieldWords(_("Scheme"), WORD),
    "province": FieldWords(_("Province of insurance"), TEXT),
    "place_code": FieldWords(_("Code of the place of insurance"), CODE),
    "source": FieldWords(_("Source of the report"), WORD),
    "event": FieldWords(_("Date of the event"), DAY),
    "deaths.event": FieldWords(_("Date of death"), DAY),
    "certification.event": FieldWords(_("Day certified"), DAY),
    "certification.source": FieldWords(_("Way of certification"), WORD),
    "registered": FieldWords(_("Date of the report"), DAY),
    "event_kind": FieldWords(_("Type of event"), WORD),
    "before": FieldWords(_("Before the change"), TEXT),
    "after": FieldWords(_("After the change"), TEXT),
    "from_place": FieldWords(_("Moved from"), TEXT),
    "to_place": FieldWords(_("Moved to"), TEXT),
    "from": FieldWords(_("First day"), DAY),
    "to": FieldWords(_("Last day"), DAY),
    "authority": FieldWords(_("Authority"), TEXT),
    "school": FieldWords(_("School"), TEXT),
    "level": FieldWords(_("Level"), TEXT),
    "answer": FieldWords(_("Verification result"), WORD),
    "verifier": FieldWords(_("Verified by"), TEXT),
    "remark": FieldWords(_("Remark"), TEXT),
}


def label_of(field: str, feed: str = "") -> str:
    """Return a field's name in the language in force, as a feed calls it; a field without one is named by its key."""
    words = FIELDS.get(f"{feed}.{field}", FIELDS.get(field))
    return str(words.label) if words else field
