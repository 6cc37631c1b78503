"""Forms of the auditor's lists: days, an event filter, one object, a purpose.

They read addresses and posted filters only; the views apply them.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.audit.models.event import Outcome
from foundation.web.fields import DayField
from foundation.web.forms import FilterForm
from portal.administration.audit_area import LARGEST
from portal.administration.forms import ANY
from portal.administration.presenters import OBJECTS, verb_choices
from portal.administration.sign_ins import KINDS

KIND_LABELS = {
    "failures": _("Incorrect passwords or codes"),
    "lockouts": _("Lockouts"),
    "sign_ins": _("Sign-ins"),
}


class DaysForm(forms.Form):
    """A range of days, both included."""

    first_day = DayField(label=_("First day"), required=False)
    last_day = DayField(label=_("Last day"), required=False)


class DisclosureForm(DaysForm):
    """Which disclosures, and in which order."""

    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("Newest first")), (LARGEST, _("Most rows first"))]
    )


class EventForm(DaysForm):
    """The filter of a list of events; posted, because it can hold a name."""

    actor_name = forms.CharField(label=_("User name"), required=False, max_length=150)
    verb = forms.ChoiceField(label=_("Activity"), required=False, choices=lambda: [*ANY, *verb_choices()])
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[*ANY, *Outcome.choices])
    object_type = forms.ChoiceField(label=_("Object type"), required=False, choices=[*ANY, *sorted(OBJECTS.items())])
    object_id = forms.CharField(label=_("Object number"), required=False, max_length=64)


class AuditChips(FilterForm):
    """The filters of an auditor's list as its address has them; a user stands there as a number and is shown by name."""

    actor = forms.CharField(label=_("User name"), required=False)
    kind = forms.ChoiceField(label=_("Activity"), required=False, choices=[(kind, KIND_LABELS[kind]) for kind in KINDS])
    verb = forms.ChoiceField(label=_("Activity"), required=False, choices=lambda: [*ANY, *verb_choices()])
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[*ANY, *Outcome.choices])
    object_type = forms.ChoiceField(label=_("Object type"), required=False, choices=[*ANY, *sorted(OBJECTS.items())])
    object_id = forms.CharField(label=_("Object number"), required=False, max_length=64)
    first_day = DayField(label=_("First day"), required=False)
    last_day = DayField(label=_("Last day"), required=False)

    def __init__(self, data: Any, *, actor_name: str = "") -> None:
        super().__init__(data)
        self._actor_name = actor_name

    def _words(self, name: str, value: str) -> str:
        return self._actor_name or value if name == "actor" else super()._words(name, value)


class ObjectForm(forms.Form):
    """One object, by its kind and number."""

    object_type = forms.ChoiceField(label=_("Object type"), choices=sorted(OBJECTS.items()))
    object_id = forms.CharField(label=_("Object number"), max_length=64)


class SignInForm(DaysForm):
    """Which attempts, and when."""

    kind = forms.ChoiceField(label=_("Activity"), choices=[(kind, KIND_LABELS[kind]) for kind in KINDS])


class PurposeForm(forms.Form):
    """What a file is for."""

    purpose = forms.CharField(label=_("Purpose of the export"), min_length=4, max_length=500)
