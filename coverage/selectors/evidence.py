"""What a finding or a gap rests on, down to the file, its part and its line: lines of rolls, facts of departments, village reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from registry.models import Delivery, Fact, FieldReport


@dataclass(frozen=True)
class RollLine:
    """One line of a roll, as evidence names it."""

    scheme: str
    roll_no: str
    status: str
    part: str
    line: int
    delivery: Delivery | None


@dataclass(frozen=True)
class Evidence:
    """What one finding or gap rests on. `other` is "scheme number" of the line it conflicts with."""

    value: str
    lines: list[RollLine]
    facts: list[Fact]
    reports: list[FieldReport]
    other: str


def read_evidence(stored: Sequence[Any], county_id: int, known: Iterable[Delivery] = ()) -> list[Evidence]:
    """Complete the evidence of several findings or gaps. At most three queries; none for what is known or not named.

    Shape of `stored`: a finding's object with value, facts, reports, lines, other; or a gap's list of lines that
    carry facts and reports.
    """
    plain = [_plain(each) for each in stored]
    fact_ids = {fact_id for each in plain for fact_id in each["facts"]}
    facts = Fact.objects.filter(pk__in=fact_ids, county_id=county_id).select_related("delivery") if fact_ids else []
    by_fact = {fact.pk: fact for fact in facts}
    report_ids = {report_id for each in plain for report_id in each["reports"]}
    reports = FieldReport.objects.filter(pk__in=report_ids, county_id=county_id) if report_ids else []
    by_report = {report.pk: report for report in reports}
    deliveries = {delivery.pk: delivery for delivery in known}
    unknown = {line["delivery"] for each in plain for line in each["lines"]} - deliveries.keys()
    if unknown:
        deliveries |= Delivery.objects.filter(county_id=county_id).in_bulk(list(unknown))
    return [_evidence(each, by_fact, by_report, deliveries) for each in plain]


def _plain(stored: Any) -> dict[str, Any]:
    if isinstance(stored, dict):
        return {"value": "", "facts": [], "reports": [], "lines": [], "other": ""} | stored
    facts = [fact_id for line in stored for fact_id in line.get("facts") or []]
    reports = [report_id for line in stored for report_id in line.get("reports") or []]
    others = [line["other"] for line in stored if line.get("other")]
    return {
        "value": "",
        "facts": list(dict.fromkeys(facts)),
        "reports": list(dict.fromkeys(reports)),
        "lines": stored,
        "other": others[0] if others else "",
    }


def _evidence(
    plain: dict[str, Any], facts: dict[int, Fact], reports: dict[int, FieldReport], deliveries: dict[int, Delivery]
) -> Evidence:
    lines = [
        RollLine(
            line["scheme"],
            line["roll_no"],
            line.get("status") or "",
            line.get("part") or "",
            line["line"],
            deliveries.get(line["delivery"]),
        )
        for line in plain["lines"]
    ]
    return Evidence(
        value=plain["value"] or "",
        lines=lines,
        facts=[facts[fact_id] for fact_id in plain["facts"] if fact_id in facts],
        reports=[reports[report_id] for report_id in plain["reports"] if report_id in reports],
        other=plain["other"] or "",
    )
