"""What a list changes, in the reader's language: kinds with their tone, before and after side by side, the place of the line."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.constants import ChangeKind, NumberState
from registry.models import DeliveryChange
from registry.presenters.file_words import file_words

TONES = {
    ChangeKind.POOR_NEW: "ok",
    ChangeKind.POOR_EXIT: "warn",
    ChangeKind.POOR_REMOVED_DEAD: "warn",
    ChangeKind.NEW_ERROR: "bad",
    ChangeKind.NAME_CHANGED: "warn",
    ChangeKind.ID_CORRECTED: "ok",
    ChangeKind.NAME_CORRECTED: "ok",
}
_NUMBERS = {ChangeKind.ID_CORRECTED, ChangeKind.NEW_ERROR}
_AS_WRITTEN = {ChangeKind.PLACE, ChangeKind.HUKOU, ChangeKind.NAME_CORRECTED, ChangeKind.NAME_CHANGED}


@dataclass(frozen=True)
class ShownChange:
    """One change on one line; with `is_earlier` the line is in the file before."""

    kind: str
    tone: str
    name: str
    person_id: int | None
    unit: str
    before: str
    after: str
    sheet: str
    row: int
    member: int
    file_id: int
    file: str
    is_earlier: bool


def shown_change(change: DeliveryChange) -> ShownChange:
    """Return a change in the reader's language, places without the county's name. Loaded: delivery and county, file, unit."""
    kind, county = ChangeKind(change.kind), change.delivery.county.full_name
    is_other = kind in _NUMBERS and change.before == change.after
    return ShownChange(
        kind=str(kind.label),
        tone=TONES.get(kind, "info"),
        name=change.name,
        person_id=change.person_id,
        unit=change.unit.full_name.removeprefix(county) if change.unit else "",
        before=_words(kind, change.before, county),
        after=_("different number") if is_other else _words(kind, change.after, county),
        sheet=change.sheet,
        row=change.row,
        member=change.member,
        file_id=change.line_in_id,
        file=change.line_in.file_name,
        is_earlier=change.line_in_id != change.delivery_id,
    )


def _words(kind: ChangeKind, value: str, county: str) -> str:
    if kind in _NUMBERS:
        return str(NumberState(value).label) if value in NumberState.values else value
    return value.removeprefix(county) if kind in _AS_WRITTEN else file_words(value)


@dataclass(frozen=True)
class ShownKind:
    """A kind with its number of lines and the query that lists them; `is_here` marks the one shown."""

    words: str
    tone: str
    count: int
    query: str
    is_here: bool


def shown_kinds(counts: dict[str, int], here: str = "") -> list[ShownKind]:
    """List the kinds that occur, in the order of ChangeKind, after all of them together."""
    kinds = [
        ShownKind(str(kind.label), TONES.get(kind, "info"), counts[kind], f"kind={kind}", here == kind)
        for kind in ChangeKind
        if kind in counts
    ]
    return [ShownKind(_("All"), "", sum(counts.values()), "", not here), *kinds] if kinds else []
