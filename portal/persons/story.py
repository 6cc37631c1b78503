"""The timeline of a subject: what files said, what the nights believed, what people did; newest first."""

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
from casework.services.routing import OPEN, REOPEN, RESOLVE, ROUTE
from coverage.constants import DeskReason, LinkRule, Verdict
from coverage.models import CoverageVerdict, Link, MatchDecision
from coverage.presenters.comparison import CHANGED_WORDS
from foundation.accounts.constants import Role
from foundation.audit.selectors import Looks
from registry.constants import Feed
from registry.models import DeliveredRow

CASE_VERBS: dict[str, Promise] = {
    "take_case": gettext_lazy("Case taken"),
    "assign_case": gettext_lazy("Case assigned"),
    "undo_assign": gettext_lazy("Assignment undone"),
    "reopen_case": gettext_lazy("Case opened again"),
    "release_case": gettext_lazy("Case given back"),
    "add_note": gettext_lazy("Note"),
    "ask_village": gettext_lazy("The village is asked whether this line of a roll is the person"),
    "close_case": gettext_lazy("Case closed with a reason"),
    "undo_close": gettext_lazy("Closing undone"),
}
NIGHT_VERBS: dict[str, Promise] = {
    OPEN: gettext_lazy("Case opened by the night of %(day)s"),
    REOPEN: gettext_lazy("Case opened again by the night of %(day)s"),
    ROUTE: gettext_lazy("Case routed anew by the night of %(day)s"),
    RESOLVE: gettext_lazy("Case resolved by the night of %(day)s: no gap is left"),
}
"""What a night did of itself; a person's act of the same name carries no day."""
LOOK_VERBS: dict[str, Promise] = {
    "read_person": gettext_lazy("opened this page"),
    "read_possible_matches": gettext_lazy("compared with lines of rolls"),
    "show_number": gettext_lazy("had the whole number shown"),
    "read_attachment": gettext_lazy("opened a paper"),
}


@dataclass(frozen=True)
class StoryEvent:
    """One line of a timeline."""

    at: datetime
    title: str
    who: str = ""
    text: str = ""


def story_of_person(
    *,
    rows: Sequence[DeliveredRow],
    verdicts: Sequence[CoverageVerdict],
    gaps: Sequence[Gap],
    case_events: Sequence[CaseEvent],
    leads: Sequence[Link],
    decisions: Sequence[MatchDecision],
    names: Mapping[str, str],
) -> list[StoryEvent]:
    """Merge a person's lines into one story. `names`: user name -> the name colleagues read."""
    events = [
        *map(_delivered, rows),
        *map(_believed, verdicts),
        *_gap_events(gaps),
        *(_worked(event, names) for event in case_events),
        *map(_lead, leads),
        *(event for each in decisions for event in _decided(each, names)),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def story_of_line(
    *, gaps: Sequence[Gap], case_events: Sequence[CaseEvent], names: Mapping[str, str]
) -> list[StoryEvent]:
    """Merge a roll line's gaps and case into one story."""
    worked = [_worked(event, names) for event in case_events]
    return sorted([*_gap_events(gaps), *worked], key=lambda event: event.at, reverse=True)


def look_lines(looks: Sequence[Looks], names: Mapping[str, str]) -> list[StoryEvent]:
    """Say who looked how often, with the purpose they stated."""
    return [
        StoryEvent(each.last_at, _look_words(each), _who(each.actor_name, each.role, names), each.purpose)
        for each in looks
    ]


def _look_words(looks: Looks) -> str:
    verb = str(LOOK_VERBS.get(looks.verb, looks.verb))
    return verb if looks.count == 1 else _("%(verb)s, %(count)s times") % {"verb": verb, "count": looks.count}


def _delivered(row: DeliveredRow) -> StoryEvent:
    delivery = row.delivery
    return StoryEvent(
        at=delivery.applied_at or delivery.received_at,
        title=_("In the file “%(feed)s” of %(day)s") % {"feed": Feed(delivery.feed).label, "day": delivery.as_of_date},
        text=_("%(file)s %(sheet)s line %(row)s") % {"file": delivery.file_name, "sheet": row.sheet, "row": row.row},
    )


def _believed(verdict: CoverageVerdict) -> StoryEvent:
    return StoryEvent(
        at=verdict.recorded_at,
        title=_("Conclusion: %(words)s") % {"words": DeskReason(verdict.desk_reason).label},
        text=_("%(code)s %(words)s, as of %(day)s")
        % {"code": verdict.verdict, "words": Verdict(verdict.verdict).label, "day": verdict.as_of_date},
    )


def _lead(link: Link) -> StoryEvent:
    line = f"{scheme_words(link.scheme)} {link.roll_no}"
    changed = [str(CHANGED_WORDS[word]) for word in link.changed.split()]
    since = _("changed since it was decided: %(what)s") % {"what": "、".join(changed)} if changed else ""
    text = " · ".join(part for part in (line, str(LinkRule(link.rule).label), since) if part)
    return StoryEvent(at=link.recorded_at, title=_("A line of a roll may be this person"), text=text)


def _decided(decision: MatchDecision, names: Mapping[str, str]) -> list[StoryEvent]:
    """The word on a pair, and its undoing when it was undone."""
    line = f"{scheme_words(decision.scheme)} {decision.roll_no} {decision.roll_name}"
    title = _("Candidate pair: %(decision)s") % {"decision": decision.get_decision_display()}
    text = " · ".join(part for part in (line, decision.note) if part)
    events = [StoryEvent(decision.recorded_at, title, _who(decision.decided_by, decision.decided_role, names), text)]
    if decision.undone_at is not None:
        undone = _("Undone: %(what)s") % {"what": title}
        events.append(StoryEvent(decision.undone_at, undone, names.get(decision.undone_by, decision.undone_by), line))
    return events


def _gap_events(gaps: Sequence[Gap]) -> list[StoryEvent]:
    events = []
    for gap in gaps:
        label = GapKind(gap.kind).label
        opened = _("Gap found: %(gap)s") % {"gap": label}
        events.append(StoryEvent(gap.opened_at, opened, text=reason_words(gap.kind, gap.reason)))
        if gap.closed_at is not None:
            events.append(StoryEvent(gap.closed_at, _("Gap closed: %(gap)s") % {"gap": label}))
    return events


def _worked(event: CaseEvent, names: Mapping[str, str]) -> StoryEvent:
    if "day" in event.detail:
        return _routed(event)
    reason, words = case_note(event.note)
    moved = event.state_before and event.state_before != event.state_after
    after = str(CaseState(event.state_after).label) if moved else ""
    rests_on = evidence_words(event.closing) if event.closing and event.verb == "close_case" else ""
    text = " · ".join(part for part in (after, reason, rests_on, words) if part)
    return StoryEvent(
        event.at, str(CASE_VERBS.get(event.verb, event.verb)), _who(event.actor_name, event.actor_role, names), text
    )


def _routed(event: CaseEvent) -> StoryEvent:
    """What a night did: its day, and the desk and day the rule gave."""
    told = event.detail
    parts = []
    if told.get("desk"):
        words = {"desk": Desk(told["desk"]).label, "gap": GapKind(told["kind"]).label}
        parts.append(_("to the desk “%(desk)s” by the rule for “%(gap)s”") % words)
        parts.append(_("due %(day)s") % {"day": told["due_on"]} if "due_on" in told else _("without a day"))
    return StoryEvent(event.at, str(NIGHT_VERBS[event.verb] % {"day": told["day"]}), text=" · ".join(parts))


def _who(username: str, role: str, names: Mapping[str, str]) -> str:
    name = names.get(username, username)
    return f"{name} ({Role(role).label})" if role in Role.values else name
