"""Forms of the rules' pages. A value is typed as people write it and read here into the shape its parameter has."""

import json
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.policy.models import ParameterUnit
from foundation.primitives.ids import LARGEST_ID
from foundation.regions.models import Unit
from foundation.regions.selectors import find_unit_by_text
from foundation.web.fields import DayField
from foundation.web.forms import FilterForm
from portal.policy_pages.presenters import TOPICS

FEN_PER_YUAN = 100
MOST_DIGITS = 18
SHAPED = {ParameterUnit.LIST, ParameterUnit.RANGE}


class RuleFilter(FilterForm):
    """Find a rule by words and topic."""

    q = forms.CharField(label=gettext_lazy("Parameter"), required=False, max_length=40)
    topic = forms.ChoiceField(
        label=gettext_lazy("Topic"), required=False, choices=[("", gettext_lazy("All")), *TOPICS.items()]
    )


class UnitField(forms.CharField):
    """A unit, typed as a code or a name; cleaned to the Unit."""

    def clean(self, value: str) -> Unit:
        """Find the one unit meant."""
        text = super().clean(value)
        found = find_unit_by_text(text)
        if found.is_ambiguous:
            names = _(", ").join(place.full_name for place in found.candidates[:5])
            raise forms.ValidationError(_("Several units have this name: %(names)s.") % {"names": names})
        if found.place is None or found.rest:
            raise forms.ValidationError(_("No unit has this name. Enter a code or a full name."))
        return Unit.objects.get(pk=found.place.id)


class PlaceAndDay(forms.Form):
    """Where and when."""

    unit = UnitField(
        label=gettext_lazy("Unit"), max_length=100, help_text=gettext_lazy("Code or name, for example 320682")
    )
    day = DayField(label=gettext_lazy("Day"))


class ProposalForm(forms.Form):
    """A new value: where, from when, what, by which document."""

    region = UnitField(
        label=gettext_lazy("Region"), max_length=100, help_text=gettext_lazy("Code or name, for example 320682")
    )
    effective_date = DayField(label=gettext_lazy("Effective from"))
    value = forms.CharField(label=gettext_lazy("Value"), required=False, max_length=2000)
    no_rule = forms.BooleanField(label=gettext_lazy("This region has no such rule"), required=False)
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=500, help_text=gettext_lazy("Document, article or page that states it")
    )
    backdating_reason = forms.CharField(
        label=gettext_lazy("Reason for back-dating"), required=False, max_length=500,
        help_text=gettext_lazy("Only when the effective date is in the past"),
    )  # fmt: skip

    def __init__(self, *args: object, unit: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._unit = unit
        self.fields["value"].help_text = value_hint(unit)

    def clean(self) -> dict[str, object]:
        """Read the value, unless the region has no such rule."""
        data = super().clean() or {}
        text = str(data.get("value") or "").strip()
        if bool(text) == bool(data.get("no_rule")):
            self.add_error("value", _("Enter a value or tick that there is no such rule, not both."))
            return data
        try:
            data["read_value"] = read_value(text, self._unit) if text else None
        except ValueError:
            self.add_error("value", value_hint(self._unit))
        return data


def value_hint(unit: str) -> str:
    """Return how a value of this unit is typed."""
    if unit == ParameterUnit.FEN:
        return _("In yuan, for example 148 or 175.50")
    if unit == ParameterUnit.SHARE:
        return _("A ratio between 0 and 1, for example 0.05")
    if unit in SHAPED or unit == ParameterUnit.NONE:
        return _("In the same form as the current value (JSON)")
    return _("A whole number")


def read_value(text: str, unit: str) -> object:
    """Read a typed value: yuan to fen, numbers, shares, JSON for everything composed.

    Errors: ValueError, also for what is no number a row can hold.
    """
    if text[:1] in "[{":
        return _read_json(text)
    if unit == ParameterUnit.FEN:
        fen = _read_number(text) * FEN_PER_YUAN
        if fen != int(fen) or abs(fen) > LARGEST_ID:
            raise ValueError(text)
        return int(fen)
    if unit == ParameterUnit.SHARE:
        return float(_read_number(text))
    if unit == ParameterUnit.NONE:
        return {"true": True, "false": False}.get(text, text)
    return _read_json(text) if unit in SHAPED else int(text)


def _read_number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        raise ValueError(text)
    return number


def _read_json(text: str) -> object:
    """Read JSON; its words for what is no number, and brackets without end, are no value."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError(text) from error


def _refuse_constant(word: str) -> object:
    raise ValueError(word)


def write_value(value: object, unit: str) -> str:
    """Write a value as `read_value` reads it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return json.dumps(value, ensure_ascii=False)
    if unit == ParameterUnit.FEN:
        return f"{Decimal(value) / FEN_PER_YUAN:.2f}"
    return str(value)
