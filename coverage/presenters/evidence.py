"""Findings, links and their evidence in words, down to the file and the line."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from casework.constants import GapKind
from casework.presenters.gaps import gap_tone, scheme_words
from coverage.constants import FindingKind, LinkAction, LinkRule
from coverage.models import Finding, Link
from coverage.presenters.comparison import FieldAgreement, comparison_vector
from coverage.presenters.gap_reasons import gap_reason
from coverage.selectors.evidence import Evidence, RollLine
from registry.constants import FactKind
from registry.models import Delivery, Fact
from registry.presenters.file_words import roll_status_words


@dataclass(frozen=True)
class Source:
    """One place something stands in: what it says, in which file, part and line, as of which day."""

    says: str
    delivery: Delivery | None
    part: str
    line: int


@dataclass(frozen=True)
class ShownFinding:
    """A finding in words with its sources."""

    label: str
    tone: str
    says: str
    evidence_class: str
    other: str
    sources: list[Source]


@dataclass(frozen=True)
class ShownLink:
    """A line of a roll that is, or may be, the person."""

    link: Link
    scheme: str
    status: str
    rule: str
    action: str
    tone: str
    fields: list[FieldAgreement]


def shown_finding(finding: Finding, evidence: Evidence) -> ShownFinding:
    """Put a finding into words."""
    is_gap = finding.kind in GapKind.values
    sources = [_line_source(line) for line in evidence.lines] + [_fact_source(fact) for fact in evidence.facts]
    return ShownFinding(
        label=finding_words(finding.kind),
        tone=gap_tone(finding.kind) if is_gap else "info",
        says=gap_reason(finding.kind, evidence.value) if is_gap else _says(finding.kind, evidence),
        evidence_class=finding.evidence_class,
        other=_other(evidence.other),
        sources=sources,
    )


def _says(kind: str, evidence: Evidence) -> str:
    """Put a finding's value into words; a survey's answer and a day stand as the file says."""
    value = evidence.value
    if kind in (FindingKind.RESIDENT, FindingKind.EMPLOYEE, FindingKind.CIVIL):
        return roll_status_words(kind, value)
    if kind == FindingKind.DEATH:
        return _("died on %(day)s") % {"day": value}
    if kind == FindingKind.ELSEWHERE:
        return scheme_words(value)
    if kind == FindingKind.HUKOU_OUT:
        return str(FactKind(value).label) if value in FactKind.values else value
    return _answer(value)


def _answer(value: str) -> str:
    answers = {
        "not_found": _("cannot be found"),
        "hukou_elsewhere": _("hukou is elsewhere"),
        "declined": _("does not want to enrol"),
        "abroad": _("abroad"),
        "soldier": _("soldier"),
        "prisoner": _("prisoner"),
        "student": _("student"),
    }
    return answers.get(value, value)


def _other(other: str) -> str:
    scheme, _blank, roll_no = other.partition(" ")
    return f"{scheme_words(scheme)} {roll_no}".strip() if other else ""


def _line_source(line: RollLine) -> Source:
    says = f"{scheme_words(line.scheme)} {line.roll_no} · {roll_status_words(line.scheme, line.status)}"
    return Source(says, line.delivery, line.part, line.line)


def _fact_source(fact: Fact) -> Source:
    parts = [fact.get_kind_display(), fact.source, _day(fact)]
    return Source(" · ".join(part for part in parts if part), fact.delivery, fact.sheet, fact.row)


def _day(fact: Fact) -> str:
    if fact.event_date is None:
        return ""
    return f"{fact.event_date:%Y-%m}" if fact.event_precision == "month" else f"{fact.event_date:%Y-%m-%d}"


def shown_link(link: Link) -> ShownLink:
    """Put a link into words."""
    confirmed = link.action == LinkAction.AUTO
    return ShownLink(
        link=link,
        scheme=scheme_words(link.scheme),
        status=roll_status_words(link.scheme, link.status),
        rule=str(LinkRule(link.rule).label),
        action=_("Confirmed by rule") if confirmed else _("Undecided: a person decides"),
        tone="ok" if confirmed else "warn",
        fields=comparison_vector(link.comparison_vector),
    )


def finding_words(kind: str) -> str:
    """Put a finding's kind into words; findings on lines of rolls carry a gap's kind."""
    return str((FindingKind(kind) if kind in FindingKind.values else GapKind(kind)).label)
