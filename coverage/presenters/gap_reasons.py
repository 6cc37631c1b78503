"""Labels of the reasons for which coverage finds gaps. Registered with casework (apps.py), which shows them."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.constants import GapKind
from coverage.constants import DeskReason
from registry.constants import Scheme
from registry.presenters.file_words import roll_status_words

GAP_REASONS: dict[str, str | Promise] = {
    **dict(DeskReason.choices),
    "two_schemes": gettext_lazy("in two schemes at the same time"),
    "twice_on_roll": gettext_lazy("twice on the resident roll"),
    "hukou_out": gettext_lazy("Hukou moved out"),
    "hukou_cancelled": gettext_lazy("Hukou cancelled"),
    "number_shared": gettext_lazy("two persons with one number"),
    "number_of_another": gettext_lazy("number is under another name on a roll"),
    "number_wrong": gettext_lazy("invalid check character or date in the number"),
    "number_length": gettext_lazy("number has the wrong length"),
    "number_numeric": gettext_lazy("number truncated by a spreadsheet"),
    "number_repaired": gettext_lazy("matched using a corrected number"),
    "to_be_insured": gettext_lazy("newly listed: enrol now"),
    "to_be_paid_for": gettext_lazy("newly listed: government to pay the contribution"),
    "to_draw": gettext_lazy("newly listed: benefit due"),
    "lapsed_paid_for": gettext_lazy("Insured here, lapsed; government contribution due"),
    "feed_withdrawn": gettext_lazy("latest list withdrawn"),
    "name_differs": gettext_lazy("name written differently on the roll"),
}
"""The reasons that can be filtered by; others are a day, a month or a status."""


def gap_reason(kind: str, reason: str) -> str:
    """Render a gap's reason as text: a known code, the day of a death, a month of birth, a status."""
    if kind == GapKind.DUE_NOT_DRAWING and reason in ("contributing", "lapsed"):
        return _("still recorded as contributing") if reason == "contributing" else _("recorded as lapsed")
    if reason in GAP_REASONS:
        return str(GAP_REASONS[reason])
    if re.fullmatch(r"\d{4}-\d\d-\d\d", reason):
        since = {
            GapKind.DRAWING_IN_PRISON: _("in prison since %(day)s"),
            GapKind.TURNING_16: _("turns 16 on %(day)s"),
            GapKind.DATA_STALE: _("latest list as of %(day)s"),
        }
        return since.get(GapKind(kind), _("died on %(day)s")) % {"day": reason}
    if re.fullmatch(r"\d{4}-\d\d", reason):
        words = _("turns 60 in %(month)s") if kind == GapKind.TURNING_60 else _("born in %(month)s")
        return words % {"month": reason}
    if re.fullmatch(r".?/.?", reason):
        return roll_status_words(Scheme.RESIDENT, reason)
    return reason
