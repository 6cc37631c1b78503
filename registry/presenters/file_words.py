"""Values of files and codes of rolls in the reader's language: a list contains 全额 and the register stores `full`."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.constants import FactKind, FactSource, Feed, LifeSource, Scheme
from registry.intake.layouts import Layout

FILE_WORDS: dict[str, Promise] = {
    "full": gettext_lazy("full amount"),
    "partial": gettext_lazy("partial amount"),
    "urban": gettext_lazy("urban"),
    "rural": gettext_lazy("rural"),
    "poor": gettext_lazy("still poor"),
    "poor_again": gettext_lazy("poor again"),
    "out_supported": gettext_lazy("out of poverty, still supported"),
    "out_unsupported": gettext_lazy("out of poverty, no longer supported"),
    "out_unstable": gettext_lazy("out of poverty, not stable"),
    "at_risk": gettext_lazy("at risk of poverty"),
    "sudden_hardship": gettext_lazy("sudden severe hardship"),
    "residential": gettext_lazy("supported in residential care"),
    "at_home": gettext_lazy("supported at home"),
}
RESIDENT_STATUS_WORDS: dict[str, Promise] = {
    "1/1": gettext_lazy("contributing"),
    "2/2": gettext_lazy("contribution lapsed"),
    "1/3": gettext_lazy("drawing"),
    "2/3": gettext_lazy("benefit paused"),
    "4/3": gettext_lazy("ended"),
}
OTHER_STATUS_WORDS: dict[str, Promise] = {
    "1": gettext_lazy("contributing"),
    "2": gettext_lazy("drawing"),
    "3": gettext_lazy("paused"),
    "4": gettext_lazy("ended"),
    "5": gettext_lazy("benefit paused"),
}


def file_words(words: str) -> str:
    """Return the values a line states of a person, divided by blanks, in the reader's language; an unknown one as written."""
    return " · ".join(str(FILE_WORDS.get(word, word)) for word in words.split())


def roll_status_words(scheme: str, status: str) -> str:
    """Return a roll's status code in the reader's language; an unknown one as it is."""
    known = RESIDENT_STATUS_WORDS if scheme == Feed.RESIDENT else OTHER_STATUS_WORDS
    if status in known:
        return str(known[status])
    return _("status %(code)s") % {"code": status} if status.strip("/") else _("no status")


def source_words(source: str) -> str:
    """Return who states a fact in the reader's language; a source no layout knows as written."""
    for words in (FactSource, LifeSource):
        if source in words.values:
            return str(words(source).label)
    return source


def meaning_choices(layout: Layout, field: str) -> list[tuple[str, str]]:
    """Return a field's codes with their meanings for a list to choose from, in the layout's order.

    A meaning is in the reader's language where the interface has a word for the code, else the sender's usual word.
    """
    return [(code, _meaning(code) or usual) for code, usual in layout.usual_words(field).items()]


def _meaning(code: str) -> str:
    for words in (FactKind, FactSource, LifeSource, Scheme):
        if code in words.values:
            return str(words(code).label)
    return str(FILE_WORDS.get(code, ""))
