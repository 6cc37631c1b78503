"""Forms of the person page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class KnownForm(forms.Form):
    """The day a person's page is asked as known on: what was believed at its end."""

    known = forms.DateField(
        label=_("As believed on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
