"""What a password must not be made of: the words anybody here would guess first.

Length and the list of passwords from breaches (common_passwords.txt.gz: of Mark Burnett's list of ten million leaked passwords, given to
the public, the 10,000 most used of at least ten characters, and Django's) are checked by Django's own validators, named in the settings.
No rule asks for capitals, digits or signs, and no password expires but the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.primitives.person_names import sort_key

if TYPE_CHECKING:
    from foundation.accounts.models import User

COMMON_PASSWORDS = Path(__file__).with_name("common_passwords.txt.gz")
LEAST_REST = 6
"""So many letters or digits must remain when the words are taken out."""
UNIT_ENDINGS = "省市县区乡镇村"


class ContextWordsValidator:
    """Refuses a password in which little is left beside words of the work and the user's own unit; docs/security.md lists them."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(word.casefold() for word in words)

    def validate(self, password: str, user: User | None = None) -> None:
        """Take the words out, the longest first. Errors: ValidationError when fewer than LEAST_REST letters or digits remain."""
        rest = password.casefold()
        found = ""
        for word in sorted(self.words | unit_words(user), key=len, reverse=True):
            if word in rest:
                found = found or word
                rest = rest.replace(word, " ")
        if found and sum(character.isalnum() for character in rest) < LEAST_REST:
            raise ValidationError(
                _("A password must not be built around “%(word)s”: everybody here would guess it.") % {"word": found},
                code="password_of_context_words",
            )

    def get_help_text(self) -> str:
        """Return the rule for the form."""
        return _("It must not be built around words of this work or the name of your unit.")


def unit_words(user: User | None) -> frozenset[str]:
    """Return the name of the user's unit, in characters and in pinyin, without its ending."""
    unit = getattr(user, "home_unit", None)
    if unit is None:
        return frozenset()
    stem = unit.name.rstrip(UNIT_ENDINGS) or unit.name
    return frozenset({stem.casefold(), sort_key(stem).replace(" ", "").casefold()})
