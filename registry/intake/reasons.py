"""Why a column was taken for a field, in words: on the mapping page and in the reading report."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.intake.layouts import ReadBy, Reason

_BY: dict[ReadBy, Promise] = {
    ReadBy.STATED: gettext_lazy("Specified by a user before."),
    ReadBy.USUAL_HEADER: gettext_lazy("The header is a usual term for it."),
    ReadBy.HEADER: gettext_lazy("The words of the header say so."),
    ReadBy.MEMBERS: gettext_lazy("The headers number the household members."),
    ReadBy.SHEET: gettext_lazy("The sheet’s name states it for all its lines."),
    ReadBy.TITLE: gettext_lazy("The title above the table states it for all lines."),
    ReadBy.FILE: gettext_lazy("The file’s name states it for all lines."),
}
_KINDS: dict[str, Promise] = {
    "identity_number": gettext_lazy("%(share)s of the cells are ID numbers."),
    "person_name": gettext_lazy("%(share)s of the cells look like personal names."),
    "place": gettext_lazy("%(share)s of the cells are places."),
    "day": gettext_lazy("%(share)s of the cells are dates."),
    "sex": gettext_lazy("%(share)s of the cells are 男 (male) or 女 (female)."),
    "phone": gettext_lazy("%(share)s of the cells are telephone numbers."),
}


def reason_words(reason: Reason, kind: str | None) -> str:
    """Return a reason as one or two sentences; `kind` is what the field's cells look like."""
    said = [str(_BY[reason.by])] if reason.by in _BY else []
    if reason.share is not None:
        said.append(kind_words(kind, reason.share) if kind in _KINDS else words_known(reason.share))
    return " ".join(said)


def kind_words(kind: str, share: float) -> str:
    """Return which share of the cells look like what."""
    return str(_KINDS[kind]) % {"share": percent(share)}


def words_known(share: float) -> str:
    """Return which share of the cells contain words of the field."""
    return _("%(share)s of the cells contain known terms for it.") % {"share": percent(share)}


def percent(share: float) -> str:
    """Return a share in whole per cent, rounded down."""
    return f"{int(share * 100)} %"
