"""Forms of enrolment's pages: the filters of the work list, the name looked for, a note, a reason for closing; candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollment.constants import GAP_RANK, CaseState, CloseReason, Desk, EvidenceKind, GapKind, Verdict
from enrollment.selectors.candidates import ASKED
from enrollment.selectors.worklist import AGES, MINE, NO_DAY, NOBODYS, OVERDUE, SETTLED, THIS_WEEK
from poverty_pension.accounts.models import User
from poverty_pension.regions.models import Unit
from poverty_pension.regions.models.unit import Level

ALL = ("", _("All"))


class KnownForm(forms.Form):
    """The day a person's page is asked as known on: what was believed at its end."""

    known = forms.DateField(
        label=_("As believed on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class FilterForm(forms.Form):
    """A form read from an address; a word that is no choice is told in one short line."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = _("Not one of the list.")


class WorkListFilter(FilterForm):
    """What stands in the address of the work list; nothing of it is personal."""

    OFTEN = ("kind", "unit", "owner", "due", "state")

    kind = forms.ChoiceField(label=_("Gap"), required=False)
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    unit = forms.ChoiceField(label=_("Township or village"), required=False)
    owner = forms.ChoiceField(label=_("Who works on it"), required=False)
    desk = forms.ChoiceField(label=_("Desk"), required=False, choices=[ALL, *Desk.choices])
    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=[ALL, (OVERDUE, _("Overdue")), (THIS_WEEK, _("Within seven days")), (NO_DAY, _("Without a day"))],
    )
    code = forms.ChoiceField(
        label=_("Survey code"), required=False, choices=[ALL, *[(v.value, f"{v.value} {v.label}") for v in Verdict]]
    )
    category = forms.ChoiceField(
        label=_("On the list"),
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
        label=_("State"), required=False, choices=[("", _("To be done")), (SETTLED, _("Closed with a reason"))]
    )
    opened_on = forms.DateField(required=False, widget=forms.HiddenInput)
    closed_on = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, places: Sequence[Unit], reasons: Sequence[tuple[str, Any]], colleagues: Sequence[User]
    ) -> None:
        super().__init__(data)
        owners = [(str(user.pk), user.get_full_name()) for user in colleagues]
        _choice(self, "owner").choices = [ALL, (MINE, _("Mine")), (NOBODYS, _("Nobody yet")), *owners]
        kinds = [(kind.value, kind.label) for kind in GapKind if kind in GAP_RANK]
        _choice(self, "kind").choices = [ALL, *kinds]
        _choice(self, "reason").choices = [ALL, *reasons]
        _choice(self, "unit").choices = [ALL, *[(place.code, _indented(place)) for place in places]]

    def often_used(self) -> list[forms.BoundField]:
        """The fields of every day."""
        return [self[name] for name in self.OFTEN]

    def seldom_used(self) -> list[forms.BoundField]:
        """The others; the page opens them when one is set."""
        return [field for field in self.visible_fields() if field.name not in self.OFTEN]

    def is_seldom_used(self) -> bool:
        return any(field.value() for field in self.seldom_used())


def _choice(form: forms.Form, name: str) -> forms.ChoiceField:
    return cast("forms.ChoiceField", form.fields[name])


def _indented(place: Unit) -> str:
    return "　" * max(place.level - Level.TOWNSHIP, 0) + place.name


class NameForm(forms.Form):
    """A name or pinyin to keep the list to; sent by POST and kept in the session."""

    name = forms.CharField(label=_("Name or pinyin"), required=False, max_length=40)


class CandidateForm(FilterForm):
    """Which candidate pairs; what stands in the address of the page, nothing of it personal."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Waiting for a word")), (ASKED, _("The village is asked"))]
    )
    unit = forms.ChoiceField(label=_("Township or village"), required=False)
    pattern = forms.ChoiceField(label=_("Pattern"), required=False)

    def __init__(self, data: Any, *, places: Sequence[Unit], patterns: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        _choice(self, "unit").choices = [ALL, *[(place.code, _indented(place)) for place in places]]
        _choice(self, "pattern").choices = [ALL, *patterns]


class NoteForm(forms.Form):
    """A note in a case's story, and where the case stands after it."""

    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    state = forms.ChoiceField(
        label=_("State after it"),
        required=False,
        choices=[
            ("", _("As it is")),
            *[(state.value, state.label) for state in (CaseState.IN_PROGRESS, CaseState.WAITING_OUTSIDE)],
        ],
    )


class CloseForm(forms.Form):
    """Why a case is closed while its gap stands, and what that rests on; only the reasons the actor's role may give.

    Whether a reason needs evidence is the service's rule; the form only reads.
    """

    reason = forms.ChoiceField(label=_("Reason"))
    evidence_kind = forms.ChoiceField(
        label=_("What it rests on"),
        required=False,
        choices=[("", "—"), *EvidenceKind.choices],
        help_text=_("Needed when the reason says something about the person."),
    )
    evidence_date = forms.DateField(
        label=_("Day of the evidence"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    evidence_reference = forms.CharField(
        label=_("Where others find it"),
        required=False,
        max_length=200,
        help_text=_("Number of the document; department and who there said so; who was visited or called."),
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("One sentence the next reader understands."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )

    def __init__(self, data: Any = None, *, reasons: Sequence[CloseReason], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        _choice(self, "reason").choices = [("", "—"), *[(reason.value, reason.label) for reason in reasons]]


class SavedFilterForm(forms.Form):
    """The name under which the filters of the address are kept, and whether colleagues of the unit see them."""

    name = forms.CharField(label=_("Name of the filter"), max_length=40)
    is_shared = forms.BooleanField(label=_("Colleagues of my unit see it"), required=False)


class PurposeForm(forms.Form):
    """What an export is for; entered in the register of disclosures."""

    purpose = forms.CharField(label=_("Purpose"), min_length=2, max_length=200)
