"""The one table of an application's steps: who may take which, from which state to which, and what they sign.

The database refuses any other change of state (trigger application_moves) and any decision without its three signatures.
Source: docs/rules.md R46, R39.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from enrollment.constants import RECORDED_KINDS, UNDECIDED_STATES, ApplicationKind, ApplicationState, Channel, Verb
from foundation.accounts.permissions import Action
from foundation.signatures.constants import Act


@dataclass(frozen=True)
class Step:
    """One line of the table. `act` is what the actor signs; a step without one is no judgement of the content."""

    verb: Verb
    before: tuple[ApplicationState, ...]
    after: ApplicationState
    action: Action
    act: Act | None = None
    needs_note: bool = False


S, A = ApplicationState, Action

STEPS: dict[Verb, Step] = {
    step.verb: step
    for step in (
        Step(Verb.SUBMIT, (S.DRAFT, S.RETURNED), S.SUBMITTED, A.PREPARE_APPLICATION),
        Step(Verb.ACCEPT, (S.SUBMITTED,), S.TOWNSHIP_REVIEW, A.ACCEPT_APPLICATION),
        Step(Verb.NAME_MISSING, (S.SUBMITTED,), S.RETURNED, A.ACCEPT_APPLICATION),
        Step(Verb.REVIEW, (S.TOWNSHIP_REVIEW,), S.COUNTY_CHECK, A.REVIEW_APPLICATION, Act.REVIEWED),
        Step(Verb.CHECK, (S.COUNTY_CHECK,), S.APPROVAL, A.CHECK_APPLICATION, Act.REVIEWED),
        Step(Verb.GRANT, (S.APPROVAL,), S.GRANTED, A.DECIDE_APPLICATION, Act.APPROVED),
        Step(Verb.RECORD, (S.APPROVAL,), S.RECORDED, A.DECIDE_APPLICATION, Act.APPROVED),
        Step(Verb.REFUSE, (S.APPROVAL,), S.REFUSED, A.DECIDE_APPLICATION, Act.REFUSED, needs_note=True),
        Step(Verb.WITHDRAW, (*UNDECIDED_STATES, S.GRANTED), S.WITHDRAWN, A.PREPARE_APPLICATION, needs_note=True),
        Step(Verb.CONFIRM, (S.GRANTED, S.RECORDED), S.EFFECTIVE, A.CONFIRM_ENTRY),
    )
}
RETURNS: dict[ApplicationState, Action] = {
    S.TOWNSHIP_REVIEW: A.REVIEW_APPLICATION,
    S.COUNTY_CHECK: A.CHECK_APPLICATION,
    S.APPROVAL: A.DECIDE_APPLICATION,
}
"""Sending back for correction is done by whoever's desk the application lies on."""
MOVES = sorted(
    {(before.value, step.after.value) for step in STEPS.values() for before in step.before}
    | {(state.value, S.RETURNED.value) for state in RETURNS}
)


def step_of(verb: Verb, state: ApplicationState, channel: str = "") -> Step:
    """Return the line of the table for a step taken in a state; the state it needs is the caller's to check.

    What a department's system prepared is submitted by the office that would accept it: somebody there has looked at it.
    """
    if verb == Verb.SUBMIT and channel == Channel.DEPARTMENT:
        return replace(STEPS[verb], action=A.ACCEPT_APPLICATION)
    if verb == Verb.RETURN:
        action = RETURNS.get(state, A.REVIEW_APPLICATION)
        return Step(verb, tuple(RETURNS), S.RETURNED, action, Act.RETURNED, needs_note=True)
    return STEPS[verb]


def steps_from(state: ApplicationState, kind: ApplicationKind, channel: str = "") -> list[Step]:
    """List the steps a state allows for a kind, in the order of the table, sending back last."""
    other = Verb.GRANT if kind in RECORDED_KINDS else Verb.RECORD
    verbs = [step.verb for step in STEPS.values() if state in step.before and step.verb != other]
    steps = [step_of(verb, state, channel) for verb in verbs]
    return [*steps, step_of(Verb.RETURN, state)] if state in RETURNS else steps
