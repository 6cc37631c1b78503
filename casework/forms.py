"""Forms of a case: a note, a reason for closing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.constants import CaseState, CloseReason, EvidenceKind
from foundation.web.fields import DayField
from foundation.web.forms import _choice


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
        _choice(self, "reason").choices = [("", "—"), *[(reason.value, reason.label) for reason in reasons]]
