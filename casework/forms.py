"""Forms of a case: a note, a reason for closing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.constants import CaseState, CloseReason, EvidenceKind
from foundation.web.forms import _choice


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
