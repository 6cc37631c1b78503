"""Forms of a case: a note, a reason for closing, a question; of a village: a report, somebody not on the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.constants import CaseState, CloseReason, ContactMeans, EvidenceKind
from foundation.web.fields import DayField, NumberField
from foundation.web.forms import choice_field
from registry.constants import ReportSource, WrongDetail
from registry.services.photos import CONTENT_TYPES


class NoteForm(forms.Form):
    """A note on a case, and the state of the case after it."""

    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    state = forms.ChoiceField(
        label=_("New state"),
        required=False,
        choices=[
            ("", _("Unchanged")),
            *[(state.value, state.label) for state in (CaseState.IN_PROGRESS, CaseState.WAITING_OUTSIDE)],
        ],
    )
    until = forms.DateField(
        label=_("Answer expected by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("When waiting for an answer from outside; the region's usual time limit if left empty."),
    )


class CloseForm(forms.Form):
    """Why a case is closed while its gap is open, and on what evidence; only the reasons the actor's role may give.

    Whether a reason needs evidence is the service's rule; the form only reads.
    """

    reason = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(
        label=_("Note"),
        help_text=_("One sentence that colleagues will understand."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
    evidence_kind = forms.ChoiceField(
        label=_("Supporting evidence"),
        required=False,
        choices=[("", "—"), *EvidenceKind.choices],
        help_text=_("Required when the reason concerns the person."),
    )
    evidence_date = DayField(
        label=_("Evidence date"),
        required=False,
    )
    evidence_reference = forms.CharField(
        label=_("Evidence reference"),
        required=False,
        max_length=200,
        help_text=_("Document number; department and contact; or who was visited or called."),
    )
    document = forms.FileField(
        label=_("Document"),
        required=False,
        help_text=_("PDF, JPEG or PNG; required when a payment at stake is refuted."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, reasons: Sequence[CloseReason], **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        choice_field(self, "reason").choices = [("", "—"), *[(reason.value, reason.label) for reason in reasons]]


class AskForm(forms.Form):
    """A question to the village about a subject or its report."""

    text = forms.CharField(
        label=_("What do you want to know?"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )


class ContactForm(forms.Form):
    """One attempt to reach a person."""

    tried_on = DayField(label=_("Day"))
    means = forms.ChoiceField(label=_("How"), choices=ContactMeans.choices)
    is_reached = forms.BooleanField(label=_("The person was reached"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=1000)


class _SentOnce(forms.Form):
    """What every report of a village has; `uuid` makes a report sent twice one."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    telephone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("Where it was taken is removed."),
        widget=forms.FileInput(attrs={"accept": CONTENT_TYPES}),
    )
    observed_on = DayField(label=_("Seen or heard on"), required=False, help_text=_("Today, if left empty."))


class ReportForm(_SentOnce):
    """A report about one person: the word, and what some kinds need; the kind is the button."""

    word = forms.CharField(label=_("A short note"), required=False, max_length=1000)
    source = forms.ChoiceField(label=_("How do you know?"), required=False, choices=[("", "—"), *ReportSource.choices])
    died_on = DayField(label=_("Day of death"), required=False, help_text=_("Leave it empty if you do not know it."))
    wrong_details = forms.MultipleChoiceField(
        label=_("Which details are wrong?"),
        required=False,
        choices=WrongDetail.choices,
        widget=forms.CheckboxSelectMultiple,
    )


class UnlistedForm(_SentOnce):
    """Somebody on no list, as far as the village knows."""

    name = forms.CharField(label=_("Name"), max_length=100)
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=[("", "—"), ("1", _("male")), ("2", _("female"))])
    birth_date = DayField(label=_("or birth date"), required=False)
    age_years = NumberField(label=_("Age in years"), required=False, max_value=130)
    household = forms.CharField(label=_("Head of household"), required=False, max_length=100)
    place = forms.CharField(label=_("Where the person lives"), required=False, max_length=200)
    number = forms.CharField(
        label=_("ID number"),
        required=False,
        max_length=40,
        help_text=_("Not needed; stored encrypted."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(label=_("A short note"), required=False, max_length=1000)
    unit_code = forms.ChoiceField(label=_("Village"), required=False)

    field_order = ("name", "sex", "age_years", "birth_date", "household", "place", "unit_code", "note")

    def __init__(
        self, data: Any = None, files: Any = None, *, villages: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        if villages:
            choice_field(self, "unit_code").choices = [("", "—"), *villages]
        else:
            del self.fields["unit_code"]


class HandleForm(forms.Form):
    """What becomes of a report; which button says how."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The village reads it. Needed when the report is not accepted."),
    )
