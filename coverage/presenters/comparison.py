"""How the fields of a possible match compare, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

FIELD_WORDS: dict[str, Promise] = {
    "number": gettext_lazy("Number"),
    "name": gettext_lazy("Name"),
    "birth": gettext_lazy("Birth date"),
    "village": gettext_lazy("Village"),
    "rarity": gettext_lazy("How often the name occurs"),
}
AGREEMENT_WORDS: dict[str, Promise] = {
    "same": gettext_lazy("the same"),
    "former": gettext_lazy("a former number"),
    "one slip in the file": gettext_lazy("one slip in the file"),
    "one slip on the roll": gettext_lazy("one slip on the roll"),
    "unknown": gettext_lazy("not stated"),
    "variant": gettext_lazy("the same in variant characters"),
    "homophone": gettext_lazy("sounds the same"),
    "same surname": gettext_lazy("the surname is the same"),
    "differs": gettext_lazy("differs"),
    "day and month swapped": gettext_lazy("day and month swapped"),
    "same town": gettext_lazy("the same township"),
    "two slips": gettext_lazy("one or two digits differ"),
    "its beginning": gettext_lazy("the first fourteen digits are the same"),
    "all but the birth date": gettext_lazy("the same but for the birth date in it"),
    "one part differs": gettext_lazy("year, month or day differs"),
    "rare": gettext_lazy("rarely"),
    "usual": gettext_lazy("now and then"),
    "common": gettext_lazy("often"),
}
BAND_WORDS: dict[str, Promise] = {
    "strong": gettext_lazy("strong"),
    "likely": gettext_lazy("likely"),
    "weak": gettext_lazy("weak"),
}
CHANGED_WORDS: dict[str, Promise] = {
    "rule": gettext_lazy("the way they were found"),
    "fields": gettext_lazy("how the fields compare"),
    "roll_name": gettext_lazy("the name on the roll"),
    "roll_birth": gettext_lazy("the birth date on the roll"),
    "roll_unit": gettext_lazy("the place on the roll"),
    "names": gettext_lazy("the person's names in the files"),
}
"""What may be otherwise than when a pair was decided; the words of coverage/sql/respect_decisions.sql."""
AGREES = {"same", "variant", "homophone"}
DOUBTFUL = {"differs", "same surname"}


@dataclass(frozen=True)
class FieldAgreement:
    """How one field of a pair compares."""

    field: str
    verdict: str
    tone: str


def comparison_vector(text: str) -> list[FieldAgreement]:
    """Read "number=same;name=homophone" into words, field by field."""
    shown = []
    for part in filter(None, text.split(";")):
        field, _equals, verdict = part.partition("=")
        tone = "ok" if verdict in AGREES else "bad" if verdict in DOUBTFUL else ""
        words = str(AGREEMENT_WORDS.get(verdict, verdict))
        shown.append(FieldAgreement(str(FIELD_WORDS.get(field, field)), words, tone))
    return shown
