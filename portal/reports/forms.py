"""Forms of the reports, read from the address: nothing in them is personal."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from coverage.constants import DeskReason
from foundation.accounts.actors import Actor
from foundation.accounts.scope import demand_in_scope
from foundation.regions.models import Unit
from foundation.regions.selectors import get_unit
from foundation.web.fields import DayOfDataField
from foundation.web.forms import demand_days
from portal.reports.columns import CONDITIONS, Population, UnitBasis
from portal.reports.counts import DIMENSIONS, FILTERS, Question
from portal.reports.e1 import Asked


class TableForm(forms.Form):
    """Which statutory table. What cannot be read is left out: the first choice applies; but a day is never replaced by another."""

    day = DayOfDataField(label=_("As of"), required=False)
    population = forms.ChoiceField(label=_("Population"), required=False, choices=Population.choices)
    basis = forms.ChoiceField(label=_("Counted by"), required=False, choices=UnitBasis.choices)
    unit = forms.RegexField(r"^\d{2,12}$", required=False, widget=forms.HiddenInput)

    def asked(self, actor: Actor, today: date) -> Asked:
        """Return the table asked for; without a unit the actor's own. One query.

        Errors: NotFound for a unit outside the actor's; BadInput for a day without data.
        """
        self.is_valid()
        demand_days(self)
        given = self.cleaned_data
        unit = get_unit(code=given["unit"]) if given.get("unit") else Unit.objects.get(pk=actor.unit_id)
        demand_in_scope(actor, unit)
        return Asked(
            unit=unit,
            day=given.get("day") or today,
            population=Population(given.get("population") or Population.POVERTY_FILE),
            basis=UnitBasis(given.get("basis") or UnitBasis.FILE),
        )


class MonthForm(TableForm):
    """Which one-page report: months are compared by registration unit only, as the night stores them."""

    basis = None  # type: ignore[assignment]


class CellForm(forms.Form):
    """Which cell of the table: its column, a reason of column 15, or only persons at none of the units below."""

    column = forms.ChoiceField(choices=[(name, name) for name in CONDITIONS])
    reason = forms.ChoiceField(choices=DeskReason.choices, required=False)
    here = forms.BooleanField(required=False)

    def chosen(self) -> tuple[str, str, bool]:
        """Return column, reason and whether only the unit itself is meant; by itself, everybody registered."""
        self.is_valid()
        given = self.cleaned_data
        return given.get("column", "1_registered"), given.get("reason", ""), given.get("here", False)


def _values(name: str) -> list[tuple[str, object]]:
    """The choices of a filter: everything, each value, and who has none; a dash means none in an address."""
    return [("", _("All")), *DIMENSIONS[name].labels.items(), ("-", _("none or unknown"))]


class CountsForm(TableForm):
    """Which counts: two dimensions, filters by the others."""

    rows = forms.ChoiceField(label=_("Row variable"), required=False)
    columns = forms.ChoiceField(label=_("Column variable"), required=False)
    here = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dimensions = [(name, dimension.label) for name, dimension in DIMENSIONS.items()]
        cast("forms.ChoiceField", self.fields["rows"]).choices = dimensions
        cast("forms.ChoiceField", self.fields["columns"]).choices = [("", _("none")), *dimensions]
        for name in FILTERS:
            label = str(DIMENSIONS[name].label)
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=_values(name))

    def question(self, actor: Actor, today: date) -> Question:
        """Return what is asked; by itself units by column of the statutory table. Errors: NotFound as `asked`."""
        asked = self.asked(actor, today)
        given = self.cleaned_data
        rows = given.get("rows") or "unit"
        columns = given.get("columns") or "" if "columns" in self.data else "column"
        kept = {name: "" if given[name] == "-" else given[name] for name in FILTERS if given.get(name)}
        return Question(
            asked, rows, "" if columns == rows else columns, kept | ({"unit": ""} if given.get("here") else {})
        )
