"""What an application says beyond its kind and its person: the fields of each kind, and how they are checked.

The same table makes the form, the API's answer to an unknown field, and the words of a printed application.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.constants import NOT_CERTIFIED, ApplicationKind
from foundation.primitives.errors import BadInput
from foundation.primitives.personal_texts import hide_numbers
from foundation.primitives.resident_id import is_valid
from registry.services.bank_accounts import read_account

Words = str | Promise
LONGEST = 200


class FieldType(StrEnum):
    TEXT = "text"
    DAY = "day"
    MONTH = "month"
    CHOICE = "choice"
    NUMBER = "number"
    """A valid ID number; stored as the id of its encrypted row (preparing.py)."""
    ACCOUNT = "account"
    """A bank account or card; stored as the id of its encrypted row."""
    CONFIRMATION = "confirmation"
    """A statement that must be confirmed, or the application cannot be made."""


ENCRYPTED = (FieldType.NUMBER, FieldType.ACCOUNT)


@dataclass(frozen=True)
class DetailField:
    """One field of a kind of application. A day may not lie in the future; a month is its first day."""

    name: str
    label: Words
    type: FieldType = FieldType.TEXT
    choices: Mapping[str, Words] = field(default_factory=dict)
    is_needed: bool = True


_SIGNED = DetailField("signed_on", gettext_lazy("Signed on"), FieldType.DAY)
_DECLARED = (
    _SIGNED,
    DetailField("witness", gettext_lazy("Witness")),
    DetailField("in_person", gettext_lazy("The person declared it in person"), FieldType.CONFIRMATION),
    DetailField("advised", gettext_lazy("The person was advised what they give up"), FieldType.CONFIRMATION),
)
_FROM_MONTH = DetailField("from_month", gettext_lazy("From month"), FieldType.MONTH)
_WRONG = {
    "name": gettext_lazy("Name"),
    "sex": gettext_lazy("Sex"),
    "birth_date": gettext_lazy("Birth date"),
    "hukou": gettext_lazy("Hukou place"),
    "telephone": gettext_lazy("Telephone"),
}
PAUSE_REASONS: Mapping[str, Words] = {
    "prison": gettext_lazy("In prison"),
    NOT_CERTIFIED: gettext_lazy("Life not certified"),
    "detained": gettext_lazy("Detained, not yet judged"),
    "other": gettext_lazy("Other reason"),
}
_RESUMED = {
    "released": gettext_lazy("Released from prison"),
    "certified": gettext_lazy("Life certified"),
    "acquitted": gettext_lazy("Acquitted"),
    "other": gettext_lazy("Other reason"),
}
_ENDED = {
    "death": gettext_lazy("Death"),
    "other_pension": gettext_lazy("Draws another state pension"),
    "nationality": gettext_lazy("Lost the nationality"),
    "other": gettext_lazy("Other reason"),
}

K = ApplicationKind
FIELDS: Mapping[ApplicationKind, tuple[DetailField, ...]] = {
    K.REGISTER: (),
    K.CHANGE_DETAILS: (
        DetailField("detail", gettext_lazy("What is wrong"), FieldType.CHOICE, _WRONG),
        DetailField("right_value", gettext_lazy("What is right")),
    ),
    K.CHANGE_ACCOUNT: (
        DetailField("bank", gettext_lazy("Bank")),
        DetailField("holder", gettext_lazy("Account holder")),
        DetailField("account", gettext_lazy("Account or card number"), FieldType.ACCOUNT),
    ),
    K.DIRECT_INCLUSION: (),
    K.CLAIM: (),
    K.DECLINE: _DECLARED,
    K.WAIVE: _DECLARED,
    K.REVOKE_DECLINE: (_SIGNED,),
    K.REVOKE_WAIVER: (_SIGNED,),
    K.PAUSE: (DetailField("reason", gettext_lazy("Reason"), FieldType.CHOICE, PAUSE_REASONS), _FROM_MONTH),
    K.RESUME: (DetailField("reason", gettext_lazy("Reason"), FieldType.CHOICE, _RESUMED), _FROM_MONTH),
    K.TERMINATE: (DetailField("reason", gettext_lazy("Reason"), FieldType.CHOICE, _ENDED), _FROM_MONTH),
    K.EARLY_DRAW: (),
    K.TEMPORARY_IDENTITY: (DetailField("place_found", gettext_lazy("Where the person lives")),),
    K.REPLACE_IDENTITY: (DetailField("number", gettext_lazy("ID number"), FieldType.NUMBER),),
}


def checked_details(
    kind: ApplicationKind, given: Mapping[str, object], *, today: date, kept: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return the fields of a kind as they are stored: text, ISO days and months, codes, true; numbers still whole.

    `kept`: fields that stay as they are stored already.
    Errors: BadInput naming the field that is missing, unknown or cannot be read.
    """
    fields = {each.name: each for each in FIELDS[kind]}
    if unknown := sorted(given.keys() - fields.keys()):
        raise BadInput(
            _("%(kind)s has no field “%(field)s”.") % {"kind": kind.label, "field": unknown[0]},
            code="field_unknown",
            ids=unknown,
        )
    values = {name: _checked(each, given.get(name), today) for name, each in fields.items() if name not in (kept or {})}
    return {name: value for name, value in (values | dict(kept or {})).items() if value != ""}


def _checked(each: DetailField, given: object, today: date) -> object:
    if given in (None, "", False):
        if each.is_needed:
            raise BadInput(_("Enter: %(field)s.") % {"field": each.label}, code="field_missing", ids=[each.name])
        return ""
    return _CHECKS[each.type](each, given, today)


def _text(each: DetailField, given: object, _today: date) -> str:
    text = hide_numbers(" ".join(str(given).split()))
    if len(text) > LONGEST:
        raise BadInput(
            _("%(field)s: at most %(most)s characters.") % {"field": each.label, "most": LONGEST},
            code="text_too_long",
            ids=[each.name],
        )
    return text


def _choice(each: DetailField, given: object, _today: date) -> str:
    if given not in each.choices:
        raise BadInput(_("Choose: %(field)s.") % {"field": each.label}, code="field_missing", ids=[each.name])
    return str(given)


def _day(each: DetailField, given: object, today: date) -> str:
    day = _read_day(each, given)
    if day > today:
        raise BadInput(
            _("%(field)s: the day cannot be in the future.") % {"field": each.label},
            code="day_in_future",
            ids=[each.name],
        )
    return day.isoformat()


def _month(each: DetailField, given: object, _today: date) -> str:
    text = str(given)
    return _read_day(each, text if len(text) > len("2019-01") else f"{text}-01").replace(day=1).isoformat()


def _read_day(each: DetailField, given: object) -> date:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError as error:
        raise BadInput(
            _("%(field)s: “%(given)s” is not a date.") % {"field": each.label, "given": str(given)[:20]},
            code="day_unreadable",
            ids=[each.name],
        ) from error


def _number(each: DetailField, given: object, _today: date) -> str:
    number = "".join(str(given).split()).upper()
    if not is_valid(number):
        raise BadInput(
            _("This is not a valid ID number: the date or the check character is wrong."),
            code="number_invalid",
            ids=[each.name],
        )
    return number


def _account(each: DetailField, given: object, _today: date) -> str:
    try:
        return read_account(str(given))
    except BadInput as refusal:
        raise BadInput(refusal.message, code=refusal.code, what_to_do=refusal.what_to_do, ids=[each.name]) from refusal


def _confirmed(each: DetailField, given: object, _today: date) -> bool:
    if given not in (True, "true", "on", "1"):
        raise BadInput(_("Confirm: %(field)s.") % {"field": each.label}, code="field_missing", ids=[each.name])
    return True


_CHECKS: Mapping[FieldType, Callable[[DetailField, object, date], object]] = {
    FieldType.TEXT: _text,
    FieldType.CHOICE: _choice,
    FieldType.DAY: _day,
    FieldType.MONTH: _month,
    FieldType.NUMBER: _number,
    FieldType.ACCOUNT: _account,
    FieldType.CONFIRMATION: _confirmed,
}
