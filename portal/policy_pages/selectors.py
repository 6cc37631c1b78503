"""What the rules' pages show, from the heads of the parameter files and the table of values; plain rows for the templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from foundation.policy.models import ParameterProposal, ParameterValue
from foundation.policy.presenters import shown_source
from foundation.policy.selectors import list_history, list_in_force
from foundation.policy.services.reading import Fact, read_facts
from foundation.primitives.errors import NotFound
from foundation.regions.models import Unit
from portal.policy_pages.presenters import TOPICS, present_title, present_value


@dataclass(frozen=True)
class RuleRow:
    """One rule as a list shows it."""

    name: str
    title: str
    topic: str
    value: str
    region: str
    since: date | None
    source: str


@dataclass(frozen=True)
class RuleValueRow:
    """One value of a history."""

    valid_from: date
    valid_to: date | None
    value: str
    source: str
    decided: str


def get_fact(name: str) -> Fact:
    """Get the head of a rule's file.

    Errors: NotFound.
    """
    fact = next((each for each in read_facts() if each.name == name), None)
    if fact is None:
        raise NotFound(_("There is no parameter %(name)s.") % {"name": name}, code="parameter_unknown", ids=[name])
    return fact


def list_rules(*, unit: Unit, on: date, words: str = "", topic: str = "") -> list[RuleRow]:
    """List the rules with what holds in a unit on a day, by topic and title. One query."""
    in_force = list_in_force(unit=unit, on=on)
    rules = []
    for fact in read_facts():
        if (topic and fact.topic != topic) or not _fits(fact, words):
            continue
        found = in_force.get(fact.name)
        rules.append(
            RuleRow(
                name=fact.name,
                title=present_title(fact),
                topic=str(TOPICS[fact.topic]),
                value=present_value(found.value, fact.unit, is_none_here=found.is_none_here) if found else "",
                region=(found.region_name or _("the whole country")) if found else "",
                since=found.valid_from if found else None,
                source=shown_source(found.source) if found else "",
            )
        )
    return rules


def list_regions_of(fact: Fact) -> list[tuple[str, list[RuleValueRow]]]:
    """List a rule's values by region, the country first; within a region the newest first. One query."""
    rows = list_history(fact.name)
    return [
        (region or _("the whole country"), [_step(row, fact.unit) for row in steps])
        for region, steps in groupby(rows, key=lambda row: row.region.full_name if row.region else "")
    ]


def present_proposal(proposal: ParameterProposal) -> dict[str, object]:
    """Return a proposal as the pages show it."""
    tones = {"drafted": "warn", "approved": "ok", "withdrawn": ""}
    return {
        "id": proposal.pk,
        "name": proposal.name,
        "title": present_title(get_fact(proposal.name)),
        "region": proposal.region.full_name if proposal.region else _("the whole country"),
        "effective_date": proposal.effective_date,
        "value": present_value(proposal.value, proposal.unit, is_none_here=proposal.is_none_here),
        "source": proposal.source,
        "backdating_reason": proposal.backdating_reason,
        "state": proposal.get_state_display(),
        "is_open": proposal.state == "drafted",
        "tone": tones[proposal.state],
        "drafted_by": proposal.drafted_by.get_full_name(),
        "drafted_by_id": proposal.drafted_by_id,
        "drafted_at": proposal.drafted_at,
        "decided_by": proposal.decided_by.get_full_name() if proposal.decided_by else "",
        "decided_at": proposal.decided_at,
    }


def _fits(fact: Fact, words: str) -> bool:
    text = f"{fact.name} {fact.name.replace('_', ' ')} {fact.chinese} {fact.description}".casefold()
    return all(word in text for word in words.casefold().split())


def _step(row: ParameterValue, unit: str) -> RuleValueRow:
    decided = ""
    if row.decision and row.decision.decided_by:
        decided = _("drafted by %(drafter)s, approved by %(approver)s") % {
            "drafter": row.decision.drafted_by.get_full_name(),
            "approver": row.decision.decided_by.get_full_name(),
        }
    value = present_value(row.value, unit, is_none_here=row.is_none_here)
    return RuleValueRow(row.valid_from, row.valid_to, value, shown_source(row.source), decided)
