"""Labels of a comparison vector: the fields of a possible match and their agreement levels.

The codes are those of matching/sql/92_name_comparison_vectors.sql and matching/weights_N.yaml.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

FIELD_LABELS: dict[str, Promise] = {
    "number": gettext_lazy("Number"),
    "name": gettext_lazy("Name"),
    "birth": gettext_lazy("Birth date"),
    "village": gettext_lazy("Village"),
    "rarity": gettext_lazy("Name frequency"),
}
AGREEMENT_LABELS: dict[str, Promise] = {
    "same": gettext_lazy("same"),
    "former": gettext_lazy("former number"),
    "digit error in the file": gettext_lazy("one digit error in the file"),
    "digit error on the roll": gettext_lazy("one digit error on the roll"),
    "unknown": gettext_lazy("not stated"),
    "variant": gettext_lazy("same, in variant characters"),
    "homophone": gettext_lazy("sounds the same"),
    "same surname": gettext_lazy("same surname only"),
    "differs": gettext_lazy("different"),
    "day and month swapped": gettext_lazy("day and month swapped"),
    "same town": gettext_lazy("same township"),
    "two digit errors": gettext_lazy("one or two digits differ"),
    "its beginning": gettext_lazy("first fourteen digits match"),
    "all but the birth date": gettext_lazy("same except the birth date digits"),
    "one part differs": gettext_lazy("year, month or day differs"),
    "rare": gettext_lazy("rare"),
    "usual": gettext_lazy("occasional"),
    "common": gettext_lazy("common"),
}
BAND_LABELS: dict[str, Promise] = {
    "strong": gettext_lazy("strong"),
    "likely": gettext_lazy("likely"),
    "weak": gettext_lazy("weak"),
}
CHANGE_LABELS: dict[str, Promise] = {
    "rule": gettext_lazy("matching method"),
    "fields": gettext_lazy("field comparison"),
    "roll_name": gettext_lazy("name on the roll"),
    "roll_birth": gettext_lazy("birth date on the roll"),
    "roll_unit": gettext_lazy("place on the roll"),
    "names": gettext_lazy("names in the files"),
}
"""What may have changed since a match was decided; the codes of findings/sql/respect_decisions.sql."""
AGREES = {"same", "variant", "homophone"}
DISAGREES = {"differs", "same surname"}


@dataclass(frozen=True)
class FieldAgreement:
    """One field of a pair with its agreement level, as labels."""

    field: str
    agreement: str
    tone: str


def present_vector(text: str) -> list[FieldAgreement]:
    """Return the fields of a comparison vector ("number=same;name=homophone") with their labels."""
    fields = []
    for part in filter(None, text.split(";")):
        field, _equals, level = part.partition("=")
        tone = "ok" if level in AGREES else "bad" if level in DISAGREES else ""
        label = str(AGREEMENT_LABELS.get(level, level))
        fields.append(FieldAgreement(str(FIELD_LABELS.get(field, field)), label, tone))
    return fields
