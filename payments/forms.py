"""Forms of contributions: the filters of a plan's people and of batches, and what each step of a batch asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.primitives.money import format_fen, parse_fen
from foundation.regions.models import Unit
from foundation.web.fields import DayField
from foundation.web.forms import ALL, FilterForm, choice_field, indented_name
from payments.constants import BatchState, Category, Exclusion, Level, PlanOutcome
from payments.presenters.batches import STEP_WORDS
from payments.presenters.plan import CHANGE_WORDS, STAGE_WORDS, YEAR_WORDS
from payments.selectors.plans import AGAINST_BEFORE, AGAINST_LAST_YEAR, AT_COUNTY, BOOKED
from payments.services.booking import LONGEST_NOTE

MOST_YUAN_DIGITS = 20
AT_COUNTY_CHOICE = (AT_COUNTY, _("Registered with the county only"))


class PlanFilter(FilterForm):
    """The filters of the people of a plan. County, year and computation are not filters: they say of which plan."""

    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[ALL, *PlanOutcome.choices])
    category = forms.ChoiceField(label=_("Category"), required=False, choices=[ALL, *Category.choices])
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=[ALL, *Exclusion.choices])
    stage = forms.ChoiceField(
        label=_("Money"), required=False, choices=[ALL, *STAGE_WORDS.items(), (BOOKED, _("In a batch or credited"))]
    )
    place = forms.ChoiceField(label=_("Township or village"), required=False)
    against = forms.ChoiceField(
        label=_("Compared with"),
        required=False,
        choices=[ALL, (AGAINST_BEFORE, _("the computation before")), (AGAINST_LAST_YEAR, _("last year’s plan"))],
    )
    change = forms.ChoiceField(label=_("Difference"), required=False)
    county = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    year = forms.CharField(required=False, max_length=4, widget=forms.HiddenInput)
    plan = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    SILENT = ("county", "year", "plan")

    def __init__(self, data: Any, *, places: Sequence[Unit]) -> None:
        super().__init__(data)
        choices = [ALL, AT_COUNTY_CHOICE, *((each.code, indented_name(each)) for each in places)]
        choice_field(self, "place").choices = choices
        words = YEAR_WORDS if data.get("against") == AGAINST_LAST_YEAR else CHANGE_WORDS
        choice_field(self, "change").choices = [ALL, *words.items()]

    def given(self) -> dict[str, str]:
        """Return what is asked for, as it stands in the address."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class BatchFilter(FilterForm):
    """The filters of the list of batches."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *BatchState.choices])
    year = forms.ChoiceField(label=_("Year"), required=False)
    waits = forms.ChoiceField(label=_("Waits for me"), required=False, choices=[ALL, *STEP_WORDS.items()])

    def __init__(self, data: Any, *, years: Sequence[str]) -> None:
        super().__init__(data)
        choice_field(self, "year").choices = [ALL, *((year, year) for year in years)]


class LineFilter(FilterForm):
    """The filters of the people of a batch."""

    category = forms.ChoiceField(label=_("Category"), required=False, choices=[ALL, *Category.choices])
    place = forms.ChoiceField(label=_("Township or village"), required=False)

    def __init__(self, data: Any, *, places: Sequence[Unit]) -> None:
        super().__init__(data)
        choices = [ALL, AT_COUNTY_CHOICE, *((each.code, indented_name(each)) for each in places)]
        choice_field(self, "place").choices = choices


class DraftForm(forms.Form):
    """A new batch of a year's plan."""

    year = forms.IntegerField(min_value=2009, max_value=2100, widget=forms.HiddenInput)
    note = forms.CharField(label=_("Note"), required=False, max_length=LONGEST_NOTE)


class CertificateForm(forms.Form):
    """That a department certified its list."""

    category = forms.ChoiceField(label=_("List"))
    office = forms.CharField(label=_("Department"), max_length=100, help_text=_("For example: civil affairs bureau."))
    certified_on = DayField(label=_("Certified on"))

    def __init__(self, *args: Any, categories: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        choice_field(self, "category").choices = [(each, Category(each).label) for each in categories]


class ReasonForm(forms.Form):
    """Why a batch is returned, or its money taken back."""

    note = forms.CharField(label=_("Reason"), max_length=LONGEST_NOTE)


class DayForm(forms.Form):
    """The day on which accounts are credited."""

    day = DayField(label=_("Credited on"))


class YuanField(forms.CharField):
    """An amount in yuan as people write it; cleans to fen."""

    def clean(self, value: Any) -> int:
        """Read the amount. Errors: ValidationError."""
        text = str(super().clean(value) or "")
        try:
            return parse_fen(text) if text else 0
        except ValueError as error:
            raise ValidationError(_("Enter yuan, with at most two decimals.")) from error


class FundingForm(forms.Form):
    """The money that came: an amount for each level that bears a part, the voucher, the day."""

    voucher = forms.CharField(label=_("Number of the voucher"), max_length=60)
    received_on = DayField(label=_("Received on"))

    def __init__(self, *args: Any, due: dict[str, int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.levels = [level for level in Level if due.get(level.value)]
        amounts = {
            level.value: YuanField(
                label=_("%(level)s, yuan") % {"level": level.label},
                max_length=MOST_YUAN_DIGITS,
                help_text=_("Due: %(yuan)s") % {"yuan": format_fen(due[level.value])},
            )
            for level in self.levels
        }
        self.fields = {**amounts, **self.fields}

    def amounts(self) -> dict[str, int]:
        """Return level -> fen."""
        return {level.value: self.cleaned_data[level.value] for level in self.levels}
