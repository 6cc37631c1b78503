"""Findings, links and their evidence as rows of the person's page, down to the file and the line."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from casework.constants import GapKind
from casework.presenters.gaps import gap_tone, scheme_words
from coverage.constants import FindingKind, LinkAction, LinkRule
from coverage.models import Finding, Link
from coverage.presenters.comparison import FieldAgreement, present_vector
from coverage.presenters.gap_reasons import gap_reason
from coverage.selectors.evidence import Evidence, RollLine
from foundation.primitives.personal_texts import shown_roll_no
from registry.constants import PERSON_FEEDS, DatePrecision, FactKind, Feed, ReportKind, Schooling
from registry.models import Delivery, Fact, FieldReport
from registry.presenters.file_words import roll_status_words, source_words


@dataclass(frozen=True)
class Source:
    """One place a finding rests on: what it states, in which file, part and line."""

    text: str
    delivery: Delivery | None
    part: str
    line: int


@dataclass(frozen=True)
class FindingRow:
    """A finding rendered as text, with its sources."""

    label: str
    tone: str
    text: str
    evidence_class: str
    other: str
    sources: list[Source]


@dataclass(frozen=True)
class LinkRow:
    """A line of a roll that is, or may be, the person."""

    link: Link
    scheme: str
    status: str
    rule: str
    action: str
    tone: str
    fields: list[FieldAgreement]


def present_finding(finding: Finding, evidence: Evidence) -> FindingRow:
    """Return a finding as a row."""
    is_gap = finding.kind in GapKind.values
    sources = [_line_source(line) for line in evidence.lines] + [_fact_source(fact) for fact in evidence.facts]
    sources += [_report_source(report) for report in evidence.reports]
    return FindingRow(
        label=finding_label(finding.kind),
        tone=gap_tone(finding.kind) if is_gap else "info",
        text=gap_reason(finding.kind, evidence.value) if is_gap else _describe_value(finding.kind, evidence),
        evidence_class=finding.evidence_class,
        other=_other(evidence.other),
        sources=sources,
    )


def _describe_value(kind: str, evidence: Evidence) -> str:
    """Render a finding's value as text; a day is shown as the file states it."""
    value = evidence.value
    if kind in (FindingKind.RESIDENT, FindingKind.EMPLOYEE, FindingKind.CIVIL):
        return roll_status_words(kind, value)
    if kind == FindingKind.DEATH:
        return _("died on %(day)s") % {"day": value} if value else _("died, the day is not stated")
    if kind == FindingKind.REPORT:
        return str(ReportKind(value).label) if value in ReportKind.values else value
    if kind == FindingKind.ELSEWHERE:
        return scheme_words(value)
    if kind == FindingKind.HUKOU_OUT:
        return str(FactKind(value).label) if value in FactKind.values else value
    return _answer(value)


def _answer(value: str) -> str:
    answers = {
        "dead": _("deceased"),
        "not_found": _("cannot be found"),
        "hukou_elsewhere": _("hukou elsewhere"),
        "declined": _("declined to enrol"),
        "abroad": _("abroad"),
        "soldier": _("soldier"),
        "prisoner": _("prisoner"),
        "student": _("student"),
        "listed": _("as the list of the poor states"),
    }
    return answers.get(value, value)


def _other(other: str) -> str:
    scheme, _blank, roll_no = other.partition(" ")
    return f"{scheme_words(scheme)} {shown_roll_no(roll_no)}".strip() if other else ""


def _line_source(line: RollLine) -> Source:
    if line.scheme in PERSON_FEEDS:
        words = Schooling(line.status).label if line.status in Schooling.values else line.status
        return Source(f"{Feed(line.scheme).label} · {words}", line.delivery, line.part, line.line)
    text = f"{scheme_words(line.scheme)} {shown_roll_no(line.roll_no)} · {roll_status_words(line.scheme, line.status)}"
    return Source(text, line.delivery, line.part, line.line)


def _fact_source(fact: Fact) -> Source:
    parts = [fact.get_kind_display(), source_words(fact.source), fact_day(fact)]
    return Source(" · ".join(part for part in parts if part), fact.delivery, fact.sheet, fact.row)


def _report_source(report: FieldReport) -> Source:
    parts = [str(_("village report")), str(report.get_kind_display()), f"{report.observed_on:%Y-%m-%d}"]
    if report.source:
        parts.append(str(report.get_source_display()))
    return Source(" · ".join(parts), None, "", 0)


_FORMATS = {DatePrecision.DAY: "%Y-%m-%d", DatePrecision.MONTH: "%Y-%m", DatePrecision.YEAR: "%Y"}


def fact_day(fact: Fact) -> str:
    """Return the day of a fact as precisely as its list states it; nothing where it states none."""
    if fact.event_date is None:
        return ""
    return f"{fact.event_date:{_FORMATS[DatePrecision(fact.event_precision)]}}"


def present_link(link: Link) -> LinkRow:
    """Return a link as a row."""
    confirmed = link.action == LinkAction.AUTO
    return LinkRow(
        link=link,
        scheme=scheme_words(link.scheme),
        status=roll_status_words(link.scheme, link.status),
        rule=str(LinkRule(link.rule).label),
        action=_("Confirmed by rule") if confirmed else _("Undecided: needs a decision"),
        tone="ok" if confirmed else "warn",
        fields=present_vector(link.comparison_vector),
    )


def finding_label(kind: str) -> str:
    """Return the label of a finding's kind; findings on lines of rolls have a gap's kind."""
    return str((FindingKind(kind) if kind in FindingKind.values else GapKind(kind)).label)
