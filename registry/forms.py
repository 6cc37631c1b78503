"""Forms of the register's pages: looking up, the purpose of a whole number, sending files, filters of deliveries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DayOfDataField, FilesField, NumberField
from foundation.web.forms import FilterForm
from registry.constants import DeliveryState, Feed, RowAction
from registry.models import ProposalState
from registry.selectors.deliveries import EVERY, TO_APPROVE
from registry.services.completing import LONGEST_REASON

LONGEST_NOTE = 1000


class ReceiveForm(forms.Form):
    """Files of departments and the day they describe."""

    tables = FilesField(
        label=_("Files"),
        help_text=_("Tables as sent by the departments: xlsx, xls, csv, text or zip; several at once."),
    )
    as_of = DayOfDataField(
        label=_("Date of the data"),
        help_text=_("Not the day you send them: usually the last day of last month, filled in here."),
    )
    at_once = forms.BooleanField(
        label=_("Apply without a preview"),
        required=False,
        help_text=_("Otherwise each file stops after checking and shows what it would change."),
    )

    def __init__(self, *args: Any, may_apply: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_apply:
            del self.fields["at_once"]


class UploadForm(forms.Form):
    """What a browser states of a file before it sends it in pieces."""

    name = forms.CharField(max_length=255)
    size = NumberField()
    modified_ms = NumberField()
    as_of = DayOfDataField(label=_("Date of the data"))
    at_once = forms.BooleanField(required=False)


class CompletionForm(forms.Form):
    """Why a list is complete without the parts that did not come."""

    reason = forms.CharField(
        label=_("Why the list is complete"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who said so, and when: the reason is recorded with your name."),
    )


class DeliveryFilter(FilterForm):
    """Which deliveries to list."""

    feed = forms.ChoiceField(label=_("Feed"), required=False, choices=[("", _("All")), *Feed.choices])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), (TO_APPROVE, _("Awaiting my approval")), *DeliveryState.choices],
    )


class ContactForm(forms.Form):
    """Whom to call when a feed does not come."""

    department = forms.CharField(label=_("Department"), max_length=100)
    name = forms.CharField(label=_("Name"), max_length=50)
    office_phone = forms.CharField(
        label=_("Office telephone"), max_length=30, help_text=_("Office number, for example 0513-87512345.")
    )


class PersonNoteForm(forms.Form):
    """A note about a person."""

    text = forms.CharField(label=_("Note"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3}))


class AttachForm(forms.Form):
    """A paper of a person."""

    paper = forms.FileField(
        label=_("Attachment"),
        help_text=_("A PDF, JPEG or PNG of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


class PossibleDuplicateFilter(FilterForm):
    """Which pairs of persons to list."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=ProposalState.choices)


class MergeForm(forms.Form):
    """Whether two persons are one, and the reason."""

    same = forms.ChoiceField(choices=[("yes", _("Same person")), ("no", _("Different persons"))])
    reason = forms.CharField(max_length=300, required=False)


class ProblemFilter(FilterForm):
    """Which problem lines to list."""

    action = forms.ChoiceField(
        label=_("Action taken"),
        required=False,
        choices=[("", _("Lines needing action")), (EVERY, _("All")), *RowAction.choices],
    )
