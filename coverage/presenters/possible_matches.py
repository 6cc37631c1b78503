"""A card of candidates in words: the person, each line of a roll that may be them, and what speaks for and against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.presenters.gaps import scheme_words
from coverage.constants import LinkRule, PairDecision
from coverage.matching.weights import band, explain
from coverage.models import Link
from coverage.presenters.codes import code_lines
from coverage.presenters.comparison import AGREEMENT_WORDS, BAND_WORDS, CHANGED_WORDS, FIELD_WORDS, comparison_vector
from coverage.selectors.persons import PersonCode
from coverage.selectors.possible_matches import DRAWS_OR_SOON, GOVERNMENT_PAID, UNINSURED, read_pattern
from foundation.accounts.actors import Actor
from foundation.primitives.masks import mask_id, mask_id_fully
from registry.constants import Feed
from registry.models import Designation, Person
from registry.presenters.file_words import file_words, roll_status_words
from registry.presenters.number_comparison import Beside, Marked, Said, marked, nearest, read_number
from registry.presenters.persons import sex_words
from registry.selectors.roll_lines import DeliveredLine

SCALE = 20.0
"""Bits that fill one side of a bar."""
MOST_TOLD = 6
"""Positions of a number named one by one; more are counted."""
Places = dict[str, str]
"""Code of a unit -> its name."""


@dataclass(frozen=True)
class ShownWeight:
    """One field's verdict in words and its weight as a bar: from the middle to the right for, to the left against."""

    label: str
    words: str
    tone: str
    text: str
    start: float
    width: float


@dataclass(frozen=True)
class ShownMatch:
    """One line of a roll that may be the person."""

    link: Link
    key: int
    scheme: str
    name: Marked
    number: Marked
    number_words: str
    number_says: list[tuple[str, str]]
    facts: list[tuple[str, str]]
    rule: str
    band: str
    score: str
    weights: list[ShownWeight]
    changed: list[str]
    before: str
    owner: dict[str, Any] | None


@dataclass(frozen=True)
class ShownSide:
    """The person's own side of the card."""

    person: Person
    numbers: list[str]
    number_says: list[tuple[str, str]]
    facts: list[tuple[str, str]]
    household: list[str]


@dataclass(frozen=True)
class ShownRow:
    """One pair as a row of a preview."""

    link: Link
    person: Person
    number: str
    roll_name: str
    roll_number: str
    roll_birth: str
    status: str
    is_believed: bool


def rank_words(rank: int) -> str:
    """Say why a card stands where it does."""
    words = {
        DRAWS_OR_SOON: _("draws, or is 59 or over"),
        UNINSURED: _("counts as uninsured"),
        GOVERNMENT_PAID: _("government pays the contribution"),
    }
    return words.get(rank, _("the rest"))


def pattern_words(pattern: str) -> str:
    """Put a pattern into words: the roll, the rule, and the fields that do not simply agree."""
    read = read_pattern(pattern)
    if read is None:
        return ""
    scheme, rule, verdicts = read
    told = [f"{each.field}: {each.verdict}" for each in comparison_vector(verdicts)]
    return f"{scheme_words(scheme)} · {LinkRule(rule).label} ({', '.join(told)})"


def shown_side(
    actor: Actor,
    person: Person,
    code: PersonCode | None,
    *,
    numbers: Sequence[str],
    designations: Sequence[Designation],
    household: Sequence[str],
    places: Places,
) -> ShownSide:
    """Put the person's side into words; numbers are whole and leave masked."""
    names: list[str] = person.all_names  # type: ignore[attr-defined]
    others = [name for name in names if name != person.name]
    said = next((each for each in map(read_number, numbers) if each), None)
    kinds = [f"{Feed(each.kind).label} {file_words(each.status)}" for each in designations]
    facts = [
        (_("Born"), _day(person.birth_date)),
        (_("Sex"), sex_words(person.sex)),
        (_("Place"), person.unit.name if person.unit else person.county.name),
        (_("Poor persons' files"), " · ".join(kinds) or _("none")),
        (_("Conclusion"), code_lines(code)[0][1] if code else _("none yet")),
    ]
    if others:
        facts.insert(0, (_("Other names in files"), "、".join(others)))
    return ShownSide(
        person=person,
        numbers=[_mask(actor, each) for each in numbers],
        number_says=_number_says(said, places),
        facts=facts,
        household=list(household),
    )


def shown_match(
    actor: Actor,
    link: Link,
    line: DeliveredLine | None,
    key: int,
    *,
    person: Person,
    numbers: Sequence[str],
    places: Places,
) -> ShownMatch:
    """Put one line of a roll into words beside its person. A line whose snapshot is gone shows what the link still says."""
    number = line.number if line else ""
    beside = nearest(numbers, number)
    return ShownMatch(
        link=link,
        key=key,
        scheme=scheme_words(link.scheme),
        name=_marked_name(line.name if line else "", person.all_names),  # type: ignore[attr-defined]
        number=marked(_mask(actor, number), beside.positions),
        number_words=_number_words(beside),
        number_says=_number_says(read_number(number), places),
        facts=_line_facts(link, line, places),
        rule=str(LinkRule(link.rule).label),
        band=str(BAND_WORDS[band(link.score)]) if link.score is not None else "",
        score=f"{link.score:+.1f}" if link.score is not None else "",
        weights=shown_weights(link.comparison_vector, link.model_version),
        changed=[str(CHANGED_WORDS[word]) for word in link.changed.split()],
        before=_before(link.before),  # type: ignore[attr-defined]
        owner=link.owner,  # type: ignore[attr-defined]
    )


def shown_row(actor: Actor, link: Link, line: DeliveredLine | None, number: str) -> ShownRow:
    """Put one pair into one row; its person is loaded."""
    return ShownRow(
        link=link,
        person=link.person,
        number=number,
        roll_name=line.name if line else "—",
        roll_number=_mask(actor, line.number) if line else "",
        roll_birth=_day(line.birth) if line else "—",
        status=roll_status_words(link.scheme, link.status),
        is_believed=link.superseded_at is None,
    )


def shown_weights(verdicts: str, model_version: int) -> list[ShownWeight]:
    """Put an explanation into words and bars, under the model it was made with."""
    shown = []
    for words, each in zip(comparison_vector(verdicts), explain(verdicts, model_version), strict=True):
        share = min(abs(each.weight) / SCALE, 1) * 50
        start = 50.0 if each.weight >= 0 else 50.0 - share
        tone = "ok" if each.weight > 0 else "bad" if each.weight < 0 else ""
        shown.append(
            ShownWeight(
                str(FIELD_WORDS.get(each.field, each.field)),
                str(AGREEMENT_WORDS.get(each.verdict, words.verdict)),
                tone,
                f"{each.weight:+.1f}" if each.weight else "0",
                round(start, 1),
                round(share, 1),
            )
        )
    return shown


def unit_codes(lines: Sequence[DeliveredLine], numbers: Sequence[str]) -> set[str]:
    """Return the codes of the units a card names: villages of roll lines, counties of numbers."""
    read = [read_number(each) for each in [*numbers, *(line.number for line in lines)]]
    counties = {each.county_code.ljust(12, "0") for each in read if each}
    return counties | {line.unit_code.ljust(12, "0") for line in lines if line.unit_code}


def _line_facts(link: Link, line: DeliveredLine | None, places: Places) -> list[tuple[str, str]]:
    status = (_("State"), roll_status_words(link.scheme, link.status))
    if line is None:
        return [status, (_("Roll line"), _("The snapshot of this roll is not there."))]
    facts = [
        (_("Born"), _day(line.birth)),
        (_("Sex"), sex_words(line.sex)),
        (_("Place"), places.get(line.unit_code.ljust(12, "0"), line.unit_code) or "—"),
        status,
        (_("Joined"), _day(line.joined_date)),
    ]
    if line.benefit_start_month:
        facts.append((_("Benefit since"), f"{line.benefit_start_month:%Y-%m}"))
    if line.stated_birth and line.stated_birth != line.birth:
        facts.insert(1, (_("Birth date the roll states"), _day(line.stated_birth)))
    return [*facts, (_("Roll number"), link.roll_no or "—")]


def _number_says(said: Said | None, places: Places) -> list[tuple[str, str]]:
    if said is None:
        return []
    county = places.get(said.county_code.ljust(12, "0"), "")
    lines = [
        (_("Born"), _day(said.birth)),
        (_("Sex"), sex_words(said.sex)),
        (_("First registered in"), county or _("unknown (%(code)s)") % {"code": said.county_code}),
    ]
    return lines if said.is_right else [*lines, (_("Check character"), _("wrong"))]


def _number_words(beside: Beside) -> str:
    """Say how two numbers compare, without a digit of either."""
    if not beside.is_comparable:
        return _("one side states no number")
    if beside.is_same:
        return _("the same number")
    if not beside.same_length:
        lengths = {"mine": len(beside.mine), "other": len(beside.other)}
        return _("%(other)s characters here, %(mine)s in the file") % lengths
    places = beside.positions
    if len(places) > MOST_TOLD:
        return _("%(count)s positions differ") % {"count": len(places)}
    told = ", ".join(map(str, places))
    return ngettext("position %(places)s differs", "positions %(places)s differ", len(places)) % {"places": told}


def _marked_name(name: str, names: Sequence[str]) -> Marked:
    """Mark the characters of a roll's name that no likeliest name of the person has in their place."""
    best = max(names, key=lambda each: SequenceMatcher(None, each, name).ratio(), default="")
    if len(best) == len(name):
        return [(character, character != mine) for character, mine in zip(name, best, strict=True)]
    same: set[int] = set()
    for block in SequenceMatcher(None, name, best).get_matching_blocks():
        same.update(range(block.a, block.a + block.size))
    return [(character, place not in same) for place, character in enumerate(name)]


def _before(said: dict[str, Any] | None) -> str:
    if not said:
        return ""
    at = said["at"] if isinstance(said["at"], datetime) else parse_datetime(said["at"])
    words = {"who": said["who"], "day": f"{at:%Y-%m-%d}", "decision": PairDecision(said["decision"]).label}
    text = _("%(who)s said on %(day)s: %(decision)s") % words
    return f"{text} · {said['note']}" if said["note"] else text


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else "—"


def _mask(actor: Actor, number: str) -> str:
    return mask_id(number) if actor.is_clerk else mask_id_fully(number)
