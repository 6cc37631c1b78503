"""Forms of the work list: its filters, the name searched for, the name of a saved filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.constants import GAP_RANK, Desk, GapKind
from casework.selectors.worklist import MINE, NO_DAY, OVERDUE, SETTLED, SORTED_BY, THIS_WEEK, UNASSIGNED
from coverage.constants import Verdict
from coverage.presenters.codes import verdict_words
from coverage.selectors.persons_by_code import AGES
from foundation.accounts.models import User
from foundation.regions.models import Unit
from foundation.web.fields import DayField
from foundation.web.forms import ALL, FilterForm, PurposeForm, choice_field, indented_name

LIST, VISITS, VISITS_APART = "list", "visits", "visits_apart"


class WorkListFilter(FilterForm):
    """The filters in the address of the work list; nothing in them is personal."""

    SILENT = ("sort",)

    kind = forms.ChoiceField(label=_("Gap"), required=False)
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    unit = forms.ChoiceField(label=_("Township or village"), required=False)
    owner = forms.ChoiceField(label=_("Handled by"), required=False)
    desk = forms.ChoiceField(label=_("Responsible office"), required=False, choices=[ALL, *Desk.choices])
    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=[ALL, (OVERDUE, _("Overdue")), (THIS_WEEK, _("Within seven days")), (NO_DAY, _("No due date"))],
    )
    code = forms.ChoiceField(
        label=_("Survey code"), required=False, choices=lambda: [ALL, *((v.value, verdict_words(v)) for v in Verdict)]
    )
    category = forms.ChoiceField(
        label=_("Listed in"),
        required=False,
        choices=[
            ALL,
            ("poverty", _("Poverty file, not marked out")),
            ("marked_out", _("Poverty file, marked out")),
            ("dibao", _("Dibao")),
            ("tekun", _("Tekun")),
        ],
    )
    age = forms.ChoiceField(
        label=_("Age"), required=False, choices=[ALL, *[(band, "80+" if band == "80" else band) for band in AGES]]
    )
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=[ALL, ("1", _("Male")), ("2", _("Female"))])
    evidence_class = forms.ChoiceField(
        label=_("Evidence of death"),
        required=False,
        choices=[ALL, ("A", _("A: police or funeral home")), ("B", _("B: one other source")), ("C", _("C: name only"))],
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("To do")), (SETTLED, _("Closed with reason"))]
    )
    opened_on = DayField(label=_("Opened by the nightly run as of"), required=False, widget=forms.HiddenInput)
    closed_on = DayField(label=_("Closed by the nightly run as of"), required=False, widget=forms.HiddenInput)
    known_before = DayField(label=_("Open since before"), required=False, widget=forms.HiddenInput)
    sort = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[("", ""), *((f"{sign}{name}", "") for name in SORTED_BY for sign in ("", "-"))],
    )

    def __init__(
        self, data: Any, *, places: Sequence[Unit], reasons: Sequence[tuple[str, Any]], colleagues: Sequence[User]
    ) -> None:
        super().__init__(data)
        owners = [(str(user.pk), user.get_full_name()) for user in colleagues]
        choice_field(self, "owner").choices = [ALL, (MINE, _("My cases")), (UNASSIGNED, _("Unassigned")), *owners]
        kinds = [(kind.value, kind.label) for kind in GapKind if kind in GAP_RANK]
        choice_field(self, "kind").choices = [ALL, *kinds]
        choice_field(self, "reason").choices = [ALL, *reasons]
        choice_field(self, "unit").choices = [ALL, *[(place.code, indented_name(place)) for place in places]]

    def given(self) -> dict[str, str]:
        """Return what is filtered by, as it stands in the address."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class PrintForm(PurposeForm):
    """What is printed of the list, and what for."""

    sheet = forms.ChoiceField(
        label=_("Sheet"),
        choices=[
            (LIST, _("Work list")),
            (VISITS, _("Visit list by village")),
            (VISITS_APART, _("Visit list, a page for each village")),
        ],
    )
    field_order = ("sheet", "purpose")


class NameForm(forms.Form):
    """A name or pinyin to filter by; sent by POST and kept in the session."""

    name = forms.CharField(label=_("Name or pinyin"), required=False, max_length=40)


class SavedFilterForm(forms.Form):
    """The name under which the filters of the address are kept, and whether colleagues of the unit see them."""

    name = forms.CharField(label=_("Name of the filter"), max_length=40)
    is_shared = forms.BooleanField(label=_("Colleagues of my unit see it"), required=False)

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]
