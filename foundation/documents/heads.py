"""What every workbook and every printed sheet says above its table: what it is, whose, as of which day of the data, who made it when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from foundation.primitives.clock import BUSINESS_ZONE

Text = str | Promise
FIRST_WIDE, NARROW = 0x2E80, frozenset(" .,:;'-")


@dataclass(frozen=True)
class Head:
    """The head of a document. `as_of` is the newest day the data describe, not the day it is made; `about` names filter and basis.

    `subject` is whom it is about: it stands beside the title on paper, and not among the properties of the file.
    """

    title: Text
    unit: str
    made_by: str
    made_at: datetime
    as_of: date | None = None
    about: Sequence[Text] = ()
    subject: str = ""

    @property
    def made(self) -> str:
        """The moment it was made, as the business day's clock shows it."""
        return f"{self.made_at.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M}"

    def lines(self) -> list[str]:
        """Return unit, day of the data, and what is asked for, a line each."""
        day = [_("As of: %(day)s") % {"day": self.as_of.isoformat()}] if self.as_of else []
        return [_("Unit: %(unit)s") % {"unit": self.unit}, *day, *map(str, self.about)]

    def signatures(self) -> list[str]:
        """Return the lines to be signed: the unit, who made it, who checks it, who is responsible, when it was sent."""
        return [
            _("Unit: %(unit)s") % {"unit": self.unit},
            _("Prepared by: %(maker)s") % {"maker": self.made_by},
            _("Checked by:"),
            _("Head of the unit:"),
            _("Reported on: %(day)s") % {"day": f"{self.made_at.astimezone(BUSINESS_ZONE):%Y-%m-%d}"},
        ]


def ems(text: str) -> float:
    """Return about how many ems a text takes: a Chinese character one, a Latin letter or figure 0.58, a point or blank a third."""
    return sum(1.0 if ord(letter) >= FIRST_WIDE else 0.33 if letter in NARROW else 0.58 for letter in text)
