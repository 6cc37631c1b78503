"""Forms of the administration of users, roles, deputies and tokens.

A unit is typed or picked as "code name"; the last day of a range is included. Rules across tables are those of the services.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from foundation.accounts.actors import Actor
from foundation.accounts.constants import Role, Verb
from foundation.accounts.models import Membership, User
from foundation.primitives.errors import NotFound
from foundation.regions.models import Unit
from foundation.regions.selectors import get_unit
from foundation.web.fields import DayField
from foundation.web.forms import FilterForm
from portal.administration.selectors import (
    USER_STATES,
    list_possible_deputies,
    list_roles_for_a_deputy,
    offered_units,
)

ANY = [("", _("All"))]
STATE_LABELS = {
    "open": _("Active accounts"),
    "closed": _("Disabled accounts"),
    "no_role": _("Without a role"),
    "no_factor": _("Without a second factor"),
    "first_password": _("Initial password not changed"),
    "locked": _("Locked out just now"),
}
MOST_DAYS_OF_A_TOKEN = 731


class PickedText(forms.TextInput):
    """A text field that suggests values while one types."""

    def __init__(self, offered: list[str]) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.offered = offered

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Render the field with its suggestions."""
        list_id = f"{name}-offered"
        field = super().render(name, value, (attrs or {}) | {"list": list_id}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ([each] for each in self.offered))
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


class UnitField(forms.CharField):
    """A unit within the actor's area, by its code; the text after the code is ignored."""

    def __init__(self, actor: Actor, **kwargs: Any) -> None:
        offered = offered_units(actor)
        super().__init__(
            widget=PickedText(offered),
            help_text=_(
                "Enter a code or part of a name and choose one: 6 digits for a county, 9 for a township, 12 for a "
                "village."
            ),
            **kwargs,
        )
        self.actor = actor

    def clean(self, value: Any) -> Unit:
        """Return the unit."""
        code = super().clean(value).split()[0]
        try:
            unit = get_unit(code=code) if code.isdecimal() else None
        except NotFound:
            unit = None
        if unit is None or not self.actor.covers(unit.path):
            raise forms.ValidationError(_("There is no such unit in your area."))
        return unit


class UserFilterForm(FilterForm):
    """The filters that may be part of an address."""

    role = forms.ChoiceField(label=_("Role"), required=False, choices=[*ANY, *Role.choices])
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[*ANY, *((each, STATE_LABELS[each]) for each in USER_STATES)]
    )


class UserNameForm(forms.Form):
    """Part of a name; posted, because names do not belong into addresses."""

    name = forms.CharField(label=_("Name or user name"), required=False, max_length=60)


class NewUserForm(forms.Form):
    """A new colleague."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        validators=[UnicodeUsernameValidator()],
        help_text=_("For signing in, for example wang.jingban. It cannot be changed later."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    display_name = forms.CharField(label=_("Name shown to colleagues"), max_length=60)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home_unit"] = UnitField(actor, label=_("Employing unit"))


class DaysMixin(forms.Form):
    """A first and a last day; services take the first day it no longer holds."""

    def first_and_end(self) -> tuple[date, date | None]:
        """Return the first day, and the day after the last one."""
        last: date | None = self.cleaned_data["last_day"]
        return self.cleaned_data["first_day"], last + timedelta(days=1) if last else None

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _now("The last day is before the first day."))
        return data


class GrantForm(DaysMixin):
    """A role for a user."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", "—"), *Role.choices])
    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"), required=False, help_text=_("Leave empty for no end date."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = UnitField(actor, label=_("Unit for this role"))
        self.order_fields(["role", "unit", "first_day", "last_day"])


class RoleChoice(forms.ModelChoiceField):
    """A colleague's role, as a line to pick."""

    def label_from_instance(self, obj: Membership) -> str:
        """Return who is what and where."""
        return f"{obj.user.get_full_name()} · {obj.get_role_display()} · {obj.unit.name}"


class UserChoice(forms.ModelChoiceField):
    """A colleague, as a line to pick."""

    def label_from_instance(self, obj: User) -> str:
        """Return both names."""
        return f"{obj.get_full_name()} ({obj.username})"


class DeputyForm(DaysMixin):
    """Who stands in for which role of whom, from when to when."""

    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"))

    def __init__(self, *args: Any, actor: Actor, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"] = RoleChoice(
            label=_("Absent colleague and role"), queryset=list_roles_for_a_deputy(actor, on=on), empty_label="—"
        )
        self.fields["deputy"] = UserChoice(
            label=_("Deputy"), queryset=list_possible_deputies(actor, on=on), empty_label="—"
        )
        self.order_fields(["membership", "deputy", "first_day", "last_day"])


class ClientForm(forms.Form):
    """A token for a department's system."""

    name = forms.CharField(
        label=_("System name"), max_length=100, help_text=_("As shown in the audit log: department and system.")
    )
    verbs = forms.MultipleChoiceField(
        label=_("Permitted operations"), choices=Verb.choices, widget=forms.CheckboxSelectMultiple
    )
    last_day = DayField(label=_("Last day"), help_text=_("At most two years from today."))

    def __init__(self, *args: Any, actor: Actor, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["unit"] = UnitField(actor, label=_("Unit for this token"))
        self.order_fields(["name", "unit", "verbs", "last_day"])

    def clean_last_day(self) -> date:
        """Refuse a day that is past, or further than two years."""
        day: date = self.cleaned_data["last_day"]
        if not self.on <= day <= self.on + timedelta(days=MOST_DAYS_OF_A_TOKEN):
            raise forms.ValidationError(_("Choose a date within the next two years."))
        return day
