"""Forms of the auditor's lists: days, an event filter, one object, a purpose."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.audit.models.event import Outcome
from portal.administration.forms import ANY, DayInput
from portal.administration.presenters import OBJECTS, verb_choices
from portal.administration.sign_ins import KINDS

KIND_LABELS = {
    "failures": _("Wrong passwords and codes"),
    "lockouts": _("Lockouts"),
    "sign_ins": _("Sign-ins"),
}
EARLIEST = date(2000, 1, 1)
LATEST = date(9000, 1, 1)


class DaysForm(forms.Form):
    """A range of days, both included."""

    first_day = forms.DateField(label=_("First day"), required=False, widget=DayInput)
    last_day = forms.DateField(label=_("Last day"), required=False, widget=DayInput)

    def clean(self) -> dict[str, Any]:
        """Refuse days no book can hold."""
        data = super().clean() or self.cleaned_data
        for name in ("first_day", "last_day"):
            day = data.get(name)
            if day and not EARLIEST <= day <= LATEST:
                self.add_error(name, _("No such day."))
        return data


class EventForm(DaysForm):
    """What a list of events is narrowed to; posted, because it can hold a name."""

    actor_name = forms.CharField(label=_("User name"), required=False, max_length=150)
    verb = forms.ChoiceField(label=_("What"), required=False, choices=lambda: [*ANY, *verb_choices()])
    outcome = forms.ChoiceField(label=_("How it ended"), required=False, choices=[*ANY, *Outcome.choices])
    object_type = forms.ChoiceField(label=_("Kind of object"), required=False, choices=[*ANY, *sorted(OBJECTS.items())])
    object_id = forms.CharField(label=_("Number of the object"), required=False, max_length=64)


class ObjectForm(forms.Form):
    """One object, by its kind and number."""

    object_type = forms.ChoiceField(label=_("Kind of object"), choices=sorted(OBJECTS.items()))
    object_id = forms.CharField(label=_("Number of the object"), max_length=64)


class SignInForm(DaysForm):
    """Which attempts, and when."""

    kind = forms.ChoiceField(label=_("What"), choices=[(kind, KIND_LABELS[kind]) for kind in KINDS])


class PurposeForm(forms.Form):
    """What a file is for."""

    purpose = forms.CharField(label=_("What is the file for?"), min_length=4, max_length=500)
