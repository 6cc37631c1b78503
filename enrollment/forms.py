"""Forms of enrolment: what an application states, the filters of its lists, evidence of life, years paid, that somebody was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from enrollment.constants import (
    CHANNELS,
    ONE_STOP_KINDS,
    ApplicationKind,
    ApplicationState,
    Channel,
    InformedWay,
    LinePart,
    NoticeKind,
    Paper,
)
from enrollment.details import ENCRYPTED, FIELDS, LONGEST, DetailField, FieldType
from enrollment.selectors.certification import (
    AT_HOME,
    ENDED,
    NOBODY_TRIED,
    NOT_AT_HOME,
    NOT_REMINDED,
    NOTICE_OWED,
    PAUSE_BEGUN,
    RUNNING,
)
from enrollment.services.life_evidence import BY_HAND
from enrollment.services.life_evidence import LONGEST_NOTE as LONGEST_EVIDENCE_NOTE
from enrollment.services.preparing import LONGEST_NOTE
from enrollment.services.years import LONGEST_SOURCE, MOST_YEARS
from foundation.regions.models import Unit
from foundation.web.fields import DayField, DayInput, FilesField, NumberField
from foundation.web.forms import ALL, FilterForm, PurposeForm, choice_field, indented_name
from registry.models import Attachment

DETAIL = "detail_"
PICTURES = "image/jpeg,image/png,application/pdf"
"""What a telephone offers its camera for."""


@dataclass(frozen=True)
class PaperRow:
    """One kind of paper in the form: whether the kind asks for it, whether it is there, what can be reused, new files."""

    label: str | Promise
    is_needed: bool
    is_there: bool
    reuse: forms.BoundField
    files: forms.BoundField


class ContentForm(forms.Form):
    """What an application states: the fields of its kind, who applies, its papers. The service checks them."""

    channel = forms.ChoiceField(
        label=_("Where the person applied"), choices=[(each.value, each.label) for each in CHANNELS]
    )
    agent_name = forms.CharField(
        label=_("Agent"),
        required=False,
        max_length=100,
        help_text=_("Who applies for the person, with an authorisation. Empty if the person applies."),
    )
    agent_relation = forms.CharField(label=_("Agent's relation to the person"), required=False, max_length=50)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self,
        *args: Any,
        kind: ApplicationKind,
        attachments: Sequence[Attachment],
        needed: Sequence[str],
        kept: dict[str, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.kind, self.needed, self.kept = kind, list(needed), kept or {}
        self.open_application: int | None = None
        if self.get_initial_for_field(self.fields["channel"], "channel") == Channel.DEPARTMENT:
            came_in = [(Channel.DEPARTMENT.value, Channel.DEPARTMENT.label)]
            self.fields["channel"].choices = came_in + list(self.fields["channel"].choices)  # type: ignore[attr-defined]
        on_file = [(str(each.pk), each.file_name) for each in attachments]
        for each in FIELDS[kind]:
            self.fields[DETAIL + each.name] = _field_of(each, self.kept.get(each.name, ""))
        for paper in Paper:
            self.fields[f"papers_{paper.value}"] = forms.MultipleChoiceField(
                label=paper.label, required=False, choices=on_file, widget=forms.CheckboxSelectMultiple
            )
            self.fields[f"files_{paper.value}"] = FilesField(label=_("Photo or file"), required=False)
            self.fields[f"files_{paper.value}"].widget.attrs["accept"] = PICTURES

    def detail_fields(self) -> list[forms.BoundField]:
        """List the fields of the kind, in its order."""
        return [self[DETAIL + each.name] for each in FIELDS[self.kind]]

    def agent_fields(self) -> list[forms.BoundField]:
        """List the fields about somebody who applies for the person."""
        return [self["agent_name"], self["agent_relation"]]

    def paper_rows(self) -> list[PaperRow]:
        """List the kinds of papers, those the kind asks for first."""
        order = sorted(Paper, key=lambda paper: paper.value not in self.needed)
        return [
            PaperRow(
                label=paper.label,
                is_needed=paper.value in self.needed,
                is_there=bool(self[f"papers_{paper.value}"].value()),
                reuse=self[f"papers_{paper.value}"],
                files=self[f"files_{paper.value}"],
            )
            for paper in order
        ]

    def given_details(self) -> dict[str, object]:
        """Return the fields of the kind as they were typed."""
        return {each.name: self.cleaned_data.get(DETAIL + each.name) or "" for each in FIELDS[self.kind]}

    def reused(self) -> list[tuple[str, int]]:
        """List the papers on file that were ticked: what each is, and the attachment."""
        return [
            (paper.value, int(each)) for paper in Paper for each in self.cleaned_data.get(f"papers_{paper.value}", ())
        ]

    def uploads(self) -> list[tuple[str, Any]]:
        """List the new files: what each is, and the file."""
        return [
            (paper.value, file) for paper in Paper for file in self.cleaned_data.get(f"files_{paper.value}", ()) if file
        ]


def _field_of(each: DetailField, kept: str) -> forms.Field:
    """Return the form's field for a field of a kind; a number on record may stay, and is shown masked."""
    common: dict[str, Any] = {"label": str(each.label), "required": each.is_needed}
    if each.type == FieldType.CHOICE:
        return forms.ChoiceField(**common, choices=[("", "—"), *each.choices.items()])
    if each.type == FieldType.DAY:
        return DayField(**common)
    if each.type == FieldType.MONTH:
        return forms.CharField(
            **common, max_length=10, help_text=_("Year and month, for example 2019-01."), widget=MonthInput
        )
    if each.type == FieldType.CONFIRMATION:
        return forms.BooleanField(**common)
    if each.type in ENCRYPTED:
        hint = _("On record: %(number)s. Leave empty to keep it.") % {"number": kept} if kept else ""
        box = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"})
        return forms.CharField(
            label=str(each.label), required=each.is_needed and not kept, max_length=40, help_text=hint, widget=box
        )
    return forms.CharField(**common, max_length=LONGEST)


class MonthInput(DayInput):
    """The browser's own choice of a month; elsewhere a text."""

    input_type = "month"

    def format_value(self, value: Any) -> str:
        """Show a stored month without its day."""
        return str(value or "")[:7]


class QueueFilter(FilterForm):
    """The filters in the address of the queue; nothing in them is personal."""

    SILENT = ("tab",)

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *ApplicationKind.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *ApplicationState.choices])
    tab = forms.CharField(required=False, widget=forms.HiddenInput)


class DueFilter(FilterForm):
    """The filters in the address of the list of who is to be certified; nothing in them is personal."""

    window = forms.ChoiceField(
        label=_("Window"), required=False, choices=[ALL, (RUNNING, _("Still running")), (ENDED, _("Ended"))]
    )
    visit = forms.ChoiceField(
        label=_("Certified at home"),
        required=False,
        choices=[ALL, (AT_HOME, _("Needed")), (NOT_AT_HOME, _("Not needed"))],
    )
    done = forms.ChoiceField(
        label=_("What was done"),
        required=False,
        choices=[
            ALL,
            (NOBODY_TRIED, _("Nobody tried to reach the person")),
            (NOT_REMINDED, _("No reminder printed")),
            (PAUSE_BEGUN, _("Pause applied for")),
            (NOTICE_OWED, _("Paused, notice to be handed out")),
        ],
    )
    unit = forms.ChoiceField(label=_("Township or village"), required=False)

    def __init__(self, data: Any, *, places: Sequence[Unit]) -> None:
        super().__init__(data)
        choice_field(self, "unit").choices = [ALL, *[(place.code, indented_name(place)) for place in places]]

    def given(self) -> dict[str, str]:
        """Return what is filtered by, as it stands in the address."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


class BatchLineFilter(FilterForm):
    """The filters of the people of a one-stop batch."""

    part = forms.ChoiceField(label=_("Outcome"), required=False, choices=[ALL, *LinePart.choices])
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[ALL, *((each.value, each.label) for each in ONE_STOP_KINDS)]
    )
    reason = forms.ChoiceField(label=_("Reason"), required=False)

    def __init__(self, data: Any, *, reasons: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        choice_field(self, "reason").choices = [ALL, *reasons]


class YearsForm(forms.Form):
    """How many years a person has paid for, and which document says so."""

    years = NumberField(label=_("Years paid"), max_value=MOST_YEARS, help_text=_("Make-up years included."))
    as_of_date = DayField(label=_("As of"))
    source = forms.CharField(
        label=_("Document"), max_length=LONGEST_SOURCE, help_text=_("For example: contribution record of the agency.")
    )


class LifeEvidenceForm(forms.Form):
    """When and how a person was seen alive; the service checks both."""

    seen_on = DayField(label=_("Day seen"))
    source = forms.ChoiceField(label=_("How"), choices=[(each.value, each.label) for each in BY_HAND])
    note = forms.CharField(label=_("Note"), required=False, max_length=LONGEST_EVIDENCE_NOTE)


class InformedForm(forms.Form):
    """That a person was told of the scheme."""

    informed_on = DayField(label=_("Day"))
    way = forms.ChoiceField(label=_("How"), choices=InformedWay.choices)
    language = forms.CharField(
        label=_("Language"), max_length=50, help_text=_("For example: Mandarin, local dialect, Miao.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class NoticeForm(PurposeForm):
    """Which notice to print, for what, and whether English stands below the Chinese."""

    kind = forms.ChoiceField(label=_("Notice"))
    with_english = forms.BooleanField(label=_("With English below"), required=False)

    def __init__(self, *args: Any, kinds: Iterable[NoticeKind], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in kinds]
