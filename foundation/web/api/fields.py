"""Fields whose description states exactly what they accept, so that nothing the document allows is refused."""

from __future__ import annotations

from django.core.validators import ProhibitNullCharactersValidator
from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator


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
