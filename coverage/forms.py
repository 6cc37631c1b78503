"""Forms of the pages of possible matches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coverage.selectors.possible_matches import ASKED
from foundation.regions.models import Unit
from foundation.web.forms import ALL, FilterForm, choice_field, indented_name


class PossibleMatchFilter(FilterForm):
    """Filters of the possible matches; they are part of the page's address and hold nothing personal."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Awaiting decision")), (ASKED, _("Village asked"))]
    )
    unit = forms.ChoiceField(label=_("Township or village"), required=False)
    pattern = forms.ChoiceField(label=_("Agreement pattern"), required=False)

    def __init__(self, data: Any, *, places: Sequence[Unit], patterns: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        choice_field(self, "unit").choices = [ALL, *[(place.code, indented_name(place)) for place in places]]
        choice_field(self, "pattern").choices = [ALL, *patterns]
