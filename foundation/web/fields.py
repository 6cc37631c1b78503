"""The fields of forms that read a day, a number or files from a request: what no row can hold is refused here, in words.

A day is between 1900 and 2200; a day of data is not after tomorrow. The API's fields are in api/fields.py, odd characters are refused
before any form by odd_input.py.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from foundation.primitives import clock
from foundation.primitives.days import EARLIEST_DAY, LATEST_DAY, is_day, is_day_of_data
from foundation.primitives.ids import LARGEST_ID

NO_DAY = _("Enter a date between %(first)s and %(last)s.")
NOT_YET = _("Data cannot describe a date after tomorrow.")


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def demand_day(day: date) -> None:
    """Refuse a day nothing here can have. Errors: ValidationError."""
    if not is_day(day):
        raise ValidationError(NO_DAY, code="day", params={"first": EARLIEST_DAY, "last": LATEST_DAY})


def demand_day_of_data(day: date) -> None:
    """Refuse a day no data can describe. Errors: ValidationError."""
    demand_day(day)
    if not is_day_of_data(day, today=clock.today()):
        raise ValidationError(NOT_YET, code="day_of_data")


class DayField(forms.DateField):
    """A day."""

    widget = DayInput
    default_validators = [demand_day]


class DayOfDataField(DayField):
    """A day that data describe."""

    default_validators = [demand_day_of_data]


class NumberField(forms.IntegerField):
    """A count or an id: never below zero, never more than a row can hold."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": LARGEST_ID, **options})


class FilesInput(forms.ClearableFileInput):
    """A file field that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files; cleans to a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Check each file by itself."""
        given = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given]
