"""Forms and fields that pages of several apps share."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.primitives.errors import BadInput
from foundation.regions.models import Unit
from foundation.regions.models.unit import Level

ALL = ("", _("All"))


class FilterForm(forms.Form):
    """A form read from query parameters; a value that is no choice gives one short message."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = _("Not a valid choice.")


def demand_days(form: forms.Form) -> None:
    """Refuse a form of an address that names a day nothing here can have; another day must not be shown instead of it.

    Errors: BadInput.
    """
    for name, errors in form.errors.items():
        if isinstance(form.fields.get(name), forms.DateField):
            raise BadInput(str(errors[0]), code="bad_day", what_to_do=_now("Choose another date."))


def _choice(form: forms.Form, name: str) -> forms.ChoiceField:
    return cast("forms.ChoiceField", form.fields[name])


def _indented(place: Unit) -> str:
    return "　" * max(place.level - Level.TOWNSHIP, 0) + place.name


class PurposeForm(forms.Form):
    """What an export is for; entered in the register of disclosures."""

    purpose = forms.CharField(label=_("Purpose"), min_length=2, max_length=200)


class ShowNumberForm(forms.Form):
    """The purpose for which the whole number is needed."""

    purpose = forms.CharField(label=_("Why do you need the full number?"), min_length=2, max_length=200)
