"""What the next steps rest on, a part of a subject's page: the telephone, the rolls searched and their days, both sides of a finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from casework.constants import GapKind
from casework.presenters.gaps import scheme_words
from coverage.models import Finding
from coverage.presenters.evidence import fact_day, finding_label
from coverage.selectors.evidence import Evidence, RollLine, read_evidence
from foundation.primitives.masks import mask_id
from foundation.primitives.personal_texts import shown_roll_no
from foundation.regions.selectors import names_of_units
from registry.constants import ROLL_FEEDS, Feed
from registry.models import Fact
from registry.presenters.file_words import roll_status_words, source_words
from registry.selectors.roll_lines import DeliveredLine, LineKey, find_lines, list_snapshots, newest_of, read_lines


@dataclass(frozen=True)
class Side:
    """One record of a finding, in words."""

    title: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class BothSides:
    """A finding on a line of a roll beside what it conflicts with: another line, or what departments state."""

    label: str
    sides: list[Side]


@dataclass(frozen=True)
class SearchedRoll:
    """A roll the last night searched for somebody: its day, or none when none has been received."""

    label: str
    as_of: str


def searched_rolls(inputs: dict[str, list[dict[str, object]]]) -> list[SearchedRoll]:
    """List every roll with the day of the list the night searched; its pinned inputs are handed in."""
    return [
        SearchedRoll(str(Feed(feed).label), str(inputs[feed][0]["as_of"]) if inputs.get(feed) else "")
        for feed in (*ROLL_FEEDS, Feed.OUTPROV)
    ]


def both_sides(findings: Iterable[Finding], county_id: int) -> list[BothSides]:
    """Put each finding on a line of a roll beside what it conflicts with. At most five queries, and 30 ms a roll."""
    shown = [finding for finding in findings if is_on_a_line(finding)]
    if not shown:
        return []
    found = read_evidence([finding.evidence for finding in shown], county_id)
    places = [(line.delivery.pk, line.part, line.line) for each in found for line in each.lines if line.delivery]
    named = {delivery for delivery, _part, _line in places}
    snapshots = list_snapshots(county_id, named)
    lines = read_lines(places, [each for each in snapshots if each.delivery_id in named])
    others = find_lines({_key(each.other) for each in found if each.other}, newest_of(snapshots))
    units = names_of_units(_codes([*lines.values(), *others.values()]))
    return [
        BothSides(finding_label(finding.kind), [*_lines(each, lines, units), *_others(each, others, units)])
        for finding, each in zip(shown, found, strict=True)
    ]


def is_on_a_line(finding: Finding) -> bool:
    """Answer whether a finding is an error on a line of a roll: its kind is then a gap's."""
    return finding.kind in GapKind.values


def _lines(evidence: Evidence, lines: dict[tuple[int, str, int], DeliveredLine], units: dict[str, str]) -> list[Side]:
    return [
        _side(each.scheme, each.roll_no, _line_of(each, lines), units, status=each.status) for each in evidence.lines
    ]


def _line_of(named: RollLine, lines: dict[tuple[int, str, int], DeliveredLine]) -> DeliveredLine | None:
    return lines.get((named.delivery.pk, named.part, named.line)) if named.delivery else None


def _others(evidence: Evidence, others: dict[tuple[str, str], DeliveredLine], units: dict[str, str]) -> list[Side]:
    key = _key(evidence.other)
    sides = [_side(*key, others.get(key), units)] if evidence.other else []
    return sides + [_fact_side(fact) for fact in evidence.facts]


def _key(other: str) -> LineKey:
    """Read what evidence names the other line by: "scheme number"."""
    scheme, _blank, roll_no = other.partition(" ")
    return scheme, roll_no


def _side(scheme: str, roll_no: str, line: DeliveredLine | None, units: dict[str, str], *, status: str = "") -> Side:
    """Return a line of a roll; one whose snapshot is gone shows what the finding itself states."""
    title = f"{scheme_words(scheme)} {shown_roll_no(roll_no)}"
    if line is None:
        words = [(_("State"), roll_status_words(scheme, status))] if status else []
        return Side(title, [*words, (_("Roll record"), _("The snapshot of this roll is missing."))])
    since = [
        (_("Enrolled on"), _day(line.joined_date)),
        (_("Benefit from"), f"{line.benefit_start_month:%Y-%m}" if line.benefit_start_month else ""),
    ]
    facts = [
        (_("Name"), line.name),
        (_("ID number"), mask_id(line.number)),
        (_("Born"), _day(line.birth or line.stated_birth)),
        (_("Place"), units.get(_whole(line.unit_code), line.unit_code)),
        (_("State"), roll_status_words(scheme, status or line.status)),
        *since,
    ]
    return Side(title, [(term, words or "—") for term, words in facts if words or (term, words) not in since])


def _fact_side(fact: Fact) -> Side:
    facts = [
        (_("Name"), fact.name),
        (_("Born"), _day(fact.birth_date)),
        (_("Day"), fact_day(fact)),
        (_("From"), _day(fact.valid_from)),
        (_("Until"), _day(fact.valid_to)),
        (_("Source"), source_words(fact.source)),
        (_("File"), f"{fact.delivery.file_name} · {fact.delivery.as_of_date:%Y-%m-%d}"),
    ]
    return Side(str(fact.get_kind_display()), [(term, words) for term, words in facts if words])


def _codes(lines: Iterable[DeliveredLine]) -> set[str]:
    return {_whole(line.unit_code) for line in lines if line.unit_code}


def _whole(code: str) -> str:
    return code.ljust(12, "0")


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
