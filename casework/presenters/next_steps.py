"""The next steps about a subject's gaps as the reader may do them: a link where they may, else who does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.constants import Desk
from casework.next_steps import EXEMPTIONS, Exemption, NextStep, list_steps
from casework.presenters.case_panel import CasePanel
from casework.presenters.gaps import ShownGap
from foundation.accounts.actors import Actor
from foundation.accounts.doors import may_open


@dataclass(frozen=True)
class ShownStep:
    """One step; without an address its reader does it elsewhere, or another does it (`is_mine`)."""

    text: str
    needed: str
    who: str
    is_mine: bool
    address: str
    label: str
    exemptions: tuple[Exemption, ...]


@dataclass(frozen=True)
class StepsOfGap:
    """The steps about one open gap, and by when."""

    label: str
    tone: str
    reason: str
    due_on: date | None
    is_overdue: bool
    steps: list[ShownStep]


def shown_steps(actor: Actor, gaps: Sequence[ShownGap], panel: CasePanel | None) -> list[StepsOfGap]:
    """List the steps about each gap that is not settled, the gravest first; the same steps only once. No query."""
    found: dict[tuple[NextStep, ...], StepsOfGap] = {}
    for shown in gaps:
        steps = tuple(list_steps(shown.gap.kind, shown.gap.reason))
        if shown.settled or steps in found:
            continue
        found[steps] = StepsOfGap(
            label=shown.label,
            tone=shown.tone,
            reason=shown.reason,
            due_on=shown.gap.due_on,
            is_overdue=shown.is_overdue,
            steps=[_shown(actor, shown, step, panel) for step in steps],
        )
    return list(found.values())


def _shown(actor: Actor, shown: ShownGap, step: NextStep, panel: CasePanel | None) -> ShownStep:
    is_mine = actor.may(step.action)
    address = step.begin.address(shown.gap) if step.begin and is_mine else ""
    if not _opens(actor, address, panel):
        address = ""
    desk = step.desk or shown.gap.desk
    return ShownStep(
        text=str(step.text),
        needed=str(step.needed),
        who=str(Desk(desk).label) if desk else "",
        is_mine=is_mine,
        address=address,
        label=str(step.begin.label) if step.begin and address else "",
        exemptions=EXEMPTIONS if step.lists_exemptions else (),
    )


def _opens(actor: Actor, address: str, panel: CasePanel | None) -> bool:
    """Answer whether an address opens for the actor, or is a form of this page that they are shown."""
    if not address.startswith("#"):
        return bool(address) and may_open(actor, address)
    forms = {
        "#note": panel and panel.note_form,
        "#ask": panel and panel.ask_form,
        "#close": panel and panel.close_form,
    }
    return bool(forms.get(address, panel))
