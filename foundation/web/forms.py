"""Forms and fields that pages of several apps share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.primitives.errors import BadInput
from foundation.regions.models import Unit
from foundation.regions.models.unit import Level

ALL = ("", _("All"))


@dataclass(frozen=True)
class FilterChip:
    """One filter in force: its label, its value in words, and the query of the list without it."""

    label: str
    text: str
    query_without: str


class FilterForm(forms.Form):
    """A form read from query parameters; a value that is no choice gives one short message.

    `SILENT` are fields that filter nothing, as the order of a list: they have no chip and stay when filters are cleared.
    """

    SILENT: tuple[str, ...] = ()
    is_line = True

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = _("Not a valid choice.")

    def chips(self) -> list[FilterChip]:
        """List the filters in force, in the order of the fields; what was not understood is no filter."""
        given = self._given()
        return [
            FilterChip(
                str(self.fields[name].label or name),
                self._words(name, value),
                urlencode({other: text for other, text in given.items() if other != name}),
            )
            for name, value in given.items()
            if name not in self.SILENT
        ]

    def silent_query(self) -> str:
        """Return the query that is left when every filter is cleared."""
        return urlencode({name: value for name, value in self._given().items() if name in self.SILENT})

    def _given(self) -> dict[str, str]:
        given = {name: str(self.data.get(name) or "") for name in self.fields if name not in self.errors}
        return {name: value for name, value in given.items() if value}

    def _words(self, name: str, value: str) -> str:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            return value
        return str(dict(field.choices).get(value, value)).strip("　 ")  # type: ignore[arg-type]


def demand_days(form: forms.Form) -> None:
    """Refuse a form of an address that names a day nothing here can have; another day must not be shown instead of it.

    Errors: BadInput.
    """
    for name, errors in form.errors.items():
        if isinstance(form.fields.get(name), forms.DateField):
            raise BadInput(str(errors[0]), code="bad_day", what_to_do=_now("Choose another date."))


def choice_field(form: forms.Form, name: str) -> forms.ChoiceField:
    """Return a field of a form whose choices the form sets itself."""
    return cast("forms.ChoiceField", form.fields[name])


def indented_name(place: Unit) -> str:
    """Return a unit's name for a list of choices: a village further to the right than its township."""
    return "　" * max(place.level - Level.TOWNSHIP, 0) + place.name


class PurposeForm(forms.Form):
    """What an export is for; entered in the register of disclosures."""

    purpose = forms.CharField(label=_("Purpose"), min_length=2, max_length=200)


class ShowNumberForm(forms.Form):
    """The purpose for which the whole number is needed."""

    purpose = forms.CharField(label=_("Why do you need the full number?"), min_length=2, max_length=200)
