"""The queue of applications in words: its tabs, and a row of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from enrollment.constants import UNDECIDED_STATES, ApplicationState, Channel, QueueTab
from enrollment.models import Application
from enrollment.presenters.applications import STATE_TONES, roles_of
from enrollment.presenters.words import listed
from enrollment.selectors.applications import WAITING_FOR
from enrollment.selectors.queue import Wanted
from foundation.accounts.permissions import Action
from registry.selectors.numbers import mask_first


@dataclass(frozen=True)
class QueueLink:
    """One tab."""

    label: str
    url: str
    is_here: bool
    count: int


@dataclass(frozen=True)
class QueueRow:
    """One application of the queue. `waits_for`: the roles that take the next step."""

    application: Application
    number: str
    kind: str
    state: str
    tone: str
    place: str
    is_late: bool
    waits_for: str


def queue_tabs(counts: dict[QueueTab, int], wanted: Wanted) -> list[QueueLink]:
    """List the tabs with their counts."""
    return [QueueLink(str(tab.label), f"?tab={tab.value}", tab == wanted.tab, counts[tab]) for tab in QueueTab]


def queue_row(each: Application, today: date) -> QueueRow:
    """Put an application, its number loaded, into a row."""
    state = ApplicationState(each.state)
    action = WAITING_FOR.get(state)
    if action == Action.PREPARE_APPLICATION and each.channel == Channel.DEPARTMENT:
        action = Action.ACCEPT_APPLICATION
    county = each.county.full_name
    return QueueRow(
        application=each,
        number=mask_first(each.stored_number),  # type: ignore[attr-defined]
        kind=str(each.get_kind_display()),
        state=str(each.get_state_display()),
        tone=STATE_TONES[state],
        place=(each.unit.full_name.removeprefix(county) or each.unit.name) if each.unit else each.county.name,
        is_late=each.due_on is not None and each.due_on < today and state in UNDECIDED_STATES,
        waits_for=listed(role.label for role in roles_of(action)) if action else "",
    )
