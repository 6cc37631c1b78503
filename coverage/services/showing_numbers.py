"""The whole numbers of a pair, for a stated purpose: the person's and the roll line's, counted and logged as one access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from coverage.selectors.possible_matches import undecided_links
from coverage.services.decisions import place_of
from foundation.accounts.actors import Actor
from foundation.primitives.errors import NotFound
from registry.selectors.roll_lines import read_lines
from registry.services.showing import show_numbers


@dataclass(frozen=True)
class PairNumbers:
    """The numbers of both sides; the roll's is empty where it states none."""

    person_id: int
    person: list[str]
    roll: str


def show_pair_numbers(*, actor: Actor, link_id: int, purpose: str, at: datetime) -> PairNumbers:
    """Return both sides' whole numbers for a stated purpose.

    Effects and errors: as registry.services.showing.show_numbers; NotFound also when the match is no longer undecided.
    """
    link = undecided_links(actor).filter(pk=link_id).first()
    if link is None:
        raise NotFound(_("There is no such possible match in your unit."), ids=[link_id])
    numbers = show_numbers(actor=actor, person_id=link.person_id, purpose=purpose, at=at)
    line = read_lines([place_of(link)]).get(place_of(link))
    return PairNumbers(link.person_id, numbers, line.number if line else "")
