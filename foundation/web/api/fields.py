"""Fields whose description states exactly what they accept, so that nothing the document allows is refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.validators import ProhibitNullCharactersValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from foundation.web.fields import demand_day, demand_day_of_data


class PlainTextField(serializers.CharField):
    """A text as it is: a number is no text, an empty or odd one is accepted and finds no one."""

    def __init__(self, **options: object) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, **options)  # type: ignore[arg-type]
        odd = ProhibitNullCharactersValidator | ProhibitSurrogateCharactersValidator
        self.validators = [each for each in self.validators if not isinstance(each, odd)]

    def to_internal_value(self, data: object) -> str:
        """Return the text without characters a database cannot store. Errors: ValidationError for anything but a text."""
        if not isinstance(data, str):
            self.fail("invalid")
        return data.replace("\x00", "").encode("utf-8", "ignore").decode()


_DAY = r"(19|20|21)\d\d-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))"
"""A day as the document states it; the twenty-ninth of February, where there is one, is accepted besides."""
_TIME = r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-](0\d|1[0-3]):[0-5]\d)"


@extend_schema_field({"type": "string", "pattern": f"^{_DAY}$"})
class DayField(serializers.DateField):
    """A day between 1900 and 2200."""

    def to_internal_value(self, value: Any) -> date:
        """Return the day. Errors: ValidationError."""
        day = super().to_internal_value(value)
        demand_day(day)
        return day


class DayOfDataField(DayField):
    """A day that data describe: not after tomorrow."""

    def to_internal_value(self, value: Any) -> date:
        """Return the day. Errors: ValidationError."""
        day = super().to_internal_value(value)
        demand_day_of_data(day)
        return day


@extend_schema_field({"type": "string", "pattern": f"^{_DAY}{_TIME}$"})
class MomentField(serializers.DateTimeField):
    """A moment of a day between 1900 and 2200."""

    def enforce_timezone(self, value: datetime) -> datetime:
        """Return the moment in the zone of the installation. Errors: ValidationError."""
        demand_day(value.date())
        return super().enforce_timezone(value)


class WholeNumberField(serializers.IntegerField):
    """A whole number of a JSON body: a text or a yes is none, 12.0 is the number 12."""

    def to_internal_value(self, data: object) -> int:
        """Return the number. Errors: ValidationError for anything else."""
        if isinstance(data, bool) or not isinstance(data, int | float) or data != data // 1:
            self.fail("invalid")
        return int(data)
