"""The fields of all feeds in a person's words: what a column is, and the form its cells take. For templates and mapping."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class FieldWords:
    """What a field is and how its cells are written."""

    label: Promise
    form: Promise


TEXT, NUMBER = _("Text."), _("18 characters as text, never as a figure: figures lose their last digits.")
CODE = _("Text, leading zeros kept; the same in every month.")
DAY = _("20181231, 2018-12-31, 2018/12/31 or 2018年12月31日; the month alone where the day is unknown: 201812.")
PLACE = _("The 12-digit division code, or town and village by name.")
WORD = _("One of the words below; other words are asked about once.")
NAME = _("As on the identity card, nothing else in the cell.")
FIELDS: dict[str, FieldWords] = {
    "name": FieldWords(_("Name"), NAME),
    "number": FieldWords(_("Identity number"), NUMBER),
    "household_no": FieldWords(_("Number of the household or certificate"), CODE),
    "person_no": FieldWords(_("Number of the person in the list"), CODE),
    "head_name": FieldWords(_("Name of the head of the household"), NAME),
    "relation": FieldWords(_("Relation to the head of the household"), TEXT),
    "sex": FieldWords(_("Sex"), _("男 or 女.")),
    "birth": FieldWords(_("Date of birth"), DAY),
    "status": FieldWords(_("Status or kind of support"), WORD),
    "settlement": FieldWords(_("Urban or rural"), WORD),
    "place": FieldWords(_("Village or community"), PLACE),
    "town": FieldWords(_("Township"), _("The name.")),
    "address": FieldWords(_("Address"), TEXT),
    "hukou": FieldWords(_("Place of household registration"), TEXT),
    "phone": FieldWords(_("Telephone"), TEXT),
    "institution": FieldWords(_("Home that gives the support"), TEXT),
    "disability_kind": FieldWords(_("Kind of disability"), TEXT),
    "grade": FieldWords(_("Grade of disability"), WORD),
    "state": FieldWords(_("State"), TEXT),
    "unit_code": FieldWords(_("Division"), PLACE),
    "roll_no": FieldWords(_("Personal number on the roll"), CODE),
    "identity": FieldWords(_("Kind of participant"), TEXT),
    "business": FieldWords(_("Combined status"), WORD),
    "paying": FieldWords(_("Contribution status"), WORD),
    "joined": FieldWords(_("Insured since"), DAY),
    "benefit_start": FieldWords(_("First month of the benefit"), DAY),
    "insured_in": FieldWords(_("Place of insurance"), PLACE),
    "employer_no": FieldWords(_("Number of the employer"), CODE),
    "employer": FieldWords(_("Employer"), TEXT),
    "scheme": FieldWords(_("Scheme"), WORD),
    "province": FieldWords(_("Province of insurance"), TEXT),
    "place_code": FieldWords(_("Code of the place of insurance"), CODE),
    "source": FieldWords(_("Source of the report"), WORD),
    "event": FieldWords(_("Day of the event"), DAY),
    "registered": FieldWords(_("Day of the report"), DAY),
    "event_kind": FieldWords(_("Kind of event"), WORD),
    "before": FieldWords(_("Before the change"), TEXT),
    "after": FieldWords(_("After the change"), TEXT),
    "from_place": FieldWords(_("Moved from"), TEXT),
    "to_place": FieldWords(_("Moved to"), TEXT),
    "from": FieldWords(_("From"), DAY),
    "to": FieldWords(_("Until"), DAY),
    "authority": FieldWords(_("Authority"), TEXT),
    "school": FieldWords(_("School"), TEXT),
    "level": FieldWords(_("Level"), TEXT),
    "answer": FieldWords(_("Answer"), WORD),
    "verifier": FieldWords(_("Who asked"), TEXT),
    "remark": FieldWords(_("Remark"), TEXT),
}


def label_of(field: str) -> str:
    """Return a field's name in the language in force; a field nobody named keeps its key."""
    words = FIELDS.get(field)
    return str(words.label) if words else field
