"""Forms of the person page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DayField


class KnownForm(forms.Form):
    """The day whose end a person's page is shown as known at."""

    known = DayField(label=_("As known on"), required=False)
