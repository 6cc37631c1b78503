"""The timeline of a subject: what files stated, the results of nights, what people did; newest first.

A pure module: the views load the rows. Also the access records of a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.constants import CaseState, Desk, GapKind
from casework.finders import reason_words
from casework.models import CaseEvent, Gap
from casework.presenters.closings import case_note, evidence_words
from casework.presenters.gaps import scheme_words
from casework.presenters.village_reports import village_words
from casework.services.routing import OPEN, REOPEN, RESOLVE, ROUTE
from coverage.constants import DeskReason, LinkRule
from coverage.models import CoverageVerdict, Link, MatchDecision
from coverage.presenters.codes import verdict_words
from coverage.presenters.comparison import CHANGE_LABELS
from foundation.accounts.constants import Role
from foundation.audit.selectors import AccessRecord
from registry.constants import Feed
from registry.models import DeliveredRow

CASE_VERBS: dict[str, Promise] = {
    "take_case": gettext_lazy("Case taken"),
    "assign_case": gettext_lazy("Case assigned"),
    "undo_assign": gettext_lazy("Assignment undone"),
    "undo_take": gettext_lazy("Taking undone"),
    "reopen_case": gettext_lazy("Case reopened"),
    "release_case": gettext_lazy("Case released"),
    "add_note": gettext_lazy("Note"),
    "ask_village": gettext_lazy("Village asked"),
    "answer_village": gettext_lazy("Village answered"),
    "withdraw_question": gettext_lazy("Question to the village withdrawn"),
    "village_report": gettext_lazy("Village report"),
    "handle_report": gettext_lazy("Village report dealt with"),
    "log_contact": gettext_lazy("Attempt to reach the person"),
    "close_case": gettext_lazy("Case closed with reason"),
    "undo_close": gettext_lazy("Closing undone"),
}
NIGHT_VERBS: dict[str, Promise] = {
    OPEN: gettext_lazy("Case opened by the nightly run of %(day)s"),
    REOPEN: gettext_lazy("Case reopened by the nightly run of %(day)s"),
    ROUTE: gettext_lazy("Case rerouted by the nightly run of %(day)s"),
    RESOLVE: gettext_lazy("Case resolved by the nightly run of %(day)s: no gaps left"),
}
"""What a night did; a user's action of the same name has no day."""
ACCESS_VERBS: dict[str, Promise] = {
    "read_person": gettext_lazy("viewed this page"),
    "read_possible_matches": gettext_lazy("compared with roll records"),
    "show_number": gettext_lazy("viewed the full number"),
    "read_attachment": gettext_lazy("opened an attachment"),
    "read_closing_document": gettext_lazy("opened the document of a closing"),
    "read_person_file": gettext_lazy("viewed household, notes and attachments"),
    "read_enrolment": gettext_lazy("viewed applications and enrolment"),
    "read_account": gettext_lazy("viewed contributions and account"),
    "read_notices": gettext_lazy("viewed notices"),
    "read_certification": gettext_lazy("viewed certification of life"),
    "read_timeline": gettext_lazy("viewed timeline and viewing log"),
    "read_next_facts": gettext_lazy("viewed what the next steps rest on"),
    "read_village_person": gettext_lazy("viewed the page for reports"),
    "read_village_part": gettext_lazy("viewed village reports and questions"),
    "compare_number": gettext_lazy("compared the number on a card"),
}


@dataclass(frozen=True)
class LineOfFile:
    """A line of a delivered file, to be opened from an event."""

    delivery_id: int
    sheet: str
    line: int


@dataclass(frozen=True)
class TimelineEvent:
    """One line of a timeline."""

    at: datetime
    title: str
    who: str = ""
    text: str = ""
    line: LineOfFile | None = None


def timeline_of_person(
    *,
    rows: Sequence[DeliveredRow],
    verdicts: Sequence[CoverageVerdict],
    gaps: Sequence[Gap],
    case_events: Sequence[CaseEvent],
    possible_matches: Sequence[Link],
    decisions: Sequence[MatchDecision],
    names: Mapping[str, str],
) -> list[TimelineEvent]:
    """Merge a person's rows into one timeline. `names`: user name -> display name."""
    events = [
        *map(_delivered, rows),
        *map(_concluded, verdicts),
        *_gap_events(gaps),
        *(_worked(event, names) for event in case_events),
        *map(_matched, possible_matches),
        *(event for each in decisions for event in _decided(each, names)),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def timeline_of_line(
    *, gaps: Sequence[Gap], case_events: Sequence[CaseEvent], names: Mapping[str, str]
) -> list[TimelineEvent]:
    """Merge a roll line's gaps and case into one timeline."""
    worked = [_worked(event, names) for event in case_events]
    return sorted([*_gap_events(gaps), *worked], key=lambda event: event.at, reverse=True)


def shown_names(
    case_events: Sequence[CaseEvent], accesses: Sequence[AccessRecord], decisions: Sequence[MatchDecision]
) -> dict[str, str]:
    """Return user name -> the name colleagues read, from rows that were loaded with it."""
    names = {event.actor_name: event.shown_name for event in case_events}  # type: ignore[attr-defined]
    names |= {each.actor_name: each.shown_name for each in accesses}
    for each in decisions:
        names |= {each.decided_by: each.decided_by_shown, each.undone_by: each.undone_by_shown}  # type: ignore[attr-defined]
    return names


def access_lines(accesses: Sequence[AccessRecord], names: Mapping[str, str]) -> list[TimelineEvent]:
    """Return the access records as timeline lines: who, how often, for which stated purpose."""
    return [
        TimelineEvent(each.last_at, _describe_access(each), _who(each.actor_name, each.role, names), each.purpose)
        for each in accesses
    ]


def _describe_access(accesses: AccessRecord) -> str:
    verb = str(ACCESS_VERBS.get(accesses.verb, accesses.verb))
    return verb if accesses.count == 1 else _("%(verb)s, %(count)s times") % {"verb": verb, "count": accesses.count}


def _delivered(row: DeliveredRow) -> TimelineEvent:
    delivery = row.delivery
    return TimelineEvent(
        at=delivery.applied_at or delivery.received_at,
        title=_("Listed in “%(feed)s” as of %(day)s") % {"feed": Feed(delivery.feed).label, "day": delivery.as_of_date},
        text=" · ".join(filter(None, (delivery.file_name, row.sheet))),
        line=LineOfFile(delivery.pk, row.sheet, row.row),
    )


def _concluded(verdict: CoverageVerdict) -> TimelineEvent:
    return TimelineEvent(
        at=verdict.recorded_at,
        title=_("Conclusion: %(words)s") % {"words": DeskReason(verdict.desk_reason).label},
        text=_("%(words)s, as of %(day)s") % {"words": verdict_words(verdict.verdict), "day": verdict.as_of_date},
    )


def _matched(link: Link) -> TimelineEvent:
    line = f"{scheme_words(link.scheme)} {link.shown_roll_no}"
    changed = [str(CHANGE_LABELS[code]) for code in link.changed.split()]
    since = _("changed since the decision: %(what)s") % {"what": "、".join(changed)} if changed else ""
    text = " · ".join(part for part in (line, str(LinkRule(link.rule).label), since) if part)
    place = LineOfFile(link.delivery_id, link.part, link.line) if link.delivery_id else None
    return TimelineEvent(at=link.recorded_at, title=_("A roll record may be this person"), text=text, line=place)


def _decided(decision: MatchDecision, names: Mapping[str, str]) -> list[TimelineEvent]:
    """Return the decision on a pair, and its undoing when it was undone."""
    line = f"{scheme_words(decision.scheme)} {decision.shown_roll_no} {decision.roll_name}"
    title = _("Possible match: %(decision)s") % {"decision": decision.get_decision_display()}
    text = " · ".join(part for part in (line, decision.note) if part)
    events = [TimelineEvent(decision.recorded_at, title, _who(decision.decided_by, decision.decided_role, names), text)]
    if decision.undone_at is not None:
        undone = _("Undone: %(what)s") % {"what": title}
        events.append(
            TimelineEvent(decision.undone_at, undone, names.get(decision.undone_by, decision.undone_by), line)
        )
    return events


def _gap_events(gaps: Sequence[Gap]) -> list[TimelineEvent]:
    events = []
    for gap in gaps:
        label = GapKind(gap.kind).label
        opened = _("Gap found: %(gap)s") % {"gap": label}
        events.append(TimelineEvent(gap.opened_at, opened, text=reason_words(gap.kind, gap.reason)))
        if gap.closed_at is not None:
            events.append(TimelineEvent(gap.closed_at, _("Gap closed: %(gap)s") % {"gap": label}))
    return events


def _worked(event: CaseEvent, names: Mapping[str, str]) -> TimelineEvent:
    if "day" in event.detail:
        return _routed(event)
    reason, words = case_note(event.note)
    moved = event.state_before and event.state_before != event.state_after
    after = str(CaseState(event.state_after).label) if moved else ""
    rests_on = evidence_words(event.closing) if event.closing and event.verb == "close_case" else ""
    text = " · ".join(part for part in (after, *village_words(event.detail), reason, rests_on, words) if part)
    return TimelineEvent(
        event.at, str(CASE_VERBS.get(event.verb, event.verb)), _who(event.actor_name, event.actor_role, names), text
    )


def _routed(event: CaseEvent) -> TimelineEvent:
    """Return what a night did: its day, and the desk and due day by the rule."""
    detail = event.detail
    parts = []
    if detail.get("desk"):
        words = {"desk": Desk(detail["desk"]).label, "gap": GapKind(detail["kind"]).label}
        parts.append(_("assigned to %(desk)s under the rule for “%(gap)s”") % words)
        parts.append(_("due %(day)s") % {"day": detail["due_on"]} if "due_on" in detail else _("no due date"))
    return TimelineEvent(event.at, str(NIGHT_VERBS[event.verb] % {"day": detail["day"]}), text=" · ".join(parts))


def _who(username: str, role: str, names: Mapping[str, str]) -> str:
    name = names.get(username, username)
    return f"{name} ({Role(role).label})" if role in Role.values else name
