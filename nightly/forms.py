"""The form that asks for a night now."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DayOfDataField


class RunNightForm(forms.Form):
    """As of which day; the newest the data describe is offered."""

    as_of = DayOfDataField(
        label=_("As of"),
        help_text=_("The latest lists up to this date are compared."),
    )
