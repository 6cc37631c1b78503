"""Words of files and codes of rolls as people read them: a list says 全额 and the register keeps `full`."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.constants import Feed

FILE_WORDS: dict[str, Promise] = {
    "full": gettext_lazy("full amount"),
    "partial": gettext_lazy("partial amount"),
    "urban": gettext_lazy("urban"),
    "rural": gettext_lazy("rural"),
    "未脱贫": gettext_lazy("still poor"),
    "返贫": gettext_lazy("poor again"),
    "已脱贫(享受政策)": gettext_lazy("out of poverty, still supported"),
    "已脱贫(不享受政策)": gettext_lazy("out of poverty, no longer supported"),
    "脱贫不稳定户": gettext_lazy("out of poverty, not stable"),
    "边缘易致贫户": gettext_lazy("at the edge of poverty"),
    "突发严重困难户": gettext_lazy("in sudden great hardship"),
    "集中供养": gettext_lazy("supported in a home"),
    "分散供养": gettext_lazy("supported at their own place"),
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
    """Put the words a line says of a person, divided by blanks, into the reader's; an unknown one stands as it is written."""
    return " · ".join(str(FILE_WORDS.get(word, word)) for word in words.split())


def roll_status_words(scheme: str, status: str) -> str:
    """Put a roll's status code into words; an unknown one is shown as it stands."""
    known = RESIDENT_STATUS_WORDS if scheme == Feed.RESIDENT else OTHER_STATUS_WORDS
    if status in known:
        return str(known[status])
    return _("status %(code)s") % {"code": status} if status.strip("/") else _("no status")
