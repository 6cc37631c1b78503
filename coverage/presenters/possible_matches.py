"""The card of a person's possible matches: the person, each roll line that may be theirs, and the evidence for and against.

Numbers arrive decrypted and leave masked. Called by the pages of possible matches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.presenters.gaps import scheme_words
from casework.presenters.questions import ShownQuestion
from coverage.constants import LinkRule, PairDecision
from coverage.matching.weights import band, explain
from coverage.models import Link
from coverage.presenters.codes import code_lines
from coverage.presenters.comparison import AGREEMENT_LABELS, BAND_LABELS, CHANGE_LABELS, FIELD_LABELS, present_vector
from coverage.selectors.persons import PersonCode
from coverage.selectors.possible_matches import DRAWS_OR_SOON, GOVERNMENT_PAID, UNINSURED, read_pattern
from foundation.primitives.masks import mask_id
from foundation.primitives.name_agreement import is_other_name
from registry.constants import DesignationKind
from registry.models import Designation, Person
from registry.presenters.file_words import file_words, roll_status_words
from registry.presenters.number_comparison import Marked, NumberComparison, NumberFacts, marked, nearest, read_number
from registry.presenters.persons import sex_words
from registry.selectors.roll_lines import DeliveredLine

SCALE = 20.0
"""Bits that fill one side of a bar."""
MOST_POSITIONS_NAMED = 6
"""Positions of a number named one by one; more are counted."""
MOST_DIGITS_SHOWN = 3
"""Digits shown where two numbers differ: never the four after the birth date, which beside it are the number."""
COUNTY_DIGITS = 6
Places = dict[str, str]
"""Code of a unit -> its name."""


@dataclass(frozen=True)
class WeightBar:
    """One field's agreement level and its weight as a bar: to the right of the middle supports, to the left contradicts."""

    label: str
    agreement: str
    tone: str
    text: str
    start: float
    width: float


@dataclass(frozen=True)
class MatchSide:
    """One line of a roll that may be the person."""

    link: Link
    key: int
    scheme: str
    name: Marked
    number: Marked
    number_words: str
    number_details: list[tuple[str, str]]
    facts: list[tuple[str, str]]
    rule: str
    band: str
    score: str
    weights: list[WeightBar]
    changed: list[str]
    before: str
    owner: dict[str, Any] | None
    asked: ShownQuestion | None
    has_other_name: bool


@dataclass(frozen=True)
class PersonSide:
    """The person's own side of the card."""

    person: Person
    numbers: list[str]
    number_details: list[tuple[str, str]]
    facts: list[tuple[str, str]]
    household: list[str]


@dataclass(frozen=True)
class PairRow:
    """One pair as a row of a preview."""

    link: Link
    person: Person
    number: str
    roll_name: str
    roll_number: str
    roll_birth: str
    status: str
    is_current: bool


def describe_rank(rank: int) -> str:
    """Return why a card has its place in the list."""
    labels = {
        DRAWS_OR_SOON: _("drawing, or aged 59 or over"),
        UNINSURED: _("counted as uninsured"),
        GOVERNMENT_PAID: _("government pays the contribution"),
    }
    return labels.get(rank, _("other"))


def describe_pattern(pattern: str) -> str:
    """Describe an agreement pattern: the roll, the rule and the agreement level of each field."""
    read = read_pattern(pattern)
    if read is None:
        return ""
    scheme, rule, vector = read
    fields = [f"{each.field}: {each.agreement}" for each in present_vector(vector)]
    return f"{scheme_words(scheme)} · {LinkRule(rule).label} ({', '.join(fields)})"


def present_person(
    person: Person,
    code: PersonCode | None,
    *,
    numbers: Sequence[str],
    designations: Sequence[Designation],
    household: Sequence[str],
) -> PersonSide:
    """Return the person's side of the card; numbers are passed whole and returned masked."""
    names: list[str] = person.all_names  # type: ignore[attr-defined]
    others = [name for name in names if name != person.name]
    read = next((each for each in map(read_number, numbers) if each), None)
    kinds = [
        f"{DesignationKind(each.kind).label} {file_words(each.status) if each.row_id else ''}".strip()
        for each in designations
    ]
    facts = [
        (_("Born"), _day(person.birth_date)),
        (_("Sex"), sex_words(person.sex)),
        (_("Place"), person.unit.name if person.unit else person.county.name),
        (_("Registered poor files"), " · ".join(kinds) or _("none")),
        (_("Conclusion"), code_lines(code)[0][1] if code else _("none yet")),
    ]
    if others:
        facts.insert(0, (_("Other names in the files"), "、".join(others)))
    return PersonSide(
        person=person,
        numbers=[mask_id(each) for each in numbers],
        number_details=_number_details(read),
        facts=facts,
        household=list(household),
    )


def present_match(
    link: Link,
    line: DeliveredLine | None,
    key: int,
    *,
    person: Person,
    numbers: Sequence[str],
    places: Places,
    asked: ShownQuestion | None = None,
) -> MatchSide:
    """Return one roll line compared with its person. A line whose snapshot is missing shows what the link itself states."""
    number = line.number if line else ""
    compared = nearest(numbers, number)
    return MatchSide(
        link=link,
        key=key,
        scheme=scheme_words(link.scheme),
        name=_marked_name(line.name if line else "", person.all_names),  # type: ignore[attr-defined]
        number=_marked_number(number, compared),
        number_words=_describe_comparison(compared),
        number_details=_number_details(read_number(number), compared),
        facts=_line_facts(link, line, places),
        rule=str(LinkRule(link.rule).label),
        band=str(BAND_LABELS[band(link.score)]) if link.score is not None else "",
        score=f"{link.score:+.1f}" if link.score is not None else "",
        weights=present_weights(link.comparison_vector, link.model_version),
        changed=[str(CHANGE_LABELS[code]) for code in link.changed.split()],
        before=_describe_earlier(link.before),  # type: ignore[attr-defined]
        owner=link.owner,  # type: ignore[attr-defined]
        asked=asked,
        has_other_name=is_other_name(line.name if line else "", person.all_names),  # type: ignore[attr-defined]
    )


def present_pair(link: Link, line: DeliveredLine | None, number: str) -> PairRow:
    """Return one pair as a row; its person is loaded."""
    return PairRow(
        link=link,
        person=link.person,
        number=number,
        roll_name=line.name if line else "—",
        roll_number=mask_id(line.number) if line else "",
        roll_birth=_day(line.birth) if line else "—",
        status=roll_status_words(link.scheme, link.status),
        is_current=link.superseded_at is None,
    )


def present_weights(vector: str, model_version: int) -> list[WeightBar]:
    """Return a comparison vector as labels and bars, by the model it was scored with."""
    bars = []
    for labels, each in zip(present_vector(vector), explain(vector, model_version), strict=True):
        share = min(abs(each.weight) / SCALE, 1) * 50
        start = 50.0 if each.weight >= 0 else 50.0 - share
        tone = "ok" if each.weight > 0 else "bad" if each.weight < 0 else ""
        bars.append(
            WeightBar(
                str(FIELD_LABELS.get(each.field, each.field)),
                str(AGREEMENT_LABELS.get(each.agreement, labels.agreement)),
                tone,
                f"{each.weight:+.1f}" if each.weight else "0",
                round(start, 1),
                round(share, 1),
            )
        )
    return bars


def unit_codes(lines: Iterable[DeliveredLine]) -> set[str]:
    """Return the codes of the units a card names: the villages of roll lines."""
    return {line.unit_code.ljust(12, "0") for line in lines if line.unit_code}


def _line_facts(link: Link, line: DeliveredLine | None, places: Places) -> list[tuple[str, str]]:
    status = (_("State"), roll_status_words(link.scheme, link.status))
    if line is None:
        return [status, (_("Roll record"), _("The snapshot of this roll is missing."))]
    facts = [
        (_("Born"), _day(line.birth)),
        (_("Sex"), sex_words(line.sex)),
        (_("Place"), places.get(line.unit_code.ljust(12, "0"), line.unit_code) or "—"),
        status,
        (_("Enrolled on"), _day(line.joined_date)),
    ]
    if line.benefit_start_month:
        facts.append((_("Benefit from"), f"{line.benefit_start_month:%Y-%m}"))
    if line.stated_birth and line.stated_birth != line.birth:
        facts.insert(1, (_("Birth date on the roll"), _day(line.stated_birth)))
    return [*facts, (_("Roll number"), link.shown_roll_no or "—")]


def _number_details(facts: NumberFacts | None, compared: NumberComparison | None = None) -> list[tuple[str, str]]:
    """What a number states, without a digit: of the county that registered it only whether it is the other number's too."""
    if facts is None:
        return []
    lines = [(_("Born"), _day(facts.birth)), (_("Sex"), sex_words(facts.sex))]
    if compared is not None and compared.is_comparable:
        same = compared.mine[:COUNTY_DIGITS] == compared.other[:COUNTY_DIGITS]
        lines.append((_("First registered in"), _("the same county") if same else _("another county")))
    return lines if facts.is_right else [*lines, (_("Check character"), _("invalid"))]


def _describe_comparison(compared: NumberComparison) -> str:
    """Describe how two numbers compare: the digits that differ where it may be a slip, and no others."""
    if not compared.is_comparable:
        return _("no number on one side")
    if compared.is_same:
        return _("same number")
    if not compared.same_length:
        lengths = {"mine": len(compared.mine), "other": len(compared.other)}
        return _("%(other)s characters here, %(mine)s in the file") % lengths
    places = compared.positions
    if len(places) > MOST_POSITIONS_NAMED:
        return _("%(count)s positions differ") % {"count": len(places)}
    named = ", ".join(map(str, places))
    if len(places) <= MOST_DIGITS_SHOWN:
        words = {"places": named, "here": _digits(compared.other, places), "file": _digits(compared.mine, places)}
        return (
            ngettext(
                "position %(places)s differs: %(here)s here, %(file)s in the file",
                "positions %(places)s differ: %(here)s here, %(file)s in the file",
                len(places),
            )
            % words
        )
    return ngettext("position %(places)s differs", "positions %(places)s differ", len(places)) % {"places": named}


def _digits(number: str, places: Sequence[int]) -> str:
    return ", ".join(number[place - 1] for place in places)


def _marked_name(name: str, names: Sequence[str]) -> Marked:
    """Mark the characters of a roll's name that differ from the most similar name of the person."""
    best = max(names, key=lambda each: SequenceMatcher(None, each, name).ratio(), default="")
    if len(best) == len(name):
        return [(character, character != mine) for character, mine in zip(name, best, strict=True)]
    same: set[int] = set()
    for block in SequenceMatcher(None, name, best).get_matching_blocks():
        same.update(range(block.a, block.a + block.size))
    return [(character, place not in same) for place, character in enumerate(name)]


def _describe_earlier(decision: dict[str, Any] | None) -> str:
    if not decision:
        return ""
    at = decision["at"] if isinstance(decision["at"], datetime) else parse_datetime(decision["at"])
    words = {"who": decision["who"], "day": f"{at:%Y-%m-%d}", "decision": PairDecision(decision["decision"]).label}
    text = _("%(who)s decided on %(day)s: %(decision)s") % words
    return f"{text} · {decision['note']}" if decision["note"] else text


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else "—"


def _marked_number(number: str, compared: NumberComparison) -> Marked:
    """Return the line's number with the digits that differ and no others; the plain mask where more than a slip differs."""
    if not 0 < len(compared.positions) <= MOST_DIGITS_SHOWN:
        return marked(mask_id(number), compared.positions)
    return marked(compared.shown(number), compared.positions)
