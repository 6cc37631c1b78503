"""Who a person is, as terms and values."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.constants import DesignationKind, Schooling
from registry.models import DeliveredRow, Delivery, Designation, Person
from registry.presenters.file_words import file_words


def personal_lines(person: Person) -> list[tuple[str, str]]:
    """List name, birth, sex and place; other names in files come last."""
    others = [name for name in person.all_names if name != person.name]  # type: ignore[attr-defined]
    lines = [
        (_("Born"), f"{person.birth_date:%Y-%m-%d}" if person.birth_date else _("unknown")),
        (_("Sex"), sex_words(person.sex)),
        (_("Place"), (person.unit or person.county).full_name),
    ]
    return [*lines, (_("Other names in the files"), "、".join(others))] if others else lines


def sex_words(sex: int) -> str:
    """Return the code of a sex in the reader's language."""
    return {1: _("male"), 2: _("female")}.get(sex, _("unknown"))


@dataclass(frozen=True)
class ShownDesignation:
    """Which file designates the person as poor, since when, and on which line; without a delivery where a village reported them."""

    kind: str
    status: str
    record_key: str
    place: str
    stated: str
    contradictions: list[str]
    since: str
    delivery: Delivery | None
    sheet: str
    row: int
    member: int


def designation_lines(designation: Designation) -> ShownDesignation:
    """Return a designation in the reader's language."""
    until = f" – {designation.valid_to}" if designation.valid_to else ""
    row = designation.row
    return ShownDesignation(
        kind=str(DesignationKind(designation.kind).label),
        status=file_words(f"{designation.status} {designation.settlement}") if row else "",
        record_key=shown_record_key(designation.record_key) if row else "",
        place=designation.hukou_text,
        stated=_stated(row) if row else "",
        contradictions=_contradictions(row) if row else [],
        since=f"{designation.valid_from}{until}",
        delivery=row.delivery if row else None,
        sheet=row.sheet if row else "",
        row=row.row if row else 0,
        member=row.member if row else 0,
    )


def _stated(row: DeliveredRow) -> str:
    """Return what the line states of the person beside the number: birth date, sex, going to school."""
    stated = [
        _("born %(day)s") % {"day": row.stated_birth} if row.stated_birth else "",
        sex_words(row.stated_sex) if row.stated_sex else "",
        str(Schooling(row.schooling).label) if row.schooling else "",
    ]
    return " · ".join(filter(None, stated))


def _contradictions(row: DeliveredRow) -> list[str]:
    """Return what the line's right number says otherwise."""
    number = row.number
    if number is None or not number.valid:
        return []
    found = []
    if row.stated_birth and number.birth_date and row.stated_birth != number.birth_date:
        found.append(_("by the number born %(day)s") % {"day": number.birth_date})
    if row.stated_sex and number.sex and row.stated_sex != number.sex:
        found.append(_("by the number %(sex)s") % {"sex": sex_words(number.sex)})
    return found


def shown_record_key(record_key: str) -> str:
    """Return the household, certificate or record number of a designation without the letters that name its feed."""
    return record_key.partition("|")[2].replace("|", " · ")
